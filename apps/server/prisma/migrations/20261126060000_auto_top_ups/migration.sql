-- CreateEnum
CREATE TYPE "auto_top_up_state" AS ENUM ('READY', 'CHARGING', 'BACKING_OFF', 'NEEDS_CUSTOMER', 'LIMIT_REACHED', 'OFF');

-- CreateEnum
CREATE TYPE "top_up_charge_status" AS ENUM ('PENDING', 'SUCCEEDED', 'FAILED', 'RETURNED');

-- CreateTable
CREATE TABLE "auto_top_up" (
    "customer_pk" BIGINT NOT NULL,
    "credit_type_pk" INTEGER NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "threshold" DECIMAL NOT NULL,
    "rate_card_version_pk" INTEGER NOT NULL,
    "bundle_code" TEXT NOT NULL,
    "max_per_month" INTEGER,
    "max_spend_minor" BIGINT,
    "state" "auto_top_up_state" NOT NULL,
    "due_id" UUID NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "declines" JSONB,
    "runaway_until" TIMESTAMPTZ(3),

    CONSTRAINT "auto_top_up_pkey" PRIMARY KEY ("customer_pk","credit_type_pk")
);

-- CreateTable
CREATE TABLE "auto_top_up_charge" (
    "id" UUID NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "credit_type_pk" INTEGER NOT NULL,
    "due_id" UUID NOT NULL,
    "status" "top_up_charge_status" NOT NULL,
    "payment_id" UUID,
    "quantity" INTEGER NOT NULL,
    "total_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "month_start" TIMESTAMPTZ(3) NOT NULL,
    "max_per_month" INTEGER,
    "max_spend_minor" BIGINT,

    CONSTRAINT "auto_top_up_charge_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "auto_top_up_charge_payment_id_key" ON "auto_top_up_charge"("payment_id");

-- CreateIndex
CREATE INDEX "auto_top_up_charge_customer_pk_credit_type_pk_started_at_idx" ON "auto_top_up_charge"("customer_pk", "credit_type_pk", "started_at");


-- What Prisma's schema language cannot say.
-- The last line of defence behind the customer's lock: one charge at a time.
CREATE UNIQUE INDEX "auto_top_up_charge_one_pending_idx" ON "auto_top_up_charge" ("customer_pk", "credit_type_pk") WHERE "status" = 'PENDING';
CREATE INDEX "auto_top_up_due_idx" ON "auto_top_up" ("due_at") WHERE "due_at" IS NOT NULL;
CREATE INDEX "auto_top_up_declined_idx" ON "auto_top_up" ("customer_pk") WHERE "state" IN ('BACKING_OFF', 'NEEDS_CUSTOMER');
CREATE INDEX "auto_top_up_due_id_idx" ON "auto_top_up" ("due_id");
CREATE INDEX "balance_watch_top_up_crossed_idx" ON "balance_watch" ("crossed_at") WHERE "kind" = 'TOP_UP' AND NOT "armed";
CREATE UNIQUE INDEX "balance_watch_one_top_up_idx" ON "balance_watch" ("customer_pk", "credit_type_pk") WHERE "kind" = 'TOP_UP';
ALTER TABLE "auto_top_up" ADD CONSTRAINT "auto_top_up_positive" CHECK ("threshold" > 0 AND "max_per_month" > 0 AND "max_spend_minor" > 0);
