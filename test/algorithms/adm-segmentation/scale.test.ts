/** Dense CRFs at a part of the picture's size: means of blocks, their transpose, and what X and prices become. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MethodOf } from '../../../src/algorithms/adm-segmentation/methods.js'
import { openDenseStep, openPrices } from '../../../src/algorithms/adm-segmentation/x-step/dense.js'
import { enlarge, shrink, shrinkCosts, spread } from '../../../src/algorithms/adm-segmentation/x-step/scale.js'
import { unaryOf, type Picture } from '../../../src/algorithms/adm-segmentation/x-step/x-step.js'
import { relaxationOf } from '../../../src/lattice/dense-crf.js'
import { meanField } from '../../../src/lattice/mean-field.js'
import { createDensePairwise } from '../../../src/lattice/pairwise.js'
import { openStream } from '../../../src/math/random.js'

const [width, height, labels] = [12, 8, 3]
const pixels = width * height
const random = openStream(1, 'scale')
const pairs = { type: 'dense', position: 4, colour: 30 } as const
const method: MethodOf<'adm'> = {
  type: 'adm', pairs: { ...pairs, scale: 1 }, lambda: 2, gamma: 1, every: 0, rounds: 4, unary: 1, scribbles: 'hard', labels: 'all'
}

/** Noise, with a scribble of each label. */
const picture: Picture = {
  pixels: { width, height, channels: 3, data: Uint8Array.from({ length: 3 * pixels }, () => 100 + random.integer(60)) },
  scribbles: new Uint8Array(pixels).fill(255)
}
picture.scribbles.set([1, 2, 0], 40)

/** [pixels, labels], the sum of each pixel is 1. */
const shares = new Float32Array(pixels * labels)
for (let p = 0; p < pixels; p++) {
  const parts = Array.from({ length: labels }, () => 0.05 + random.uniform())
  const sum = parts.reduce((all, part) => all + part)
  shares.set(parts.map(part => part / sum), p * labels)
}

const planesOf = (values: Float32Array) => {
  const points = values.length / labels
  return Float32Array.from(values, (_, i) => values[i % points * labels + Math.floor(i / points)]!)
}
const pricesAt = (scale: 1 | 2 | 4, s: Float32Array, of = picture) => {
  const into = new Float32Array(s.length)
  openPrices(of, labels, 1.5, { ...pairs, scale })(s, into)
  return into
}
const nothing = new Float32Array(shares.length)
const xAt = (scale: 1 | 2 | 4, changes: Partial<MethodOf<'adm'>> = {}, { last = nothing, of = picture, said = shares } = {}) => {
  const into = new Float32Array(shares.length)
  const changed = { ...method, ...changes }
  openDenseStep(of, labels, changed, { ...pairs, scale })(unaryOf(said, of, changed, labels), last, into)
  return into
}
const sumAt = (x: Float32Array, p: number) => x.subarray(p * labels, (p + 1) * labels).reduce((sum, one) => sum + one)

test('with scale 1 X and prices are the CRF of every pixel, to the bit, from a start, too', () => {
  const whole = { ...picture.pixels, pixels: picture.pixels.data }
  const pairwise = (weight: number) => createDensePairwise(whole, [{ weight, position: 4, colour: 30 }])
  const prices = relaxationOf({ pairwise: pairwise(1.5 / 2 / pixels), labels }, planesOf(shares)).gradient
  assert.deepEqual(planesOf(pricesAt(1, shares)), prices)
  const crf = { pairwise: pairwise(2), labels, unary: unaryOf(shares, picture, method, labels) }
  const first = meanField(crf, { iterations: 4 }).q
  assert.deepEqual(planesOf(xAt(1)), first)
  assert.deepEqual(planesOf(xAt(1, {}, { last: xAt(1) })), meanField(crf, { iterations: 4, start: first }).q)
})

test('shrink has the means of blocks, spread is its transpose, enlarge is linear between their middles and keeps sums', () => {
  const grid = { width: 4, height: 2, scale: 2 }
  assert.deepEqual([...shrink([1, 2, 3, 4, 5, 6, 7, 8], 1, grid)], [3.5, 5.5])
  assert.deepEqual([...enlarge(Float32Array.of(1, 3), 1, grid)], [1, 1.5, 2.5, 3, 1, 1.5, 2.5, 3])
  for (const scale of [2, 4]) {
    const whole = { width, height, scale }
    const small = Float32Array.from({ length: shares.length / scale ** 2 }, () => random.normal())
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
    assert.ok(Math.abs(dot(shrink(shares, labels, whole), small) - dot(shares, spread(small, labels, whole))) < 1e-5)
    const drawn = enlarge(shrink(shares, labels, whole), labels, whole)
    for (let p = 0; p < pixels; p++) assert.ok(Math.abs(sumAt(drawn, p) - 1) < 1e-6)
  }
})

