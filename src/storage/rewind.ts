/**
 * What a resumed trial of a kind with real asynchronous threads does about the events after its snapshot: it will not
 * repeat them, so the stream says that they no longer count, and what they made is taken back.
 */
import type { ClientBase } from 'pg'
import type { Claimed } from './claims.js'
import { withTransaction, type Database } from './database.js'
import { appendEvents } from './events.js'
import { holdLease } from './leases.js'
import { appendPoints, type MetricPoint } from './metrics.js'

/**
 * Takes back everything from an ordinal on; the events stay on the stream, followed by `rewind {ordinal}`.
 * @throws conflict when the attempt no longer holds its trial
 */
export async function rewind (db: Database, trial: Claimed, fromOrdinal: number): Promise<void> {
  await withTransaction(db.pool, async client => {
    await holdLease(client, { trialId: trial.id, attempt: trial.attempt })
    const { rows: undone } = await client.query(
      'select type, extra from event where trial_id = $1 and ordinal >= $2 and extra is not null', [trial.id, fromOrdinal])
    const made = (type: string): string[] => undone.filter(event => event.type === type).map(({ extra }) => extra[`${type}Id`])
    for (const type of ['model', 'checkpoint', 'artifact']) await client.query(`delete from ${type} where id = any($1::uuid[])`, [made(type)])
    // Parts of an index follow their checkpoint.
    await client.query(
      `delete from influence_part using influence_index, model
       where influence_index.id = influence_part.index_id and model.id = influence_index.model_id and model.trial_id = $1
         and not exists (select from checkpoint where checkpoint.model_id = model.id and checkpoint.step = influence_part.step)`, [trial.id])
    await rebuildMetrics(client, trial.id, fromOrdinal)
    await client.query('update event set ordinal = null where trial_id = $1 and ordinal >= $2', [trial.id, fromOrdinal])
    await appendEvents(client, trial.experimentId, [{ trialId: trial.id, ordinal: null, type: 'rewind', data: { ordinal: fromOrdinal } }])
  })
}

/** The curves anew, from the events that still count. */
async function rebuildMetrics (client: ClientBase, trialId: string, fromOrdinal: number): Promise<void> {
  await client.query('delete from metric_chunk where trial_id = $1', [trialId])
  const { rows } = await client.query(
    "select data from event where trial_id = $1 and ordinal < $2 and type = 'metrics' order by ordinal", [trialId, fromOrdinal])
  const points = rows.flatMap(({ data }): MetricPoint[] =>
    Object.entries(data.values).map(([name, value]) => ({ name, step: data.step, value: Number(value) })))
  await appendPoints(client, trialId, points, new Map())
}
