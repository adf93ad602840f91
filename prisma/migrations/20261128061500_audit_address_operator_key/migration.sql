-- AlterTable
ALTER TABLE "audit_entry" ADD COLUMN     "address" TEXT;

-- CreateTable
CREATE TABLE "operator_key" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "salt" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "operator_key_pkey" PRIMARY KEY ("id")
);
