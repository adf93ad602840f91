/** What every layer must show on every backend; run by layers.test.ts and layers-wasm.test.ts. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core'
import { drain } from '../../src/influence/drain.js'
import { gradientSquares, openQueryGradients } from '../../src/influence/gradients.js'
import { sizeOf, type NamedArrays } from '../../src/math/arrays.js'
import { openStream } from '../../src/math/random.js'
import { layerSchemas, outputShapes, type Architecture, type Layer } from '../../src/tensor/architecture.js'
import type { Examples } from '../../src/tensor/batches.js'
import type { Engine } from '../../src/tensor/engine.js'
import { allOf } from '../../src/tensor/forward.js'
import { createNetwork, type Network } from '../../src/tensor/network.js'
import { createTensorObjective } from '../../src/tensor/objective.js'
import { crossEntropy } from '../../src/tensor/ops.js'
import { reestimateStatistics } from '../../src/tensor/statistics.js'
import { createTrainer } from '../../src/tensor/trainer.js'
import { makeBatches } from './helpers.js'
import { computeReference } from './reference-layers.js'

const tanh = { activation: 'tanh' } as const
const conv = { type: 'conv', filters: 3, kernel: 3, stride: 1, padding: 'same', ...tanh } as const
const output: Layer = { type: 'dense', units: 3, activation: 'linear' }
const flat: Layer[] = [{ type: 'flatten' }, output]

function picture (...layers: Layer[]): Architecture {
  return { inputShape: [7, 9, 2], layers: [...layers, ...flat] }
}

/** Odd sizes, every padding, stride and spread; a network around each layer where it needs one. */
export const layerCases: Record<string, Architecture> = {
  dense: { inputShape: [5], layers: [{ type: 'dense', units: 4, ...tanh }, output] },
  'dense without bias': { inputShape: [5], layers: [{ type: 'dense', units: 4, bias: false, ...tanh }, output] },
  'dense, sigmoid': { inputShape: [5], layers: [{ type: 'dense', units: 4, activation: 'sigmoid' }, output] },
  'dense, sin': { inputShape: [5], layers: [{ type: 'dense', units: 4, activation: 'sin' }, output] },
  'conv, sin, before a pool': picture({ ...conv, activation: 'sin' }, { type: 'max-pool', size: 2 }),
  conv: picture(conv),
  'conv, stride 2': picture({ ...conv, stride: 2 }),
  'conv, stride 2, valid': picture({ ...conv, kernel: 2, stride: 2, padding: 'valid' }),
  'conv, stride larger than kernel': picture({ ...conv, kernel: 1, stride: 2 }),
  'conv without bias': picture({ ...conv, bias: false }),
  'conv, dilation 2': picture({ ...conv, dilation: 2 }),
  'conv, dilation 2, valid': picture({ ...conv, dilation: 2, padding: 'valid' }),
  'conv, dilation 2, even kernel': picture({ ...conv, kernel: 2, dilation: 2 }),
  'conv, dilation 4': picture({ ...conv, dilation: 4 }, { ...conv, dilation: 4, filters: 2 }),
  'conv, dilation 4, valid': { inputShape: [11, 13, 2], layers: [{ ...conv, dilation: 4, padding: 'valid' }, ...flat] },
  'depthwise-conv': picture({ ...conv, type: 'depthwise-conv', multiplier: 1 } as Layer),
  'depthwise-conv, multiplier 2, stride 2': picture({ type: 'depthwise-conv', multiplier: 2, kernel: 3, stride: 2, padding: 'same', ...tanh }),
  'depthwise-conv, stride 3, valid': picture(conv, { type: 'depthwise-conv', multiplier: 2, kernel: 2, stride: 3, padding: 'valid', ...tanh }),
  'max-pool': picture(conv, { type: 'max-pool', size: 2 }),
  'average-pool': picture(conv, { type: 'average-pool', size: 2 }),
  'global-average-pool': { inputShape: [7, 9, 2], layers: [conv, { type: 'global-average-pool' }, output] },
  'batch-norm of pictures': picture({ ...conv, bias: false, activation: 'linear' }, { type: 'batch-norm', momentum: 0.3, epsilon: 1e-3, ...tanh }),
  'batch-norm of features': { inputShape: [5], layers: [{ type: 'dense', units: 4, activation: 'linear' }, { type: 'batch-norm', momentum: 0.1, epsilon: 1e-2 }, output] },
  'batch-norm before a pool': picture(conv, { type: 'batch-norm', momentum: 0.3, epsilon: 1e-3, ...tanh }, { type: 'max-pool', size: 2 }),
  add: picture({ ...conv, name: 'stem' }, { ...conv, name: 'inner' }, { type: 'add', inputs: ['stem', 'inner'], ...tanh }),
  concat: picture({ ...conv, name: 'stem' }, { type: 'concat', inputs: ['stem', 'input'] }, conv),
  'conv-transpose': picture({ type: 'conv-transpose', filters: 2, kernel: 4, stride: 2, ...tanh }),
  'conv-transpose, odd kernel': picture({ type: 'conv-transpose', filters: 3, kernel: 3, stride: 2, bias: false, ...tanh }),
  'conv-transpose, stride larger than kernel': picture({ type: 'conv-transpose', filters: 2, kernel: 2, stride: 3, ...tanh }),
  'resize-bilinear by a factor': picture(conv, { type: 'resize-bilinear', factor: 2 }),
  'resize-bilinear to the size of another': picture({ ...conv, stride: 2, name: 'small' }, { type: 'resize-bilinear', inputs: ['small', 'input'] }, conv),
  embedding: { inputShape: [6], layers: [{ type: 'embedding', vocabulary: 5, dimensions: 4 }, output] },
  'embedding with padding': { inputShape: [6], layers: [{ type: 'embedding', vocabulary: 5, dimensions: 4, padding: 0 }, { type: 'dense', units: 4, ...tanh }, output] },
  'a residual network': picture(
    { ...conv, activation: 'linear', bias: false },
    { type: 'batch-norm', momentum: 0.1, epsilon: 1e-5, ...tanh, name: 'a' },
    { ...conv, activation: 'linear', bias: false },
    { type: 'batch-norm', momentum: 0.1, epsilon: 1e-5, name: 'b' },
    { type: 'add', inputs: ['a', 'b'], ...tanh },
    { type: 'global-average-pool' })
}

