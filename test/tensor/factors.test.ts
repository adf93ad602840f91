import assert from 'node:assert/strict'
import test from 'node:test'
import type { Tensor } from '@tensorflow/tfjs-core'
import { openStream } from '../../src/math/random.js'
import type { Examples } from '../../src/tensor/batches.js'
import { preprocess } from '../../src/tensor/preprocess.js'
import { createFactorizer, type LayerFactors } from '../../src/tensor/factors.js'
import { createNetwork, type Network } from '../../src/tensor/network.js'
import { crossEntropy } from '../../src/tensor/ops.js'
import { makeTensor } from '../../src/tensor/step.js'
import { cnn, makeExamples, mlp, openTestEngine } from './helpers.js'

const engine = await openTestEngine()
const { tf } = engine

/** Gradient of one example's loss by every parameter, by automatic differentiation. */
function gradients (network: Network, examples: Examples, index: number): { loss: number, byName: Map<string, Float32Array> } {
  const byName = new Map<string, Float32Array>()
  const loss = tf.tidy(() => {
    const width = examples.data.inputs.length / examples.data.count
    const row = examples.data.inputs.slice(index * width, (index + 1) * width)
    const type = row instanceof Uint8Array ? 'uint8' : 'float32'
    const x = preprocess(engine, makeTensor(engine, { type, shape: [1, ...examples.inputShape] }, row), examples.preprocessing)
    const labels = tf.tensor1d([examples.target[index]!], 'int32')
    const { value, grads } = tf.variableGrads(() => tf.sum(crossEntropy(engine, network.forward(x), labels)))
    for (const { name, variable } of network.parameters) byName.set(name, (grads[variable.name] as Tensor).dataSync<'float32'>())
    return value.dataSync()[0]!
  })
  return { loss, byName }
}

/** The same from the factors: the sum over positions of activation times delta. */
function outerProduct (factors: LayerFactors, example: number): { weight: Float64Array, bias: Float64Array } {
  const { activations, deltas, positions, fanIn, fanOut } = factors
  const weight = new Float64Array(fanIn * fanOut)
  const bias = new Float64Array(fanOut)
  for (let p = example * positions; p < (example + 1) * positions; p++) {
    for (let j = 0; j < fanOut; j++) {
      const delta = deltas[p * fanOut + j]!
      bias[j]! += delta
      for (let i = 0; i < fanIn; i++) weight[i * fanOut + j]! += activations[p * fanIn + i]! * delta
    }
  }
  return { weight, bias }
}

/** Both sides are float32: some dozens of roundings of numbers up to 10. */
function assertClose (actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  assert.equal(actual.length, expected.length)
  for (let i = 0; i < actual.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) < 1e-5 * (1 + Math.abs(expected[i]!)), `${what}[${i}]: ${actual[i]} for ${expected[i]}`)
  }
}

for (const [name, architecture] of Object.entries({ MLP: mlp, CNN: cnn })) {
  for (const layers of ['last', 'all'] as const) {
    test(`createFactorizer: factors of ${layers} of the ${name} give the gradients of single examples`, () => {
      const network = createNetwork(engine, architecture, openStream(5, 'init'))
      const examples = makeExamples(architecture)
      const indices = Int32Array.of(3, 39, 0)
      const { count, losses, layers: factors } = createFactorizer(engine, network, layers).compute(examples, indices)
      assert.equal(count, 3)
      const weighted = network.parameters.length / 2
      assert.equal(factors.length, layers === 'last' ? 1 : weighted)
      for (const [row, index] of indices.entries()) {
        const { loss, byName } = gradients(network, examples, index)
        assertClose([losses[row]!], [loss], 'loss')
        for (const factor of factors) {
          const { weight, bias } = outerProduct(factor, row)
          assertClose(weight, byName.get(`layer${factor.layer}.weight`)!, `layer${factor.layer}.weight`)
          assertClose(bias, byName.get(`layer${factor.layer}.bias`)!, `layer${factor.layer}.bias`)
        }
      }
      network.dispose()
    })
  }
}

test('createFactorizer: many examples run compiled and give what few do', () => {
  const network = createNetwork(engine, cnn, openStream(5, 'init'))
  const examples = makeExamples(cnn, { count: 430 })
  const factorizer = createFactorizer(engine, network, 'all')
  const graphs = engine.tensorCount()
  const all = factorizer.compute(examples)
  assert.equal(engine.tensorCount(), graphs + 1, 'one graph was compiled')
  const few = factorizer.compute(examples, Int32Array.from({ length: 40 }, (_, i) => i + 390)) // the last whole batch is 350 .. 399
  for (const [index, layer] of few.layers.entries()) {
    const from = 390 * layer.positions * layer.fanOut
    assertClose(layer.deltas, all.layers[index]!.deltas.subarray(from), 'deltas')
  }
  network.dispose()
  assert.equal(few.count, 40)
})

test('run: gives positions and a rest', () => {
  const network = createNetwork(engine, mlp, openStream(5, 'init'))
  const seen: [number, number][] = []
  createFactorizer(engine, network, 'all').run(makeExamples(mlp, { count: 120 }), Int32Array.from({ length: 120 }, (_, i) => i), ({ at, count }) => {
    seen.push([at, count])
  })
  assert.deepEqual(seen, [[0, 50], [50, 50], [100, 20]])
  network.dispose()
})

test('createFactorizer: leaves nothing behind', () => {
  const before = engine.tensorCount()
  const network = createNetwork(engine, cnn, openStream(5, 'init'))
  const factorizer = createFactorizer(engine, network, 'all')
  factorizer.compute(makeExamples(cnn, { count: 430 }))
  network.dispose()
  assert.equal(engine.tensorCount(), before)
})
