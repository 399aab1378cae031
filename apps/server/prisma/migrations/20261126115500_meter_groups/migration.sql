-- AlterTable
ALTER TABLE "meter" ADD COLUMN     "group_by" TEXT[] DEFAULT ARRAY[]::TEXT[];
