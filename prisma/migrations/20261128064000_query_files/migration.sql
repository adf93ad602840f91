-- AlterTable
ALTER TABLE "query" ADD COLUMN     "file" BYTEA,
ADD COLUMN     "media_type" TEXT NOT NULL DEFAULT 'application/json';
