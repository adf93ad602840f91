/**
 * What a resumed trial of a kind with real asynchronous threads does about the events after its snapshot: it will not
 * repeat them, so the stream says that they no longer count, and what they made is taken back.
 */
import type { ClientBase } from 'pg'
import type { Claimed } from './claims.js'
import { withTransaction, type Database } from './database.js'
import { appendEvents } from './events.js'
import { holdLease } from './leases.js'
import { appendPoints, pointsOfEvents } from './metrics.js'

/**
 * Takes back everything from an ordinal on. The events stay on the stream, followed by `rewind {ordinal, fromSeq}`: what
 * the trial's run had told from number fromSeq on counts no more.
 * @throws conflict when the attempt no longer holds its trial
 */
export async function rewind (db: Database, trial: Claimed, fromOrdinal: number): Promise<void> {
  await withTransaction(db.pool, async client => {
    await holdLease(client, { trialId: trial.id, attempt: trial.attempt })
    const { rows: undone } = await client.query<Undone>(
      'select seq, type, data, extra from event where trial_id = $1 and ordinal >= $2 order by seq', [trial.id, fromOrdinal])
    const named = (type: string, id = `${type}Id`): string[] => undone.filter(event => event.type === type).map(({ extra }) => extra![id]!)
    // Parts follow their checkpoint, too, where they were built beside the run.
    const parts = undone.filter(({ type }) => type === 'influence')
    await client.query(
      `delete from influence_part using unnest($1::uuid[], $2::int[]) as undone (index_id, step)
       where influence_part.index_id = undone.index_id and influence_part.step = undone.step`,
      [named('influence', 'indexId'), parts.map(({ data }) => data.step)])
    await client.query(
      "update influence_index set state = 'building', finished_at = null where id = any($1::uuid[]) and state = 'ready'", [named('influence', 'indexId')])
    await client.query(
      `delete from influence_part using influence_index, checkpoint
       where influence_index.id = influence_part.index_id and influence_index.model_id = checkpoint.model_id
         and influence_part.step = checkpoint.step and checkpoint.id = any($1::uuid[])`, [named('checkpoint')])
    for (const type of ['model', 'checkpoint', 'artifact']) {
      await client.query(`delete from ${type} where id = any($1::uuid[])`, [named(type)])
    }
    await rebuildMetrics(client, trial.id, fromOrdinal)
    await client.query(
      `update trial set progress_done = coalesce((select (data->>'done')::float8 from event
         where trial_id = $1 and ordinal < $2 and type = 'progress' order by ordinal desc limit 1), 0) where id = $1`, [trial.id, fromOrdinal])
    await client.query('update event set ordinal = null where trial_id = $1 and ordinal >= $2', [trial.id, fromOrdinal])
    const data = { ordinal: fromOrdinal, fromSeq: Number(undone[0]?.seq) }
    await appendEvents(client, trial.experimentId, [{ trialId: trial.id, ordinal: null, type: 'rewind', data }])
  })
}

interface Undone { seq: string, type: string, data: { step: number }, extra: Record<string, string> | null }

/** The curves anew, from the events that still count. */
async function rebuildMetrics (client: ClientBase, trialId: string, fromOrdinal: number): Promise<void> {
  await client.query('delete from metric_chunk where trial_id = $1', [trialId])
  const { rows } = await client.query(
    "select type, data, extra from event where trial_id = $1 and ordinal < $2 and type = 'metrics' order by ordinal", [trialId, fromOrdinal])
  await appendPoints(client, trialId, pointsOfEvents(rows), new Map())
}
