-- How a trial ended becomes one of the outcomes that its kind declares.
ALTER TABLE "trial" ADD COLUMN "outcome" TEXT;

-- Results of before say why they ended in stop.reason, where they say it.
UPDATE "trial"
SET "outcome" = "result"->'stop'->>'reason',
    "result" = "result" || jsonb_build_object('outcome', "result"->'stop'->'reason')
WHERE "result"->'stop'->>'reason' IS NOT NULL;
