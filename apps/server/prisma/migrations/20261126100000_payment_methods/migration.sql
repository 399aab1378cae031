-- CreateEnum
CREATE TYPE "payment_method_type" AS ENUM ('CARD', 'SEPA_DEBIT');

-- AlterEnum
ALTER TYPE "payment_status" ADD VALUE 'PROCESSING' AFTER 'PENDING';

-- AlterEnum
ALTER TYPE "checkout_status" ADD VALUE 'PENDING' AFTER 'PROCESSING';

-- AlterTable
ALTER TABLE "project" ADD COLUMN     "payment_method_types" "payment_method_type"[] DEFAULT ARRAY['CARD']::"payment_method_type"[];

-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "account" TEXT,
ADD COLUMN     "asked" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "asked_at" TIMESTAMPTZ(3),
ADD COLUMN     "first_asked_at" TIMESTAMPTZ(3),
ADD COLUMN     "provider_customer_id" TEXT;

-- AlterTable
ALTER TABLE "checkout_session" ADD COLUMN     "asked_at" TIMESTAMPTZ(3),
ADD COLUMN     "payment_method_types" "payment_method_type"[] DEFAULT ARRAY['CARD']::"payment_method_type"[],
ADD COLUMN     "provider_customer_id" TEXT;

-- CreateTable
CREATE TABLE "payment_method" (
    "id" UUID NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "account" TEXT NOT NULL DEFAULT '',
    "provider_method_id" TEXT NOT NULL,
    "type" "payment_method_type" NOT NULL,
    "brand" TEXT NOT NULL,
    "last4" TEXT NOT NULL,
    "exp_month" INTEGER NOT NULL,
    "exp_year" INTEGER NOT NULL,
    "fingerprint" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(3),
    "detached_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_method_pkey" PRIMARY KEY ("id")
);

-- The card that each profile had is its first method.
INSERT INTO "payment_method" ("id", "customer_pk", "provider_method_id", "type", "brand", "last4", "exp_month", "exp_year")
SELECT gen_random_uuid(), "customer_pk", "payment_method_id", 'CARD', coalesce("brand", 'card'), coalesce("last4", '0000'),
  coalesce("exp_month", 0), coalesce("exp_year", 0)
FROM "payment_profile" WHERE "payment_method_id" IS NOT NULL;

-- AlterTable
ALTER TABLE "payment_profile" DROP CONSTRAINT "payment_profile_pkey",
DROP COLUMN "brand",
DROP COLUMN "exp_month",
DROP COLUMN "exp_year",
DROP COLUMN "last4",
DROP COLUMN "payment_method_id",
ADD COLUMN     "account" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "active" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "generation" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "told" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "payment_method_id" UUID,
ALTER COLUMN "provider_customer_id" DROP NOT NULL,
ADD CONSTRAINT "payment_profile_pkey" PRIMARY KEY ("customer_pk", "account");

UPDATE "payment_profile" p SET "payment_method_id" = m."id" FROM "payment_method" m WHERE m."customer_pk" = p."customer_pk";

-- CreateIndex
CREATE UNIQUE INDEX "payment_method_customer_pk_provider_method_id_key" ON "payment_method"("customer_pk", "provider_method_id");

-- AddForeignKey
ALTER TABLE "payment_profile" ADD CONSTRAINT "payment_profile_payment_method_id_fkey" FOREIGN KEY ("payment_method_id") REFERENCES "payment_method"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_method" ADD CONSTRAINT "payment_method_customer_pk_fkey" FOREIGN KEY ("customer_pk") REFERENCES "customer"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A customer pays at one account at a time, and has a card once.
CREATE UNIQUE INDEX "payment_profile_active_idx" ON "payment_profile" ("customer_pk") WHERE "active";
CREATE UNIQUE INDEX "payment_method_fingerprint_idx" ON "payment_method" ("customer_pk", "account", "fingerprint") WHERE "removed_at" IS NULL;
CREATE INDEX "payment_method_to_detach_idx" ON "payment_method" ("removed_at") WHERE "removed_at" IS NOT NULL AND "detached_at" IS NULL;
-- What is on its way: a value that is new here can't be named in an index yet.
CREATE INDEX "payment_unsettled_idx" ON "payment" ("created_at") WHERE "settled_at" IS NULL;
CREATE INDEX "payment_profile_untold_idx" ON "payment_profile" ("customer_pk") WHERE NOT "told";
