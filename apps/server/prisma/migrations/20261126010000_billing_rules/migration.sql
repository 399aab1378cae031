-- AlterTable
ALTER TABLE "project" ADD COLUMN     "clock_target" TIMESTAMPTZ(3),
ADD COLUMN     "tax" JSONB;

-- AlterTable
ALTER TABLE "customer" ADD COLUMN     "tax" JSONB;

-- AlterTable
ALTER TABLE "rate_card_version" ADD COLUMN     "migrate" TEXT NOT NULL DEFAULT 'AT_RENEWAL';

-- AlterTable
ALTER TABLE "invoice" ADD COLUMN     "arrears" JSONB,
ADD COLUMN     "tax" JSONB,
ADD COLUMN     "credit_minor" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "credited_minor" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "paid_minor" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "subscription_id" UUID,
ADD COLUMN     "tax_minor" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "invoice_counter" ADD COLUMN     "next_credit_note" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "subscription" ADD COLUMN     "kept_minor" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "paid_minor" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "withheld" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "pause_at_period_end" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "resumes_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "meter_period" ADD COLUMN     "invoiced_overage" DECIMAL NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "credit_note" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "invoice_id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "tax_minor" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account_credit" (
    "customer_pk" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,

    CONSTRAINT "account_credit_pkey" PRIMARY KEY ("customer_pk","currency")
);

-- CreateTable
CREATE TABLE "account_credit_entry" (
    "pk" BIGSERIAL NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "cause_type" TEXT NOT NULL,
    "cause_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_credit_entry_pkey" PRIMARY KEY ("pk")
);

-- CreateTable
CREATE TABLE "ended_period" (
    "subscription_id" UUID NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "end" TIMESTAMPTZ(3) NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "rate_card_version_pk" INTEGER NOT NULL,
    "trial" BOOLEAN NOT NULL,

    CONSTRAINT "ended_period_pkey" PRIMARY KEY ("subscription_id","start")
);

-- CreateTable
CREATE TABLE "trial_had" (
    "customer_pk" BIGINT NOT NULL,
    "code" TEXT NOT NULL,

    CONSTRAINT "trial_had_pkey" PRIMARY KEY ("customer_pk","code")
);

-- CreateIndex
CREATE INDEX "credit_note_invoice_id_idx" ON "credit_note"("invoice_id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_note_project_id_number_key" ON "credit_note"("project_id", "number");

-- CreateIndex
CREATE INDEX "account_credit_entry_customer_pk_currency_idx" ON "account_credit_entry"("customer_pk", "currency");

-- CreateIndex
CREATE INDEX "ended_period_customer_pk_end_idx" ON "ended_period"("customer_pk", "end");

-- AddForeignKey
ALTER TABLE "credit_note" ADD CONSTRAINT "credit_note_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_credit" ADD CONSTRAINT "account_credit_customer_pk_fkey" FOREIGN KEY ("customer_pk") REFERENCES "customer"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_credit_entry" ADD CONSTRAINT "account_credit_entry_customer_pk_currency_fkey" FOREIGN KEY ("customer_pk", "currency") REFERENCES "account_credit"("customer_pk", "currency") ON DELETE RESTRICT ON UPDATE CASCADE;


-- Invoices that are paid were paid by a payment: there was no account credit before.
UPDATE "invoice" SET "paid_minor" = "total_minor" WHERE "status" = 'PAID';

-- Overage of periods that have ended is on an invoice already.
UPDATE "meter_period" m SET "invoiced_overage" = m."overage" WHERE NOT EXISTS (
  SELECT 1 FROM "subscription" s WHERE s."customer_pk" = m."customer_pk" AND s."current_period_start" = m."period_start"
    AND s."status" <> 'CANCELED');

-- What Prisma's schema language cannot say.
ALTER TABLE "account_credit" ADD CONSTRAINT "account_credit_never_negative" CHECK ("amount_minor" >= 0);
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_never_overpaid" CHECK ("amount_due_minor" >= 0);
ALTER TABLE "credit_note" ADD CONSTRAINT "credit_note_positive" CHECK ("amount_minor" > 0);
CREATE INDEX "subscription_version_idx" ON "subscription" ("rate_card_version_pk") WHERE "status" <> 'CANCELED';

-- Looked up at each renewal, and by the janitor every two seconds: neither may grow with history.
CREATE INDEX "payment_customer_pk_purpose_hash_idx" ON "payment"("customer_pk", "purpose_hash");
CREATE INDEX "payment_refunding_idx" ON "payment" ("id") WHERE "status" = 'REFUNDING';
CREATE INDEX "payment_checkout_session_idx" ON "payment" ("checkout_session_id") WHERE "checkout_session_id" IS NOT NULL;
CREATE INDEX "checkout_session_processing_idx" ON "checkout_session" ("created_at") WHERE "status" = 'PROCESSING';
CREATE INDEX "provider_event_unprocessed_idx" ON "provider_event" ("received_at") WHERE "processed_at" IS NULL;
CREATE INDEX "subscription_customer_idx" ON "subscription" ("customer_pk");
-- In the order in which workers claim, so that a claim stops at its limit however much is due.
DROP INDEX "subscription_due_idx";
CREATE INDEX "subscription_due_idx" ON "subscription" ("due_at", "id") WHERE "due_at" IS NOT NULL;
