-- AlterTable
ALTER TABLE "lane" DROP COLUMN "pid",
DROP COLUMN "threads",
ADD COLUMN     "executors" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "trial" ADD COLUMN     "crew" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "estimate" JSONB,
ADD COLUMN     "threads" INTEGER;

-- A trial of the tensor engine had as many threads as slots, one of Float64 kernels had one. Bytes were not kept.
UPDATE "trial" SET
  "threads" = CASE WHEN "engine" = 'cpu' THEN 1 ELSE "slots" END,
  "engine" = CASE WHEN "engine" = 'cpu' THEN 'float64' ELSE "engine" END,
  "estimate" = jsonb_build_object('steps', "progress_of", 'bytes', 0);

-- AlterTable
ALTER TABLE "trial" ALTER COLUMN "estimate" SET NOT NULL,
ALTER COLUMN "threads" SET NOT NULL;
