import assert from 'node:assert/strict'
import test from 'node:test'
import { describeClassified } from '../../helpers/descriptions.js'
import { tracin } from '../../../src/algorithms/tracin/index.js'
import type { TracinSpec } from '../../../src/algorithms/tracin/spec.js'
import { compileCheck } from '../../../src/routes/validation.js'
import { fillSpec } from '../../helpers/drive.js'
import { describeData } from '../../helpers/inputs.js'

const blobs = { generator: { type: 'blobs' } }
const algorithm = tracin as unknown as Parameters<typeof fillSpec>[0]

function makeSpec (changes: object = {}): TracinSpec {
  return fillSpec<TracinSpec>(algorithm, { data: blobs, ...changes })
}

const short = { inputShape: [8, 8, 1], classes: 10, trainCount: 100, testCount: 20 }
const described = describeClassified(short)

test('TracinSpec: data alone is enough, everything else has a default, also inside branches', () => {
  const spec = makeSpec({ network: { type: 'cnn' }, optimizer: { schedule: { type: 'step' } }, checkpoints: { type: 'every' } })
  assert.deepEqual(spec.data, { generator: { type: 'blobs', classes: 3, features: 2, train: 1000, test: 200, spread: 0.3, seed: 1 } })
  assert.deepEqual(spec.network, {
    type: 'cnn',
    layers: [
      { type: 'conv', filters: 32, kernel: 3, stride: 1, padding: 'same', activation: 'relu' },
      { type: 'max-pool', size: 2 },
      { type: 'conv', filters: 64, kernel: 3, stride: 1, padding: 'same', activation: 'relu' },
      { type: 'max-pool', size: 2 },
      { type: 'dense', units: 128, activation: 'relu' }
    ]
  })
  assert.deepEqual(spec.optimizer, { type: 'sgd', learningRate: 0.1, momentum: 0, schedule: { type: 'step', drops: [30, 60, 90], factor: 0.1 } })
  assert.deepEqual(spec.checkpoints, { type: 'every', epochs: 1 })
  assert.deepEqual(spec.labelNoise, { kind: 'auto', fraction: 0.1 })
  assert.deepEqual(spec.baselines, { damping: 1e-3, lambda: 0.003, representerTarget: 'labels' })
})

test('TracinSpec: refuses what cannot be meant, naming the path', () => {
  const check = compileCheck(tracin.spec, { root: 'spec' })
  const cases: [object, string][] = [
    [{}, 'spec.data'],
    [{ data: {} }, 'spec.data'],
    [{ data: { datasetId: 'not an id' } }, 'spec.data.datasetId'],
    [{ data: { generator: { type: 'moons' } } }, 'spec.data.generator.type'],
    [{ data: blobs, epochs: 0 }, 'spec.epochs'],
    [{ data: blobs, epochs: 1.5 }, 'spec.epochs'],
    [{ data: blobs, optimizer: { learningRate: NaN } }, 'spec.optimizer.learningRate'],
    [{ data: blobs, optimizer: { learningRate: 0 } }, 'spec.optimizer.learningRate'],
    [{ data: blobs, optimizer: { momentum: 1 } }, 'spec.optimizer.momentum'],
    [{ data: blobs, optimiser: {} }, 'spec.optimiser'],
    [{ data: blobs, network: { type: 'mlp', hiden: [8] } }, 'spec.network.hiden'],
    [{ data: blobs, network: { type: 'mlp', hidden: [] } }, 'spec.network.hidden'],
    [{ data: blobs, network: { type: 'cnn', layers: [{ type: 'conv', filters: 0 }] } }, 'spec.network.layers[0].filters'],
    [{ data: blobs, labelNoise: { fraction: 0.6 } }, 'spec.labelNoise.fraction'],
    [{ data: blobs, seeds: [1, 1] }, 'spec.seeds'],
    [{ data: blobs, selfInfluence: [] }, 'spec.selfInfluence'],
    [{ data: blobs, baselines: { damping: 0 } }, 'spec.baselines.damping'],
    [{ data: blobs, baselines: { methods: ['random'] } }, 'spec.baselines.methods[0]'],
    [{ data: blobs, predictions: [{ measure: 'found7' }] }, 'spec.predictions[0].measure'],
    [{ data: blobs, slots: 'some' }, 'spec.slots']
  ]
  for (const [spec, path] of cases) {
    const violations = check(spec)
    assert.ok(violations.some(violation => violation.path === path), `${path} of ${JSON.stringify(violations)}`)
  }
})

