/**
 * Metrics of trials in chunks of up to CHUNK points. A chunk's row says how low and how high its values go and where, so
 * that a chart of a long curve reads rows and no points: a million points are 4,000 small rows.
 */
import pg, { type ClientBase, type Pool } from 'pg'
import type { Connection } from './database.js'
import type { NewEvent } from './events.js'

/** Points of a chunk. */
export const CHUNK = 256

export interface MetricPoint { name: string, step: number, value: number }
export type Point = [step: number, value: number]
export interface Series { trialId: string, name: string, points: Point[] }

/** How many points of each metric a trial has: where its recorder goes on counting. */
export async function countPoints (pool: Pool, trialId: string): Promise<Map<string, number>> {
  const { rows } = await pool.query('select name, sum(count)::int as count from metric_chunk where trial_id = $1 group by name', [trialId])
  return new Map(rows.map(row => [row.name, row.count]))
}

/**
 * Appends points, advancing `counts`.
 * @param counts points stored so far by name; see countPoints
 */
export async function appendPoints (
  client: ClientBase, trialId: string, points: MetricPoint[], counts: Map<string, number>
): Promise<void> {
  if (points.length === 0) return
  const chunks = [...fillChunks(points, counts).values()]
  const ranges = chunks.map(({ values }) => findExtremes(values))
  await client.query({
    name: 'append-points',
    text: `insert into metric_chunk as known (trial_id, name, chunk, steps, values, count, min, max, min_at, max_at)
           select $1, name, chunk, steps::int[], values::float8[], count, min, max, min_at, max_at
           from unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::int[], $7::float8[], $8::float8[], $9::int[], $10::int[])
             as new (name, chunk, steps, values, count, min, max, min_at, max_at)
           on conflict (trial_id, name, chunk) do update set
             steps = known.steps || excluded.steps, values = known.values || excluded.values, count = known.count + excluded.count,
             min = least(known.min, excluded.min), max = greatest(known.max, excluded.max), -- NaN is the greatest
             min_at = case when excluded.min < known.min then known.count + excluded.min_at else known.min_at end,
             max_at = case when excluded.max > known.max or excluded.max = 'NaN' then known.count + excluded.max_at else known.max_at end`,
    values: [
      trialId,
      chunks.map(({ name }) => name), chunks.map(({ chunk }) => chunk),
      chunks.map(({ steps }) => `{${steps.join()}}`), chunks.map(({ values }) => `{${values.join()}}`), chunks.map(({ steps }) => steps.length),
      chunks.map(({ values }, i) => values[ranges[i]!.low]), chunks.map(({ values }, i) => values[ranges[i]!.high]),
      ranges.map(({ low }) => low), ranges.map(({ high }) => high)
    ]
  })
}

interface Chunk { name: string, chunk: number, steps: number[], values: number[] }

/** The points that stored events of a trial tell, in their order. */
export function pointsOfEvents (events: Omit<NewEvent, 'trialId' | 'ordinal'>[]): MetricPoint[] {
  return events.filter(({ type }) => type === 'metrics').flatMap(({ data, extra }) => {
    const { step, values } = data as { step: number, values: Record<string, number | string> } // those that are not finite are strings
    const all = { ...values, ...extra?.timings as Record<string, number> }
    return Object.entries(all).map(([name, value]) => ({ name, step, value: Number(value) }))
  })
}

/** Puts every point into the chunk of its metric that is next to be filled. */
function fillChunks (points: MetricPoint[], counts: Map<string, number>): Map<string, Chunk> {
  const chunks = new Map<string, Chunk>()
  for (const { name, step, value } of points) {
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    const chunk = Math.floor(count / CHUNK)
    const key = `${chunk} ${name}`
    const filled = chunks.get(key) ?? { name, chunk, steps: [], values: [] }
    chunks.set(key, filled)
    filled.steps.push(step)
    filled.values.push(value)
  }
  return chunks
}

export interface MetricFilter { names?: string[] | undefined, trialId?: string | undefined, maxPoints?: number | undefined }

interface ChunkRow {
  trial_id: string
  name: string
  count: number
  total: number
  min: number
  max: number
  min_at: number
  max_at: number
  /** null where the curve is thinned by chunks */
  steps: number[] | null
  values: number[] | null
  min_step: number | null
  max_step: number | null
  first_step: number | null
  first_value: number | null
  last_step: number | null
  last_value: number | null
}

/**
 * Reads the curves of an experiment, thinned to maxPoints where they are longer; see thin. Where a bucket is as long as a
 * chunk or longer, buckets are whole chunks: their rows say enough, and the points stay where they are.
 * @param filter maxPoints at least 4
 */
