import assert from 'node:assert/strict'
import test from 'node:test'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { drain } from '../../src/influence/drain.js'
import { allDenseFactors, lastLayerFactors, toLastPart } from '../../src/influence/factors.js'
import { isDense } from '../../src/influence/coverage.js'
import { batchSizeOf, gradientSquares, openQueryGradients } from '../../src/influence/gradients.js'
import { preprocessRows, splitByLayer } from '../../src/influence/open-model.js'
import { gradientDot, total } from '../../src/influence/scoring.js'
import { openStream } from '../../src/math/random.js'
import { createMlp } from '../helpers/exact-mlp.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { createFed, type Examples } from '../../src/tensor/batches.js'
import { allOf } from '../../src/tensor/forward.js'
import { createNetwork, type Network } from '../../src/tensor/network.js'
import { crossEntropy } from '../../src/tensor/ops.js'
import { makeTensor } from '../../src/tensor/step.js'
import { cnn, makeExamples, mlp, openTestEngine } from '../tensor/helpers.js'

const engine = await openTestEngine()
const { tf } = engine

/** Batch of the given examples, as a network gets it. */
function batchOf (examples: Examples, indices: Int32Array) {
  const source = createFed(engine, examples)
  const specs = source.inputs(indices.length)
  return source.batch(source.feed(indices).map((values, i) => makeTensor(engine, specs[i]!, values)))
}

/** The whole gradient of one example's loss by automatic differentiation: the slow form. */
function explicitGradient (network: Network, examples: Examples, index: number): Float64Array {
  let gradient = new Float64Array(0)
  tf.tidy(() => {
    const { x, target } = batchOf(examples, Int32Array.of(index))
    const { grads } = tf.variableGrads(() => tf.sum(crossEntropy(engine, network.logits(x), target as Tensor1D)) as Scalar,
      network.parameters.map(({ variable }) => variable))
    gradient = Float64Array.from(network.parameters.flatMap(({ variable }) => [...(grads[variable.name] as Tensor).dataSync()]))
  })
  return gradient
}

function dot (left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, value, i) => sum + value * right[i]!, 0)
}

function open (architecture: Architecture, count: number): { network: Network, examples: Examples } {
  return { network: createNetwork(engine, architecture, openStream(2, 'weights')), examples: makeExamples(architecture, { count }) }
}

test('lastLayerFactors: parts of any size give the same arrays but for float32’s rounding, and predictions and losses with them', () => {
  const { network, examples } = open(mlp, 23)
  const whole = drain(lastLayerFactors(engine, network, examples, allOf(23), 23))
  const parted = drain(lastLayerFactors(engine, network, examples, allOf(23), 7))
  assert.deepEqual(parted.predictions, whole.predictions)
  for (const name of ['activations', 'deltas', 'losses'] as const) {
    // which kernel multiplies matrices of 7 and of 23 rows, and so how it rounds, is the processor's choice
    parted[name].forEach((value, i) => { assert.ok(Math.abs(value - whole[name][i]!) <= 1e-6 * Math.max(1, Math.abs(value)), `${name}[${i}]`) })
    assert.equal(parted[name].length, whole[name].length)
  }
  const logits = tf.tidy(() => network.logits(batchOf(examples, allOf(23)).x).arraySync() as number[][])
  logits.forEach((row, i) => {
    assert.equal(whole.predictions[i], row.indexOf(Math.max(...row)))
    const loss = Math.log(total(row.map(Math.exp))) - row[examples.target[i]!]!
    assert.ok(Math.abs(whole.losses[i]! - loss) <= 1e-5 * Math.max(1, loss))
  })
  network.dispose()
})

test('lastLayerFactors: deltas of examples that are fitted almost perfectly keep their digits', () => {
  // logits 0, 0, 18 for class 2: its probability is 1 - 3e-8, which float32 rounds to 1
  const architecture: Architecture = { inputShape: [1], layers: [{ type: 'dense', units: 3, activation: 'linear' }] }
  const network = createNetwork(engine, architecture, openStream(0, 'unused'))
  network.load({
    'layer0.weight': { shape: [1, 3], data: Float32Array.of(0, 0, 18) },
    'layer0.bias': { shape: [3], data: new Float32Array(3) }
  })
  const data = { inputs: Float32Array.of(1), count: 1 }
  const examples = { data, inputShape: [1], preprocessing: { offset: 0, scale: 1 }, target: Int32Array.of(2) }
  const { deltas } = drain(lastLayerFactors(engine, network, examples, allOf(1), 1))
  const exact = createMlp({ sizes: [1, 3], activation: 'tanh' })
  const gradient = new Float64Array(exact.parameterCount)
  exact.addGradient(Float64Array.of(0, 0, 18, 0, 0, 0), [1], 2, gradient)
  // the last three numbers are the gradient by the bias, which is delta; float32 carries about 7 digits
  const expected = gradient.slice(-3)
  assert.ok(Math.abs(expected[2]!) < 1e-7)
  expected.forEach((value, c) => assert.ok(Math.abs(deltas[c]! - value) <= 1e-5 * Math.abs(value), `${deltas[c]} is not ${value}`))
  network.dispose()
})

