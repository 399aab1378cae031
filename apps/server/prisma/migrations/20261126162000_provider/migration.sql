-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "over_refunded_minor" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "installation" (
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- Made once, here. There is never a second one.
INSERT INTO "installation" ("id") VALUES (gen_random_uuid());
CREATE UNIQUE INDEX "installation_one_idx" ON "installation" ((true));

-- What went back too much before it was written down.
UPDATE "payment" y SET "over_refunded_minor" = greatest(0, g.gone - least(y.amount_minor, g.total - g.credited))
FROM (
  SELECT p.id, i.total_minor AS total,
    (SELECT coalesce(sum(amount_minor), 0) FROM credit_note WHERE invoice_id = i.id) AS credited,
    (SELECT coalesce(sum(amount_minor), 0) FROM refund
      WHERE payment_id = p.id AND status <> 'FAILED' AND provider_refund_id IS NOT NULL)
    + (SELECT coalesce(sum(amount_minor), 0) FROM dispute WHERE payment_id = p.id AND status = 'LOST') AS gone
  FROM payment p LEFT JOIN invoice i ON i.id::text = p.outcome->>'invoiceId' AND i.customer_pk = p.customer_pk) g
WHERE g.id = y.id AND g.gone > 0;

ALTER TABLE "payment" ADD CONSTRAINT "payment_over_refunded_check" CHECK ("over_refunded_minor" >= 0);
