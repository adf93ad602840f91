-- A key without an answer was held by a request that never ended: now a key and its answer are written together.
DELETE FROM "idempotency_key" WHERE "status" IS NULL;

-- DropIndex
DROP INDEX "experiment_team_id_state_idx";

-- AlterTable
ALTER TABLE "idempotency_key" ALTER COLUMN "status" SET NOT NULL,
ALTER COLUMN "response" SET NOT NULL;

-- AlterTable
ALTER TABLE "influence_part" ADD COLUMN     "team_id" UUID;

-- AlterTable
ALTER TABLE "metric_chunk" ADD COLUMN     "count" INTEGER,
ADD COLUMN     "max_at" INTEGER,
ADD COLUMN     "min_at" INTEGER;

UPDATE "metric_chunk" SET "count" = cardinality("steps"),
  "min_at" = (SELECT place - 1 FROM unnest("values") WITH ORDINALITY AS point (value, place) ORDER BY value, place LIMIT 1),
  "max_at" = (SELECT place - 1 FROM unnest("values") WITH ORDINALITY AS point (value, place)
              ORDER BY value DESC, CASE WHEN value = 'NaN' THEN -place ELSE place END LIMIT 1);

ALTER TABLE "metric_chunk" ALTER COLUMN "count" SET NOT NULL, ALTER COLUMN "max_at" SET NOT NULL, ALTER COLUMN "min_at" SET NOT NULL;

-- AlterTable
ALTER TABLE "snapshot" ADD COLUMN     "team_id" UUID;

-- CreateTable
CREATE TABLE "team_storage" (
    "team_id" UUID NOT NULL,
    "bytes" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "team_storage_pkey" PRIMARY KEY ("team_id")
);

-- CreateTable
CREATE TABLE "team_blob" (
    "team_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "uses" INTEGER NOT NULL,
    "size_bytes" BIGINT NOT NULL,

    CONSTRAINT "team_blob_pkey" PRIMARY KEY ("team_id","sha256")
);

-- CreateIndex
CREATE INDEX "artifact_trial_id_id_idx" ON "artifact"("trial_id", "id");

-- CreateIndex
CREATE INDEX "artifact_team_id_idx" ON "artifact"("team_id");

-- CreateIndex
CREATE INDEX "checkpoint_trial_id_id_idx" ON "checkpoint"("trial_id", "id");

-- CreateIndex
CREATE INDEX "checkpoint_team_id_idx" ON "checkpoint"("team_id");

-- CreateIndex
CREATE INDEX "event_experiment_id_type_seq_idx" ON "event"("experiment_id", "type", "seq");

-- CreateIndex
CREATE INDEX "experiment_team_id_state_id_idx" ON "experiment"("team_id", "state", "id");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE INDEX "influence_index_team_id_idx" ON "influence_index"("team_id");

-- CreateIndex
CREATE INDEX "model_experiment_id_id_idx" ON "model"("experiment_id", "id");

-- CreateIndex
CREATE INDEX "query_model_id_idx" ON "query"("model_id");

-- CreateIndex
CREATE INDEX "query_finished_at_idx" ON "query"("finished_at");

-- CreateIndex
CREATE INDEX "session_key_id_idx" ON "session"("key_id");

-- CreateIndex
CREATE INDEX "trial_team_id_state_idx" ON "trial"("team_id", "state");

-- What hangs on a trial or an index carries its team: nobody who writes one needs to know it.
UPDATE "snapshot" SET "team_id" = "trial"."team_id" FROM "trial" WHERE "trial"."id" = "trial_id";
UPDATE "influence_part" SET "team_id" = "influence_index"."team_id" FROM "influence_index" WHERE "influence_index"."id" = "index_id";

CREATE FUNCTION "take_team_of_trial" () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.team_id := (SELECT team_id FROM trial WHERE id = NEW.trial_id);
  RETURN NEW;
END $$;

CREATE FUNCTION "take_team_of_index" () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.team_id := (SELECT team_id FROM influence_index WHERE id = NEW.index_id);
  RETURN NEW;
