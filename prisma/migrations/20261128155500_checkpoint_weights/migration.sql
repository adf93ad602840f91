-- What a checkpoint counts in sums over checkpoints. Those of before stand for no interval, and all count.
ALTER TABLE "checkpoint" ADD COLUMN "interval" JSONB;
ALTER TABLE "checkpoint" ADD COLUMN "counted" BOOLEAN NOT NULL DEFAULT true;

-- How a model's weights were moved; null for those of before.
ALTER TABLE "model" ADD COLUMN "descent" JSONB;
