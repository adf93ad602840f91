/** Trials as a lane has them: in step and in simulated time, left and taken up anywhere, and what is counted of them. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../../src/math/random.js'
import { fingerprint } from '../../helpers/drive.js'
import { curveOf, lossesOf, train } from './train.js'

const everywhere = Array.from({ length: 500 }, (_, i) => i)
const noisy = { problem: { type: 'quadratic', dimensions: 3, noise: 0.3 }, learningRate: 0.02, momentum: 0.5, steps: 14, records: 5 }
const uneven = { type: 'simulated', speedSpread: 0.4, jitter: 0.3, latency: 0.5, transfer: 0.5 }
const methods = [
  { type: 'lsgd', tau: 3, tauG: 6, groups: 2, proximal: 0.1, proximalG: 0.2, leader: { type: 'window', batches: 4 } },
  { type: 'lsgd', tau: 2, leader: { type: 'exact' } },
  { type: 'easgd', tau: 3 },
  { type: 'eamsgd', tau: 3, delta: 0.9 },
  { type: 'downpour', push: 2, fetch: 4 }
]
const inStepOnly = [{ type: 'local-sgd', tau: 3 }, { type: 'data-parallel' }, { type: 'sgd' }]

for (const mode of ['sync', 'async']) {
  for (const method of mode === 'sync' ? [...methods, ...inStepOnly] : methods) {
    test(`${method.type}, ${mode}, ${JSON.stringify(method)}: taken up from any boundary it goes on to the bit`, async () => {
      const given = { ...noisy, mode, execution: uneven }
      const whole = await train(method, given, { keep: everywhere })
      assert.ok(whole.boundaries >= 6)
      for (const { state, events } of whole.snapshots.values()) {
        const rest = await train(method, given, { resume: state })
        assert.equal(fingerprint(rest.events), fingerprint(whole.events.slice(events)))
        assert.equal(fingerprint(rest.result), fingerprint(whole.result))
      }
      const other = await train(method, given, { seed: 1 })
      assert.notEqual(fingerprint(other.events), fingerprint(whole.events))
    })
  }
}

test('trainings from random starts: taken up from any boundary they go on to the bit', async () => {
  const given = { problem: { type: 'sinc', starts: { type: 'random', repeats: 40 } }, steps: 1500, records: 2 }
  const whole = await train({ type: 'lsgd', tau: 10 }, given, { keep: everywhere })
  const last = [...whole.snapshots.values()].slice(-3)
  for (const { state, events } of last) {
    const rest = await train({ type: 'lsgd', tau: 10 }, given, { resume: state })
    assert.equal(fingerprint(rest.events), fingerprint(whole.events.slice(events)))
    assert.equal(fingerprint(rest.result), fingerprint(whole.result))
  }
  assert.ok((last.at(-1)!.state.values.cursor as { repeats: number }).repeats > 1, 'boundaries lie between trainings, too')
})

test('simulated time: async lsgd is what it is when every step is made as its end comes', async () => {
  const [workers, steps, tau, lambda, rate, seed, dimensions] = [3, 40, 2, 0.3, 0.1, 5, 2]
  const execution = { type: 'simulated', speedSpread: 0.5, jitter: 0.4 }
  const problem = { type: 'double-well', dimensions, tilt: 0.1 }
  const method = { type: 'lsgd', tau, lambda, leader: { type: 'exact' } }
  const { result } = await train(method, { problem, workers, learningRate: rate, steps, mode: 'async', execution }, { seed })
  const f = (x: number[]) => x.reduce((sum, value) => sum + (value * value - 1) ** 2 / 4, 0.1 * x[0]!)
  const x = Array.from({ length: workers }, (_, worker) => {
    const stream = openStream(seed, 'start', 0, worker)
    return Array.from({ length: dimensions }, () => stream.normal())
  })
  const slow = x.map((_, worker) => Math.exp(0.5 * openStream(seed, 'speed', worker).normal() - 0.125))
  const ends = x.map((_, worker) => {
    let at = 0
    const stream = openStream(seed, 'duration', worker, 0)
    return Array.from({ length: steps }, () => (at += slow[worker]! * Math.exp(0.4 * stream.normal() - 0.08)))
  })
  const order = ends.flatMap((times, worker) => times.map(at => ({ at, worker }))).sort((a, b) => a.at - b.at)
  let leader: number[] | undefined
  const due = new Map<number, number>()
  const stale: number[][] = x.map(() => [])
  order.forEach(({ worker }, at) => {
    const own = x[worker]!
    x[worker] = own.map((value, i) => value - rate * (value * (value * value - 1) + (i === 0 ? 0.1 : 0)))
    if ((at + 1) % (workers * tau) === 0) {
      leader = [...x].sort((a, b) => f(a) - f(b))[0]!
      x.forEach((_, i) => due.set(i, at))
    }
    if (!due.has(worker)) return
    x[worker] = x[worker]!.map((value, i) => value - lambda * (value - leader![i]!))
    stale[worker]!.push(at - due.get(worker)!)
    due.delete(worker)
  })
  lossesOf(result).forEach((loss, i) => assert.ok(Math.abs(loss - f(x[i]!)) < 1e-12, `${loss}, ${f(x[i]!)}`))
  result.workers.forEach(({ time, waited }, i) => assert.ok(Math.abs(time! - ends[i]!.at(-1)!) < 1e-9 && waited === 0))
  assert.equal(result.exchanges, workers * steps / (workers * tau))
  const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  result.workers.forEach(({ staleness }, i) => assert.ok(Math.abs(staleness! - meanOf(stale[i]!)) < 1e-12))
})

test('simulated time: in step all wait for the last one and for what is sent, apart nobody waits', async () => {
  const given = { ...noisy, steps: 6, execution: { type: 'simulated', latency: 2, transfer: 0.5 } }
  const timeOf = async (method: Record<string, unknown>, more = {}) =>
    (await train(method, { ...given, ...more })).result.workers.map(({ time }) => time)
  assert.deepEqual(await timeOf({ type: 'lsgd', tau: 3 }), [11, 11, 11, 11], '6 steps and 2 x (2 + 0.5)')
  assert.deepEqual(await timeOf({ type: 'easgd', tau: 3 }), [12, 12, 12, 12], 'to the centre and back')
  assert.deepEqual(await timeOf({ type: 'local-sgd', tau: 3 }), [11.5, 11.5, 11.5, 11.5], 'twice three quarters')
  assert.deepEqual(await timeOf({ type: 'independent' }), [6, 6, 6, 6])
  assert.deepEqual(await timeOf({ type: 'lsgd', tau: 3 }, { mode: 'async' }), [6, 6, 6, 6])
  const { result } = await train({ type: 'lsgd', tau: 3 }, { ...given, mode: 'async' })
  assert.ok(result.workers.some(({ staleness }) => staleness! > 0), 'copies take 2.5 steps')
})

test('bytes: what every method sends, by worker', async () => {
  const bytesOf = async (method: Record<string, unknown>) => (await train(method, { ...noisy, steps: 12 })).result
  const copy = 3 * 8
  const lsgd = await bytesOf({ type: 'lsgd', tau: 3 })
  assert.equal(lsgd.bytes.sent, 4 * (copy + 4 * 8), 'in 4 exchanges the leader sends itself once, everyone a loss')
  assert.equal(lsgd.workers.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0), 4 * (3 * copy + 4 * 3 * 8))
  assert.deepEqual(lsgd.workers.map(({ led, sentBytes }) => sentBytes - 4 * 8 - led * copy), [0, 0, 0, 0])
  assert.equal((await bytesOf({ type: 'easgd', tau: 3 })).bytes.sent, 4 * (4 + 4) * copy)
  assert.equal((await bytesOf({ type: 'local-sgd', tau: 3 })).bytes.sent, 4 * 4 * 1.5 * copy)
  assert.equal((await bytesOf({ type: 'data-parallel' })).bytes.sent, 12 * 4 * 1.5 * copy)
  assert.equal((await bytesOf({ type: 'downpour', push: 3, fetch: 6 })).bytes.sent, (4 * 4 + 2 * 4) * copy)
  assert.equal((await bytesOf({ type: 'independent' })).bytes.sent, 0)
  const groups = await bytesOf({ type: 'lsgd', tau: 3, tauG: 6, groups: 2 })
  assert.equal(groups.bytes.sent, 4 * (2 * copy + 4 * 8) + 2 * (copy + 2 * 8))
})

test('leaders: every exchange is counted, kept or not', async () => {
  const { result, events } = await train({ type: 'lsgd', tau: 1 }, { ...noisy, steps: 3000 })
  assert.equal(result.exchanges, 3000)
  assert.equal(result.workers.reduce((sum, { led }) => sum + led, 0), 3000)
  assert.ok(result.leaders.length > 500 && result.leaders.length <= 1000)
  const gaps = new Set(result.leaders.slice(1).map((led, i) => led[0]! - result.leaders[i]![0]!))
  assert.deepEqual([...gaps], [4])
  assert.equal(curveOf({ events }, 'leader').length, 5)
})

test('a rate that is too large: the training ends as diverged, and what is recorded stands', async () => {
  for (const mode of ['sync', 'async']) {
    const problem = { type: 'quadratic', condition: 100 }
    const { result, events } = await train({ type: 'lsgd', tau: 4 }, { problem, learningRate: 1, steps: 500, mode })
    assert.equal(result.outcome, 'diverged')
    assert.ok(result.workers.every(({ steps }) => steps < 500) && curveOf({ events }, 'workerLoss/0').length > 1)
    assert.deepEqual(JSON.parse(JSON.stringify(result)), result)
  }
})

test('points: an average between basins is worse than every worker, and that is said', async () => {
  const starts = { type: 'given', points: [[1.4303, 0], [-1.4303, 0]] }
  const { result } = await train({ type: 'independent' }, { problem: { type: 'sinc', starts }, workers: 2, steps: 3 })
  assert.match(result.warning!, /average of the workers is worse/)
  assert.ok(result.points.find(({ name }) => name === 'average')!.loss! > 0.99)
  assert.equal(result.final, 'leader')
  assert.equal((await train({ type: 'easgd' }, { problem: { type: 'sinc' }, steps: 2 })).result.final, 'centre')
})