test('check: a network must fit the inputs', () => {
  const [violation] = tracin.check!(makeSpec({ network: { type: 'cnn' } }), describeData({ data: describeClassified({ ...short, inputShape: [64] }) }))
  assert.equal(violation!.path, 'spec.network')
  assert.match(violation!.rule, /must fit inputs of shape \[64\]/)
  assert.deepEqual(tracin.check!(makeSpec({ network: { type: 'cnn' } }), describeData({ data: described })), [])
})

test('check: limits and epochs must be within the data and the training', () => {
  const spec = makeSpec({ trainExamples: 101, testExamples: 21, epochs: 5, checkpoints: { type: 'explicit', epochs: [5, 6] } })
  assert.deepEqual(tracin.check!(spec, describeData({ data: described })).map(({ path, got }) => [path, got]), [
    ['spec.checkpoints.epochs[1]', 6], ['spec.trainExamples', 101], ['spec.testExamples', 21]
  ])
})

test('check: a warm-up must end before the training does', () => {
  const check = (warmup: number) => tracin.check!(makeSpec({ epochs: 5, optimizer: { schedule: { type: 'cosine', warmup } } }), describeData({ data: described }))
  assert.deepEqual(check(4.5), [])
  assert.deepEqual(check(5).map(({ path, got }) => [path, got]), [['spec.optimizer.schedule.warmup', 5]])
})

test('check: an interval that is longer than the training would leave no checkpoint to count', () => {
  const spec = makeSpec({ epochs: 5, checkpoints: { type: 'every', epochs: 6 } })
  assert.deepEqual(tracin.check!(spec, { data: {}, models: {}, artifacts: {} }).map(({ path, got }) => [path, got]), [['spec.checkpoints.epochs', 6]])
})

test('check: adam has no momentum to be told', () => {
  const check = (optimizer: object) =>
    tracin.check!(makeSpec({ optimizer }), describeData({ data: described })).map(({ path, got }) => [path, got])
  assert.deepEqual(check({ type: 'adam', momentum: 0.9 }), [['spec.optimizer.momentum', 0.9]])
  assert.deepEqual([check({ type: 'adam' }), check({ momentum: 0.9 })], [[], []])
})

test('check: data with one class or without test examples are refused', () => {
  const violations = tracin.check!(makeSpec(), describeData({ data: describeClassified({ ...short, classes: 1, testCount: 0 }) }))
  assert.deepEqual(violations.map(({ path }) => path), ['spec.data', 'spec.data'])
})

test('check: predictions are of what is measured, and of wrong labels', () => {
  const check = (changes: object) => tracin.check!(makeSpec(changes), describeData({ data: described })).map(({ path, got }) => [path, got])
  const predictions = [{ measure: 'found10', over: 'mean-loss' }, { method: 'tracin-all', measure: 'auc', atLeast: 0.5 }, { method: 'random', measure: 'auc' }]
  assert.deepEqual(check({ predictions }), [])
  assert.deepEqual(check({ predictions, selfInfluence: ['last'], baselines: { methods: ['loss'] } }), [
    ['spec.predictions[0].over', 'mean-loss'], ['spec.predictions[1].method', 'tracin-all']
  ])
  assert.deepEqual(check({ predictions, labelNoise: { kind: 'none' } }), [['spec.predictions', 3]])
})

test('plan: one trial per seed, paired by their arm', () => {
  const trials = tracin.plan(makeSpec({ seeds: [3, 1] }))
  assert.deepEqual(trials.map(({ arm, seed }) => [arm, seed]), [['wrong 10 %', 3], ['wrong 10 %', 1]])
})

test('needs: counts the work of both trainings on the examples that there are, and takes the slots of the spec, or what the network is worth', () => {
  const short = { inputShape: [28, 28, 1], classes: 10, testCount: 200 }
  const of = (trainCount: number, changes: object = {}) => tracin.needs(
    tracin.plan(makeSpec({ epochs: 7, batchSize: 64, selfInfluence: ['last'], ...changes }))[0]!, describeData({ data: describeClassified({ ...short, trainCount }) }))
  // 1,000 examples are 16 batches; 7 evaluations of a third of a training step for each example
  assert.equal(of(1000).estimate.steps, Math.round(2 * 7 * (16 + 1200 / (3 * 64))))
  assert.ok(of(500).estimate.steps < of(1000).estimate.steps)
  const granted = (changes: object): unknown[] => [of(1000, changes).slots, of(1000, changes).threads]
  assert.deepEqual(granted({ slots: 3 }), [3, 3])
  assert.deepEqual(granted({ slots: 'all' }), ['all', 'all'])
  assert.deepEqual(granted({}), [1, 1])
  assert.deepEqual(granted({ network: { type: 'cnn' } }), ['all', 'all'])
})
