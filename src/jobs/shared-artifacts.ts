/** Artifacts of a team's trials in memory that all threads of an executor share. */
import { AppError } from '../errors.js'
import type { Database } from '../storage/database.js'
import { forTeam } from '../storage/team-store.js'
import type { SharedBlobs } from './shared-blobs.js'

export interface SharedArtifacts {
  /**
   * Reads the file of a team's artifact, from memory when it was read before.
   * @throws AppError not_found when the artifact was deleted meanwhile, file_missing
   */
  open (teamId: string, artifactId: string): Promise<{ memory: SharedArrayBuffer, blobSha: string }>
}

/** Makes the store of shared artifacts. */
export function createSharedArtifacts (db: Database, shared: SharedBlobs): SharedArtifacts {
  return {
    async open (teamId, artifactId) {
      const { blobSha } = await forTeam(db, teamId).artifacts.open(artifactId)
      const memory = await shared.read(blobSha).catch((cause: unknown) => {
        if (!(cause instanceof AppError) || cause.code !== 'file_missing') throw cause
        throw new AppError('file_missing', `artifact ${artifactId}: ${cause.detail}`, {}, { cause })
      })
      return { memory, blobSha }
    }
  }
}
