/** Curves in chunks, and their thinning: extremes must survive it. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { openStream } from '../../src/math/random.js'
import { withTransaction, type Database } from '../../src/storage/database.js'
import { appendPoints, CHUNK, countPoints, readCurves, readMetrics, thin, type Point } from '../../src/storage/metrics.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeBench, makeExperiment } from '../helpers/jobs.js'

const curve = (length: number, value: (i: number) => number): [number, number][] => Array.from({ length }, (_, i) => [i, value(i)])

test('thin: leaves a short curve as it is', () => {
  const points = curve(10, i => i)
  assert.equal(thin(points, 10), points)
})

test('thin: keeps first, last, and a single spike up and down, within maxPoints and in order', () => {
  const points = curve(10_000, i => i === 4321 ? 99 : i === 8765 ? -99 : Math.sin(i / 500))
  const kept = thin(points, 100)
  assert.ok(kept.length <= 100)
  assert.deepEqual(kept[0], points[0])
  assert.deepEqual(kept.at(-1), points.at(-1))
  assert.ok(kept.some(([step, value]) => step === 4321 && value === 99))
  assert.ok(kept.some(([step, value]) => step === 8765 && value === -99))
  assert.ok(kept.every(([step], i) => i === 0 || step > kept[i - 1]![0]))
})

test('thin: gives the same points at every call', () => {
  const points = curve(5000, i => (i * 7919) % 101)
  assert.deepEqual(thin(points, 50), thin(points, 50))
})

test('thin: does not hide a NaN', () => {
  const kept = thin(curve(1000, i => i === 500 ? NaN : 1), 20)
  assert.ok(kept.some(([step, value]) => step === 500 && Number.isNaN(value)))
})

/** Stores curves of one trial in batches of unequal length. */
async function store (t: TestContext, curves: Record<string, Point[]>): Promise<{ db: Database, id: string, trialId: string }> {
  const db = await openTestDatabase(t)
  const { id, trials: [trialId] } = await makeExperiment(db, (await makeBench(db)).teamId)
  const counts = new Map<string, number>()
  for (const [name, points] of Object.entries(curves)) {
    for (let at = 0, batch = 1; at < points.length; at += batch, batch = batch * 3 % 1001 + 1) {
      const some = points.slice(at, at + batch).map(([step, value]) => ({ name, step, value }))
      await withTransaction(db.pool, async client => { await appendPoints(client, trialId!, some, counts) })
    }
  }
  return { db, id, trialId: trialId! }
}

const special = [NaN, Infinity, -Infinity, -0, 1e-300, 1e300]

/** Values with plateaus and ties, some of them no numbers. */
function wild (length: number, seed: number): Point[] {
  const random = openStream(seed, 'curve')
  return curve(length, () => {
    const choice = random.uniform()
    return choice < 0.01 ? special[Math.floor(choice * 100 * special.length)]! : Math.round(random.uniform() * 50) / 50
  })
}

test('readMetrics: points come back to the bit, NaN and infinities too', async t => {
  const points = wild(3 * CHUNK + 17, 1)
  const { db, id, trialId } = await store(t, { loss: points, alone: [[7, NaN]] })
  const series = await readMetrics(db.pool, id)
  assert.deepEqual(series.map(one => [one.name, one.points]), [['alone', [[7, NaN]]], ['loss', points.map(([step, value]) => [step, value + 0])]])
  assert.deepEqual((await readCurves(db.pool, trialId)).loss!.steps, points.map(([step]) => step))
  assert.deepEqual([...await countPoints(db.pool, trialId)], [['alone', 1], ['loss', points.length]])
})

test('readMetrics: with buckets shorter than a chunk it gives the points of thin', async t => {
  const curves = { a: wild(5000, 2), b: wild(999, 3), c: wild(50, 4) }
  const { db, id } = await store(t, curves)
  for (const maxPoints of [100, 998, 1000, 4000]) {
    const read = await readMetrics(db.pool, id, { maxPoints })
    assert.deepEqual(Object.fromEntries(read.map(one => [one.name, one.points])), Object.fromEntries(
      Object.entries(curves).map(([name, points]) => [name, thin(points, maxPoints).map(([step, value]) => [step, value + 0])])))
  }
})

test('readMetrics: with longer buckets it gives lowest and highest of whole chunks, first and last, as brute force does', async t => {
  const curves = {
    a: wild(40 * CHUNK + 1, 5),
    b: wild(9 * CHUNK, 6),
    c: curve(20 * CHUNK, i => i === 4321 ? 99 : i === 1234 ? -99 : 1),
    d: curve(9 * CHUNK, () => NaN)
  }
  const { db, id } = await store(t, curves)
  for (const maxPoints of [4, 7, 10, 16]) {
    for (const { name, points } of await readMetrics(db.pool, id, { maxPoints })) {
      const whole = curves[name as keyof typeof curves]
      assert.deepEqual(points, bruteForce(whole, maxPoints).map(([step, value]) => [step, value + 0]), `${name}, ${maxPoints}`)
      assert.ok(points.length <= maxPoints)
    }
  }
})

/** Thins by whole chunks the slow way: every chunk belongs to the bucket in which it begins. */
function bruteForce (points: Point[], maxPoints: number): Point[] {
  const buckets = Math.max(1, Math.floor((maxPoints - 2) / 2))
  const bucketOf = (at: number) => Math.floor(Math.floor(at / CHUNK) * CHUNK * buckets / points.length)
  const kept = new Set([0, points.length - 1])
  for (let bucket = 0; bucket < buckets; bucket++) {
    const places = [...points.keys()].filter(at => bucketOf(at) === bucket)
    const numbers = places.filter(at => !Number.isNaN(points[at]![1]))
    const nans = places.filter(at => Number.isNaN(points[at]![1]))
    const lowest = Math.min(...numbers.map(at => points[at]![1]))
    const highest = Math.max(...numbers.map(at => points[at]![1]))
    if (numbers.length > 0) kept.add(numbers.find(at => points[at]![1] === lowest)!)
    kept.add(nans.at(-1) ?? numbers.find(at => points[at]![1] === highest)!)
  }
  return [...kept].sort((a, b) => a - b).map(at => points[at]!)
}
