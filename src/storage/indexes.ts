/**
 * What an influence index is worth: it is ready when every checkpoint of its model has a part, and there is one at
 * least. Whatever adds checkpoints or parts calls one of these in the same transaction. Its rows for people: team/indexes.ts.
 */
import type { ClientBase } from 'pg'
import { v7 as newId } from 'uuid'
import type { Failure } from '../errors.js'
import type { StoredBlob } from './blobs.js'
import { toJson } from './events.js'

const INCOMPLETE: Failure = { code: 'index_missing', message: 'the trial ended before all parts were there; building the index adds the missing ones' }

/** True in SQL for a row of influence_index that has a part for every checkpoint. */
export const IS_COMPLETE = `(exists (select from checkpoint where checkpoint.model_id = influence_index.model_id) and not exists (
  select from checkpoint where checkpoint.model_id = influence_index.model_id and not exists (
    select from influence_part where influence_part.index_id = influence_index.id and influence_part.step = checkpoint.step)))`

/** A model got a checkpoint: its indexes are not ready before they have a part for it. */
export async function reopenIndexes (client: ClientBase, modelId: string): Promise<void> {
  await client.query("update influence_index set state = 'building', finished_at = null where model_id = $1 and state = 'ready'", [modelId])
}

/** Finds or makes a model's index of a configuration. @returns its id */
export async function ensureIndex (
  client: ClientBase, { teamId, modelId, layers }: { teamId: string, modelId: string, layers: 'last' | 'all' }
): Promise<string> {
  const { rows: [index] } = await client.query(
    `insert into influence_index (id, team_id, model_id, layers) values ($1, $2, $3, $4)
     on conflict (model_id, layers) do update set layers = excluded.layers returning id`, [newId(), teamId, modelId, layers])
  return index.id
}

/** Writes the row of a part; one that is there stays. */
export async function addPart (client: ClientBase, indexId: string, step: number, blob: StoredBlob): Promise<void> {
  await client.query('insert into influence_part (index_id, step, blob_sha, size_bytes) values ($1, $2, $3, $4) on conflict do nothing',
    [indexId, step, blob.sha256, blob.sizeBytes])
}

/** Trials ended: the indexes of their models are ready, or lack parts that can be built. */
export async function closeIndexes (client: ClientBase, trialIds: string[]): Promise<void> {
  await client.query(
    `update influence_index set finished_at = now(),
       state = case when ${IS_COMPLETE} then 'ready' else 'failed' end, failure = case when ${IS_COMPLETE} then null else $2::jsonb end
     from model where model.id = influence_index.model_id and model.trial_id = any($1)
       and (influence_index.state = 'building' or (influence_index.state = 'ready') <> ${IS_COMPLETE})`, [trialIds, toJson(INCOMPLETE)])
}

/** The first checkpoint for which an index has no part yet. */
export async function findMissingPart (client: Pick<ClientBase, 'query'>, indexId: string): Promise<{ teamId: string, modelId: string, layers: 'last' | 'all', step: number } | undefined> {
  const { rows: [missing] } = await client.query(
    `select influence_index.team_id as "teamId", checkpoint.model_id as "modelId", layers, checkpoint.step from influence_index
     join checkpoint on checkpoint.model_id = influence_index.model_id
     left join influence_part on influence_part.index_id = influence_index.id and influence_part.step = checkpoint.step
     where influence_index.id = $1 and influence_part.step is null
     order by checkpoint.step limit 1`, [indexId])
  return missing
}

/** Says that an index is ready, if it is. */
export async function finishIndex (client: Pick<ClientBase, 'query'>, indexId: string): Promise<void> {
  await client.query(
    `update influence_index set state = 'ready', failure = null, finished_at = now() where id = $1 and state <> 'ready' and ${IS_COMPLETE}`, [indexId])
}

/** Files of parts are gone: the indexes lack them, and building those again makes them. */
export async function loseParts (client: ClientBase, modelId: string, hashes: string[]): Promise<void> {
  await client.query(
    'delete from influence_part using influence_index where influence_index.id = index_id and model_id = $1 and influence_part.blob_sha = any($2)', [modelId, hashes])
  await client.query(
    `update influence_index set state = 'failed', failure = $2::jsonb, finished_at = now() where model_id = $1 and state = 'ready' and not ${IS_COMPLETE}`,
    [modelId, toJson({ ...INCOMPLETE, message: 'files of its parts are not in the blob store; building the index makes them again' })])
}

/** Says why the building of an index ended without success. */
export async function failIndex (client: Pick<ClientBase, 'query'>, indexId: string, failure: Failure): Promise<void> {
  await client.query(
    "update influence_index set state = 'failed', failure = $2::jsonb, finished_at = now() where id = $1 and state <> 'ready'", [indexId, toJson(failure)])
}
