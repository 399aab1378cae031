-- AlterTable
ALTER TABLE "customer" ADD COLUMN     "address" JSONB,
ADD COLUMN     "tax_id" TEXT;

-- AlterTable
ALTER TABLE "invoice" ADD COLUMN     "buyer" JSONB,
ADD COLUMN     "seller" JSONB;

-- CreateTable
CREATE TABLE "seller" (
    "project_id" UUID NOT NULL,
    "legal_name" TEXT,
    "address" JSONB,
    "tax_id" TEXT,

    CONSTRAINT "seller_pkey" PRIMARY KEY ("project_id")
);

-- AddForeignKey
ALTER TABLE "seller" ADD CONSTRAINT "seller_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand: an invoice that names one party names the other.
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_parties" CHECK (("seller" IS NULL) = ("buyer" IS NULL));

-- Both stay as they were when it was issued, for every role. Fires only for statements that name one of the columns.
-- (\x3b is a semicolon: the migration engine's driver splits the script at every plain one, also inside quotes.)
CREATE FUNCTION "refuse_party_change"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  IF new.seller IS DISTINCT FROM old.seller OR new.buyer IS DISTINCT FROM old.buyer THEN
    RAISE EXCEPTION ''seller and buyer of an issued invoice stay as they are: issue a credit note and another invoice'' USING ERRCODE = ''insufficient_privilege''\x3b
  END IF\x3b
  RETURN new\x3b
END';
CREATE TRIGGER "invoice_parties_stay" BEFORE UPDATE OF "seller", "buyer" ON "invoice"
  FOR EACH ROW EXECUTE FUNCTION "refuse_party_change"();
