/** Where trainings of a linear classifier end: the limits in closed form, and the references that they are held against. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../../src/math/random.js'
import { distance } from '../../../src/math/vectors.js'
import { runAll, runOne, makeSpec } from './linear-trials.js'

const given = (...points: number[][]) => ({ points: { type: 'given', points } })
const linf = (value: number) => ({ q: 'infinity', radius: { type: 'absolute', value } })

function unit (...values: number[]): Float64Array {
  const length = Math.hypot(...values)
  return Float64Array.from(values, value => value / length)
}

function away (direction: readonly number[], limit: Float64Array): number {
  return distance(Float64Array.from(direction), limit)
}

test('one point (3, 1): l_infinity of 0.5 turns it to (2.5, 0.5), l2 leaves it where it is', async () => {
  const turned = await runOne({ ...given([3, 1]), steps: 1_000_000 }, linf(0.5))
  // the first step goes along z, all others along z - c sign(z): at |w| of some units it is some percent of the way
  assert.ok(away(turned.of.direction, unit(2.5, 0.5)) < 0.01, String(turned.of.direction))
  assert.ok(away([...turned.of.mixed!.direction], unit(2.5, 0.5)) < 1e-4)
  assert.deepEqual([turned.outcome, turned.of.chatter], ['finished', []])
  const straight = await runOne({ ...given([3, 1]), steps: 1000 }, { q: 2, radius: { type: 'absolute', value: 0.5 } })
  assert.ok(away(straight.of.direction, unit(3, 1)) < 1e-12)
  assert.ok(Math.abs(straight.of.mixed!.margin - (Math.sqrt(10) - 0.5)) < 1e-7)
})

test('one point: each step but the first goes along z - c sign(z), whatever the numbers and the loss', async () => {
  const z = [4, -2.5, 1.5, -3]
  for (const loss of ['exponential', 'logistic']) {
    const { of: { curve, direction } } = await runOne({ ...given(z), steps: 5000, loss, learningRate: 0.02 }, linf(0.7))
    const [first, last] = [curve[0]!, curve.at(-1)!]
    const along = unit(...z.map(value => value - 0.7 * Math.sign(value)))
    const start = unit(...z)
    const moved = along.map((_, k) => direction[k]! * last.norm - start[k]! * first.norm)
    assert.ok(distance(unit(...moved), along) < 1e-9, loss)
  }
})

test('one point, 1 < c < 3: the second number chatters about 0 while the direction tends to (1, 0)', async () => {
  for (const c of [1.2, 2, 2.8]) {
    const { outcome, of } = await runOne({ ...given([3, 1]), steps: 20_000 }, linf(c))
    assert.deepEqual([outcome, of.chatter], ['chattered', [1]], String(c))
    assert.ok(away(of.direction, unit(1, 0)) < 0.1, String(of.direction))
    assert.ok(away([...of.mixed!.direction], unit(1, 0)) < 1e-3, String(of.mixed!.direction))
    assert.ok(Math.abs(of.mixed!.margin - (3 - c)) < 1e-6)
    assert.ok(Math.abs(of.gammaQ - 3) < 1e-6)
  }
})

test('points whose l2 and l_infinity limits differ: each training comes to its own', async () => {
  // the nearest point decides: along (3, 1), or along (3 - 0.8, 1 - 0.8); the others are behind it either way
  const problem = { ...given([3, 1], [5, 2], [4, 3], [6, -1]), steps: 300_000 }
  const spec = makeSpec(problem, { q: 2, radius: { type: 'fraction', of: 0.9 } }, linf(0.8))
  const [first, second] = await runAll(spec)
  const [u2, uInfinity] = [first!, second!].map(({ of }) => Float64Array.from(of.mixed!.direction)) as [Float64Array, Float64Array]
  const apart = distance(u2, uInfinity)
  assert.ok(distance(u2, unit(3, 1)) < 1e-4 && distance(uInfinity, unit(2.2, 0.2)) < 1e-4, `${u2}, ${uInfinity}`)
  for (const [trial, own, other] of [[first!, u2, uInfinity], [second!, uInfinity, u2]] as const) {
    assert.ok(away(trial.of.direction, own) < apart / 4, `${trial.of.direction} is not ${own}`)
    assert.ok(away(trial.of.direction, own) < away(trial.of.direction, other))
  }
})

test('radius none is radius 0 of any norm and loss, to the bit', async () => {
  for (const loss of ['exponential', 'logistic']) {
    for (const batch of ['full', 7]) {
      const [clean, ...others] = await runAll(makeSpec({ steps: 500, loss, batch }, {}, ...[1, 2, 3, 'infinity'].map(q => ({ q, radius: { type: 'absolute', value: 0 } }))))
      for (const other of others) {
        assert.deepEqual(other.of.curve, clean!.of.curve)
        assert.deepEqual(other.of.direction, clean!.of.direction)
      }
    }
  }
})

test('batches: every pass goes through all points in an order of its own, of the seed', async () => {
  const points = [[3, 1], [1, 2], [2, -0.5], [0.7, 0.7], [4, 1]]
  const { of: { direction } } = await runOne({ ...given(...points), batch: 2, steps: 8, loss: 'logistic', learningRate: 0.3 })
  const w = [0, 0]
  for (let step = 0; step < 8; step++) { // three a pass, the last of one point
    const order = openStream(0, 'order', Math.floor(step / 3)).permutation(points.length)
    const batch = [...order.subarray(step % 3 * 2, step % 3 * 2 + 2)].map(row => points[row]!)
    const weights = batch.map(z => 1 / (1 + Math.exp(z[0]! * w[0]! + z[1]! * w[1]!)))
    const pull = [0, 1].map(k => batch.reduce((sum, z, i) => sum + weights[i]! * z[k]!, 0))
    pull.forEach((value, k) => { w[k]! += 0.3 / batch.length * value })
  }
  assert.ok(away(direction, unit(...w)) < 1e-12, `${direction} is not ${unit(...w)}`)
})

test('radius of gamma_q and more: a finite minimiser, no limit, and points that are read wrongly under attack', async () => {
  const { outcome, of, events } = await runOne({ steps: 20_000 }, { radius: { type: 'fraction', of: 1.5 } })
  assert.deepEqual([outcome, of.mixed], ['finite', null])
  const norms = of.curve.map(({ norm }) => norm)
  assert.ok(Math.abs(norms.at(-1)! / norms.at(-11)! - 1) < 1e-3, 'the norm stands still')
  const last = events.filter(event => event.type === 'metrics').at(-1)!
  assert.ok(last.type === 'metrics' && last.values.robustError! > 0 && last.values.error === 0)
})

test('points that no line separates are trained on, and nothing is claimed', async () => {
  const { outcome, of, events } = await runOne({ ...given([1, 0], [-1, 0.5], [0, -1], [0.3, 0.2]), steps: 200 }, { radius: { type: 'fraction', of: 0.5 } })
  assert.deepEqual([outcome, of.clean, of.mixed, of.gammaQ, of.curve], ['not-separable', null, null, 0, []])
  const metrics = events.filter(event => event.type === 'metrics')
  assert.ok(metrics.length > 10 && metrics.every(event => !('directionError' in event.values)))
})

test('projected gradient: enough steps are the exact maximisation to the bit, too few a smaller radius', async () => {
  const run = async (inner: object, value: number) => (await runOne({ steps: 300, inner }, linf(value))).of.direction
  const exact = await run({ type: 'exact' }, 0.4)
  assert.deepEqual(await run({ type: 'projected-gradient', steps: 10, stepSize: 0.25 }, 0.4), exact)
  assert.deepEqual(await run({ type: 'projected-gradient', steps: 2, stepSize: 0.25 }, 0.8), exact)
})
