-- What a data set's examples are becomes data: until now all had one input and one class.
ALTER TABLE "dataset" ADD COLUMN "description" JSONB;

UPDATE "dataset" SET "description" = jsonb_build_object(
  'fields', jsonb_build_object(
    'inputs', jsonb_build_object(
      'type', CASE cardinality("input_shape") WHEN 1 THEN 'features' ELSE 'image' END,
      'shape', to_jsonb("input_shape"),
      'dtype', "dtype"),
    'target', jsonb_build_object('type', 'classes', 'names', to_jsonb("label_names"))),
  'counts', jsonb_build_object('train', "train_count", 'test', "test_count"));

-- AlterTable
ALTER TABLE "dataset" ALTER COLUMN "description" SET NOT NULL,
DROP COLUMN "classes",
DROP COLUMN "dtype",
DROP COLUMN "input_shape",
DROP COLUMN "label_names",
DROP COLUMN "test_count",
DROP COLUMN "train_count";

-- A training view names its data set: a model may have been told several.
UPDATE "model" SET "training_view" = jsonb_set("training_view", '{datasetId}', to_jsonb("dataset_id"::text));
