import assert from 'node:assert/strict'
import test from 'node:test'
import { influenceFunction, refuseInfluenceFunction } from '../../../../src/algorithms/tracin/baselines/influence-function.js'
import { readLastLayer, type LastLayer } from '../../../../src/algorithms/tracin/baselines/last-layer.js'
import { assertClose, drain, drawLayer, layerOfClasses, softmaxOf } from './layers.js'

const damping = 1e-2

/** Solves H x = g by elimination with the largest pivot. */
function solve (matrix: number[][], side: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, side[i]!])
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows.slice(k).reduce((best, row, i) => Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? k + i : best, k)
    ;[rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!]
    for (let i = 0; i < rows.length; i++) {
      if (i === k) continue
      const factor = rows[i]![k]! / rows[k]![k]!
      rows[i]!.forEach((_, j) => { rows[i]![j]! -= factor * rows[k]![j]! })
    }
  }
  return rows.map((row, i) => row.at(-1)! / row[i]!)
}

/**
 * g^T H^-1 g with H from central differences of the gradient of the mean loss, of any layer whose deltas are a function of
 * its outputs.
 */
function bruteForce (weights: number[], inputs: number[][], deltaOf: (outputs: number[], i: number) => number[]): number[] {
  const side = inputs[0]!.length
  const outputsOf = (w: number[], a: number[]) =>
    Array.from({ length: w.length / side }, (_, c) => dot(a, w.slice(c * side, (c + 1) * side)))
  const gradientOf = (w: number[], i: number) =>
    deltaOf(outputsOf(w, inputs[i]!), i).flatMap(delta => inputs[i]!.map(value => delta * value))
  const meanGradient = (w: number[]) => inputs.map((_, i) => gradientOf(w, i))
    .reduce((sum, g) => sum.map((value, k) => value + g[k]!)).map(value => value / inputs.length)
  const step = 1e-5
  const hessian = weights.map((_, k) => {
    const moved = (by: number) => meanGradient(weights.map((value, j) => j === k ? value + by : value))
    const [up, down] = [moved(step), moved(-step)]
    return up.map((value, j) => (value - down[j]!) / (2 * step) + (j === k ? damping : 0))
  })
  return inputs.map((_, i) => {
    const g = gradientOf(weights, i)
    return dot(solve(hessian, g), g)
  })
}

function dot (a: number[], b: number[]): number {
  return a.reduce((sum, value, k) => sum + value * b[k]!, 0)
}

test('influenceFunction: of classes is g^T H^-1 g with the Hessian by finite differences', () => {
  const inputs = [[0.5, 1.5, 1], [1, -1, 1], [0, 2, 1], [-1.5, 0.25, 1], [2, 0, 1]]
  const weights = [1, -0.5, 0.25, -1, 0.5, 0, 0.5, 0.75, -0.25]
  const labels = [0, 2, 1, 1, 0]
  const logits = inputs.map(a => [0, 1, 2].map(c => a.reduce((sum, value, u) => sum + value * weights[3 * c + u]!, 0)))
  const expected = bruteForce(weights, inputs, (z, i) => softmaxOf(z).map((p, c) => p - Number(c === labels[i])))
  const scores = drain(influenceFunction(layerOfClasses(logits, labels, inputs.map(a => a.slice(0, 2))), damping))
  expected.forEach((score, i) => assertClose(scores[i]!, score, 1e-5)) // deltas are float32
})

test('influenceFunction: of values is g^T H^-1 g with the Hessian by finite differences', () => {
  const inputs = [[0.5, 1], [1, 1], [-2, 1], [1.5, 1]]
  const weights = [1, -0.5, 0.25, 2]
  const values = [[1, 0], [0, 3], [-1, 1], [2, 2]]
  const outputs = inputs.map(a => [0, 1].map(c => a[0]! * weights[2 * c]! + weights[2 * c + 1]!))
  const deltaOf = (z: number[], i: number) => z.map((output, c) => output - values[i]![c]!) // the mean of two squares
  const layer = readLastLayer({
    activations: Float32Array.from(inputs, ([a]) => a!),
    deltas: Float32Array.from(outputs.flatMap(deltaOf)),
    outputs: Float32Array.from(outputs.flat()),
    fanIn: 1,
    fanOut: 2,
    losses: new Float32Array(4),
    predictions: Float32Array.from(outputs.flat())
  }, Float32Array.from(values.flat()))
  const scores = drain(influenceFunction(layer, damping))
  bruteForce(weights, inputs, deltaOf).forEach((score, i) => assertClose(scores[i]!, score, 1e-5))
})

test('influenceFunction: where H is a multiple of the identity it is the gradient’s square', () => {
  // The probabilities are 0 and 1, of the wrong class: no curvature is left but the damping. g = (1, -1) (x) (3, 4, 1)
  const layer = layerOfClasses([[1000, 0], [1000, 0]], [1, 0], [[3, 4], [1, 1]])
  assert.deepEqual(Array.from(drain(influenceFunction(layer, 1))), [2 * (9 + 16 + 1), 0])
  assertClose(drain(influenceFunction(layer, 0.5))[0]!, 104, 1e-12)
})

test('influenceFunction: more examples than are solved together have the scores that they have alone', () => {
  const layer = drawLayer(3, { count: 37, width: 4, classes: 3 })
  const twice: LastLayer = {
    ...layer,
    count: 74,
    activations: Float32Array.from([...layer.activations, ...layer.activations]),
    deltas: Float32Array.from([...layer.deltas, ...layer.deltas]),
    classes: Int32Array.from([...layer.classes!, ...layer.classes!])
  }
  const [once, doubled] = [layer, twice].map(one => drain(influenceFunction(one, damping))) // the mean loss is the same
  once!.forEach((score, i) => {
    assertClose(doubled![i]!, score, 1e-9)
    assertClose(doubled![37 + i]!, score, 1e-9)
  })
})

test('refuseInfluenceFunction: says what is too large', () => {
  const classes = new Int32Array(0)
  assert.equal(refuseInfluenceFunction({ count: 1400, width: 128, outputsPerExample: 10, classes }), undefined)
  assert.match(refuseInfluenceFunction({ count: 1400, width: 256, outputsPerExample: 10, classes })!, /2570 parameters.*at most 2000/)
  assert.match(refuseInfluenceFunction({ count: 60000, width: 128, outputsPerExample: 10, classes })!, /multiplications, at most 5e\+9/)
})
