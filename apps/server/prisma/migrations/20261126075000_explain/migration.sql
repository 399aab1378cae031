-- The moment of writing, not the transaction's beginning: it was before the customer's lock, so entries could stand in another
-- order than their times. Reading the past halves them by it.
ALTER TABLE "ledger_entry" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp();

-- All grants of a customer, finished ones too, newest first. A draw updates none of its columns.
CREATE INDEX "grant_customer_pk_credit_type_pk_id_idx" ON "grant"("customer_pk", "credit_type_pk", "id" DESC);
