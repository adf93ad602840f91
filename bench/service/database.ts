/**
 * What the database is asked, over HTTP on loopback: how many experiments eight clients submit in a second, and how long
 * a chart of a curve of a million points takes.
 */
import { openDatabase, withTransaction } from '../../src/storage/database.js'
import { appendPoints } from '../../src/storage/metrics.js'
import type { Service } from '../../test/helpers/service.js'
import { summarise, type Case } from '../record.js'

const CLIENTS = 8
const ROUNDS = 3
const ROUND_SECONDS = 3
const POINTS = 1_000_000
/** Two points of every bucket, the first and the last. */
const CHART_POINTS = 2 * 1000 + 2
const CHARTS = 9

/** A preset of few trials that needs no data. */
export const submission = { kind: 'frequency-principle', preset: 'quick' }

/** Measures submissions and charts. @param url of the service's database */
export async function measureDatabase (service: Service, url: string): Promise<Case[]> {
  return [...await measureSubmissions(service), await measureCharts(service, url)]
}

async function measureSubmissions (service: Service): Promise<Case[]> {
  const rates: number[] = []
  const slowest: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const times: number[] = []
    const start = performance.now()
    const end = start + (round === 0 ? 1 : ROUND_SECONDS) * 1000
    await Promise.all(Array.from({ length: CLIENTS }, async () => {
      while (performance.now() < end) times.push(await submit(service))
    }))
    if (round === 0) continue // the first warms up
    rates.push(times.length / ((performance.now() - start) / 1000))
    slowest.push(times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!)
  }
  return [
    { name: `submissions, ${CLIENTS} clients`, unit: '/s', better: 'higher', ours: summarise(rates), peer: null, aim: 300 },
    { name: `a submission, ${CLIENTS} clients, p99`, unit: 'ms', better: 'lower', ours: summarise(slowest), peer: null, aim: 100 }
  ]
}

async function submit (service: Service): Promise<number> {
  const start = performance.now()
  const response = await service.request('POST', '/v1/experiments', submission)
  const text = await response.text()
  if (response.status !== 201) throw new Error(`POST /v1/experiments: ${response.status} ${text}`)
  return performance.now() - start
}

async function measureCharts (service: Service, databaseUrl: string): Promise<Case> {
  const { id, trials: [trial] } = await service.json('POST', '/v1/experiments', submission)
  await storeCurve(databaseUrl, trial.id)
  const times: number[] = []
  for (let i = 0; i < CHARTS; i++) {
    const start = performance.now()
    const { items: [curve] } = await service.json('GET', `/v1/experiments/${id}/metrics?maxPoints=${CHART_POINTS}`)
    times.push(performance.now() - start)
    if (curve.points.length < 1000 || curve.points.at(-1)[0] !== POINTS - 1) throw new Error(`The chart has ${curve.points.length} points`)
  }
  return { name: `chart of ${POINTS} points in 1000 buckets`, unit: 'ms', better: 'lower', ours: summarise(times), peer: null, aim: 200 }
}

/** A noisy curve, stored as a recorder does. */
async function storeCurve (databaseUrl: string, trialId: string): Promise<void> {
  const db = openDatabase(databaseUrl)
  const counts = new Map<string, number>()
  for (let from = 0; from < POINTS; from += 10_000) {
    const points = Array.from({ length: 10_000 }, (_, i) => {
      const step = from + i
      return { name: 'loss', step, value: Math.exp(-step / 2e5) + 0.1 * Math.sin(step * 12.9898) }
    })
    await withTransaction(db.pool, async client => { await appendPoints(client, trialId, points, counts) })
  }
  await db.close()
}
