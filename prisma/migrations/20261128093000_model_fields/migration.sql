-- What a model reads and predicts is kept with it: it need not have been trained on a stored data set.
ALTER TABLE "model" ADD COLUMN "fields" JSONB;

-- Every model so far is a classifier of its data set; where that is unknown the network's own shape must do.
UPDATE "model" SET "fields" = coalesce(
  (SELECT jsonb_build_object('inputs', "description" -> 'fields' -> 'inputs', 'target', "description" -> 'fields' -> 'target')
   FROM "dataset" WHERE "dataset"."id" = "model"."dataset_id"),
  jsonb_build_object('inputs', jsonb_build_object(
    'type', CASE jsonb_array_length("architecture" -> 'inputShape') WHEN 3 THEN 'image' ELSE 'features' END,
    'shape', "architecture" -> 'inputShape',
    'dtype', 'float32')));

-- The head, which says the loss too, is a part of the architecture.
UPDATE "model" SET "architecture" = "architecture" || '{"head": {"type": "classes"}}' WHERE NOT "architecture" ? 'head';

-- AlterTable
ALTER TABLE "model" ALTER COLUMN "fields" SET NOT NULL,
DROP COLUMN "loss",
ALTER COLUMN "dataset_id" DROP NOT NULL,
ALTER COLUMN "training_view" DROP NOT NULL;
