import { dualOf } from '../../../src/math/norms.js'
import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../../src/math/random.js'
import { createAdversarialDescent, type DescentOptions } from '../../../src/optimizers/rows/adversarial-descent.js'
import { denseRows } from '../../../src/optimizers/rows/dense.js'
import { sparseRows } from '../../../src/optimizers/rows/sparse.js'

const scale = 1 / 255

/** Bytes about a direction of large margin, two in three of them 0, and their points. */
function makePoints (count: number, dimensions: number) {
  const stream = openStream(2, 'points', count, dimensions)
  const bytes = Uint8Array.from({ length: count * dimensions }, () => stream.integer(3) === 0 ? stream.integer(256) : 0)
  const signs = Int8Array.from({ length: count }, (_, i) => i % 3 === 0 ? -1 : 1)
  const values = Float64Array.from(bytes, (byte, k) => signs[Math.floor(k / dimensions)]! * byte * scale)
  return { dense: denseRows(values, dimensions), sparse: sparseRows(bytes, dimensions, { signs, scale }), values }
}

/** A step by its definition: the perturbation in closed form, every point moved by it, the gradient of the mean loss. */
function plainStep (w: number[], points: number[][], { ball: { q, radius }, loss, learningRate }: DescentOptions): number[] {
  const p = dualOf(q)
  const sizes = w.map(Math.abs)
  const most = Math.max(...sizes)
  const norm = p === Infinity ? most : most === 0 ? 0 : most * sizes.reduce((sum, size) => sum + (size / most) ** p, 0) ** (1 / p)
  const s = w.map((value, k) => {
    if (norm === 0 || value === 0) return 0
    if (p === Infinity) return k === sizes.indexOf(most) ? Math.sign(value) : 0
    return Math.sign(value) * (Math.abs(value) / norm) ** (p - 1)
  })
  const moved = points.map(z => z.map((value, k) => value - radius * s[k]!))
  const weights = moved.map(z => {
    const m = z.reduce((sum, value, k) => sum + value * w[k]!, 0)
    return loss === 'exponential' ? Math.exp(-m) : 1 / (1 + Math.exp(m))
  })
  return w.map((value, k) => value + learningRate / points.length * weights.reduce((sum, weight, i) => sum + weight * moved[i]![k]!, 0))
}

const [count, dimensions] = [21, 7]
const { dense, sparse, values } = makePoints(count, dimensions)
const points = Array.from({ length: count }, (_, i) => [...values.subarray(i * dimensions, (i + 1) * dimensions)])

for (const q of [1, 1.5, 2, 5, Infinity]) {
  for (const loss of ['exponential', 'logistic'] as const) {
    test(`createAdversarialDescent: steps at q = ${q} with ${loss} loss are their definition, in every form`, () => {
      const options: DescentOptions = { ball: { q, radius: 0.3 }, loss, learningRate: 0.3 }
      let plain = new Array<number>(dimensions).fill(0)
      const descents = [dense, sparse].map(rows => createAdversarialDescent(rows, options))
      for (let t = 0; t < 40; t++) {
        plain = plainStep(plain, points, options)
        for (const descent of descents) {
          descent.descend({ at: 0, end: count, batch: count }, 1)
          plain.forEach((value, k) => { assert.ok(Math.abs(descent.w[k]! - value) < 1e-11 * (1 + Math.abs(value)), `${t} ${k}: ${descent.w[k]} is not ${value}`) })
        }
      }
      for (const descent of descents) descent.close()
    })
  }
}

test('createAdversarialDescent: batches follow the order, the last of a pass is what is left', () => {
  const options: DescentOptions = { ball: { q: Infinity, radius: 0.2 }, loss: 'logistic', learningRate: 0.5 }
  const order = openStream(1, 'order').permutation(count)
  const descent = createAdversarialDescent(dense, options)
  descent.setOrder(order)
  descent.descend({ at: 0, end: count, batch: 8 }, 3)
  let plain = new Array<number>(dimensions).fill(0)
  for (const [from, to] of [[0, 8], [8, 16], [16, 21]] as const) {
    plain = plainStep(plain, [...order.subarray(from, to)].map(row => points[row]!), options)
  }
  plain.forEach((value, k) => { assert.ok(Math.abs(descent.w[k]! - value) < 1e-12) })
  descent.close()
})

