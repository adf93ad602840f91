/**
 * The numbered stream of an experiment. seq has no gaps and follows commit order, because a narrow counter row is
 * advanced in the statement that inserts the batch. A notification only says "look again": replay and live are one path.
 *
 * Measured with two writers (recipe: gapless numbering): this statement 45,500 events/s and 8.4 ms p99 to a socket;
 * advisory lock with max(seq) 33,000; an identity column 51,000, but a reader saw n+1 before n and lost n.
 */
import type { ClientBase, Pool } from 'pg'

export interface NewEvent {
  trialId: string | null
  /** position among what the trial's run yielded; null for what others wrote */
  ordinal: number | null
  type: string
  /** what a repeated run repeats to the bit */
  data: unknown
  /** what belongs to this attempt only: ids, wall times */
  extra?: Record<string, unknown> | undefined
}

/** An event as clients see it. */
export interface Frame { seq: number, at: string, trialId: string | null, type: string, data: Record<string, unknown> }

const APPEND = `
  with head as (
    update event_head set head = head + $2 where experiment_id = $1 returning head
  ), inserted as (
    insert into event (experiment_id, seq, at, trial_id, ordinal, type, data, extra)
    select $1, head.head - $2 + batch.place, clock_timestamp(), batch.trial_id, batch.ordinal, batch.type,
           batch.data::jsonb, batch.extra::jsonb
    from head, unnest($3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[])
      with ordinality as batch (trial_id, ordinal, type, data, extra, place)
  )
  select head, pg_notify('events', $1::text || ' ' || head) from head`

/**
 * Appends a batch. Make it the last statement of its transaction: the counter row stays locked until the commit.
 * @returns the number of the last event, or undefined when the experiment was deleted
 */
export async function appendEvents (client: ClientBase, experimentId: string, events: NewEvent[]): Promise<number | undefined> {
  if (events.length === 0) return undefined
  const { rows } = await client.query({
    name: 'append-events',
    text: APPEND,
    values: [
      experimentId, events.length,
      events.map(event => event.trialId), events.map(event => event.ordinal), events.map(event => event.type),
      events.map(event => toJson(event.data)), events.map(event => event.extra === undefined ? null : toJson(event.extra))
    ]
  })
  return rows.length === 0 ? undefined : Number(rows[0].head)
}

/** JSON with NaN and the infinities as strings, as they travel on the wire. */
export function toJson (value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'number' && !Number.isFinite(member) ? String(member) : member)
}

/** Which events to read. */
export interface EventFilter {
  types?: readonly string[] | undefined
  trialId?: string | undefined
  /** beside those of trialId also the events that belong to no trial: those of the experiment itself */
  orNoTrial?: boolean | undefined
}

export interface PageFilter extends EventFilter { after: number, limit: number }

/** Events and the head as one statement saw them. */
export interface EventsPage {
  frames: Frame[]
  /** number of the last event there is; undefined when the experiment was deleted */
  head: number | undefined
  /** every event up to here that the filter wants is among the frames, or was before them */
  upTo: number
}

/**
 * Reads the events that follow `after`, in order, and the head in the same snapshot: what is not among them up to
 * `upTo` is not there. The caller has checked that the experiment is its team's.
 */
export async function readPage (pool: Pool, experimentId: string, { after, limit, ...filter }: PageFilter): Promise<EventsPage> {
  const { rows } = await pool.query(toQuery(filter, [experimentId, after, limit]))
  const frames = rows.filter(row => row.seq !== null).map(row => ({
    seq: Number(row.seq), at: row.at.toISOString(), trialId: row.trial_id, type: row.type, data: { ...row.data, ...row.extra }
  }))
  const head = rows.length === 0 ? undefined : Number(rows[0].head)
  return { frames, head, upTo: frames.length === limit ? frames.at(-1)!.seq : Math.max(after, head ?? 0) }
}

/** A statement for each shape of filter: one for all ("$4 is null or type = any($4)") could use no index. */
function toQuery ({ types, trialId, orNoTrial = false }: EventFilter, values: unknown[]) {
  const name = ['read-events', types && 'types', trialId && 'trial', trialId && orNoTrial && 'none'].filter(Boolean).join(' ')
  const byType = types === undefined ? '' : `and type = any($${values.push(types)})`
  const byTrial = trialId === undefined ? '' : `and (trial_id = $${values.push(trialId)}${orNoTrial ? ' or trial_id is null' : ''})`
  const text = `
    select head.head, page.* from event_head as head left join lateral (
      select seq, at, trial_id, type, data, extra from event
      where experiment_id = $1 and seq > $2 ${byType} ${byTrial} order by seq limit $3
    ) as page on true
    where head.experiment_id = $1 order by page.seq`
  return { name, text, values }
}

/** The events alone of what readPage reads. */
export async function readEvents (pool: Pool, experimentId: string, filter: PageFilter): Promise<Frame[]> {
  return (await readPage(pool, experimentId, filter)).frames
}

/** The number of the last event; 0 before the first. */
export async function readHead (pool: Pool, experimentId: string): Promise<number> {
  const { rows } = await pool.query({ name: 'read-head', text: 'select head from event_head where experiment_id = $1', values: [experimentId] })
  return rows.length === 0 ? 0 : Number(rows[0].head)
}

/** The numbers of the last events of several experiments; one that was deleted is missing. */
export async function readHeads (pool: Pool, experimentIds: string[]): Promise<Map<string, number>> {
  const { rows } = await pool.query({
    name: 'read-heads', text: 'select experiment_id, head from event_head where experiment_id = any($1::uuid[])', values: [experimentIds]
  })
  return new Map(rows.map(row => [row.experiment_id, Number(row.head)]))
}

/** What a trial already recorded from an ordinal on: a resumed run is held against it. */
export async function readRecorded (
  pool: Pool, trialId: string, fromOrdinal: number
): Promise<Map<number, { type: string, data: unknown }>> {
  const { rows } = await pool.query(
    'select ordinal, type, data from event where trial_id = $1 and ordinal >= $2 order by ordinal', [trialId, fromOrdinal])
  return new Map(rows.map(row => [row.ordinal, { type: row.type, data: row.data }]))
}
