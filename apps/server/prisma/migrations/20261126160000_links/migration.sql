-- AlterTable
ALTER TABLE "checkout_session" ADD COLUMN     "by_link" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "opened_purpose" JSONB,
ADD COLUMN     "save_method" BOOLEAN NOT NULL DEFAULT true;

-- CreateIndex
CREATE INDEX "portal_session_customer_pk_expires_at_idx" ON "portal_session"("customer_pk", "expires_at");

-- A customer's live sessions are counted with each new one: not by reading all that they ever had.
CREATE INDEX "checkout_session_live" ON "checkout_session"("customer_pk", "expires_at")
  WHERE "status" IN ('OPEN', 'PROCESSING');

-- What the links of invoices and top-ups had opened before.
UPDATE "checkout_session" SET "by_link" = true
  WHERE "status" IN ('OPEN', 'PROCESSING') AND "expires_at" > now()
    AND ("purpose"->>'kind' IN ('renewal', 'invoice') OR "purpose" ? 'topUp')
    AND NOT EXISTS (SELECT 1 FROM "payment" WHERE "checkout_session_id" = "checkout_session"."id");
