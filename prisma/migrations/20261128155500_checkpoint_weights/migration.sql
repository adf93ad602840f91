-- What a checkpoint counts in sums over checkpoints. Those of before have no weight of an interval, and all count.
ALTER TABLE "checkpoint" ADD COLUMN "interval_weight" DOUBLE PRECISION;
ALTER TABLE "checkpoint" ADD COLUMN "counted" BOOLEAN NOT NULL DEFAULT true;

-- How a model's weights were moved; null for those of before.
ALTER TABLE "model" ADD COLUMN "descent" JSONB;
