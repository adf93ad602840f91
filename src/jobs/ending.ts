/** What belongs to every end of an attempt: one transaction for the move and the report, then the bytes that nothing needs any more. */
import type { ClientBase } from 'pg'
import type { PgBoss } from 'pg-boss'
import type { BlobStore } from '../storage/blobs.js'
import { withTransaction, type Database } from '../storage/database.js'
import { findSnapshot } from '../storage/snapshots.js'
import type { Moved } from '../storage/trials.js'
import { reportIfLast } from './states.js'

export interface EndingParts { db: Database, blobs: BlobStore, boss: PgBoss }

/**
 * Ends an attempt by a move, enqueues the report when it was the experiment's last trial, and frees the trial's snapshot
 * when it went with the move. What a crash leaves between commit and freeing, the sweep takes.
 */
export async function endInTransaction (
  { db, blobs, boss }: EndingParts, trialId: string, move: (client: ClientBase) => Promise<Moved>, onError: (error: Error) => void
): Promise<void> {
  const snapshot = await findSnapshot(db.pool, trialId)
  await withTransaction(db.pool, async client => { await reportIfLast(boss, client, trialId, await move(client)) })
  if (snapshot) await blobs.free([snapshot.blobSha]).catch(onError)
}
