/**
 * Beginnings that trials of an experiment have in common: where the first of them has been, and its record of the way. One
 * that begins there has the record of its own from then on, and the place as its snapshot: it is a trial that goes on.
 * Next hop: src/jobs/beginnings.ts.
 */
import type { ClientBase } from 'pg'
import type { StoredBlob } from './blobs.js'
import type { Claimed } from './claims.js'
import type { Connection } from './database.js'
import { appendEvents, type NewEvent } from './events.js'
import { appendPoints, pointsOfEvents } from './metrics.js'
import { copyArtifact } from './models.js'
import { replaceSnapshot, type SnapshotRow } from './snapshots.js'

/** Which beginning: within an experiment, for trials that say they have it in common and run under one fingerprint. */
export interface BeginningKey {
  key: string
  /** sha-256 */
  fingerprint: string
}

/** Where a trial is, and the file that it goes on from there by. */
export interface Place { ordinal: number, step: number, blob: StoredBlob }

/** A stored beginning, and the trial that made it. */
export interface Beginning extends SnapshotRow { trialId: string, arm: string }

/**
 * Stores the place where a trial is as a beginning, unless another trial has. Not where attempts at it ran under several
 * fingerprints: its numbers are those of none.
 */
export async function storeBeginning (
  client: ClientBase, trial: Claimed, { key, fingerprint }: BeginningKey, { ordinal, step, blob }: Place
): Promise<void> {
  await client.query(
    `insert into beginning (experiment_id, key, fingerprint, trial_id, team_id, ordinal, step, blob_sha)
     select $1, $2, $3, trial.id, trial.team_id, $5, $6, $7 from trial
     where id = $4 and not exists (select from trial_attempt as tried where trial_id = trial.id and tried.fingerprint <> trial.fingerprint)
     on conflict do nothing`,
    [trial.experimentId, key, fingerprint, trial.id, ordinal, step, blob.sha256])
}

/** Finds the beginning that a trial has in common with others, if it has recorded nothing yet. */
export async function findBeginning (
  on: Connection, trial: Claimed, { key, fingerprint }: BeginningKey
): Promise<Beginning | undefined> {
  const { rows: [row] } = await on.query<Beginning>(
    `select beginning.ordinal, step, blob_sha as "blobSha", trial_id as "trialId", arm
     from beginning join trial on trial.id = trial_id
     where beginning.experiment_id = $1 and key = $2 and beginning.fingerprint = $3
       and not exists (select from event where event.trial_id = $4 and event.ordinal is not null)`,
    [trial.experimentId, key, fingerprint, trial.id])
  return row
}

/** Makes a beginning a trial's own: its record up to there, what that names, how far it is, its snapshot. The caller holds the lease. */
export async function copyBeginning (
  client: ClientBase, trial: Claimed, { trialId, arm, ordinal, step, blobSha }: Beginning
): Promise<void> {
  const { rows } = await client.query<Omit<NewEvent, 'trialId'>>(
    'select ordinal, type, data, extra from event where trial_id = $1 and ordinal < $2 order by ordinal', [trialId, ordinal])
  const events: NewEvent[] = []
  for (const row of rows) {
    const own = row.type === 'artifact' ? { artifactId: await copyArtifact(client, trial, row.extra!.artifactId as string) } : {}
    events.push({ ...row, trialId: trial.id, extra: row.extra ? { ...row.extra, ...own } : undefined })
  }
  await replaceSnapshot(client, trial.id, { ordinal, step, blob: { sha256: blobSha } })
  await appendPoints(client, trial.id, pointsOfEvents(rows), new Map())
  const progress = rows.findLast(({ type }) => type === 'progress')?.data as { done: number, of: number } | undefined
  await client.query(
    `update trial set progress_done = coalesce($2, trial.progress_done), progress_of = coalesce($3, trial.progress_of),
       fingerprint = coalesce(trial.fingerprint, maker.fingerprint) from trial as maker where trial.id = $1 and maker.id = $4`,
    [trial.id, progress?.done ?? null, progress?.of ?? null, trialId])
  const text = `Begins at step ${step}, where ${arm} (trial ${trialId}) had come as this trial would have: what is recorded up to there is of that one`
  await appendEvents(client, trial.experimentId, [{ trialId: trial.id, ordinal: null, type: 'log', data: { level: 'info', text } }, ...events])
}

/** Removes a beginning whose file is gone, so that the next trial that comes there stores another. */
export async function removeBeginning (on: Connection, { blobSha }: Beginning): Promise<void> {
  await on.query('delete from beginning where blob_sha = $1', [blobSha])
}
