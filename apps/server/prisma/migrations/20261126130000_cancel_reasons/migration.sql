-- CreateEnum
CREATE TYPE "cancel_reason" AS ENUM ('TOO_EXPENSIVE', 'MISSING_FEATURES', 'SWITCHED_SERVICE', 'UNUSED', 'CUSTOMER_SERVICE', 'TOO_COMPLEX', 'LOW_QUALITY', 'OTHER');

-- AlterTable
ALTER TABLE "subscription" ADD COLUMN     "cancel_comment" TEXT,
ADD COLUMN     "cancel_reason" "cancel_reason";

-- What was said about leaving goes when the cancellation is taken back.
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_words_of_a_cancellation"
  CHECK ("canceled_at" IS NOT NULL OR ("cancel_reason" IS NULL AND "cancel_comment" IS NULL));
