-- CreateEnum
CREATE TYPE "hold_status" AS ENUM ('OPEN', 'CAPTURED', 'RELEASED', 'EXPIRED');

-- AlterTable
ALTER TABLE "customer_ledger" ADD COLUMN     "hold_due_at" TIMESTAMPTZ(3),
ADD COLUMN     "parent_pk" BIGINT,
ADD COLUMN     "spend_limit" DECIMAL;

-- AlterTable
ALTER TABLE "grant" ADD COLUMN     "ended" TEXT,
ADD COLUMN     "frozen" DECIMAL,
ADD COLUMN     "owed" DECIMAL NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "outbound_event" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "customer_pk" BIGINT,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_out_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbound_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hold" (
    "id" UUID NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "payer_pk" BIGINT NOT NULL,
    "meter_pk" INTEGER NOT NULL,
    "credit_type_pk" INTEGER NOT NULL,
    "status" "hold_status" NOT NULL,
    "quantity" DECIMAL NOT NULL,
    "credits" DECIMAL NOT NULL,
    "overage" DECIMAL NOT NULL,
    "parts" JSONB NOT NULL,
    "properties" JSONB,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ttl_ms" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "captured" DECIMAL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "hold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "balance_watch" (
    "id" UUID NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "credit_type_pk" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "percent" DECIMAL,
    "amount" DECIMAL,
    "armed" BOOLEAN NOT NULL,
    "crossed_at" TIMESTAMPTZ(3),
    "inherited" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "balance_watch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project_alert" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "credit_type_pk" INTEGER NOT NULL,
    "percent" DECIMAL,
    "amount" DECIMAL,

    CONSTRAINT "project_alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_endpoint" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT,
    "types" TEXT[],
    "filter" JSONB,
    "secrets" JSONB NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),
    "disabled_why" TEXT,
    "failing_since" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "balance_watch_customer_pk_idx" ON "balance_watch"("customer_pk");

-- CreateIndex
CREATE INDEX "project_alert_credit_type_pk_idx" ON "project_alert"("credit_type_pk");

-- CreateIndex
CREATE INDEX "webhook_endpoint_project_id_idx" ON "webhook_endpoint"("project_id");

-- How grants of before came to their end, as far as their last entries say. A downgrade takes back a part and ends nothing.
UPDATE "grant" g SET "ended" = coalesce(e."kind"::text, 'EXPIRE')
FROM "grant" o LEFT JOIN LATERAL (
  SELECT "kind" FROM "ledger_entry" WHERE "grant_id" = o."id" AND "kind" IN ('EXPIRE', 'VOID') ORDER BY "pk" DESC LIMIT 1) e ON true
WHERE o."id" = g."id" AND g."remaining" = 0 AND (e."kind" IS NOT NULL OR g."kind" = 'ALLOWANCE')
  AND (g."kind" <> 'ALLOWANCE' OR g."closed_at" IS NOT NULL);

-- What Prisma's schema language cannot say.
CREATE INDEX "hold_open_by_payer_idx" ON "hold" ("payer_pk", "expires_at") WHERE "status" = 'OPEN';
CREATE INDEX "hold_open_by_customer_idx" ON "hold" ("customer_pk") WHERE "status" = 'OPEN';
CREATE INDEX "hold_lent_idx" ON "hold" ("payer_pk") WHERE "status" = 'OPEN' AND "overage" > 0;
CREATE INDEX "hold_due_idx" ON "hold" ("expires_at") WHERE "status" = 'OPEN';
CREATE INDEX "grant_ends_idx" ON "grant" ("expires_at") WHERE "closed_at" IS NULL AND "kind" <> 'ALLOWANCE';
CREATE INDEX "grant_begins_idx" ON "grant" ("effective_at") WHERE "closed_at" IS NULL AND NOT "entered";
CREATE INDEX "customer_ledger_parent_idx" ON "customer_ledger" ("parent_pk") WHERE "parent_pk" IS NOT NULL;
CREATE INDEX "outbound_event_waiting_idx" ON "outbound_event" ("id") WHERE "sent_out_at" IS NULL;
ALTER TABLE "hold" SET (fillfactor = 70);
ALTER TABLE "hold" ADD CONSTRAINT "hold_never_negative" CHECK ("quantity" >= 0 AND "credits" >= 0 AND "overage" >= 0);
ALTER TABLE "balance_watch" ADD CONSTRAINT "balance_watch_one_threshold" CHECK (num_nonnulls("percent", "amount") = 1);
ALTER TABLE "grant" DROP CONSTRAINT "grant_never_negative";
ALTER TABLE "grant" ADD CONSTRAINT "grant_never_negative" CHECK ("remaining" >= 0 AND "held" >= 0 AND "owed" >= 0
  AND coalesce("frozen", 0) >= 0 AND "remaining" + "held" + coalesce("frozen", 0) + "owed" <= "amount");

-- The chart's index holds what the chart shows: so that the look-up of a key, which says no status, can't be planned through it.
DROP INDEX "usage_event_customer_pk_timestamp_idx";
CREATE INDEX "usage_event_recorded_idx" ON "usage_event" ("customer_pk", "timestamp") WHERE "status" = 'RECORDED';
