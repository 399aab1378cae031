-- CreateEnum
CREATE TYPE "commitment_kind" AS ENUM ('CREDITS', 'MONEY');

-- CreateTable
CREATE TABLE "commitment" (
    "id" UUID NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "commitment_kind" NOT NULL,
    "currency" TEXT NOT NULL,
    "committed" DECIMAL NOT NULL,
    "credit_type_pk" INTEGER,
    "grant_id" UUID,
    "unit_price" DECIMAL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "canceled_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "drawn" DECIMAL,
    "shortfall" DECIMAL,
    "invoice_id" UUID,
    "first_declined_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "commitment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "commitment_grant_id_key" ON "commitment"("grant_id");

-- CreateIndex
CREATE UNIQUE INDEX "commitment_invoice_id_key" ON "commitment"("invoice_id");

-- CreateIndex
CREATE INDEX "commitment_customer_pk_id_idx" ON "commitment"("customer_pk", "id" DESC);

-- CreateIndex
CREATE INDEX "grant_customer_pk_id_idx" ON "grant"("customer_pk", "id" DESC);

-- What Prisma's schema language cannot say.
CREATE INDEX "commitment_due_idx" ON "commitment" ("due_at") WHERE "due_at" IS NOT NULL;
-- How a grant came to its end, and what holds gave back after it, without its draws: those are many.
DROP INDEX "ledger_entry_grant_end_idx";
CREATE INDEX "ledger_entry_grant_ends_idx" ON "ledger_entry" ("grant_id") WHERE "kind" IN ('EXPIRE', 'VOID', 'RELEASE');
ALTER TABLE "commitment" ADD CONSTRAINT "commitment_never_negative" CHECK ("committed" > 0 AND "unit_price" >= 0
  AND "drawn" >= 0 AND "shortfall" >= 0 AND "starts_at" <= "ends_at");
ALTER TABLE "commitment" ADD CONSTRAINT "commitment_of_its_kind" CHECK (
  num_nonnulls("credit_type_pk", "grant_id", "unit_price") = CASE WHEN "kind" = 'CREDITS' THEN 3 ELSE 0 END);
ALTER TABLE "commitment" ADD CONSTRAINT "commitment_settled_once" CHECK (
  num_nonnulls("settled_at", "drawn", "shortfall") IN (0, 3) AND ("settled_at" IS NOT NULL OR "invoice_id" IS NULL));
