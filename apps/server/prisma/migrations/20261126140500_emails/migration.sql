-- CreateEnum
CREATE TYPE "email_kind" AS ENUM ('RECEIPT', 'PAYMENT_FAILED', 'LOW_BALANCE', 'TRIAL_ENDING');

-- CreateEnum
CREATE TYPE "email_status" AS ENUM ('PENDING', 'SENDING', 'SENT', 'FAILED', 'UNKNOWN', 'KEPT', 'SKIPPED');

-- AlterTable
ALTER TABLE "subscription" ADD COLUMN     "trial_told_end" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "email" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "kind" "email_kind" NOT NULL,
    "about" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "status" "email_status" NOT NULL DEFAULT 'PENDING',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "recipient" TEXT,
    "subject" TEXT,
    "html" TEXT,
    "text" TEXT,
    "error" TEXT,
    "sent_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "email_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "email_settings" (
    "project_id" UUID NOT NULL,
    "kinds" "email_kind"[],
    "reply_to" TEXT,

    CONSTRAINT "email_settings_pkey" PRIMARY KEY ("project_id")
);

-- CreateIndex
CREATE INDEX "email_project_id_id_idx" ON "email"("project_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "email_customer_pk_kind_about_key" ON "email"("customer_pk", "kind", "about");

-- By hand: what workers look for, and a trial's end that the customer is still to be told of.
CREATE INDEX "email_due" ON "email"("next_attempt_at") WHERE "status" IN ('PENDING', 'SENDING');
CREATE INDEX "subscription_trial_untold" ON "subscription"("trial_ends_at")
  WHERE "status" = 'TRIALING' AND "trial_told_end" IS DISTINCT FROM "trial_ends_at";
-- What was handed over was composed.
ALTER TABLE "email" ADD CONSTRAINT "email_composed"
  CHECK ("status" NOT IN ('SENT', 'KEPT', 'UNKNOWN') OR ("recipient" IS NOT NULL AND "text" IS NOT NULL));
