-- CreateTable
CREATE TABLE "team" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "quotas" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(6),
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "token_hash" TEXT NOT NULL,
    "team_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "operator" BOOLEAN NOT NULL DEFAULT false,
    "key_id" UUID,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "team_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "response" JSONB,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("team_id","key")
);

-- CreateTable
CREATE TABLE "blob" (
    "sha256" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blob_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "dataset" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "source" JSONB NOT NULL,
    "source_hash" TEXT NOT NULL,
    "input_shape" INTEGER[],
    "dtype" TEXT NOT NULL,
    "classes" INTEGER NOT NULL,
    "label_names" TEXT[],
    "train_count" INTEGER NOT NULL,
    "test_count" INTEGER NOT NULL,
    "blob_sha" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "experiment" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "kind_version" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "notes" TEXT NOT NULL DEFAULT '',
    "tags" TEXT[],
    "priority" INTEGER NOT NULL DEFAULT 0,
    "max_seconds" INTEGER,
    "preset" TEXT,
    "spec" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "failure" JSONB,
    "report" JSONB,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(6),
    "finished_at" TIMESTAMPTZ(6),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "experiment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "experiment_dataset" (
    "experiment_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,

    CONSTRAINT "experiment_dataset_pkey" PRIMARY KEY ("experiment_id","dataset_id")
);

-- CreateTable
CREATE TABLE "event_head" (
    "experiment_id" UUID NOT NULL,
    "head" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "event_head_pkey" PRIMARY KEY ("experiment_id")
);

-- CreateTable
CREATE TABLE "event" (
    "experiment_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "trial_id" UUID,
    "ordinal" INTEGER,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "extra" JSONB,

    CONSTRAINT "event_pkey" PRIMARY KEY ("experiment_id","seq")
);

-- CreateTable
CREATE TABLE "trial" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "experiment_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "arm" TEXT NOT NULL,
    "seed" INTEGER NOT NULL,
    "definition" JSONB NOT NULL,
    "slots" INTEGER NOT NULL,
    "device" TEXT NOT NULL,
    "engine" TEXT NOT NULL,
    "deterministic" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "deaths" INTEGER NOT NULL DEFAULT 0,
    "node_id" UUID,
    "lane_id" UUID,
    "lease_until" TIMESTAMPTZ(6),
    "seconds_used" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "progress_done" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "progress_of" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "result" JSONB,
    "failure" JSONB,
    "fingerprint" JSONB,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(6),
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "trial_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trial_transition" (
    "id" BIGSERIAL NOT NULL,
    "trial_id" UUID NOT NULL,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "trial_transition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trial_attempt" (
    "trial_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "node_id" UUID NOT NULL,
    "lane_id" UUID NOT NULL,
    "fingerprint" JSONB,
    "resumed_from" INTEGER,
    "started_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),
    "end" TEXT,

    CONSTRAINT "trial_attempt_pkey" PRIMARY KEY ("trial_id","attempt")
);

-- CreateTable
CREATE TABLE "snapshot" (
    "trial_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "blob_sha" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "snapshot_pkey" PRIMARY KEY ("trial_id")
);

-- CreateTable
CREATE TABLE "metric_chunk" (
    "trial_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "chunk" INTEGER NOT NULL,
    "steps" INTEGER[],
    "values" DOUBLE PRECISION[],
    "min" DOUBLE PRECISION NOT NULL,
    "max" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "metric_chunk_pkey" PRIMARY KEY ("trial_id","name","chunk")
);

-- CreateTable
CREATE TABLE "model" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "experiment_id" UUID NOT NULL,
    "trial_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "architecture" JSONB NOT NULL,
    "loss" TEXT NOT NULL,
    "preprocessing" JSONB NOT NULL,
    "dataset_id" UUID NOT NULL,
    "training_view" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "checkpoint" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "trial_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "step" INTEGER NOT NULL,
    "learning_rate" DOUBLE PRECISION NOT NULL,
    "blob_sha" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "checkpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "artifact" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "trial_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "media_type" TEXT NOT NULL,
    "blob_sha" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "influence_index" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "layers" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'building',
    "failure" JSONB,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "influence_index_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "influence_part" (
    "index_id" UUID NOT NULL,
    "step" INTEGER NOT NULL,
    "blob_sha" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,

    CONSTRAINT "influence_part_pkey" PRIMARY KEY ("index_id","step")
);