export async function readMetrics (on: Connection, experimentId: string, filter: MetricFilter = {}): Promise<Series[]> {
  const { names, trialId, maxPoints } = filter
  const { rows } = await on.query<ChunkRow>({
    name: 'read-metrics',
    text: `with curve as (
             select trial_id, name, ordinal, sum(count)::int as total, min(chunk) as first, max(chunk) as last,
               coalesce(sum(count) > $4 and sum(count) >= $5::int8 * ${CHUNK}, false) as by_chunks
             from metric_chunk join trial on trial.id = trial_id
             where experiment_id = $1 and ($2::text[] is null or name = any($2)) and ($3::uuid is null or trial.id = $3)
             group by trial_id, name, ordinal
           )
           select trial_id, name, count, total, min, max, min_at, max_at,
             case when not by_chunks then steps end as steps, case when not by_chunks then values end as values,
             case when by_chunks then steps[min_at + 1] end as min_step, case when by_chunks then steps[max_at + 1] end as max_step,
             case when by_chunks and chunk = first then steps[1] end as first_step,
             case when by_chunks and chunk = first then values[1] end as first_value,
             case when by_chunks and chunk = last then steps[count] end as last_step,
             case when by_chunks and chunk = last then values[count] end as last_value
           from curve join metric_chunk using (trial_id, name)
           order by ordinal, name, chunk`,
    values: [experimentId, names ?? null, trialId ?? null, maxPoints ?? null, maxPoints === undefined ? null : countBuckets(maxPoints)],
    types: numberArrays
  })
  return groupBy(rows, row => `${row.trial_id} ${row.name}`).map(chunks => {
    const { trial_id: trialId, name, steps } = chunks[0]!
    return { trialId, name, points: steps === null ? thinByChunks(chunks, maxPoints!) : thin(toPoints(chunks), maxPoints ?? Infinity) }
  })
}

/** Reads the curves of a trial whole. */
export async function readCurves (on: Connection, trialId: string): Promise<Record<string, { steps: number[], values: number[] }>> {
  const { rows } = await on.query<{ name: string, steps: number[], values: number[] }>({
    text: 'select name, steps, values from metric_chunk where trial_id = $1 order by name, chunk', values: [trialId], types: numberArrays
  })
  return Object.fromEntries(groupBy(rows, row => row.name).map(chunks =>
    [chunks[0]!.name, { steps: chunks.flatMap(chunk => chunk.steps), values: chunks.flatMap(chunk => chunk.values) }]))
}

/**
 * Thins a curve without hiding its extremes: of every bucket the lowest and the highest point stay (a NaN counts as the
 * highest), and the first and the last point of all. The same points are chosen at every call. Buckets are equal parts of
 * the points between the first and the last.
 * @param maxPoints at least 4
 */
export function thin (points: Point[], maxPoints: number): Point[] {
  if (points.length <= maxPoints) return points
  const buckets = countBuckets(maxPoints)
  const inner = points.length - 2
  const kept = [points[0]!]
  for (let bucket = 0; bucket < buckets; bucket++) {
    const [from, to] = [bucket, bucket + 1].map(at => 1 + Math.floor(at * inner / buckets)) as [number, number]
    if (from === to) continue
    const { low, high } = findExtremes(points.slice(from, to).map(([, value]) => value))
    for (const at of inOrder(low, high)) kept.push(points[from + at]!)
  }
  kept.push(points.at(-1)!)
  return kept
}

/** The same from the rows of chunks alone: buckets are whole chunks, each lies in the bucket in which it begins. */
function thinByChunks (rows: ChunkRow[], maxPoints: number): Point[] {
  const buckets = countBuckets(maxPoints)
  const [first, last] = [rows[0]!, rows.at(-1)!]
  let end = 0
  const chunks = rows.map(row => ({ ...row, start: (end += row.count) - row.count }))
  const kept = new Map<number, Point>([[0, [first.first_step!, first.first_value!]]]) // by place in the curve, in order
  for (const bucket of groupBy(chunks, ({ start, total }) => Math.floor(start * buckets / total))) {
    const lowest = bucket[findExtremes(bucket.map(({ min }) => min)).low]!
    const highest = bucket[findExtremes(bucket.map(({ max }) => max)).high]!
    const low = { at: lowest.start + lowest.min_at, point: [lowest.min_step!, lowest.min] as Point }
    const high = { at: highest.start + highest.max_at, point: [highest.max_step!, highest.max] as Point }
    const both = low.at < high.at ? [low, high] : [high, low]
    for (const { at, point } of Number.isNaN(lowest.min) ? [high] : both) kept.set(at, point)
  }
  kept.set(first.total - 1, [last.last_step!, last.last_value!])
  return [...kept.values()]
}

/** Two points per bucket, beside the first and the last of all. */
function countBuckets (maxPoints: number): number {
  return Math.max(1, Math.floor((maxPoints - 2) / 2))
}

/** Places of the first lowest value and of the first highest one, or of the last NaN; where all are NaN both are the last. */
function findExtremes (values: number[]): { low: number, high: number } {
  let low = 0
  let high = 0
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!
    if (value < values[low]! || Number.isNaN(values[low])) low = i
    if (value > values[high]! || Number.isNaN(value)) high = i
  }
  return { low, high }
}

function inOrder (low: number, high: number): number[] {
  return low === high ? [low] : low < high ? [low, high] : [high, low]
}

function toPoints (chunks: ChunkRow[]): Point[] {
  return chunks.flatMap(({ steps, values }) => steps!.map((step, i): Point => [step, values![i]!]))
}

/** Neighbours with the same key. */
function groupBy<T> (items: T[], key: (item: T) => string | number): T[][] {
  const groups: T[][] = []
  let last: string | number | undefined
  for (const item of items) {
    const own = key(item)
    if (groups.length === 0 || own !== last) groups.push([])
    groups.at(-1)!.push(item)
    last = own
  }
  return groups
}

const INT4_ARRAY = 1007
const FLOAT8_ARRAY = 1022

/** Reads arrays of numbers ten times faster than pg does, which takes them apart letter by letter. */
const numberArrays: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text') => oid === INT4_ARRAY || oid === FLOAT8_ARRAY ? parseNumbers : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser
}

function parseNumbers (text: string): number[] {
  const inner = text.slice(1, -1)
  if (/[NI]/.test(inner)) return inner.split(',').map(Number) // JSON has neither NaN nor Infinity
  return JSON.parse(`[${inner}]`) as number[]
}
