-- What the files of a data set were taken for; those of before have none.
ALTER TABLE "dataset" ADD COLUMN "report" JSONB;

-- Uploads that are under way.
CREATE TABLE "upload" (
    "team_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT,
    "format" TEXT,
    "stage" TEXT NOT NULL,
    "received_bytes" BIGINT NOT NULL,
    "total_bytes" BIGINT,
    "read_bytes" BIGINT NOT NULL,
    "rows" BIGINT,
    "started_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "upload_pkey" PRIMARY KEY ("team_id","id")
);

CREATE INDEX "upload_updated_at_idx" ON "upload"("updated_at");
