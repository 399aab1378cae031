-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "project_mode" AS ENUM ('SANDBOX', 'LIVE');

-- CreateEnum
CREATE TYPE "aggregation" AS ENUM ('COUNT', 'SUM', 'MAX', 'UNIQUE', 'LATEST');

-- CreateEnum
CREATE TYPE "invoice_status" AS ENUM ('DRAFT', 'OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE');

-- CreateEnum
CREATE TYPE "grant_kind" AS ENUM ('ALLOWANCE', 'ROLLOVER', 'PROMOTIONAL', 'PREPAID', 'COMMITTED');

-- CreateEnum
CREATE TYPE "ledger_entry_kind" AS ENUM ('GRANT', 'DRAW', 'HOLD', 'RELEASE', 'EXPIRE', 'VOID', 'ROLLOVER', 'REVERSE', 'OVERAGE', 'UNCOVERED');

-- CreateEnum
CREATE TYPE "payment_status" AS ENUM ('PENDING', 'SUCCEEDED', 'FAILED', 'REFUNDING', 'REFUNDED');

-- CreateEnum
CREATE TYPE "checkout_status" AS ENUM ('OPEN', 'PROCESSING', 'COMPLETED', 'EXPIRED', 'REFUNDED');

-- CreateEnum
CREATE TYPE "subscription_status" AS ENUM ('INCOMPLETE', 'TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED', 'CANCELED');

-- CreateTable
CREATE TABLE "project" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "mode" "project_mode" NOT NULL,
    "clock_offset_ms" BIGINT NOT NULL DEFAULT 0,
    "token_secret" TEXT NOT NULL,
    "allowed_origins" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer" (
    "pk" BIGSERIAL NOT NULL,
    "project_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT,
    "email" TEXT,
    "currency" TEXT,
    "timezone" TEXT NOT NULL DEFAULT 'UTC',
    "metadata" JSONB,
    "tokens_valid_from" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "customer_pkey" PRIMARY KEY ("pk")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "project_id" UUID NOT NULL,
    "operation" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "answer" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("project_id","operation","scope","key")
);

-- CreateTable
CREATE TABLE "meter" (
    "pk" SERIAL NOT NULL,
    "project_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "event_name" TEXT NOT NULL,
    "aggregation" "aggregation" NOT NULL,
    "property" TEXT,
    "filters" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "meter_pkey" PRIMARY KEY ("pk")
);

-- CreateTable
CREATE TABLE "credit_type" (
    "pk" SERIAL NOT NULL,
    "project_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "precision" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_type_pkey" PRIMARY KEY ("pk")
);

-- CreateTable
CREATE TABLE "rate_card_version" (
    "pk" SERIAL NOT NULL,
    "project_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "content" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rate_card_version_pkey" PRIMARY KEY ("pk")
);

-- CreateTable
CREATE TABLE "invoice" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "number" TEXT NOT NULL,
    "status" "invoice_status" NOT NULL,
    "currency" TEXT NOT NULL,
    "total_minor" BIGINT NOT NULL,
    "amount_due_minor" BIGINT NOT NULL,
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),
    "issued_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invoice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice_line" (
    "invoice_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "description" TEXT NOT NULL,
    "rate_code" TEXT,
    "quantity" DECIMAL NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),
    "proration" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "invoice_line_pkey" PRIMARY KEY ("invoice_id","position")
);

-- CreateTable
CREATE TABLE "invoice_counter" (
    "project_id" UUID NOT NULL,
    "next" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "invoice_counter_pkey" PRIMARY KEY ("project_id")
);

-- CreateTable
CREATE TABLE "customer_ledger" (
    "customer_pk" BIGINT NOT NULL,
    "version" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "customer_ledger_pkey" PRIMARY KEY ("customer_pk")
);

-- CreateTable
CREATE TABLE "wallet" (
    "id" UUID NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "credit_type_pk" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 100,
    "metadata" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "wallet_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "grant" (
    "id" UUID NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "credit_type_pk" INTEGER NOT NULL,
    "wallet_id" UUID NOT NULL,
    "wallet_priority" INTEGER NOT NULL,
    "kind" "grant_kind" NOT NULL,
    "amount" DECIMAL NOT NULL,
    "remaining" DECIMAL NOT NULL,
    "held" DECIMAL NOT NULL DEFAULT 0,
    "priority" INTEGER NOT NULL DEFAULT 100,
    "effective_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "entered" BOOLEAN NOT NULL,
    "applies_to" INTEGER[],
    "metadata" JSONB,
    "subscription_id" UUID,
    "period_start" TIMESTAMPTZ(3),
    "payment_id" UUID,
    "closed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "pk" BIGSERIAL NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "credit_type_pk" INTEGER NOT NULL,
    "grant_id" UUID,
    "kind" "ledger_entry_kind" NOT NULL,
    "amount" DECIMAL NOT NULL,
    "available_after" DECIMAL NOT NULL,
    "version" BIGINT NOT NULL,
    "effective_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "cause_type" TEXT NOT NULL,
    "cause_id" TEXT NOT NULL,
    "cause" JSONB,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("pk")
);