/** Seeded examples: tokens where a network reads them, numbers elsewhere. */
function makeExamples ({ inputShape, layers: [first] }: Architecture, count: number): Examples & { target: Int32Array } {
  const stream = openStream(7, 'layer examples')
  const next = first!.type === 'embedding' ? () => stream.integer(5) : () => stream.normal()
  return {
    data: { inputs: Float32Array.from({ length: count * sizeOf(inputShape) }, next), count },
    inputShape,
    preprocessing: { offset: 0, scale: 1 },
    target: Int32Array.from({ length: count }, () => stream.integer(3))
  }
}

/** Weights in which nothing is 0 or 1 by construction, as float32. */
function disturb (network: Network): NamedArrays {
  const stream = openStream(11, 'weights')
  const arrays = Object.fromEntries(Object.entries(network.save()).map(([name, { shape, data }]) => {
    const noise = name.endsWith('variance') ? () => 0.5 * stream.uniform() : () => 0.4 * stream.normal()
    return [name, { shape, data: Float32Array.from(data, value => value * 0.7 + noise()) }]
  }))
  network.load(arrays)
  return arrays
}

/** Registers the tests of all layers. */
export function testLayers (engine: Engine): void {
  const { tf } = engine

  test('layerCases: no layer is left out', () => {
    const tested = new Set(Object.values(layerCases).flatMap(({ layers }) => layers.map(({ type }) => type)))
    assert.deepEqual(layerSchemas.map(({ properties: { type } }) => type.const).filter(type => !tested.has(type)), ['dropout'])
  })

  test('dropout: drops by key and layer in training alone, and the gradient goes where numbers went', () => {
    const layers: Layer[] = [{ type: 'dropout', rate: 0.4 }, { type: 'dropout', rate: 0 }, { type: 'dense', units: 600, activation: 'linear' }]
    const network = createNetwork(engine, { inputShape: [600], layers }, openStream(1, 'init'))
    network.load({
      'layer2.weight': { shape: [600, 600], data: Float32Array.from({ length: 360_000 }, (_, i) => i % 601 === 0 ? 1 : 0) },
      'layer2.bias': { shape: [600], data: new Float32Array(600) }
    })
    const pass = (key?: number[]) => tf.tidy(() =>
      network.forward(tf.ones([1, 600]), key ? { training: { key: tf.tensor1d(key, 'int32') } } : {}).dataSync())
    assert.deepEqual(new Set(pass()), new Set([1]))
    const dropped = pass([3, 7])
    assert.deepEqual([...new Set(dropped)].sort(), [0, Math.fround(1 / 0.6)])
    assert.ok(Math.abs(dropped.filter(value => value === 0).length - 240) < 60) // five deviations of a binomial: 12 each
    assert.deepEqual(pass([3, 7]), dropped)
    assert.notDeepEqual(pass([3, 8]), dropped)
    const gradient = tf.tidy(() => tf.grad(x =>
      tf.sum(network.forward<Tensor>(x, { training: { key: tf.tensor1d([3, 7], 'int32') } })))(tf.ones([1, 600])).dataSync())
    assert.deepEqual(gradient, dropped)
    network.dispose()
  })

  test('dropout: a compiled training draws anew at every step, as the eager one, and goes on from what was saved', () => {
    const architecture: Architecture = { inputShape: [5], layers: [{ type: 'dense', units: 16, ...tanh }, { type: 'dropout', rate: 0.5 }, output] }
    const examples = makeExamples(architecture, 24)
    const batch = Int32Array.from({ length: 8 }, (_, i) => i)
    const train = (mode: 'compiled' | 'eager', key: number, rate: number, pause?: number) => {
      let network = createNetwork(engine, architecture, openStream(3, 'init'))
      const open = () => createTrainer(engine, network, { ...examples, optimizer: { type: 'sgd' }, batchSize: 8, mode, key })
      let trainer = open()
      const losses: number[] = []
      for (let step = 0; step < 6; step++) {
        if (step === pause) {
          const saved = { weights: network.save(), slots: trainer.save() }
          trainer.dispose()
          network.dispose()
          network = createNetwork(engine, architecture, openStream(4, 'other'))
          trainer = open()
          network.load(saved.weights)
          trainer.load(saved.slots)
        }
        losses.push(trainer.step(batch, rate))
      }
      trainer.dispose()
      network.dispose()
      return losses
    }
    assert.equal(new Set(train('compiled', 5, 0)).size, 6, 'the weights stand still, the masks do not')
    assert.notDeepEqual(train('compiled', 6, 0), train('compiled', 5, 0))
    assert.deepEqual(train('compiled', 5, 0.1), train('eager', 5, 0.1))
    assert.deepEqual(train('compiled', 5, 0.1, 3), train('compiled', 5, 0.1))
  })

  test('reestimateStatistics: gives mean and unbiased variance of the batches, whatever was kept before', () => {
    const architecture: Architecture = { inputShape: [3], layers: [{ type: 'batch-norm', momentum: 0.1, epsilon: 1e-5 }, output] }
    const { network, examples } = open(architecture, 10)
    const before = engine.tensorCount()
    reestimateStatistics(engine, network, examples, 5)
    const { 'layer0.mean': mean, 'layer0.variance': variance } = network.save()
    const column = (c: number, from: number) => Array.from({ length: 5 }, (_, i) => examples.data.inputs[(from + i) * 3 + c]!)
    const meanOf = (values: number[]) => values.reduce((a, b) => a + b) / values.length
    const varianceOf = (values: number[]) => values.reduce((sum, value) => sum + (value - meanOf(values)) ** 2, 0) / (values.length - 1)
    for (const c of [0, 1, 2]) {
      assert.ok(Math.abs(mean!.data[c]! - meanOf([...column(c, 0), ...column(c, 5)])) < 1e-5)
      assert.ok(Math.abs(variance!.data[c]! - (varianceOf(column(c, 0)) + varianceOf(column(c, 5))) / 2) < 1e-5)
    }
    assert.equal(engine.tensorCount(), before)
    network.dispose()
  })

  test('batch-norm: one step keeps its share of mean and unbiased variance; a loss over all examples at once is refused', () => {
    const architecture: Architecture = { inputShape: [3], layers: [{ type: 'batch-norm', momentum: 0.25, epsilon: 1e-5 }, output] }
    const network = createNetwork(engine, architecture, openStream(1, 'init'))
    const examples = makeExamples(architecture, 4)
    const trainer = createTrainer(engine, network, { ...examples, optimizer: { type: 'sgd' }, batchSize: 4 })
    trainer.step(Int32Array.of(0, 1, 2, 3), 0.1)
    const { 'layer0.mean': mean, 'layer0.variance': variance } = network.save()
    for (const c of [0, 1, 2]) {
      const values = [0, 1, 2, 3].map(i => examples.data.inputs[i * 3 + c]!)
      const average = values.reduce((a, b) => a + b) / 4
      const unbiased = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / 3
      assert.ok(Math.abs(mean!.data[c]! - 0.25 * average) < 1e-6)
      assert.ok(Math.abs(variance!.data[c]! - (0.75 + 0.25 * unbiased)) < 1e-6)
    }
    trainer.dispose()
    assert.throws(() => createTensorObjective(engine, network, examples), /layers\[0\] must compute the same in training and evaluation, not from statistics of the batch/)
    network.dispose()
  })

  test('forward: a network of convolutions takes pictures of any size', () => {
    const layers: Layer[] = [{ ...conv, stride: 2, name: 'small' }, { type: 'resize-bilinear', inputs: ['small', 'input'] }, conv, { type: 'global-average-pool' }, output]
    const network = createNetwork(engine, { inputShape: [7, 9, 2], layers }, openStream(1, 'init'))
    const arrays = network.save()
    const other: Architecture = { inputShape: [12, 5, 2], layers }
    const data = Float64Array.from({ length: 2 * 120 }, (_, i) => Math.sin(i))
    const expected = computeReference(other, arrays, { shape: [2, 12, 5, 2], data })
    const outputs = tf.tidy(() => network.forward(tf.tensor4d(Float32Array.from(data), [2, 12, 5, 2])).dataSync())
    outputs.forEach((value, i) => assert.ok(Math.abs(value - expected.data[i]!) < 1e-5))
    network.dispose()
  })

  function open (architecture: Architecture, count: number) {
    const network = createNetwork(engine, architecture, openStream(5, 'init'))
    const arrays = disturb(network)
    const examples = makeExamples(architecture, count)
    return { network, arrays, examples, x: { shape: [count, ...architecture.inputShape], data: Float64Array.from(examples.data.inputs) } }
  }

  const inputOf = ({ data: { inputs, count }, inputShape }: Examples): Tensor => tf.tensor(inputs as Float32Array, [count, ...inputShape])

  for (const [name, architecture] of Object.entries(layerCases)) {
    for (const training of [false, true]) {
      test(`${name}: outputs in ${training ? 'training' : 'evaluation'} are those of the definition, in the shape that is said`, () => {
        const { network, arrays, examples, x } = open(architecture, 3)
        const expected = computeReference(architecture, arrays, x, training)
        assert.deepEqual(expected.shape.slice(1), outputShapes(architecture).at(-1))
        const outputs = tf.tidy(() => network.forward(inputOf(examples), training ? { training: {} } : {}))
        assert.deepEqual(outputs.shape, expected.shape)
        outputs.dataSync().forEach((value, i) => assert.ok(
          Math.abs(value - expected.data[i]!) < 2e-5 * (1 + Math.abs(expected.data[i]!)), `${value} for ${expected.data[i]}`))
        outputs.dispose()
        network.dispose()
      })

      test(`${name}: gradients in ${training ? 'training' : 'evaluation'} are central differences of the definition`, () => {
        const { network, arrays, examples, x } = open(architecture, 3)
        const stream = openStream(13, 'loss')
        const factors = Float32Array.from({ length: sizeOf(computeReference(architecture, arrays, x).shape) }, () => stream.normal())
        const loss = (weights: NamedArrays, input = x) =>
          computeReference(architecture, weights, input, training).data.reduce((sum, value, i) => sum + value * factors[i]!, 0)
        const exact = Object.fromEntries(Object.entries(arrays).map(([key, { shape, data }]) =>
          [key, { shape, data: Float64Array.from(data) }]))
        const difference = (data: Float64Array, i: number, evaluate: () => number): number => {
          const [value, h] = [data[i]!, 1e-5] // errors of h² = 1e-10 and of 1e-16 / h
          data[i] = value + h
          const above = evaluate()
          data[i] = value - h
          const below = evaluate()
          data[i] = value
          return (above - below) / (2 * h)
        }
        const isClose = (actual: ArrayLike<number>, expected: (i: number) => number, what: string) => {
          // Spread over the array: a difference is two passes of the slow definition.
          for (let i = 0; i < actual.length; i += Math.ceil(actual.length / 9)) {
            const wanted = expected(i)
            // float32: some hundred products of numbers up to 5
            assert.ok(Math.abs(actual[i]! - wanted) < 1e-4 * (1 + Math.abs(wanted)), `${what}[${i}]: ${actual[i]} for ${wanted}`)
          }
        }
        tf.tidy(() => {
          const weighted = (input: Tensor) =>
            tf.sum(tf.mul(network.forward<Tensor>(input, training ? { training: {} } : {}), tf.tensor(factors, [3, 3]))) as Scalar
          const { grads } = tf.variableGrads(() => weighted(inputOf(examples)), network.parameters.map(({ variable }) => variable))
          for (const { name: key, variable } of network.parameters) {
            const { data } = exact[key]!
            isClose(grads[variable.name]!.dataSync(), i => difference(data as Float64Array, i, () => loss(exact)), key)
          }
          if (architecture.layers[0]!.type === 'embedding') return // tokens have no neighbours
          isClose(tf.grad(weighted)(inputOf(examples)).dataSync(), i => difference(x.data, i, () => loss(exact)), 'input')
        })
        network.dispose()
      })
    }

    test(`${name}: influence is that of every example's whole gradient, at the statistics kept`, () => {
      const { network, examples } = open(architecture, 5)
      const variables = network.parameters.map(({ variable }) => variable as Variable)
      const gradients = Array.from(allOf(5), index => tf.tidy(() => {
        const x = tf.slice(inputOf(examples), [index], [1])
        const { grads } = tf.variableGrads(() =>
          tf.sum(crossEntropy(engine, network.forward(x), tf.tensor1d([examples.target[index]!], 'int32'))) as Scalar, variables)
        return variables.flatMap(variable => [...grads[variable.name]!.dataSync()])
      }) as number[])
      const random = openStream(12, 'measure')
      const measure = Object.fromEntries(network.parameters.map(({ name, shape }) =>
        [name, { shape: [...shape], data: Float32Array.from({ length: sizeOf(shape) }, () => 0.1 + random.uniform()) }]))
      for (const preconditioner of [undefined, measure]) {
        const factors = preconditioner && Object.values(preconditioner).flatMap(({ data }) => [...data])
        const dot = (i: number, j: number) =>
          gradients[i]!.reduce((sum, value, k) => sum + (factors?.[k] ?? 1) * value * gradients[j]![k]!, 0)
        drain(gradientSquares(engine, network, examples, allOf(5), 2, preconditioner)).forEach((square, i) =>
          assert.ok(Math.abs(square - dot(i, i)) < 2e-5 * (1e-3 + dot(i, i)), `${square} for ${dot(i, i)}`))
        let dots: Float64Array = new Float64Array(0)
        tf.tidy(() => {
          const batch = (from: number, to: number) => ({
            x: tf.slice(inputOf(examples), [from], [to - from]), target: tf.tensor1d(examples.target.slice(from, to), 'int32'), further: {}
          })
          const queries = openQueryGradients(engine, network, batch(0, 2), preconditioner)
          dots = queries.dot(batch(0, 5))
          queries.close()
        })
        for (let i = 0; i < 5; i++) {
          for (let q = 0; q < 2; q++) {
            const scale = Math.sqrt(dot(i, i) * dot(q, q))
            assert.ok(Math.abs(dots[i * 2 + q]! - dot(i, q)) < 2e-5 * (1e-3 + scale))
          }
        }
      }
      network.dispose()
    })

    test(`${name}: a compiled training is the eager one to the bit, and what is saved computes the same`, () => {
      const before = engine.tensorCount()
      const run = (mode: 'compiled' | 'eager') => {
        const network = createNetwork(engine, architecture, openStream(3, 'init'))
        const examples = makeExamples(architecture, 24)
        const trainer = createTrainer(engine, network, { ...examples, optimizer: { type: 'sgd', momentum: 0.9 }, batchSize: 8, mode })
        const losses = makeBatches(24, 8, 12).map(batch => trainer.step(batch, 0.05))
        const arrays = network.save()
        trainer.dispose()
        const other = createNetwork(engine, architecture, openStream(99, 'other'))
        other.load(arrays)
        const [own, loaded] = [network, other].map(one => tf.tidy(() => one.logits(inputOf(examples)).dataSync()))
        assert.deepEqual(loaded, own)
        for (const one of [network, other]) one.dispose()
        return { losses, arrays }
      }
      const compiled = run('compiled')
      assert.ok(compiled.losses.every(Number.isFinite))
      assert.equal(new Set(compiled.losses).size, 12)
      assert.deepEqual(compiled, run('eager'))
      assert.equal(engine.tensorCount(), before)
    })
  }
}
