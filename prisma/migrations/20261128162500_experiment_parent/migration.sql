-- The experiment that another one follows up. No reference: that one may be deleted before.
ALTER TABLE "experiment" ADD COLUMN "parent_id" UUID;
