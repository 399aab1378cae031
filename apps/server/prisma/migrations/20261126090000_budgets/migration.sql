-- CreateEnum
CREATE TYPE "budget_period" AS ENUM ('DAY', 'WEEK', 'MONTH', 'YEAR', 'TOTAL');

-- AlterTable
ALTER TABLE "customer_ledger" ADD COLUMN     "has_budgets" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "hold" ADD COLUMN     "budgets" JSONB NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "budget" (
    "customer_pk" BIGINT NOT NULL,
    "credit_type_pk" INTEGER NOT NULL,
    "limit" DECIMAL NOT NULL,
    "period" "budget_period" NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "period_end" TIMESTAMPTZ(3),
    "spent" DECIMAL NOT NULL DEFAULT 0,
    "reached" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "budget_pkey" PRIMARY KEY ("customer_pk","credit_type_pk")
);

-- Written by hand from here: what the schema language can't say.
ALTER TABLE "budget" SET (fillfactor = 50);
ALTER TABLE "budget" ADD CONSTRAINT "budget_never_negative" CHECK ("limit" >= 0 AND "spent" >= 0);
ALTER TABLE "budget" ADD CONSTRAINT "budget_ends" CHECK (("period_end" IS NULL) = ("period" = 'TOTAL'));