-- CreateTable
CREATE TABLE "payment_profile" (
    "customer_pk" BIGINT NOT NULL,
    "provider_customer_id" TEXT NOT NULL,
    "payment_method_id" TEXT,
    "brand" TEXT,
    "last4" TEXT,
    "exp_month" INTEGER,
    "exp_year" INTEGER,

    CONSTRAINT "payment_profile_pkey" PRIMARY KEY ("customer_pk")
);

-- CreateTable
CREATE TABLE "payment" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "status" "payment_status" NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "purpose" JSONB NOT NULL,
    "purpose_hash" TEXT NOT NULL,
    "payment_method_id" TEXT,
    "description" TEXT NOT NULL,
    "outcome" JSONB,
    "checkout_session_id" UUID,
    "provider_payment_id" TEXT,
    "failure_code" TEXT,
    "failure_message" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "checkout_session" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "status" "checkout_status" NOT NULL,
    "purpose" JSONB NOT NULL,
    "purpose_hash" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "success_url" TEXT NOT NULL,
    "cancel_url" TEXT NOT NULL,
    "provider_session_id" TEXT,
    "outcome" JSONB,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "checkout_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "provider_event" (
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "processed_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,

    CONSTRAINT "provider_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscription" (
    "id" UUID NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "rate_card_version_pk" INTEGER NOT NULL,
    "status" "subscription_status" NOT NULL,
    "quantities" JSONB NOT NULL DEFAULT '{}',
    "anchor_at" TIMESTAMPTZ(3) NOT NULL,
    "timezone" TEXT NOT NULL,
    "period_index" INTEGER NOT NULL,
    "current_period_start" TIMESTAMPTZ(3) NOT NULL,
    "current_period_end" TIMESTAMPTZ(3) NOT NULL,
    "trial_ends_at" TIMESTAMPTZ(3),
    "cancel_at_period_end" BOOLEAN NOT NULL DEFAULT false,
    "canceled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "subscription_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_event" (
    "customer_pk" BIGINT NOT NULL,
    "operation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "event_name" TEXT,
    "properties" JSONB,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "result" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "usage_event_pkey" PRIMARY KEY ("customer_pk","operation","key")
);

-- CreateTable
CREATE TABLE "meter_period" (
    "customer_pk" BIGINT NOT NULL,
    "meter_pk" INTEGER NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "quantity" DECIMAL NOT NULL,
    "credits" DECIMAL NOT NULL,
    "overage" DECIMAL NOT NULL,
    "uncovered" DECIMAL NOT NULL,

    CONSTRAINT "meter_period_pkey" PRIMARY KEY ("customer_pk","meter_pk","period_start")
);

