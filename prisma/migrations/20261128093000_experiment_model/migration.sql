-- CreateTable
CREATE TABLE "experiment_model" (
    "experiment_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,

    CONSTRAINT "experiment_model_pkey" PRIMARY KEY ("experiment_id","model_id")
);

-- CreateIndex
CREATE INDEX "experiment_model_model_id_idx" ON "experiment_model"("model_id");

-- AddForeignKey
ALTER TABLE "experiment_model" ADD CONSTRAINT "experiment_model_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
