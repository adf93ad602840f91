-- CreateTable
CREATE TABLE "experiment_artifact" (
    "experiment_id" UUID NOT NULL,
    "artifact_id" UUID NOT NULL,

    CONSTRAINT "experiment_artifact_pkey" PRIMARY KEY ("experiment_id","artifact_id")
);

-- CreateIndex
CREATE INDEX "experiment_artifact_artifact_id_idx" ON "experiment_artifact"("artifact_id");

-- AddForeignKey
ALTER TABLE "experiment_artifact" ADD CONSTRAINT "experiment_artifact_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