-- CreateTable
CREATE TABLE "usage_quarter" (
    "customer_pk" BIGINT NOT NULL,
    "meter_pk" INTEGER NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "quantity" DECIMAL NOT NULL,
    "credits" DECIMAL NOT NULL,

    CONSTRAINT "usage_quarter_pkey" PRIMARY KEY ("customer_pk","meter_pk","start")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "customer_project_id_id_key" ON "customer"("project_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "meter_project_id_code_key" ON "meter"("project_id", "code");

-- CreateIndex
CREATE UNIQUE INDEX "credit_type_project_id_code_key" ON "credit_type"("project_id", "code");

-- CreateIndex
CREATE UNIQUE INDEX "rate_card_version_project_id_code_version_key" ON "rate_card_version"("project_id", "code", "version");

-- CreateIndex
CREATE INDEX "invoice_customer_pk_id_idx" ON "invoice"("customer_pk", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "invoice_project_id_number_key" ON "invoice"("project_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "wallet_customer_pk_credit_type_pk_name_key" ON "wallet"("customer_pk", "credit_type_pk", "name");

-- CreateIndex
CREATE INDEX "ledger_entry_customer_pk_pk_idx" ON "ledger_entry"("customer_pk", "pk" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "payment_provider_payment_id_key" ON "payment"("provider_payment_id");

-- CreateIndex
CREATE INDEX "checkout_session_customer_pk_purpose_hash_idx" ON "checkout_session"("customer_pk", "purpose_hash");

-- CreateIndex
CREATE INDEX "usage_event_customer_pk_timestamp_idx" ON "usage_event"("customer_pk", "timestamp");

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer" ADD CONSTRAINT "customer_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_customer_pk_fkey" FOREIGN KEY ("customer_pk") REFERENCES "customer"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice_line" ADD CONSTRAINT "invoice_line_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_ledger" ADD CONSTRAINT "customer_ledger_customer_pk_fkey" FOREIGN KEY ("customer_pk") REFERENCES "customer"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallet" ADD CONSTRAINT "wallet_customer_pk_fkey" FOREIGN KEY ("customer_pk") REFERENCES "customer"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallet" ADD CONSTRAINT "wallet_credit_type_pk_fkey" FOREIGN KEY ("credit_type_pk") REFERENCES "credit_type"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_customer_pk_fkey" FOREIGN KEY ("customer_pk") REFERENCES "customer"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_credit_type_pk_fkey" FOREIGN KEY ("credit_type_pk") REFERENCES "credit_type"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_wallet_id_fkey" FOREIGN KEY ("wallet_id") REFERENCES "wallet"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_customer_pk_fkey" FOREIGN KEY ("customer_pk") REFERENCES "customer"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_credit_type_pk_fkey" FOREIGN KEY ("credit_type_pk") REFERENCES "credit_type"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_profile" ADD CONSTRAINT "payment_profile_customer_pk_fkey" FOREIGN KEY ("customer_pk") REFERENCES "customer"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_customer_pk_fkey" FOREIGN KEY ("customer_pk") REFERENCES "customer"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkout_session" ADD CONSTRAINT "checkout_session_customer_pk_fkey" FOREIGN KEY ("customer_pk") REFERENCES "customer"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_customer_pk_fkey" FOREIGN KEY ("customer_pk") REFERENCES "customer"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.

-- The hot path reads only what can still be drawn, whatever the history.
CREATE INDEX "grant_open_idx" ON "grant" ("customer_pk") WHERE "closed_at" IS NULL;
CREATE UNIQUE INDEX "grant_one_allowance_idx" ON "grant" ("subscription_id", "credit_type_pk", "period_start") WHERE "kind" = 'ALLOWANCE';
CREATE UNIQUE INDEX "grant_one_per_payment_idx" ON "grant" ("payment_id") WHERE "payment_id" IS NOT NULL;
CREATE INDEX "subscription_live_idx" ON "subscription" ("customer_pk") WHERE "status" <> 'CANCELED';
CREATE INDEX "payment_pending_idx" ON "payment" ("created_at") WHERE "status" = 'PENDING';

-- Rows that are updated in place stay on their page.
ALTER TABLE "customer_ledger" SET (fillfactor = 50);
ALTER TABLE "grant" SET (fillfactor = 70);
ALTER TABLE "meter_period" SET (fillfactor = 70);
ALTER TABLE "usage_quarter" SET (fillfactor = 70);

-- Last line of defence behind the ledger's rules.
ALTER TABLE "grant" ADD CONSTRAINT "grant_never_negative" CHECK ("remaining" >= 0 AND "held" >= 0 AND "remaining" + "held" <= "amount");
ALTER TABLE "invoice_line" ADD CONSTRAINT "invoice_line_period" CHECK ("period_end" IS NULL OR "period_end" >= "period_start");

-- The ledger is append-only, for every role.
-- (\x3b is a semicolon: the migration engine's driver splits the script at every plain one, also inside quotes.)
CREATE FUNCTION "refuse_ledger_change"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  RAISE EXCEPTION ''ledger_entry is append-only: write a REVERSE entry instead'' USING ERRCODE = ''insufficient_privilege''\x3b
END';
CREATE TRIGGER "ledger_entry_append_only" BEFORE UPDATE OR DELETE ON "ledger_entry"
  FOR EACH ROW EXECUTE FUNCTION "refuse_ledger_change"();
CREATE TRIGGER "ledger_entry_no_truncate" BEFORE TRUNCATE ON "ledger_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_ledger_change"();

-- Entries are written in batches of thousands by code that has just locked the customer: no row-by-row key checks.
ALTER TABLE "ledger_entry" DROP CONSTRAINT "ledger_entry_customer_pk_fkey";
ALTER TABLE "ledger_entry" DROP CONSTRAINT "ledger_entry_credit_type_pk_fkey";