-- CreateTable
CREATE TABLE "query" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "operation" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "response" JSONB,
    "failure" JSONB,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "query_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "node" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stopped_at" TIMESTAMPTZ(6),

    CONSTRAINT "node_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lane" (
    "id" UUID NOT NULL,
    "node_id" UUID NOT NULL,
    "device" TEXT NOT NULL,
    "backend" TEXT NOT NULL,
    "slots" INTEGER NOT NULL,
    "threads" INTEGER NOT NULL,
    "pid" INTEGER NOT NULL,
    "warm_models" TEXT[],
    "heartbeat_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lane_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "team_name_key" ON "team"("name");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_secret_hash_key" ON "api_key"("secret_hash");

-- CreateIndex
CREATE INDEX "api_key_team_id_idx" ON "api_key"("team_id");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE INDEX "audit_entry_team_id_id_idx" ON "audit_entry"("team_id", "id");

-- CreateIndex
CREATE INDEX "dataset_blob_sha_idx" ON "dataset"("blob_sha");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_team_id_source_hash_key" ON "dataset"("team_id", "source_hash");

-- CreateIndex
CREATE INDEX "experiment_team_id_id_idx" ON "experiment"("team_id", "id");

-- CreateIndex
CREATE INDEX "experiment_team_id_state_idx" ON "experiment"("team_id", "state");

-- CreateIndex
CREATE INDEX "experiment_dataset_dataset_id_idx" ON "experiment_dataset"("dataset_id");

-- CreateIndex
CREATE INDEX "event_trial_id_ordinal_idx" ON "event"("trial_id", "ordinal");

-- CreateIndex
CREATE INDEX "trial_state_lease_until_idx" ON "trial"("state", "lease_until");

-- CreateIndex
CREATE INDEX "trial_node_id_idx" ON "trial"("node_id");

-- CreateIndex
CREATE UNIQUE INDEX "trial_experiment_id_ordinal_key" ON "trial"("experiment_id", "ordinal");

-- CreateIndex
CREATE INDEX "trial_transition_trial_id_idx" ON "trial_transition"("trial_id");

-- CreateIndex
CREATE INDEX "snapshot_blob_sha_idx" ON "snapshot"("blob_sha");

-- CreateIndex
CREATE INDEX "model_team_id_id_idx" ON "model"("team_id", "id");

-- CreateIndex
CREATE INDEX "model_dataset_id_idx" ON "model"("dataset_id");

-- CreateIndex
CREATE UNIQUE INDEX "model_trial_id_name_key" ON "model"("trial_id", "name");

-- CreateIndex
CREATE INDEX "checkpoint_blob_sha_idx" ON "checkpoint"("blob_sha");

-- CreateIndex
CREATE UNIQUE INDEX "checkpoint_model_id_step_key" ON "checkpoint"("model_id", "step");

-- CreateIndex
CREATE INDEX "artifact_blob_sha_idx" ON "artifact"("blob_sha");

-- CreateIndex
CREATE UNIQUE INDEX "artifact_trial_id_name_step_key" ON "artifact"("trial_id", "name", "step");

-- CreateIndex
CREATE UNIQUE INDEX "influence_index_model_id_layers_key" ON "influence_index"("model_id", "layers");

-- CreateIndex
CREATE INDEX "influence_part_blob_sha_idx" ON "influence_part"("blob_sha");

-- CreateIndex
CREATE INDEX "query_team_id_id_idx" ON "query"("team_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "lane_node_id_device_key" ON "lane"("node_id", "device");

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment" ADD CONSTRAINT "experiment_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment_dataset" ADD CONSTRAINT "experiment_dataset_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_head" ADD CONSTRAINT "event_head_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trial" ADD CONSTRAINT "trial_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trial_transition" ADD CONSTRAINT "trial_transition_trial_id_fkey" FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trial_attempt" ADD CONSTRAINT "trial_attempt_trial_id_fkey" FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshot" ADD CONSTRAINT "snapshot_trial_id_fkey" FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "metric_chunk" ADD CONSTRAINT "metric_chunk_trial_id_fkey" FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model" ADD CONSTRAINT "model_trial_id_fkey" FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_trial_id_fkey" FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifact" ADD CONSTRAINT "artifact_trial_id_fkey" FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "influence_index" ADD CONSTRAINT "influence_index_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "influence_part" ADD CONSTRAINT "influence_part_index_id_fkey" FOREIGN KEY ("index_id") REFERENCES "influence_index"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "query" ADD CONSTRAINT "query_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lane" ADD CONSTRAINT "lane_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "node"("id") ON DELETE CASCADE ON UPDATE CASCADE;
