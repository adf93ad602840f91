/** The latest place from which a trial can go on: its row, which names the blob. Written and removed by whoever holds the trial. */
import type { ClientBase } from 'pg'
import type { StoredBlob } from './blobs.js'
import type { Connection } from './database.js'

export interface SnapshotRow { ordinal: number, step: number, blobSha: string }

/** Finds a trial's snapshot. */
export async function findSnapshot (on: Connection, trialId: string): Promise<SnapshotRow | undefined> {
  const { rows: [row] } = await on.query<SnapshotRow>('select ordinal, step, blob_sha as "blobSha" from snapshot where trial_id = $1', [trialId])
  return row
}

/**
 * Replaces a trial's snapshot by one from further on; another is no progress.
 * @returns hashes of what is not needed any more
 */
export async function replaceSnapshot (
  client: ClientBase, trialId: string, { ordinal, step, blob }: { ordinal: number, step: number, blob: Pick<StoredBlob, 'sha256'> }
): Promise<string[]> {
  const before = await findSnapshot(client, trialId)
  if (before !== undefined && ordinal <= before.ordinal && step <= before.step) {
    return before.blobSha === blob.sha256 ? [] : [blob.sha256]
  }
  await client.query(
    `insert into snapshot (trial_id, ordinal, step, blob_sha) values ($1, $2, $3, $4)
     on conflict (trial_id) do update set ordinal = excluded.ordinal, step = excluded.step, blob_sha = excluded.blob_sha, created_at = now()`,
    [trialId, ordinal, step, blob.sha256])
  return before === undefined ? [] : [before.blobSha]
}

/** Removes a trial's snapshot: it begins anew. */
export async function removeSnapshot (client: ClientBase, trialId: string): Promise<void> {
  await client.query('delete from snapshot where trial_id = $1', [trialId])
}
