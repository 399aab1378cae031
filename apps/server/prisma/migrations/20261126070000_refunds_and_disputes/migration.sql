-- CreateEnum
CREATE TYPE "refund_status" AS ENUM ('PENDING', 'SUCCEEDED', 'FAILED');

-- CreateEnum
CREATE TYPE "dispute_status" AS ENUM ('OPEN', 'WON', 'LOST');

-- AlterTable
ALTER TABLE "invoice" ADD COLUMN     "refunded_minor" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "refunded_minor" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "reversed_credits" DECIMAL NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "refund" (
    "id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "status" "refund_status" NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "reason" TEXT,
    "provider_refund_id" TEXT,
    "failure" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "asked_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dispute" (
    "id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "provider_dispute_id" TEXT NOT NULL,
    "status" "dispute_status" NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "dispute_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "refund_provider_refund_id_key" ON "refund"("provider_refund_id");

-- CreateIndex
CREATE INDEX "refund_payment_id_idx" ON "refund"("payment_id");

-- CreateIndex
CREATE UNIQUE INDEX "dispute_provider_dispute_id_key" ON "dispute"("provider_dispute_id");

-- CreateIndex
CREATE INDEX "dispute_payment_id_idx" ON "dispute"("payment_id");

-- AddForeignKey
ALTER TABLE "refund" ADD CONSTRAINT "refund_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dispute" ADD CONSTRAINT "dispute_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- Never more goes back than was paid.
ALTER TABLE "payment" ADD CONSTRAINT "payment_refunded_within" CHECK ("refunded_minor" BETWEEN 0 AND "amount_minor");
ALTER TABLE "payment" ADD CONSTRAINT "payment_reversed_never_negative" CHECK ("reversed_credits" >= 0);
ALTER TABLE "refund" ADD CONSTRAINT "refund_positive" CHECK ("amount_minor" > 0);
ALTER TABLE "dispute" ADD CONSTRAINT "dispute_positive" CHECK ("amount_minor" > 0);

-- Refunds that the janitor asks the provider about.
CREATE INDEX "refund_pending_idx" ON "refund" ("asked_at") WHERE "status" = 'PENDING';

-- A customer's payments, newest first.
CREATE INDEX "payment_customer_pk_id_idx" ON "payment" ("customer_pk", "id" DESC);

-- What left a grant unspent, and what refunds took of it: a few entries among many, and a grant may have millions.
CREATE INDEX "ledger_entry_unspent_idx" ON "ledger_entry" ("grant_id")
  WHERE "kind" IN ('VOID', 'EXPIRE') OR ("kind" = 'REVERSE' AND "cause_type" = 'payment');

-- What a hold keeps is owed too when its money goes back: nobody knows yet whether it will be used.
ALTER TABLE "grant" DROP CONSTRAINT "grant_never_negative";
ALTER TABLE "grant" ADD CONSTRAINT "grant_never_negative" CHECK ("remaining" >= 0 AND "held" >= 0 AND "owed" >= 0
  AND coalesce("frozen", 0) >= 0 AND "remaining" + "held" + coalesce("frozen", 0) <= "amount" AND "owed" <= "amount");
