/** What every head must show on every backend; run by layers.test.ts and layers-wasm.test.ts. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core'
import { openQueryGradients } from '../../src/influence/gradients.js'
import { sizeOf } from '../../src/math/arrays.js'
import { openStream } from '../../src/math/random.js'
import { outputShapes, type Architecture, type Layer } from '../../src/tensor/architecture.js'
import type { Engine } from '../../src/tensor/engine.js'
import { createFactorizer } from '../../src/tensor/factors.js'
import { openHead, type Head } from '../../src/tensor/heads/index.js'
import { createNetwork } from '../../src/tensor/network.js'
import { prepare } from '../../src/tensor/prepare.js'
import { interpret, type InputSpec, type Step } from '../../src/tensor/step.js'
import { createTrainer } from '../../src/tensor/trainer.js'

const linear: Layer = { type: 'dense', units: 3, activation: 'linear' }
const pixels: Layer = { type: 'conv', filters: 3, kernel: 3, stride: 1, padding: 'same', activation: 'linear' }
const one = { inputShape: [5], layers: [linear] }

interface Case {
  architecture: Architecture & { head: Head }
  /** of two examples */
  targets: Int32Array | Float32Array
  /** of one example, from its outputs and targets, in Float64 */
  loss (outputs: number[], targets: number[]): number
}

const logSum = (z: number[]) => Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0))
const mean = (values: number[]) => values.length === 0 ? 0 : values.reduce((a, b) => a + b) / values.length

const cases: Record<string, Case> = {
  classes: {
    architecture: { ...one, head: { type: 'classes' } },
    targets: Int32Array.of(2, 0),
    loss: (z, [label]) => logSum(z) - z[label!]!
  },
  binary: {
    architecture: { ...one, head: { type: 'binary' } },
    targets: Int32Array.of(1, 0, 1, 0, 0, 1),
    loss: (z, y) => mean(z.map((value, i) => -Math.log(1 / (1 + Math.exp(y[i] === 1 ? -value : value)))))
  },
  'values, squared': {
    architecture: { ...one, head: { type: 'values', loss: 'squared' } },
    targets: Float32Array.of(0.5, -1, 2, 0, 3, -2),
    loss: (z, y) => mean(z.map((value, i) => (value - y[i]!) ** 2))
  },
  'values, Huber': {
    architecture: { ...one, head: { type: 'values', loss: 'huber' } },
    targets: Float32Array.of(0.5, -4, 2, 0, 9, -0.1),
    loss: (z, y) => mean(z.map((value, i) => {
      const distance = Math.abs(value - y[i]!)
      return distance <= 1 ? distance ** 2 / 2 : distance - 0.5
    }))
  },
  'class-map': {
    architecture: { inputShape: [3, 5, 2], layers: [pixels], head: { type: 'class-map' } },
    targets: Int32Array.from({ length: 30 }, (_, i) => i > 15 || i % 4 === 0 ? 255 : i % 3), // the second picture has hardly any
    loss: (z, y) => mean(y.flatMap((label, p) => label === 255 ? [] : [logSum(z.slice(p * 3, p * 3 + 3)) - z[p * 3 + label]!]))
  }
}

function dotOf (left: ArrayLike<number>, right: ArrayLike<number>): number {
  return Array.from(left).reduce((sum, value, k) => sum + value * right[k]!, 0)
}

