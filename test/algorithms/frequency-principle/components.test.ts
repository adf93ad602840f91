/** Data sets seen through their principal components, and small networks on them in Float64 by every optimizer. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { RunEvent } from '../../../src/algorithms/contract.js'
import { checkData } from '../../../src/algorithms/frequency-principle/data/check.js'
import { openInputs } from '../../../src/algorithms/frequency-principle/data/inputs.js'
import type { DataTarget } from '../../../src/algorithms/frequency-principle/data/spec.js'
import type { FrequencyPrincipleResult } from '../../../src/algorithms/frequency-principle/result.js'
import type { FrequencyPrincipleSpec } from '../../../src/algorithms/frequency-principle/spec.js'
import { openClasses } from '../../../src/datasets/classes.js'
import { openStream } from '../../../src/math/random.js'
import { createNetwork } from '../../../src/tensor/network.js'
import { describeClassified } from '../../helpers/descriptions.js'
import { drive, driveInPieces, fillSpec, fingerprint, generateData, type Driven, type DriveOptions } from '../../helpers/drive.js'
import { describeData } from '../../helpers/inputs.js'
import { openTestEngine } from '../../tensor/helpers.js'
import { algorithm } from './helpers.js'

const engine = await openTestEngine(process.env.TENSOR_BACKEND === 'wasm' ? 'wasm' : 'tensorflow')

/** 60 drawn digits of 784 pixels and 4 classes, seen through 6 components, on a network 6-6-4. */
function makeSpec (optimizer: object, target: object = {}, rest: object = {}): FrequencyPrincipleSpec {
  return fillSpec<FrequencyPrincipleSpec>(algorithm, {
    target: {
      type: 'data',
      components: 6,
      precision: 'float64',
      network: { type: 'mlp', hidden: [6], activation: 'tanh' },
      methods: ['filter'],
      widths: [0.2],
      batchSize: 60,
      ...target
    },
    data: { generator: { type: 'glyphs', classes: 4, train: 60, test: 10 } },
    optimizers: [optimizer],
    spectrum: { threshold: 0.6, recordsPerDecade: 10 },
    ...rest
  })
}

type Run = Driven & { result: FrequencyPrincipleResult }

async function runTrial (spec: FrequencyPrincipleSpec, options: Partial<DriveOptions> = {}): Promise<Run> {
  const trial = algorithm.plan(spec)[0]!
  const driven = await drive(algorithm, trial, { engine, data: generateData(algorithm, trial), ...options })
  return { ...driven, result: driven.result as FrequencyPrincipleResult }
}

function only<T extends RunEvent['type']> (events: RunEvent[], type: T): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type)
}

const optimizers = {
  cg: { type: 'cg', steps: 60 },
  bfgs: { type: 'bfgs', steps: 40 },
  powell: { type: 'powell', steps: 4 },
  pso: { type: 'pso', steps: 80, particles: 30 }
}

for (const [type, optimizer] of Object.entries(optimizers)) {
  test(`run on components in float64: ${type} learns, and taken up from any boundary it goes on to the bit`, async () => {
    const spec = makeSpec(optimizer)
    const whole = await runTrial(spec, { keep: Array.from({ length: 60 }, (_, i) => i) })
    const { history: { losses, errors }, bands, data } = whole.result
    assert.match(data!.precision, /^Float64 throughout/)
    assert.ok(losses.at(-1)! < 0.7 * losses[0]!, `${losses[0]} to ${losses.at(-1)}`)
    const low = bands.findIndex(({ key }) => key === 'low 0.2')
    assert.ok(errors.at(-1)![low]! < errors[0]![low]!)
    assert.ok(whole.boundaries >= 3)
    const trial = algorithm.plan(spec)[0]!
    const cuts = [0, 1, whole.boundaries - 1].map(position => whole.snapshots.get(position)!.events)
    const pieces = await driveInPieces(algorithm, trial, { engine, data: generateData(algorithm, trial) }, cuts)
    assert.equal(fingerprint(pieces.events), fingerprint(whole.events))
    assert.equal(fingerprint(pieces.result), fingerprint(whole.result))
  })
}

test('run on components: in float32 and float64 training starts from one network, and goes the same way at first', async () => {
  const [single, double] = [await runTrial(makeSpec({ type: 'gd', steps: 5 }, { precision: 'float32' })), await runTrial(makeSpec({ type: 'gd', steps: 5 }))]
  double.result.history.losses.forEach((loss, i) => assert.ok(Math.abs(loss - single.result.history.losses[i]!) < 1e-5 * loss))
})

