ALTER TABLE "subscription"
  ADD COLUMN "pending_card_pk" INTEGER,
  ADD COLUMN "pending_quantities" JSONB,
  ADD COLUMN "open_invoice_id" UUID,
  ADD COLUMN "first_declined_at" TIMESTAMPTZ(3),
  ADD COLUMN "attempts" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "due_at" TIMESTAMPTZ(3),
  ADD COLUMN "claimed_until" TIMESTAMPTZ(3);

UPDATE "subscription" SET "due_at" = "current_period_end" WHERE "status" <> 'CANCELED';

CREATE INDEX "subscription_due_idx" ON "subscription" ("due_at") WHERE "due_at" IS NOT NULL;
