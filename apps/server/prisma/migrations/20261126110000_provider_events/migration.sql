-- CreateEnum
CREATE TYPE "provider_event_outcome" AS ENUM ('HANDLED', 'IGNORED', 'PARKED');

-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "fraud_warned_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "provider_event" ADD COLUMN     "next_attempt_at" TIMESTAMPTZ(3),
ADD COLUMN     "outcome" "provider_event_outcome",
ADD COLUMN     "source" TEXT NOT NULL DEFAULT 'sandbox',
ALTER COLUMN "payload" DROP NOT NULL;

-- CreateTable
CREATE TABLE "provider_sweep" (
    "name" TEXT NOT NULL,
    "swept_to" TIMESTAMPTZ(3),
    "swept_at" TIMESTAMPTZ(3),
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "provider_sweep_pkey" PRIMARY KEY ("name")
);

-- What an older version has stored. It had one provider per database.
UPDATE "provider_event" SET "outcome" = 'HANDLED' WHERE "processed_at" IS NOT NULL;
UPDATE "provider_event" SET "next_attempt_at" = "received_at" WHERE "processed_at" IS NULL;
ALTER TABLE "provider_event" ALTER COLUMN "source" DROP DEFAULT;

-- An event is done, or it is due at some time.
ALTER TABLE "provider_event" ADD CONSTRAINT "provider_event_done_check"
  CHECK (("outcome" IS NULL) = ("processed_at" IS NULL) AND ("outcome" IS NULL) = ("next_attempt_at" IS NOT NULL));

DROP INDEX "provider_event_unprocessed_idx";
CREATE INDEX "provider_event_due_idx" ON "provider_event" ("next_attempt_at") WHERE "outcome" IS NULL;
CREATE INDEX "provider_event_parked_idx" ON "provider_event" ("processed_at") WHERE "outcome" = 'PARKED';
CREATE INDEX "provider_event_payload_idx" ON "provider_event" ("processed_at") WHERE "payload" IS NOT NULL;