for (const precision of ['float32', 'float64']) {
  for (const loss of ['squared', 'cross-entropy']) {
    test(`run on components: the network that is stored reads pixels as the one of ${precision} with ${loss} reads components`, async () => {
      const spec = makeSpec({ type: 'cg', steps: 8 }, { precision, loss }, { gradientTolerance: 0 })
      const { events, result } = await runTrial(spec)
      const [model] = only(events, 'model')
      assert.deepEqual(model!.network.inputShape, [28, 28, 1])
      assert.equal(model!.network.layers[0]!.type, 'flatten')
      const dataset = openClasses(generateData(algorithm, algorithm.plan(spec)[0]!).data!)
      const network = createNetwork(engine, model!.network, openStream(9, 'other weights'))
      network.load(only(events, 'checkpoint').at(-1)!.arrays)
      const { tf } = engine
      const { offset, scale } = model!.preprocessing as { offset: number, scale: number }
      const pixels = Float32Array.from(dataset.train.inputs, value => (value - offset) * scale)
      const x = tf.tensor4d(pixels, [60, 28, 28, 1])
      const z = network.logits(x)
      const shown = loss === 'squared' ? z : tf.softmax(z)
      const goal = Float32Array.from({ length: 240 }, (_, i) => i % 4 === dataset.train.labels[Math.floor(i / 4)] ? 1 : 0)
      const values = Float32Array.from(shown.dataSync())
      const mean = loss === 'squared'
        ? values.reduce((sum, value, i) => sum + (value - goal[i]!) ** 2, 0) / 240
        : values.reduce((sum, value, i) => sum - goal[i]! * Math.log(value), 0) / 60
      assert.ok(Math.abs(mean - result.loss) < 1e-4 * result.loss, `${mean}, ${result.loss}`)
      for (const tensor of new Set([x, z, shown])) tensor.dispose()
      network.dispose()
    })
  }
}

test('openInputs: components have mean 0, a mean square of 1 in all, and descend; scaling comes before them', () => {
  const spec = makeSpec(optimizers.cg)
  const whole = generateData(algorithm, algorithm.plan(spec)[0]!).data!
  for (const scaling of ['unit', 'standard'] as const) {
    const target = { ...spec.target as DataTarget, scaling }
    const { examples } = openInputs(target, openClasses(whole), whole, (...key) => openStream(0, ...key))
    const { data, inputShape, preprocessing } = examples
    assert.deepEqual([inputShape, preprocessing], [[6], { offset: 0, scale: 1 }])
    const moments = Array.from({ length: 6 }, (_, c) => {
      const column = Array.from({ length: 60 }, (_, i) => data.inputs[6 * i + c]!)
      assert.ok(Math.abs(column.reduce((sum, value) => sum + value, 0)) < 1e-4)
      return column.reduce((sum, value) => sum + value ** 2, 0) / 60
    })
    assert.ok(Math.abs(moments.reduce((sum, value) => sum + value, 0) / 6 - 1) < 1e-5)
    moments.slice(1).forEach((moment, c) => assert.ok(moment <= moments[c]!))
  }
})

test('checkData: components and float64 say what they cannot have', () => {
  const check = (optimizer: object, target: object, shape: object = {}) => {
    const data = describeClassified({ inputShape: [64], classes: 10, trainCount: 300, testCount: 10, ...shape })
    return checkData(makeSpec(optimizer, target), describeData({ data })).map(({ path, got }) => [path, got])
  }
  assert.deepEqual(check(optimizers.bfgs, {}), [])
  assert.deepEqual(check({ type: 'sgd' }, {}), [['spec.optimizers[0].type', 'sgd']])
  assert.deepEqual(check({ type: 'adam', epochs: 3 }, {}), [['spec.optimizers[0].epochs', 3]])
  assert.deepEqual(check(optimizers.pso, { precision: 'float32' }), [['spec.optimizers[0].type', 'pso']])
  assert.deepEqual(check({ ...optimizers.pso, topology: 'ring', neighbours: 30 }, {}), [['spec.optimizers[0].neighbours', 30]])
  assert.deepEqual(check(optimizers.bfgs, { network: { type: 'mlp', hidden: [150] } }), []) // 2,560 parameters: 50 MiB
  assert.deepEqual(check(optimizers.bfgs, { network: { type: 'mlp', hidden: [300] } }), [['spec.optimizers[0]', '200 MiB']]) // 5,110
  assert.deepEqual(check(optimizers.powell, { trainExamples: 2000 }, { trainCount: 2000 }), [['spec.optimizers[0]', '2.2 s']])
  assert.deepEqual(check(optimizers.cg, { components: 64 }, { inputShape: [40] }), [['spec.target.components', 64]])
  assert.deepEqual(check(optimizers.cg, { components: 64 }, { trainCount: 40 }), [['spec.target.components', 64]])
  assert.deepEqual(check(optimizers.cg, {}, { inputShape: [28, 28, 1] }), [['spec.target.trainExamples', 1000]])
  assert.deepEqual(check(optimizers.cg, { network: { type: 'cnn' } }).map(([path]) => path), ['spec.target.network', 'spec.target.network'])
  const picture = { type: 'cnn', layers: [{ type: 'conv', filters: 2 }] }
  const onPictures = check(optimizers.cg, { components: undefined, network: picture }, { inputShape: [8, 8, 1] })
  assert.deepEqual(onPictures, [['spec.target.network', 'cnn']])
})
