/** Checkpoints of a team's models in memory that all threads of an executor share. */
import type { ModelReference } from '../algorithms/contract.js'
import { AppError } from '../errors.js'
import type { Database } from '../storage/database.js'
import { forTeam } from '../storage/team-store.js'
import type { SharedModel } from './messages.js'
import type { SharedBlobs } from './shared-blobs.js'

export interface SharedModels {
  /**
   * Reads a checkpoint of a team's model, from memory when it was read before.
   * @throws AppError not_found when the model or the checkpoint was deleted meanwhile, file_missing
   */
  open (teamId: string, reference: Required<ModelReference>): Promise<SharedModel & { blobSha: string }>
}

/** Makes the store of shared models. */
export function createSharedModels (db: Database, shared: SharedBlobs): SharedModels {
  return {
    async open (teamId, { modelId, step }) {
      const { description, checkpoints } = await forTeam(db, teamId).models.open(modelId)
      const checkpoint = checkpoints.find(one => one.step === step)
      if (checkpoint === undefined) throw new AppError('not_found', `checkpoint ${step} of model ${modelId}`)
      const { blobSha } = checkpoint
      const memory = await shared.read(blobSha).catch((cause: unknown) => {
        if (!(cause instanceof AppError) || cause.code !== 'file_missing') throw cause
        throw new AppError('file_missing', `the weights of model ${modelId} at step ${step}: ${cause.detail}`, {}, { cause })
      })
      return { description: { ...description, step }, memory, blobSha }
    }
  }
}
