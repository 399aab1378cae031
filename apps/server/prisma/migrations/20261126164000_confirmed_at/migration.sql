-- AlterTable
ALTER TABLE "checkout_session" ADD COLUMN     "confirmed_at" TIMESTAMPTZ(3);