test('createAdversarialDescent: a step in parts is the whole one, and radius 0 clean training, to the bit', () => {
  const stepped = (radius: number, q: number, isWhole: boolean) => {
    const descent = createAdversarialDescent(sparse, { ball: { q, radius }, loss: 'exponential', learningRate: 0.1 })
    for (let t = 0; t < 50; t++) {
      if (isWhole) descent.descend({ at: 0, end: count, batch: count }, 1)
      else {
        descent.begin()
        for (let from = 0; from < count; from += 5) descent.gather(from, Math.min(count, from + 5))
        descent.finish(count)
      }
    }
    const w = [...descent.w]
    descent.close()
    return w
  }
  assert.deepEqual(stepped(0.3, 2, false), stepped(0.3, 2, true))
  for (const q of [1, 3, Infinity]) assert.deepEqual(stepped(0, q, true), stepped(0, 2, true))
})

test('createAdversarialDescent: nothing overflows or stands still at norms of thousands', () => {
  const close = denseRows(Float64Array.of(1, 3, 1, -0.4, -1, 50), 2)
  // wrong by millions, and right by millions: weights of 1 and of 0
  const logistic = createAdversarialDescent(close, { ball: { q: 2, radius: 0.5 }, loss: 'logistic', learningRate: 1e6 })
  for (let t = 0; t < 100; t++) logistic.descend({ at: 0, end: 3, batch: 3 }, 1)
  assert.ok(logistic.w.every(Number.isFinite), String(logistic.w))
  logistic.close()
  // margins of some units where z.w is thousands: gamma - c = 0.0005
  const near = createAdversarialDescent(denseRows(Float64Array.of(1, 3, 1, -0.4), 2), {
    ball: { q: 2, radius: 0.9995 }, loss: 'exponential', learningRate: 0.05
  })
  near.w.set([4000, 0])
  near.descend({ at: 0, end: 2, batch: 2 }, 1000)
  assert.ok(near.w[0]! > 4000 && near.w.every(Number.isFinite), String(near.w))
  near.close()
})

test('createAdversarialDescent: e^x is within two units of the last place, 0 and infinite where it must be', () => {
  const one = createAdversarialDescent(denseRows(Float64Array.of(1), 1), { ball: { q: 2, radius: 0 }, loss: 'exponential', learningRate: 1 })
  const stream = openStream(1, 'exponents')
  for (let i = 0; i < 2000; i++) {
    const m = (stream.uniform() - 0.5) * (i % 2 === 0 ? 2 : 1400)
    one.w[0] = m
    one.begin()
    one.gather(0, 1)
    const expected = Math.exp(-m)
    assert.ok(Math.abs(one.weightSum - expected) <= 5e-16 * expected, `exp(${-m}) = ${one.weightSum}`)
  }
  for (const [m, expected] of [[800, 0], [-800, Infinity], [0, 1]] as const) {
    one.w[0] = m
    one.begin()
    one.gather(0, 1)
    assert.equal(one.weightSum, expected)
  }
  one.close()
})

test('createAdversarialDescent: crossings count how often a number of w comes to 0 or through it', () => {
  // one point (3, 1), l_infinity of 2: the second number goes up by 1 + 2 below 0, down by 1 - 2 above
  const descent = createAdversarialDescent(denseRows(Float64Array.of(3, 1), 2), {
    ball: { q: Infinity, radius: 2 }, loss: 'exponential', learningRate: 0.1
  })
  descent.descend({ at: 0, end: 1, batch: 1 }, 100)
  assert.deepEqual([...descent.crossings], [0, 0])
  descent.counting = true
  descent.descend({ at: 0, end: 1, batch: 1 }, 300)
  assert.equal(descent.crossings[0], 0)
  assert.ok(descent.crossings[1]! > 60, String(descent.crossings))
  descent.close()
})