END $$;

CREATE TRIGGER "take_team" BEFORE INSERT ON "snapshot" FOR EACH ROW EXECUTE FUNCTION "take_team_of_trial" ();
CREATE TRIGGER "take_team" BEFORE INSERT ON "influence_part" FOR EACH ROW EXECUTE FUNCTION "take_team_of_index" ();

-- The bytes that a team stores, counted as its rows come and go. The team's row is locked first and to the end of the
-- transaction, so that two that store at once cannot both fit into what is left, nor wait for each other in a ring.
CREATE FUNCTION "count_blob" (team uuid, sha text, change integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  counted team_blob%ROWTYPE;
BEGIN
  INSERT INTO team_storage (team_id) VALUES (team) ON CONFLICT DO NOTHING;
  PERFORM FROM team_storage WHERE team_id = team FOR UPDATE;
  IF change > 0 THEN
    INSERT INTO team_blob (team_id, sha256, uses, size_bytes)
    VALUES (team, sha, 1, coalesce((SELECT size_bytes FROM blob WHERE sha256 = sha), 0))
    ON CONFLICT (team_id, sha256) DO UPDATE SET uses = team_blob.uses + 1
    RETURNING * INTO counted;
    IF counted.uses = 1 THEN
      UPDATE team_storage SET bytes = bytes + counted.size_bytes WHERE team_id = team;
    END IF;
  ELSE
    UPDATE team_blob SET uses = uses - 1 WHERE team_id = team AND sha256 = sha RETURNING * INTO counted;
    IF counted.uses = 0 THEN
      DELETE FROM team_blob WHERE team_id = team AND sha256 = sha;
      UPDATE team_storage SET bytes = bytes - counted.size_bytes WHERE team_id = team;
    END IF;
  END IF;
END $$;

CREATE FUNCTION "count_blobs" () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM count_blob(OLD.team_id, OLD.blob_sha, -1); END IF;
  IF TG_OP <> 'DELETE' THEN PERFORM count_blob(NEW.team_id, NEW.blob_sha, 1); END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER "count_blobs" AFTER INSERT OR DELETE OR UPDATE OF "blob_sha" ON "dataset" FOR EACH ROW EXECUTE FUNCTION "count_blobs" ();
CREATE TRIGGER "count_blobs" AFTER INSERT OR DELETE OR UPDATE OF "blob_sha" ON "checkpoint" FOR EACH ROW EXECUTE FUNCTION "count_blobs" ();
CREATE TRIGGER "count_blobs" AFTER INSERT OR DELETE OR UPDATE OF "blob_sha" ON "artifact" FOR EACH ROW EXECUTE FUNCTION "count_blobs" ();
CREATE TRIGGER "count_blobs" AFTER INSERT OR DELETE OR UPDATE OF "blob_sha" ON "snapshot" FOR EACH ROW EXECUTE FUNCTION "count_blobs" ();
CREATE TRIGGER "count_blobs" AFTER INSERT OR DELETE OR UPDATE OF "blob_sha" ON "influence_part" FOR EACH ROW EXECUTE FUNCTION "count_blobs" ();

INSERT INTO "team_blob" ("team_id", "sha256", "uses", "size_bytes")
SELECT used.team_id, used.blob_sha, count(*), coalesce(max(blob.size_bytes), 0)
FROM (
  SELECT team_id, blob_sha FROM dataset UNION ALL SELECT team_id, blob_sha FROM checkpoint
  UNION ALL SELECT team_id, blob_sha FROM artifact UNION ALL SELECT team_id, blob_sha FROM snapshot
  UNION ALL SELECT team_id, blob_sha FROM influence_part
) AS used LEFT JOIN blob ON blob.sha256 = used.blob_sha
GROUP BY used.team_id, used.blob_sha;

INSERT INTO "team_storage" ("team_id", "bytes") SELECT team_id, sum(size_bytes) FROM team_blob GROUP BY team_id;