test('allDenseFactors: dot products of factors over all layers are dot products of whole gradients', () => {
  const { network, examples } = open(mlp, 11)
  const part = drain(allDenseFactors(engine, network, examples, allOf(11), 4))
  const names = ['layer0.deltas', 'layer1.activations', 'layer1.deltas', 'layer2.activations', 'layer2.deltas']
  assert.deepEqual(Object.keys(part).sort(), names)
  const inputs = preprocessRows(examples.data.inputs, 12, allOf(11), examples.preprocessing)
  const layers = splitByLayer(part, () => inputs)
  const gradients = Array.from(allOf(11), index => explicitGradient(network, examples, index))
  for (let i = 0; i < 11; i++) {
    for (let j = 0; j <= i; j++) {
      const byFactors = total(layers.map(layer => gradientDot(layer, i, layer, j)))
      const expected = dot(gradients[i]!, gradients[j]!)
      const scale = Math.sqrt(dot(gradients[i]!, gradients[i]!) * dot(gradients[j]!, gradients[j]!))
      // float32 gradients; relative to the product of the norms, for a dot product may cancel
      assert.ok(Math.abs(byFactors - expected) <= 1e-5 * scale, `${byFactors} is not ${expected}`)
    }
  }
  network.dispose()
})

for (const [name, architecture] of [['dense layers', mlp], ['convolutions of every padding and stride', cnn]] as const) {
  test(`gradientSquares: are squared norms of whole gradients (${name})`, () => {
    const { network, examples } = open(architecture, 9)
    const squares = drain(gradientSquares(engine, network, examples, allOf(9), 4))
    squares.forEach((square, index) => {
      const gradient = explicitGradient(network, examples, index)
      const expected = dot(gradient, gradient)
      assert.ok(Math.abs(square - expected) <= 1e-5 * expected, `${square} is not ${expected}`)
    })
    network.dispose()
  })

  test(`openQueryGradients: dot products are those of whole gradients (${name})`, () => {
    const { network, examples } = open(architecture, 8)
    const before = engine.tensorCount()
    const queried = Int32Array.of(1, 6)
    const compared = Int32Array.of(0, 1, 5, 7)
    let scores: Float64Array = new Float64Array(0)
    tf.tidy(() => {
      const gradients = openQueryGradients(engine, network, batchOf(examples, queried))
      scores = gradients.dot(batchOf(examples, compared))
      gradients.close()
    })
    assert.equal(engine.tensorCount(), before)
    compared.forEach((i, row) => queried.forEach((q, column) => {
      const [left, right] = [explicitGradient(network, examples, i), explicitGradient(network, examples, q)]
      const scale = Math.sqrt(dot(left, left) * dot(right, right))
      assert.ok(Math.abs(scores[row * 2 + column]! - dot(left, right)) <= 1e-5 * scale)
    }))
    network.dispose()
  })
}

test('gradientSquares: a compiled pass gives the numbers of an eager one', () => {
  const count = 9 * batchSizeOf(mlp)
  const { network, examples } = open(mlp, count)
  const compiled = drain(gradientSquares(engine, network, examples, allOf(count), count))
  for (const index of [0, 17, count - 1]) {
    const inputs = examples.data.inputs.slice(index * 12, (index + 1) * 12) // data as small as this are not compiled for
    const single = { ...examples, data: { inputs, count: 1 }, target: examples.target.slice(index, index + 1) }
    const [eager] = drain(gradientSquares(engine, network, single, Int32Array.of(0), 1))
    // the graph joins operations and so rounds elsewhere
    assert.ok(Math.abs(compiled[index]! - eager!) <= 1e-5 * eager!, `${compiled[index]} is not ${eager}`)
  }
  network.dispose()
})

test('gradientSquares: what a pass computes does not depend on the passes before it', () => {
  const count = 9 * batchSizeOf(mlp)
  const once = open(mlp, count)
  const fresh = drain(gradientSquares(engine, once.network, once.examples, allOf(count), count))
  const twice = open(mlp, count)
  drain(gradientSquares(engine, twice.network, twice.examples, Int32Array.of(3), 1))
  assert.deepEqual(drain(gradientSquares(engine, twice.network, twice.examples, allOf(count), batchSizeOf(mlp))), fresh)
  once.network.dispose()
  twice.network.dispose()
})

test('toLastPart: names and shapes are those of an index', () => {
  const part = toLastPart({ activations: new Float32Array(12), deltas: new Float32Array(6), fanIn: 4, fanOut: 2 })
  assert.deepEqual(Object.entries(part).map(([name, { shape }]) => [name, shape]), [['activations', [3, 4]], ['deltas', [3, 2]]])
})

test('isDense: is false as soon as there is a convolution or a pool', () => {
  assert.equal(isDense(mlp), true)
  assert.equal(isDense(cnn), false)
  const unbiased = { inputShape: [2], layers: [{ type: 'dense', units: 2, activation: 'linear', bias: false }] } as Architecture
  assert.equal(isDense(unbiased), false, 'factors count a bias')
})

test('engine: nothing is left of all this', () => {
  assert.equal(engine.tensorCount(), 0)
})
