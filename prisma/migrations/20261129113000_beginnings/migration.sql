-- CreateTable
CREATE TABLE "beginning" (
    "experiment_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "trial_id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "blob_sha" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "beginning_pkey" PRIMARY KEY ("experiment_id","key","fingerprint")
);

-- CreateIndex
CREATE INDEX "beginning_trial_id_idx" ON "beginning"("trial_id");

-- CreateIndex
CREATE INDEX "beginning_blob_sha_idx" ON "beginning"("blob_sha");

-- AddForeignKey
ALTER TABLE "beginning" ADD CONSTRAINT "beginning_trial_id_fkey" FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What counts a team's bytes
CREATE TRIGGER "count_blobs" AFTER INSERT OR DELETE OR UPDATE OF "blob_sha" ON "beginning" FOR EACH ROW EXECUTE FUNCTION "count_blobs" ();
