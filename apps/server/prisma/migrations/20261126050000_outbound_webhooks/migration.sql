-- CreateEnum
CREATE TYPE "webhook_delivery_status" AS ENUM ('PENDING', 'SUCCEEDED', 'FAILED');

-- AlterTable
ALTER TABLE "outbound_event" ADD COLUMN     "sequence" BIGINT;

-- AlterTable
ALTER TABLE "customer_ledger" ADD COLUMN     "event_sequence" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "pk" BIGSERIAL NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "status" "webhook_delivery_status" NOT NULL DEFAULT 'PENDING',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "replay" BOOLEAN NOT NULL DEFAULT false,
    "delivered_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("pk")
);

-- CreateTable
CREATE TABLE "webhook_attempt" (
    "delivery_pk" BIGINT NOT NULL,
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "status" INTEGER,
    "body" TEXT,
    "error" TEXT,

    CONSTRAINT "webhook_attempt_pkey" PRIMARY KEY ("delivery_pk","number")
);

-- CreateIndex
CREATE INDEX "webhook_delivery_event_id_idx" ON "webhook_delivery"("event_id");

-- CreateIndex
CREATE INDEX "webhook_delivery_endpoint_id_pk_idx" ON "webhook_delivery"("endpoint_id", "pk");

-- CreateIndex
CREATE INDEX "outbound_event_project_id_id_idx" ON "outbound_event"("project_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "outbound_event_customer_pk_sequence_key" ON "outbound_event"("customer_pk", "sequence");

-- AddForeignKey
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "webhook_endpoint"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "outbound_event"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_attempt" ADD CONSTRAINT "webhook_attempt_delivery_pk_fkey" FOREIGN KEY ("delivery_pk") REFERENCES "webhook_delivery"("pk") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.
CREATE UNIQUE INDEX "webhook_delivery_once" ON "webhook_delivery" ("endpoint_id", "event_id") WHERE NOT "replay";
CREATE INDEX "webhook_delivery_due_idx" ON "webhook_delivery" ("next_attempt_at") WHERE "status" = 'PENDING';
CREATE INDEX "webhook_delivery_lane_idx" ON "webhook_delivery" ("endpoint_id", "next_attempt_at") WHERE "status" = 'PENDING';
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_over" CHECK (
  ("status" = 'PENDING') = ("next_attempt_at" IS NOT NULL) AND ("status" = 'SUCCEEDED') = ("delivered_at" IS NOT NULL));
ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_filter" CHECK (jsonb_typeof("filter") = 'object');
