/**
 * A trial begins where another one of its experiment has been that did the same up to there. It takes over that one's record
 * and place in one transaction, and from then on it is like any trial that goes on from a snapshot: a kill before leaves
 * nothing, a kill after leaves all. Who comes to the place stores it (recorder.ts); rows: storage/beginnings.ts.
 */
import { createHash } from 'node:crypto'
import { findAlgorithm } from '../algorithms/registry.js'
import { AppError } from '../errors.js'
import { copyBeginning, findBeginning, removeBeginning, type BeginningKey } from '../storage/beginnings.js'
import type { BlobStore } from '../storage/blobs.js'
import type { Claimed } from '../storage/claims.js'
import { withTransaction, type Database } from '../storage/database.js'
import { holdLease } from '../storage/leases.js'
import type { Fingerprint } from './fingerprint.js'
import type { TrialTask } from './messages.js'

/** Which beginning a trial has in common with others; undefined when it has none, or does not repeat itself. */
export function keyOf ({ kind, definition, deterministic }: Claimed, fingerprint: Fingerprint): BeginningKey | undefined {
  const key = deterministic ? findAlgorithm(kind).beginning?.(definition) : undefined
  return key === undefined ? undefined : { key, fingerprint: createHash('sha256').update(JSON.stringify(fingerprint)).digest('hex') }
}

/**
 * Makes a beginning that is stored a trial's own. Two trials that start together find none, and both make it: the same.
 * @returns its snapshot; undefined: nobody has been there yet, or the trial has recorded something by itself
 * @throws conflict when the attempt no longer holds its trial
 */
export async function takeBeginning (
  { db, blobs }: { db: Database, blobs: Pick<BlobStore, 'read'> }, trial: Claimed, key: BeginningKey
): Promise<TrialTask['snapshot']> {
  const beginning = await findBeginning(db.pool, trial, key)
  if (beginning === undefined) return undefined
  const bytes = await blobs.read(beginning.blobSha).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'file_missing') throw error
  })
  if (bytes === undefined) {
    await removeBeginning(db.pool, beginning)
    return undefined
  }
  await withTransaction(db.pool, async client => {
    await holdLease(client, { trialId: trial.id, attempt: trial.attempt })
    await copyBeginning(client, trial, beginning)
  })
  return { ordinal: beginning.ordinal, bytes }
}
