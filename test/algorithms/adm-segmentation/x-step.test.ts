/** The X-step: what it minimises, what it must keep, and the prices that descent on a dense CRF follows. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MethodOf } from '../../../src/algorithms/adm-segmentation/methods.js'
import { openDenseStep, openPrices } from '../../../src/algorithms/adm-segmentation/x-step/dense.js'
import { openGridStep } from '../../../src/algorithms/adm-segmentation/x-step/grid.js'
import { argmaxOf, unaryOf, type Picture } from '../../../src/algorithms/adm-segmentation/x-step/x-step.js'
import { energyOf } from '../../../src/graphcut/energy.js'
import { openStream } from '../../../src/math/random.js'
import { weighContrast } from '../../../src/segmentation/contrast.js'

const grid = { type: 'grid', neighbours: 8 } as const
const dense = { type: 'dense', position: 3, colour: 30, scale: 1 } as const

function methodOf (changes: Partial<MethodOf<'adm'>> = {}): MethodOf<'adm'> {
  return { type: 'adm', pairs: grid, lambda: 1, gamma: 1, every: 0, rounds: 5, unary: 1, scribbles: 'hard', labels: 'all', ...changes }
}

/** A noisy picture of two halves, with a scribble of each label on the border, where the network would say another. */
function makePicture (width: number, height: number, seed: number): Picture {
  const random = openStream(seed, 'picture')
  const isRight = (sample: number) => Math.floor(sample / 3) % width >= width / 2
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (isRight(i) ? 160 : 100) + random.integer(30))
  const scribbles = new Uint8Array(width * height).fill(255)
  scribbles[0] = 1
  scribbles[width - 1] = 0
  return { pixels: { width, height, channels: 3, data }, scribbles }
}

/** Shares of labels, [pixels, labels], that sum to 1. */
function makeShares (pixels: number, labels: number, seed: number): Float32Array {
  const random = openStream(seed, 'shares')
  const shares = Float32Array.from({ length: pixels * labels }, () => 0.05 + random.uniform())
  for (let p = 0; p < pixels; p++) {
    const row = shares.subarray(p * labels, (p + 1) * labels)
    const sum = row.reduce((all, one) => all + one, 0)
    row.forEach((share, k) => { row[k] = share / sum })
  }
  return shares
}

for (const labels of [2, 3]) {
  test(`X of ${labels} labels without pairs is the label of least unary, but for hard scribbles`, () => {
    const picture = makePicture(9, 7, labels)
    const shares = makeShares(63, labels, labels)
    const method = methodOf({ lambda: 0 })
    const into = new Float32Array(63 * labels)
    openGridStep(picture, labels, method, grid)(unaryOf(shares, picture, method, labels), new Float32Array(into.length), into)
    const wanted = argmaxOf(shares, labels)
    wanted[0] = 1
    wanted[8] = 0
    assert.deepEqual(argmaxOf(into, labels), wanted)
  })

  test(`X of ${labels} labels keeps hard scribbles however strong the pairs are, soft ones do not`, () => {
    const picture = makePicture(9, 7, labels)
    const shares = makeShares(63, labels, labels)
    const xOf = (scribbles: 'hard' | 'soft') => {
      const method = methodOf({ lambda: 1e4, scribbles })
      const into = new Float32Array(63 * labels)
      openGridStep(picture, labels, method, grid)(unaryOf(shares, picture, method, labels), new Float32Array(into.length), into)
      return argmaxOf(into, labels)
    }
    assert.deepEqual([xOf('hard')[0], xOf('hard')[8]], [1, 0])
    assert.equal(new Set(xOf('soft')).size, 1, 'without scribbles one label costs no pair')
  })
}

test('a search that goes on from the last X ends no higher than it', () => {
  const labels = 4
  const picture = makePicture(16, 16, 5)
  const method = methodOf({ lambda: 2, scribbles: 'soft', rounds: 1 })
  const step = openGridStep(picture, labels, method, grid)
  const first = new Float32Array(256 * labels)
  step(unaryOf(makeShares(256, labels, 1), picture, method, labels), new Float32Array(first.length), first)
  const unary = unaryOf(makeShares(256, labels, 2), picture, method, labels)
  const next = new Float32Array(first.length)
  step(unary, first, next)
  const { weights } = weighContrast(picture.pixels, { neighbours: 8, lambda: 2 })
  const problem = { shape: { width: 16, height: 16, neighbours: 8 as const }, labels, unary, weights }
  const of = (x: Float32Array) => energyOf(problem, argmaxOf(x, labels)).total
  assert.ok(of(next) <= of(first), `${of(next)} > ${of(first)}`)
})

test('where labels must be scribbled, X has no others', () => {
  const picture = makePicture(9, 7, 1)
  const method = methodOf({ labels: 'scribbled', lambda: 0 })
  const into = new Float32Array(63 * 4)
  openGridStep(picture, 4, method, grid)(unaryOf(makeShares(63, 4, 3), picture, method, 4), new Float32Array(into.length), into)
  assert.ok(argmaxOf(into, 4).every(label => label < 2))
})

test('X of a dense CRF is marginals: they sum to 1 and are sure of hard scribbles', () => {
  const picture = makePicture(9, 7, 2)
  const method = methodOf({ pairs: dense, lambda: 2 })
  const into = new Float32Array(63 * 3)
  openDenseStep(picture, 3, method, dense)(unaryOf(makeShares(63, 3, 4), picture, method, 3), new Float32Array(into.length), into)
  for (let p = 0; p < 63; p++) assert.ok(Math.abs(into.subarray(3 * p, 3 * p + 3).reduce((sum, one) => sum + one, 0) - 1) < 1e-5)
  assert.deepEqual([...into.subarray(0, 3)], [0, 1, 0])
})

test('prices are the gradient of the relaxation: its differences, which are exact for a quadratic form', () => {
  const picture = makePicture(6, 5, 3)
  const labels = 3
  const prices = openPrices(picture, labels, 1.5, dense)
  const shares = makeShares(30, labels, 6)
  const at = (s: Float32Array) => {
    const into = new Float32Array(s.length)
    prices(s, into)
    return into
  }
  // R(S) = sum_k S_k' V (1 - S_k), so that S . dR/dS = 2 R - sum_k S_k' V 1, and dR/dS at 0 is V 1.
  const constant = at(new Float32Array(shares.length))
  const valueOf = (s: Float32Array) => at(s).reduce((sum, price, i) => sum + s[i]! * (price + constant[i]!) / 2, 0)
  const gradient = at(shares)
  for (const i of [0, 17, 44, 89]) {
    const moved = (by: number) => Float32Array.from(shares, (share, j) => j === i ? share + by : share)
    const difference = (valueOf(moved(0.25)) - valueOf(moved(-0.25))) / 0.5
    assert.ok(Math.abs(difference - gradient[i]!) < 1e-5 * Math.max(1, Math.abs(gradient[i]!)), `${i}: ${difference}, ${gradient[i]}`)
  }
})
