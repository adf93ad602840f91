/** Metrics of trials in chunks of up to CHUNK points, so that a curve of a million points is a thousand rows. */
import type { ClientBase, Pool } from 'pg'

const CHUNK = 1024

export interface MetricPoint { name: string, step: number, value: number }
export interface Series { trialId: string, name: string, points: [step: number, value: number][] }

/** How many points of each metric a trial has: where its recorder goes on counting. */
export async function countPoints (pool: Pool, trialId: string): Promise<Map<string, number>> {
  const { rows } = await pool.query(
    'select name, sum(cardinality(steps))::int as count from metric_chunk where trial_id = $1 group by name', [trialId])
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
  const chunks = points.map(({ name }) => {
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    return Math.floor(count / CHUNK)
  })
  await client.query({
    name: 'append-points',
    text: `insert into metric_chunk (trial_id, name, chunk, steps, values, min, max)
           select $1, name, chunk, array_agg(step order by place), array_agg(value order by place), min(value), max(value)
           from unnest($2::text[], $3::int[], $4::int[], $5::float8[]) with ordinality as point (name, chunk, step, value, place)
           group by name, chunk
           on conflict (trial_id, name, chunk) do update set
             steps = metric_chunk.steps || excluded.steps, values = metric_chunk.values || excluded.values,
             min = least(metric_chunk.min, excluded.min), max = greatest(metric_chunk.max, excluded.max)`,
    values: [trialId, points.map(point => point.name), chunks, points.map(point => point.step), points.map(point => point.value)]
  })
}

export interface MetricFilter { names?: string[] | undefined, trialId?: string | undefined, maxPoints?: number | undefined }

/** Reads the curves of an experiment, thinned to maxPoints where they are longer. */
export async function readMetrics (pool: Pool, experimentId: string, filter: MetricFilter = {}): Promise<Series[]> {
  const { rows } = await pool.query(
    `select chunk.trial_id, chunk.name, chunk.steps, chunk.values
     from metric_chunk chunk join trial on trial.id = chunk.trial_id
     where trial.experiment_id = $1 and ($2::text[] is null or chunk.name = any($2)) and ($3::uuid is null or trial.id = $3)
     order by trial.ordinal, chunk.name, chunk.chunk`,
    [experimentId, filter.names ?? null, filter.trialId ?? null])
  const series = new Map<string, Series>()
  for (const row of rows) {
    const key = `${row.trial_id} ${row.name}`
    const curve = series.get(key) ?? { trialId: row.trial_id, name: row.name, points: [] as Series['points'] }
    series.set(key, curve)
    row.steps.forEach((step: number, i: number) => curve.points.push([step, Number(row.values[i])]))
  }
  return [...series.values()].map(curve => ({ ...curve, points: thin(curve.points, filter.maxPoints ?? Infinity) }))
}

/**
 * Thins a curve without hiding its extremes: of every bucket the lowest and the highest point stay, and the first and
 * the last point of all. The same points are chosen at every call.
 * @param maxPoints at least 4
 */
export function thin (points: [number, number][], maxPoints: number): [number, number][] {
  if (points.length <= maxPoints) return points
  const inner = points.slice(1, -1)
  const buckets = Math.max(1, Math.floor((maxPoints - 2) / 2))
  const kept = [points[0]!]
  for (let bucket = 0; bucket < buckets; bucket++) {
    const part = inner.slice(Math.floor(bucket * inner.length / buckets), Math.floor((bucket + 1) * inner.length / buckets))
    if (part.length > 0) kept.push(...extremes(part))
  }
  kept.push(points.at(-1)!)
  return kept
}

function extremes (part: [number, number][]): [number, number][] {
  let low = 0
  let high = 0
  part.forEach(([, value], i) => {
    if (value < part[low]![1] || Number.isNaN(part[low]![1])) low = i
    if (value > part[high]![1] || Number.isNaN(value)) high = i
  })
  if (low === high) return [part[low]!]
  return low < high ? [part[low]!, part[high]!] : [part[high]!, part[low]!]
}
