/** Classifiers in Float64: the network of the definition, central differences, lines against whole values. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStream } from '../../../src/math/random.js'
import { createClassifier, drawWeights, type ClassifierNet, type ClassLoss } from '../../../src/tensor/float64/classifier.js'
import { flatWeights } from '../../../src/tensor/flat-weights.js'
import { createNetwork } from '../../../src/tensor/network.js'
import { createMlp } from '../../helpers/exact-mlp.js'
import { openTestEngine } from '../helpers.js'

const count = 23
const nets: Record<string, ClassifierNet> = {
  'softmax regression': { inputs: 4, layers: [{ units: 3, activation: 'linear' }] },
  'tanh 4-6-3': { inputs: 4, layers: [{ units: 6, activation: 'tanh' }, { units: 3, activation: 'linear' }] },
  'sigmoid, tanh, relu 4-5-4-6-3': {
    inputs: 4,
    layers: [{ units: 5, activation: 'sigmoid' }, { units: 4, activation: 'tanh' }, { units: 6, activation: 'relu' }, { units: 3, activation: 'linear' }]
  }
}

function draw (size: number, purpose: string): Float64Array {
  const stream = openStream(5, purpose)
  return Float64Array.from({ length: size }, () => stream.normal())
}

const data = { x: draw(4 * count, 'x'), labels: Int32Array.from({ length: count }, (_, i) => (i * 7) % 3) }

for (const [name, net] of Object.entries(nets)) {
  for (const loss of ['squared', 'cross-entropy'] as const satisfies ClassLoss[]) {
    const classifier = createClassifier(net, data, loss)
    const theta = draw(classifier.size, 'theta').map(value => 0.5 * value)

    test(`createClassifier: the gradient of ${name} with ${loss} is that of central differences`, () => {
      const gradient = new Float64Array(classifier.size)
      assert.equal(classifier.gradient(theta, gradient), classifier.value(theta))
      const step = 1e-5 // error of the difference about step², its rounding about 1e-16 / step
      for (let i = 0; i < theta.length; i++) {
        const at = (t: number) => classifier.value(theta.map((value, j) => j === i ? value + t : value))
        const difference = (at(step) - at(-step)) / (2 * step)
        assert.ok(Math.abs(gradient[i]! - difference) < 1e-8, `parameter ${i}: ${gradient[i]}, ${difference}`)
      }
    })

    test(`createClassifier: along every parameter of ${name} with ${loss}, and any other line, are the values at its points`, () => {
      const axes = Array.from(theta, (_, i) => Float64Array.from(theta, (_, j) => i === j ? 1.5 : 0))
      const lines = [...axes, draw(theta.length, 'line')].map(direction => ({ direction, along: classifier.alongLine(theta, direction) }))
      for (const { direction, along } of [...lines, ...lines.reverse()]) { // interleaved: the kept sums are another line's by then
        for (const t of [0, 0.3, -1.1]) {
          const whole = classifier.value(theta.map((value, j) => value + t * direction[j]!))
          assert.ok(Math.abs(along(t) - whole) < 1e-13 * Math.max(1, whole), `${along(t)}, ${whole}`)
        }
      }
    })
  }
}

test('createClassifier: outputs and losses are those of the network as its definition says', () => {
  const net = nets['tanh 4-6-3']!
  const exact = createMlp({ sizes: [4, 6, 3], activation: 'tanh' })
  const [entropy, squared] = [createClassifier(net, data, 'cross-entropy'), createClassifier(net, data, 'squared')]
  const theta = draw(entropy.size, 'theta')
  const outputs = entropy.outputs(theta)
  let [sum, squares] = [0, 0]
  for (let i = 0; i < count; i++) {
    const input = data.x.subarray(4 * i, 4 * i + 4)
    exact.logits(theta, input).forEach((logit, c) => {
      assert.ok(Math.abs(logit - outputs[3 * i + c]!) < 1e-13)
      squares += (logit - (c === data.labels[i] ? 1 : 0)) ** 2
    })
    sum += exact.loss(theta, input, data.labels[i]!)
  }
  assert.ok(Math.abs(entropy.value(theta) - sum / count) < 1e-13)
  assert.ok(Math.abs(squared.value(theta) - squares / (3 * count)) < 1e-13)
})

test('createClassifier: logits of a thousand neither overflow nor lose the loss', () => {
  const classifier = createClassifier({ inputs: 1, layers: [{ units: 2, activation: 'linear' }] }, { x: Float64Array.of(1), labels: Int32Array.of(0) }, 'cross-entropy')
  assert.equal(classifier.value(Float64Array.of(-1000, 0, 0, 0)), 1000)
  assert.equal(classifier.value(Float64Array.of(1000, 0, 0, 0)), 0)
})

test('drawWeights: they are the first weights of the tensor network, in its order', async () => {
  const engine = await openTestEngine(process.env.TENSOR_BACKEND === 'wasm' ? 'wasm' : 'tensorflow')
  const architecture = {
    inputShape: [2, 3, 1],
    layers: [{ type: 'flatten' as const }, { type: 'dense' as const, units: 4, activation: 'tanh' as const }, { type: 'dense' as const, units: 3, activation: 'linear' as const }]
  }
  const network = createNetwork(engine, architecture, openStream(3, 'init'))
  assert.deepEqual(drawWeights(architecture, openStream(3, 'init')), flatWeights(network))
  network.dispose()
})