test('shrinkCosts: -log of mean shares, however small; a block may be what one pixel may', () => {
  const grid = { width: 2, height: 2, scale: 2 }
  const near = (costs: number[], shareOf: number) => {
    assert.ok(Math.abs(shrinkCosts(Float64Array.from(costs), grid)[0]! + Math.log(shareOf)) < 1e-12)
  }
  near([0.1, 0.2, 0.3, 0.8].map(share => -Math.log(share)), 0.35)
  near([0, Infinity, Infinity, Infinity], 0.25)
  const twoLabels = Float64Array.from({ length: 8 }, (_, i) => i < 4 ? Infinity : 5000)
  assert.deepEqual([...shrinkCosts(twoLabels, grid)], [Infinity, 5000])
})

for (const scale of [2, 4] as const) {
  test(`prices at 1/${scale} are the gradient of R(shrink(S)): central differences, exact for a quadratic form`, () => {
    const whole = { width, height, scale }
    const blocks = { width: width / scale, height: height / scale, channels: 3, pixels: shrink(picture.pixels.data, 3, whole) }
    const pairwise = createDensePairwise(blocks, [{ weight: 1, position: 4 / scale, colour: 30 }])
    const valueOf = (s: Float32Array) => {
      const small = planesOf(shrink(s, labels, whole))
      return 1.5 * relaxationOf({ pairwise, labels }, small).value / (2 * pairwise.degrees.length)
    }
    const gradient = pricesAt(scale, shares)
    for (const i of [0, 50, 101, 287]) {
      const moved = (by: number) => Float32Array.from(shares, (share, j) => j === i ? share + by : share)
      const difference = (valueOf(moved(1)) - valueOf(moved(-1))) / 2
      assert.ok(Math.abs(difference - gradient[i]!) < 1e-4 * Math.abs(difference), `${i}: ${difference}, ${gradient[i]}`)
    }
  })

  test(`X at 1/${scale} are marginals, sure of hard scribbles pixel by pixel; soft ones are as their block`, () => {
    const x = xAt(scale)
    for (let p = 0; p < pixels; p++) assert.ok(Math.abs(sumAt(x, p) - 1) < 1e-5)
    assert.deepEqual([...x.subarray(40 * labels, 43 * labels)], [0, 1, 0, 0, 0, 1, 1, 0, 0])
    assert.ok(xAt(scale, { scribbles: 'soft' }).every(share => share > 0 && share < 1))
    assert.deepEqual(xAt(scale, { rounds: 1 }, { last: x }).subarray(40 * labels, 43 * labels), x.subarray(40 * labels, 43 * labels))
    const of = { ...picture, scribbles: picture.scribbles.map(label => label === 0 ? 255 : label) }
    assert.ok(xAt(scale, { labels: 'scribbled' }, { of }).every((share, i) => i % labels > 0 || share === 0), 'no block may have label 0')
  })

  test(`at 1/${scale} constant pictures and shares have constant X, and prices that differ by the border's degrees alone`, () => {
    const blank = { ...picture.pixels, data: new Uint8Array(3 * pixels).fill(90) }
    const grey: Picture = { pixels: blank, scribbles: new Uint8Array(pixels).fill(255) }
    const same = shares.map((_, i) => [0.5, 0.3, 0.2][i % labels]!)
    const prices = pricesAt(scale, same, grey)
    const x = xAt(scale, { lambda: 0 }, { of: grey, said: same })
    for (let i = 0; i < same.length; i++) {
      assert.ok(Math.abs(x[i]! - same[i]!) < 1e-6)
      // W 1 of a symmetric W is near 1: the price of a share is W 1 (1 - 2 S) of the mean over pixels
      const price = 1.5 * (1 - 2 * same[i]!) / (2 * pixels)
      assert.ok(Math.abs(prices[i]! - price) <= 0.2 * Math.abs(price), `${i}: ${prices[i]} and ${price}`)
    }
  })
}