/** Registers the tests of all heads. */
export function testHeads (engine: Engine): void {
  const { tf } = engine
  for (const [name, { architecture, targets, loss }] of Object.entries(cases)) {
    const { head, kind } = openHead(architecture.head)
    const shape = [2, ...outputShapes(architecture).at(-1)!]
    const targetShape = targets.length === 2 ? [2] : [2, ...(name === 'class-map' ? shape.slice(1, 3) : [3])]
    const target = () => tf.tensor(targets, targetShape, targets instanceof Int32Array ? 'int32' : 'float32')
    const stream = openStream(3, 'outputs')
    const outputs = Float32Array.from({ length: sizeOf(shape) }, () => 2 * stream.normal())
    const lossAt = (example: number, values: ArrayLike<number>) => {
      const part = <T>(array: ArrayLike<T>) => Array.from(array).slice(example * array.length / 2, (example + 1) * array.length / 2)
      return loss(part(values), part(targets as ArrayLike<number>))
    }

    test(`${name}: losses are those of the definition, their gradient its central differences, compiled as eager`, () => {
      const step: Step = ([z, y]) => {
        const losses = (outputs: Tensor) => kind.losses(head, engine, outputs, y!)
        return { outputs: [losses(z!), tf.grad(outputs => tf.sum(losses(outputs)))(z!)] }
      }
      const inputs: InputSpec[] = [
        { type: 'float32', shape }, { type: targets instanceof Int32Array ? 'int32' : 'float32', shape: targetShape }
      ]
      const compiled = prepare(engine, step, { inputs, state: [] })
      const [losses, gradient] = compiled.run([outputs, targets]) as [Float32Array, Float32Array]
      compiled.close()
      losses.forEach((value, example) => assert.ok(Math.abs(value - lossAt(example, outputs)) < 1e-5))
      gradient.forEach((value, i) => {
        const moved = (by: number) => Float64Array.from(outputs, (output, k) => k === i ? output + by : output)
        const example = Math.floor(i / (outputs.length / 2))
        const wanted = (lossAt(example, moved(1e-5)) - lossAt(example, moved(-1e-5))) / 2e-5
        assert.ok(Math.abs(value - wanted) < 1e-5, `${value} for ${wanted}`)
      })
      const eager = interpret(engine, step, { inputs, state: [] }).run([outputs, targets])
      const [eagerLosses, eagerGradient] = eager as [Float32Array, Float32Array]
      // float32: a graph may join operations and so round elsewhere
      eagerLosses.forEach((value, i) => assert.ok(Math.abs(value - losses[i]!) < 1e-6 * (1 + Math.abs(value))))
      eagerGradient.forEach((value, i) => assert.ok(Math.abs(value - gradient[i]!) < 1e-6))
    })

    test(`${name}: influence of all layers is exact; of the last layer exact or refused by name`, () => {
      const network = createNetwork(engine, architecture, openStream(4, 'init'))
      const values = Float32Array.from({ length: 2 * sizeOf(architecture.inputShape) }, () => stream.normal())
      const input = () => tf.tensor(values, [2, ...architecture.inputShape])
      const gradients = [0, 1].map(example => tf.tidy(() => {
        const { grads } = tf.variableGrads(() => tf.sum(tf.slice(
          kind.losses(head, engine, network.forward<Tensor>(input()), target()), [example], [1])) as Scalar,
        network.parameters.map(({ variable }) => variable as Variable))
        return network.parameters.flatMap(({ variable }) => [...grads[variable.name]!.dataSync()])
      }) as number[])
      let dots: Float64Array = new Float64Array(0)
      tf.tidy(() => {
        const batch = { x: input(), target: target(), further: {} }
        const queries = openQueryGradients(engine, network, batch)
        dots = queries.dot(batch)
        queries.close()
      })
      dots.forEach((dot, i) => {
        const [left, right] = [gradients[Math.floor(i / 2)]!, gradients[i % 2]!]
        const wanted = left.reduce((sum, value, k) => sum + value * right[k]!, 0)
        assert.ok(Math.abs(dot - wanted) < 1e-4 * (1 + Math.abs(wanted)), `${dot} for ${wanted}`)
      })
      if (kind.hasLastFactors) {
        const seen = { inputShape: architecture.inputShape, preprocessing: { offset: 0, scale: 1 }, target: targets }
        const { layers } = createFactorizer(engine, network, 'last').compute({ data: { inputs: values, count: 2 }, ...seen })
        const { activations, deltas, fanIn, fanOut } = layers[0]!
        const rows = (array: Float32Array, width: number) => [array.subarray(0, width), array.subarray(width)] as const
        const [a, delta] = [rows(activations, fanIn), rows(deltas, fanOut)]
        for (const [i, k] of [[0, 0], [0, 1], [1, 1]] as const) {
          const score = (dotOf(a[i], a[k]) + 1) * dotOf(delta[i], delta[k])
          const ofLast = (example: number) => gradients[example]!.slice(-(fanIn + 1) * fanOut) // weight and bias come last
          const wanted = dotOf(ofLast(i), ofLast(k))
          assert.ok(Math.abs(score - wanted) < 1e-4 * (1 + Math.abs(wanted)), `${score} for ${wanted}`)
        }
      } else {
        assert.throws(() => createFactorizer(engine, network, 'last'), new RegExp(`a dense last layer, got ${head.type}: ask for all layers`))
      }
      network.dispose()
    })
  }

  test('createTrainer: trains on the loss of the network’s head, or on a function of the kind’s own', () => {
    const examples = {
      data: { inputs: Float32Array.of(1, 2, -1, 0.5), count: 4 },
      target: Int32Array.of(0, 1, 0, 1),
      inputShape: [1],
      preprocessing: { offset: 0, scale: 1 }
    }
    const layers: Layer[] = [{ type: 'dense', units: 1, activation: 'linear' }]
    const train = (head: Head, options = {}) => {
      const network = createNetwork(engine, { inputShape: [1], layers, head }, openStream(2, 'init'))
      const trainer = createTrainer(engine, network, { ...examples, optimizer: { type: 'sgd' }, batchSize: 4, ...options })
      const losses = Array.from({ length: 5 }, () => trainer.step(Int32Array.of(0, 1, 2, 3), 0.1))
      trainer.dispose()
      network.dispose()
      return losses
    }
    const losses = train({ type: 'binary' })
    assert.ok(losses[4]! < losses[0]!)
    const constant = train({ type: 'binary' }, { loss: ({ tf }: Engine, outputs: Tensor) => tf.sum(tf.mul(outputs, 0), 1) })
    assert.deepEqual(constant, [0, 0, 0, 0, 0])
  })

  test('outputShapes: the head says what the last layer must be', () => {
    const refused = (head: Head, last: Layer, inputShape = [5]) =>
      assert.throws(() => outputShapes({ inputShape, layers: [last], head }), { code: 'invalid_spec' })
    for (const type of ['classes', 'binary'] as const) refused({ type }, { type: 'dense', units: 3, activation: 'relu' })
    refused({ type: 'values', loss: 'squared' }, { type: 'dense', units: 3, activation: 'tanh' })
    refused({ type: 'class-map' }, linear)
    refused({ type: 'class-map' }, { ...pixels, activation: 'relu' } as Layer, [3, 5, 2])
    refused({ type: 'classes' }, pixels, [3, 5, 2])
  })
}
