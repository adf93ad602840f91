-- What the operations of a model's kind must know of it. Models of before need nothing.
ALTER TABLE "model" ADD COLUMN "details" JSONB;
