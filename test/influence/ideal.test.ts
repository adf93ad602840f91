import assert from 'node:assert/strict'
import test from 'node:test'
import { traceCheckpoints, traceIdeal } from './trace-ideal.js'
import { gradientSquare, total, type DenseFactors } from '../../src/influence/scoring.js'
import { openStream } from '../../src/math/random.js'
import { createMlp } from '../helpers/exact-mlp.js'

const features = 6
const sizes = [features, 8, 7, 3]
const mlp = createMlp({ sizes, activation: 'tanh' })

function makeProblem (seed: number, count = 12) {
  const stream = openStream(seed, 'ideal')
  return {
    weights: Float64Array.from({ length: mlp.parameterCount }, () => 0.6 * stream.normal()),
    inputs: Array.from({ length: count }, () => Float64Array.from({ length: features }, () => stream.normal())),
    labels: Array.from({ length: count }, () => stream.integer(3)),
    query: { input: Float64Array.from({ length: features }, () => stream.normal()), label: stream.integer(3) },
    // 200 visits with repeats: examples are not visited equally often
    order: Array.from({ length: 200 }, () => stream.integer(count))
  }
}

test('traceIdeal: influences sum to the loss before minus the loss after, whatever the rate', () => {
  for (const learningRate of [0.001, 0.1, 1]) {
    const { ideal, lossBefore, lossAfter } = traceIdeal({ mlp, ...makeProblem(1), learningRate })
    // 200 differences of numbers below 10 are summed: rounding stays far below 1e-9
    assert.ok(Math.abs(total(ideal) - (lossBefore - lossAfter)) <= 1e-9)
    assert.ok(Math.abs(lossBefore - lossAfter) > 1e-3, 'the training changed the loss')
  }
})

test('traceIdeal: examples that were never visited have no influence', () => {
  const problem = makeProblem(2)
  const { ideal, firstOrder } = traceIdeal({ mlp, ...problem, order: problem.order.filter(example => example !== 4), learningRate: 0.1 })
  assert.equal(ideal[4], 0)
  assert.equal(firstOrder[4], 0)
})

test('traceIdeal: the gap between the ideal and the first-order form shrinks linearly with the rate', () => {
  // few steps, so that all rates stay near the same path and the limit is seen early
  const problem = { ...makeProblem(3), order: [3, 0, 7, 11, 5, 1, 8, 3] }
  const relativeGap = (learningRate: number) => {
    const { ideal, firstOrder } = traceIdeal({ mlp, ...problem, learningRate })
    return total(ideal.map((value, i) => Math.abs(value - firstOrder[i]!))) / total(ideal.map(Math.abs))
  }
  const gaps = [0.02, 0.01, 0.005, 0.0025, 0.00125].map(relativeGap)
  // a second-order error per step over a first-order change: halving the rate halves the gap, in the limit exactly
  for (let i = 1; i < gaps.length; i++) {
    const ratio = gaps[i - 1]! / gaps[i]!
    assert.ok(ratio > 1.6 && ratio < 2.4, `gap ${gaps[i - 1]} to ${gaps[i]} is a factor of ${ratio}`)
  }
  const last = gaps[3]! / gaps[4]!
  assert.ok(Math.abs(last - 2) < 0.1, `${last}`)
})

test('traceCheckpoints: is symmetric, additive over checkpoints, and a gradient dot product for one at rate 1', () => {
  const { weights, inputs, labels, query } = makeProblem(4)
  const example = { input: inputs[0]!, label: labels[0]! }
  const checkpoints = [0.3, 0.1].map((learningRate, c) => ({ weights: weights.map(value => value * (c + 1)), learningRate }))
  const both = traceCheckpoints(mlp, checkpoints, example, query)
  assert.ok(Math.abs(both - traceCheckpoints(mlp, checkpoints, query, example)) <= 1e-12)
  const apart = checkpoints.map(checkpoint => traceCheckpoints(mlp, [checkpoint], example, query))
  assert.ok(Math.abs(both - total(apart)) <= 1e-12)

  const one = traceCheckpoints(mlp, [{ weights, learningRate: 1 }], example, query)
  const gradients = [example, query].map(({ input, label }) => {
    const gradient = new Float64Array(mlp.parameterCount)
    mlp.addGradient(weights, input, label, gradient)
    return gradient
  })
  assert.equal(one, gradients[0]!.reduce((sum, value, k) => sum + value * gradients[1]![k]!, 0))
})

test('gradientSquare: summed over the layers of an MLP it is the explicit self-influence', () => {
  const { weights, inputs, labels } = makeProblem(5)
  for (const [i, input] of inputs.entries()) {
    const label = labels[i]!
    const explicit = traceCheckpoints(mlp, [{ weights, learningRate: 1 }], { input, label }, { input, label })
    const byFactors = total(factorsOf(weights, input, label).map(factors => gradientSquare(factors, 0)))
    assert.ok(Math.abs(byFactors - explicit) <= 1e-12 * explicit, `${byFactors} is not ${explicit}`)
  }
})

/** Layer inputs and deltas by the textbook, written apart from the network's own backward pass. */
function factorsOf (weights: Float64Array, input: Float64Array, label: number): DenseFactors[] {
  const layers: { at: number, fanIn: number, fanOut: number, a: Float64Array }[] = []
  let at = 0
  let a = input
  for (let l = 0; l + 1 < sizes.length; l++) {
    const [fanIn, fanOut] = [sizes[l]!, sizes[l + 1]!]
    layers.push({ at, fanIn, fanOut, a })
    const z = Float64Array.from({ length: fanOut }, (_, j) =>
      weights[at + fanIn * fanOut + j]! + a.reduce((sum, value, i) => sum + value * weights[at + i * fanOut + j]!, 0))
    at += (fanIn + 1) * fanOut
    a = l + 2 < sizes.length ? z.map(Math.tanh) : z
  }
  const powers = a.map(Math.exp)
  let delta = powers.map((power, c) => power / total(powers) - (c === label ? 1 : 0))
  return layers.reverse().map(({ at, fanIn, fanOut, a }) => {
    const factors = { activations: a, deltas: delta, fanIn, fanOut }
    delta = a.map((value, i) => (1 - value * value) * delta.reduce((sum, d, j) => sum + d * weights[at + i * fanOut + j]!, 0))
    return factors
  })
}
