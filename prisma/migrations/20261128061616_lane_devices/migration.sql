-- AlterTable
ALTER TABLE "lane" ADD COLUMN     "failure" TEXT,
ADD COLUMN     "hardware" JSONB;

-- Float64 trials that wait were bound to CPU lanes; any lane can run them
UPDATE "trial" SET "device" = 'any' WHERE "engine" = 'cpu' AND "device" = 'cpu' AND "state" NOT IN ('succeeded', 'failed', 'canceled');
