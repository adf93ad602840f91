import assert from 'node:assert/strict'
import test from 'node:test'
import { addSelfInfluence, gradientDot, gradientSquare, influenceShares, total, type DenseFactors } from '../../src/influence/scoring.js'
import { openStream } from '../../src/math/random.js'

/** Random factors of a dense layer in Float64. */
function makeFactors (count: number, fanIn: number, fanOut: number, key: number): DenseFactors {
  const stream = openStream(7, 'factors', key)
  return {
    activations: Float64Array.from({ length: count * fanIn }, () => stream.normal()),
    deltas: Float64Array.from({ length: count * fanOut }, () => stream.normal()),
    fanIn,
    fanOut
  }
}

/** The gradient itself: delta a^T row by row, then delta for the bias. */
function explicitGradient ({ activations, deltas, fanIn, fanOut }: DenseFactors, i: number): number[] {
  const gradient: number[] = []
  for (let o = 0; o < fanOut; o++) for (let k = 0; k < fanIn; k++) gradient.push(deltas[i * fanOut + o]! * activations[i * fanIn + k]!)
  for (let o = 0; o < fanOut; o++) gradient.push(deltas[i * fanOut + o]!)
  return gradient
}

function dot (left: number[], right: number[]): number {
  return left.reduce((sum, value, i) => sum + value * right[i]!, 0)
}

// Both sides sum a few hundred products of size 1: rounding stays below 1e-12 relative.
function assertClose (actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`)
}

test('gradientDot: equals the dot product of explicit outer-product gradients with bias', () => {
  const left = makeFactors(6, 17, 10, 0)
  const right = makeFactors(5, 17, 10, 1)
  for (let i = 0; i < 6; i++) {
    for (let j = 0; j < 5; j++) {
      assertClose(gradientDot(left, i, right, j), dot(explicitGradient(left, i), explicitGradient(right, j)))
    }
  }
})

test('gradientDot: is symmetric to the bit', () => {
  const left = makeFactors(4, 9, 3, 0)
  const right = makeFactors(4, 9, 3, 1)
  for (let i = 0; i < 4; i++) assert.equal(gradientDot(left, i, right, 3 - i), gradientDot(right, 3 - i, left, i))
})

test('gradientSquare: is |delta|^2 (|a|^2 + 1)', () => {
  // a = (3, 4), delta = (1, -2): (25 + 1) * (1 + 4) = 130
  const factors = { activations: Float64Array.of(3, 4), deltas: Float64Array.of(1, -2), fanIn: 2, fanOut: 1 + 1 }
  assert.equal(gradientSquare(factors, 0), 130)
})

test('addSelfInfluence: sums layers and checkpoints with the rate as weight', () => {
  const first = makeFactors(3, 5, 4, 0)
  const second = makeFactors(3, 4, 2, 1)
  const totals = new Float64Array(3)
  addSelfInfluence(totals, first, 0.5)
  addSelfInfluence(totals, second, 0.25)
  for (let i = 0; i < 3; i++) assertClose(totals[i]!, 0.5 * gradientSquare(first, i) + 0.25 * gradientSquare(second, i))
})

test('influenceShares: each is the rate times the dot product of whole gradients, and they add up over checkpoints', () => {
  const rates = [0.3, 0.1, 0.02]
  const left = rates.map((_, c) => [makeFactors(2, 6, 4, 10 + c), makeFactors(2, 4, 3, 20 + c)])
  const right = rates.map((_, c) => [makeFactors(2, 6, 4, 30 + c), makeFactors(2, 4, 3, 40 + c)])
  const shares = influenceShares(left, 1, right, 0, rates)
  shares.forEach((share, c) => {
    const whole = (layers: DenseFactors[], i: number) => layers.flatMap(layer => explicitGradient(layer, i))
    assertClose(share, rates[c]! * dot(whole(left[c]!, 1), whole(right[c]!, 0)))
  })
  const apart = rates.map((rate, c) => influenceShares([left[c]!], 1, [right[c]!], 0, [rate])[0]!)
  assertClose(total(shares), total(apart))
  assert.deepEqual(influenceShares(right, 0, left, 1, rates), shares)
})
