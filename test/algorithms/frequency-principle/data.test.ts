import assert from 'node:assert/strict'
import test from 'node:test'
import { describeClassified } from '../../helpers/descriptions.js'
import { openClasses } from '../../../src/datasets/classes.js'
import { findMisfit } from '../../../src/datasets/accepts.js'
import { declarationOf, type DataInput, type RunEvent } from '../../../src/algorithms/contract.js'
import { checkData, estimateData, stepsOf } from '../../../src/algorithms/frequency-principle/data/check.js'
import { createBatchLearner } from '../../../src/algorithms/frequency-principle/data/batch-learner.js'
import { openLook } from '../../../src/algorithms/frequency-principle/data/look.js'
import { frequencyPrinciple } from '../../../src/algorithms/frequency-principle/index.js'
import type { FrequencyPrincipleResult } from '../../../src/algorithms/frequency-principle/result.js'
import type { FrequencyPrincipleSpec } from '../../../src/algorithms/frequency-principle/spec.js'
import { createFilterProbe } from '../../../src/algorithms/kit/spectrum/index.js'
import { operations } from '../../../src/influence/operations.js'
import { createResponder } from '../../../src/influence/responder.js'
import type { InfluenceResponse, PredictResponse } from '../../../src/influence/schemas.js'
import { openStream } from '../../../src/math/random.js'
import { compileCheck } from '../../../src/routes/validation.js'
import { createMlp } from '../../helpers/exact-mlp.js'
import { flatWeights } from '../../../src/tensor/flat-weights.js'
import { createNetwork } from '../../../src/tensor/network.js'
import { bundleOf, indexed } from '../../helpers/bundle.js'
import { drive, driveInPieces, fillSpec, fingerprint, generate, generateData, type Driven, type DriveOptions } from '../../helpers/drive.js'
import { makeExamples, openTestEngine } from '../../tensor/helpers.js'
import { describeData } from '../../helpers/inputs.js'
import { makeTexts } from '../../helpers/texts.js'

const engine = await openTestEngine(process.env.TENSOR_BACKEND === 'wasm' ? 'wasm' : 'tensorflow')
const algorithm = frequencyPrinciple

const networks = {
  MLP: { type: 'mlp', hidden: [32], activation: 'tanh' },
  CNN: { type: 'cnn', layers: [{ type: 'conv', filters: 6, kernel: 5, stride: 2 }, { type: 'max-pool' }, { type: 'dense', units: 24 }] }
}
const optimizers = {
  sgd: { type: 'sgd', learningRate: 0.05, momentum: 0.5, epochs: 25 },
  adam: { type: 'adam', learningRate: 0.001, epochs: 25 },
  lbfgs: { type: 'lbfgs', steps: 40 }
}

/** A spec that trains in a second or less. */
function makeSpec (target: object, optimizer: object, rest: object = {}): FrequencyPrincipleSpec {
  return fillSpec<FrequencyPrincipleSpec>(algorithm, {
    target: { type: 'data', batchSize: 20, ...target },
    data: { generator: { type: 'glyphs', classes: 5, train: 200, test: 10 } },
    optimizers: [optimizer],
    spectrum: { threshold: 0.6, recordsPerDecade: 10 },
    ...rest
  })
}

const blobs = { data: { generator: { type: 'blobs', classes: 3, features: 5, train: 90, test: 10 } } }
/** Still smaller: on 90 points. */
const makeSmallSpec = (target: object, optimizer: object, rest: object = {}) =>
  makeSpec({ network: { type: 'mlp', hidden: [8] }, methods: ['filter'], ...target }, optimizer, { ...blobs, ...rest })

type Run = Driven & { result: FrequencyPrincipleResult }

async function runTrial (spec: FrequencyPrincipleSpec, options: Partial<DriveOptions> = {}): Promise<Run> {
  const trial = algorithm.plan(spec)[0]!
  const driven = await drive(algorithm, trial, { engine, data: generateData(algorithm, trial), ...options })
  return { ...driven, events: driven.events.map(withoutSeconds), result: driven.result as FrequencyPrincipleResult }
}

function withoutSeconds (event: Driven['events'][number]): Driven['events'][number] {
  if (event.type !== 'metrics') return event
  const { seconds: _, ...values } = event.values
  return { ...event, values }
}

function only<T extends RunEvent['type']> (events: RunEvent[], type: T): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type)
}

for (const [name, network] of Object.entries(networks)) {
  for (const [type, optimizer] of Object.entries(optimizers)) {
    test(`run on data: a ${name} trained by ${type} learns low frequencies of drawn digits before high ones`, async () => {
      const { result, events } = await runTrial(makeSpec({ network }, optimizer))
      assert.deepEqual(compileCheck(algorithm.result, { root: 'result' })(structuredClone(result)), [])
      const { errors, losses } = result.history
      assert.ok(losses.at(-1)! < losses[0]! / 2)
      for (const { group, ordered } of result.orders) assert.ok(ordered !== false, group)
      assert.ok(result.orders.filter(({ ordered }) => ordered).length >= 3) // every width of the filter
      // Before the first steps take effect, errors are those of random outputs.
      for (const { group, share } of result.data!.lowFirst) assert.ok(share >= (group === 'projection' ? 0.5 : 0.8), `${group}: ${share}`)
      for (const width of ['0.05', '0.1', '0.2']) {
        const at = (part: string) => result.bands.findIndex(({ key }) => key === `${part} ${width}`)
        assert.ok(errors.at(-1)![at('low')]! < errors.at(-1)![at('high')]!)
      }
      assert.equal(new Set(result.bands.map(({ key }) => key)).size, result.bands.length)
      const emitted = only(events, 'metrics').at(-1)!.values
      result.bands.forEach(({ key }, i) => assert.ok(Math.abs(emitted[`spectralError/${key}`]! - errors.at(-1)![i]!) < 1e-5))
    })
  }
}

test('run on data: shuffled labels are the same ones in another order, of another seed in another one, and the model says which', async () => {
  const { result, events } = await runTrial(makeSmallSpec({ labels: 'shuffled', loss: 'cross-entropy' }, { type: 'sgd', epochs: 2 }))
  const trial = algorithm.plan(makeSmallSpec({}, { type: 'sgd' }))[0]!
  const given = Array.from(openClasses(generateData(algorithm, trial).data!).train.labels)
  const { indices, labels } = only(events, 'model')[0]!.trainingView!.relabelled
  const learned = given.slice()
  indices.forEach((index, i) => { learned[index] = labels[i]! })
  assert.ok(indices.length > 40 && indices.every((index, i) => labels[i] !== given[index]))
  assert.deepEqual(learned.toSorted(), given.toSorted())
  const low = result.bands.filter(({ key }) => key.startsWith('low'))
  assert.ok(low.every(({ isNoise }) => isNoise), 'these blobs are smooth, their shuffled labels are not')
  for (const { constant } of result.bands) assert.ok(Math.abs(constant! - 1) < 1e-6)
  const other = await runTrial({ ...makeSmallSpec({ labels: 'shuffled', loss: 'cross-entropy' }, { type: 'sgd', epochs: 2 }), seeds: [1] })
  assert.notDeepEqual(only(other.events, 'model')[0]!.trainingView!.relabelled, { indices, labels })
})

test('run on data: records are log-spaced, and the last step is one of them', async () => {
  const { result } = await runTrial(makeSmallSpec({}, { type: 'lbfgs', steps: 23 }, { gradientTolerance: 0 }))
  assert.deepEqual(result.history.steps, [0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 23])
  assert.equal(result.stop.reason, 'steps')
})

for (const loss of ['squared', 'cross-entropy'] as const) {
  test(`run on data: the first record with ${loss} is that of the Float64 network with the same weights`, async () => {
    const spec = makeSmallSpec({ loss, widths: [0.1], scaling: 'none', network: { type: 'mlp', hidden: [8], activation: 'tanh' } }, { type: 'gd', steps: 1 })
    const trial = algorithm.plan(spec)[0]!
    const { train } = openClasses(generateData(algorithm, trial).data!)
    const { result } = await runTrial(spec)

    const network = createNetwork(engine, {
      inputShape: [5], layers: [{ type: 'dense', units: 8, activation: 'tanh' }, { type: 'dense', units: 3, activation: 'linear' }]
    }, openStream(trial.seed, 'init'))
    const theta = flatWeights(network)
    network.dispose()
    const exact = createMlp({ sizes: [5, 8, 3], activation: 'tanh' })
    const goal = new Float64Array(270)
    const outputs = new Float64Array(270)
    let sum = 0
    for (let i = 0; i < 90; i++) {
      const input = train.inputs.subarray(5 * i, 5 * i + 5)
      const label = train.labels[i]!
      goal[3 * i + label] = 1
      const logits = exact.logits(theta, input)
      const total = logits.reduce((powers, logit) => powers + Math.exp(logit), 0)
      logits.forEach((logit, k) => { outputs[3 * i + k] = loss === 'squared' ? logit : Math.exp(logit) / total })
      if (loss === 'cross-entropy') sum += exact.loss(theta, input, label)
      else sum += logits.reduce((squares, logit, k) => squares + (logit - (k === label ? 1 : 0)) ** 2, 0) / 3
    }
    const errors = createFilterProbe(Float64Array.from(train.inputs), goal, { widths: [0.1], outputs: 3 }).measure(outputs)
    assert.ok(Math.abs(result.history.losses[0]! - sum / 90) < 1e-5)
    errors.forEach((error, i) => assert.ok(Math.abs(result.history.errors[0]![i]! - error) < 1e-4 * error))
  })
}

for (const [type, optimizer] of Object.entries({
  sgd: { type: 'sgd', learningRate: 0.1, momentum: 0.9, epochs: 15 },
  adam: { type: 'adam', epochs: 15 },
  lbfgs: { type: 'lbfgs', steps: 40 },
  cg: { type: 'cg', steps: 25 },
  gd: { type: 'gd', steps: 40 }
})) {
  test(`run on data: ${type}, taken up from any boundary, goes on to the bit as if nothing had happened`, async () => {
    const spec = makeSmallSpec({ loss: 'cross-entropy', methods: ['filter', 'projection'] }, optimizer)
    const trial = algorithm.plan(spec)[0]!
    const whole = await runTrial(spec, { keep: Array.from({ length: 200 }, (_, i) => i) })
    assert.ok(whole.boundaries > 5)
    const before = engine.tensorCount()
    const cuts = [0, 1, Math.floor(whole.boundaries / 2), whole.boundaries - 1].map(position => whole.snapshots.get(position)!.events)
    const pieces = await driveInPieces(algorithm, trial, { engine, data: generateData(algorithm, trial) }, cuts)
    assert.equal(fingerprint(pieces.events.map(withoutSeconds)), fingerprint(whole.events))
    assert.equal(fingerprint(pieces.result), fingerprint(whole.result))
    assert.equal(engine.tensorCount(), before)
  })

  test(`run on data: ${type}, canceled at any event, leaves no tensor behind`, async () => {
    const before = engine.tensorCount()
    for (const cancelAfter of [1, 2, 3, 20]) {
      await runTrial(makeSmallSpec({ loss: 'cross-entropy' }, optimizer), { cancelAfter })
      assert.equal(engine.tensorCount(), before, `after ${cancelAfter} events`)
    }
  })
}

test('run on data: a model is stored with log-spaced checkpoints, the last step among them; one of squared loss answers a number per class', async () => {
  const { events, result } = await runTrial(makeSmallSpec({ loss: 'cross-entropy' }, { type: 'sgd', epochs: 20 }))
  const [model] = only(events, 'model')
  const stored = only(events, 'checkpoint')
  assert.deepEqual([model!.name, model!.trainingView?.data, model!.trainingView?.count], ['trained', 'data', 90])
  assert.ok(stored.length >= 4 && stored.length <= 7)
  assert.equal(stored.at(-1)!.step, result.counts.steps)
  assert.ok(stored.every(({ model, learningRate }) => model === 'trained' && learningRate === 0.1))

  const network = createNetwork(engine, model!.network, openStream(5, 'other weights'))
  network.load(stored.at(-1)!.arrays)
  const data = openClasses(generateData(algorithm, algorithm.plan(makeSmallSpec({}, { type: 'sgd' }))[0]!).data!).train
  const examples = { data, target: data.labels, inputShape: [5], preprocessing: model!.preprocessing }
  const look = openLook(engine, network, examples, { loss: 'cross-entropy', goal: new Float64Array(270) })
  assert.deepEqual([look().loss, look().accuracy], [result.loss, result.data!.accuracy])
  network.dispose()

  const squared = await runTrial(makeSmallSpec({}, { type: 'sgd', epochs: 2 }, { checkpoints: 2 }))
  const [values] = only(squared.events, 'model')
  assert.deepEqual(values!.network.head, { type: 'values', loss: 'squared' })
  assert.equal(values!.trainingView, undefined)
  assert.deepEqual(values!.fields!.target, { type: 'values', columns: ['0', '1', '2'].map(name => ({ name, unit: '1' })) })
  assert.deepEqual(only(squared.events, 'checkpoint').map(({ step }) => step), [1, 10])
})

test('run on data: predict and influence work on a model of cross-entropy, whatever the optimizer', async () => {
  for (const optimizer of [{ type: 'adam', steps: 60 }, { type: 'lbfgs', steps: 20 }]) {
    const spec = makeSmallSpec({ loss: 'cross-entropy' }, optimizer)
    const { events, result } = await runTrial(spec)
    const dataset = generateData(algorithm, algorithm.plan(spec)[0]!).data!
    const responder = createResponder(engine)
    const whole = await indexed(responder, bundleOf(events, dataset))
    const queries = Array.from({ length: 90 }, (_, index) => ({ split: 'train', index }))
    const predicted = await responder.answer(operations.predict, whole, { queries }) as PredictResponse
    const right = predicted.results.filter((result, i) => result.head === 'classes' && result.label === dataset.train.arrays.target![i]).length
    assert.equal(right / 90, result.data!.accuracy)
    const influence = await responder.answer(operations.influence, whole, { queries: [queries[0]!], topK: 3 }) as InfluenceResponse
    assert.equal(influence.results[0]!.proponents.length, 3)
    responder.close()
  }
})

test('run on data: methods of no gradient steps answer by products of gradients, full-batch descent by its rates over the examples', async () => {
  const ask = async (optimizer: { type: string }, request: object = {}) => {
    const spec = makeSmallSpec({ loss: 'cross-entropy' }, optimizer)
    const { events } = await runTrial(spec)
    const responder = createResponder(engine)
    const bundle = await indexed(responder, bundleOf(events, generateData(algorithm, algorithm.plan(spec)[0]!).data!))
    try {
      return { bundle, ...await responder.answer(operations.influence, bundle, { queries: [{ split: 'test', index: 0 }], ...request }) as InfluenceResponse }
    } finally {
      responder.close()
    }
  }
  for (const type of ['cg', 'lbfgs']) {
    const { method, index } = await ask({ type, steps: 12 } as { type: string })
    assert.deepEqual([method, index.weights, index.exact], ['gradient-product', 'none', false])
    assert.ok(index.checkpoints.every(({ weight, learningRate }) => weight === 1 && learningRate === 0))
    assert.match(index.notes[0]!, type === 'cg' ? /follow from CG\)/ : /follow from L-BFGS\)/)
  }
  await assert.rejects(ask({ type: 'cg', steps: 5 } as { type: string }, { method: 'tracin-cp' }), /method must be gradient-product or left out for a model that CG moved/)
  const { method, index, bundle } = await ask({ type: 'gd', learningRate: 0.05, steps: 30 } as { type: string })
  assert.deepEqual([method, index.weights, index.exact], ['tracin-cp', 'interval', true])
  let from = 0
  index.checkpoints.forEach(({ step, weight }) => {
    assert.ok(Math.abs(weight - 0.05 * (step - from) / 90) < 1e-12)
    from = step
  })
  assert.deepEqual([from, bundle.descent], [30, { type: 'sgd', momentum: 0 }])
})

test('run on data: heat maps grow, no two at one step; every metric is declared', async () => {
  const { events } = await runTrial(makeSmallSpec({ methods: ['projection', 'filter'] }, { type: 'adam', steps: 50 }))
  const steps = only(events, 'artifact').map(({ step }) => step)
  assert.ok(steps.length >= 5 && steps.at(-1) === 50)
  assert.equal(new Set(steps).size, steps.length)
  for (const { values } of only(events, 'metrics')) {
    for (const name of Object.keys(values)) assert.ok(declarationOf(algorithm.metrics, name), name)
  }
})

test('run on data: a rate that is too large ends as not-finite, with what was recorded before', async () => {
  const { result, events } = await runTrial(makeSmallSpec({}, { type: 'sgd', learningRate: 100, epochs: 100 }))
  assert.equal(result.stop.reason, 'not-finite')
  const network = { type: 'mlp', hidden: [8, 8, 8], activation: 'linear' }
  const stored = await runTrial(makeSmallSpec({ loss: 'cross-entropy', network }, { type: 'sgd', learningRate: 100, epochs: 100 }))
  assert.equal(stored.result.stop.reason, 'not-finite')
  assert.ok(only(stored.events, 'checkpoint').every(({ arrays }) => Object.values(arrays).every(({ data }) => data.every(Number.isFinite))))
  assert.equal(only(stored.events, 'model').length, Math.min(1, only(stored.events, 'checkpoint').length))
  assert.ok(result.history.losses.every(Number.isFinite) && result.history.errors.flat().every(Number.isFinite))
  assert.ok(only(events, 'metrics').every(({ values }) => Object.values(values).every(Number.isFinite)))
  const { done, of } = only(events, 'progress').at(-1)!
  assert.equal(done, of)
})

test('run on data: targetValue ends batch by batch and full batch; evaluations bound both', async () => {
  for (const optimizer of [{ type: 'adam', learningRate: 0.02, steps: 2000 }, { type: 'lbfgs', steps: 200 }]) {
    const { result } = await runTrial(makeSmallSpec({}, optimizer, { targetValue: 0.08, gradientTolerance: 0 }))
    assert.equal(result.stop.reason, 'value')
    assert.ok(result.loss <= 0.08)
    const bounded = await runTrial(makeSmallSpec({}, { ...optimizer, evaluations: 11 }))
    assert.equal(bounded.result.stop.reason, 'evaluations')
    // a line search may go over it by one
    assert.ok(bounded.result.history.evaluations.at(-1)! <= (optimizer.type === 'adam' ? 11 : 30))
  }
})

test('createBatchLearner: an epoch sees every example once, in the order of its stream', () => {
  const architecture = { inputShape: [4], layers: [{ type: 'dense' as const, units: 3, activation: 'linear' as const }] }
  const examples = makeExamples(architecture, { type: 'float32', count: 10 })
  const network = createNetwork(engine, architecture, openStream(1, 'init'))
  const asked: number[] = []
  const learner = createBatchLearner(engine, network, {
    ...examples,
    loss: 'squared',
    optimizer: { type: 'sgd' },
    learningRate: 0.1,
    batchSize: 4,
    budget: { steps: 7 },
    targetValue: undefined,
    resume: undefined,
    order (epoch) {
      asked.push(epoch)
      return openStream(1, 'order', epoch).permutation(10)
    }
  })
  while (!learner.stop) learner.step()
  assert.deepEqual(asked, [0, 1, 2]) // three batches an epoch: 4, 4, 2
  assert.deepEqual(learner.counts, { steps: 7, functionEvaluations: 7, gradientEvaluations: 7 })
  learner.dispose()
  network.dispose()
})

test('checkData: names optimizers that data cannot have, networks that do not fit, and too much work', () => {
  const short = { inputShape: [28, 28, 1], dtype: 'uint8' as const, classes: 10, trainCount: 5000, testCount: 10 }
  const check = (target: object, optimizer: object, changes: object = {}) =>
    checkData(makeSpec(target, optimizer), describeData({ data: describeClassified({ ...short, ...changes }) })).map(({ path }) => path)
  assert.deepEqual(check({}, { type: 'sgd' }), [])
  for (const type of ['bfgs', 'powell', 'pso']) assert.deepEqual(check({}, { type }), ['spec.optimizers[0].type'])
  assert.deepEqual(check({}, { type: 'lbfgs', hidden: [5] }), ['spec.optimizers[0].hidden'])
  assert.deepEqual(check({ network: { type: 'cnn', layers: [{ type: 'max-pool', size: 8 }, { type: 'max-pool', size: 8 }] } }, { type: 'sgd' }), ['spec.target.network'])
  assert.deepEqual(check({ network: networks.CNN }, { type: 'sgd' }, { inputShape: [784] }), ['spec.target.network'])
  assert.deepEqual(check({}, { type: 'sgd' }, { classes: 1 }), ['spec.data'])
  assert.deepEqual(check({}, { type: 'sgd' }, { trainCount: 3 }), ['spec.data'])
  assert.deepEqual(check({ trainExamples: 2000 }, { type: 'sgd' }, { inputShape: [32, 32, 3] }), ['spec.target.trainExamples'])
  const large = { network: { type: 'cnn' }, trainExamples: 2000, methods: ['projection'] }
  assert.deepEqual(check(large, { type: 'lbfgs' }), ['spec.target.trainExamples'])
  assert.deepEqual(check(large, { type: 'adam' }), [])
})

test('data: texts and values are refused, naming the reference and what there is', () => {
  const spec = makeSmallSpec({}, { type: 'sgd' })
  const [input] = frequencyPrinciple.inputs(spec) as [DataInput]
  assert.deepEqual([input.path, input.name], ['spec.data', 'data'])
  const texts = makeTexts({ train: 20, test: 2 })
  const table = generate({ type: 'nonlinear', train: 20, test: 2, noise: 0, seed: 0 })
  for (const [dataset, rule, got] of [
    [texts, 'must have inputs of image or features', 'tokens [12]'], [table, 'must have a target of classes', 'values (distance in m)']
  ] as const) {
    assert.deepEqual(findMisfit(dataset, input.accepts), { rule, got })
    const { id, fields, counts } = dataset
    const refusal = { code: 'unfit_dataset', detail: `spec.data ${rule}, got ${got}` }
    assert.throws(() => checkData(spec, describeData({ data: { id, fields, counts } })), refusal)
  }
  const embedding = makeSmallSpec({ network: { type: 'embedding' } }, { type: 'sgd' })
  const short = { inputShape: [5], classes: 3, trainCount: 90, testCount: 10 }
  const [violation, ...others] = checkData(embedding, describeData({ data: describeClassified(short) }))
  assert.deepEqual([violation!.path, violation!.got, others], ['spec.target.network', 'embedding', []])
  assert.match(violation!.rule, /embedding reads tokens alone, got features \[5\]/)
})

test('stepsOf and estimateData: epochs become steps, the filter’s kernels bytes', () => {
  const sgd = makeSpec({}, { type: 'sgd', epochs: 3 }).optimizers[0]!
  assert.equal(stepsOf(sgd, 250, 100), 9)
  assert.equal(stepsOf(makeSpec({}, { type: 'adam', epochs: 2 }).optimizers[0]!, 250, 300), 2)
  assert.equal(stepsOf(makeSpec({}, { type: 'adam', steps: 70 }).optimizers[0]!, 250, 100), 70)
  const { steps, bytes } = estimateData(makeSpec({ widths: [0.1] }, { type: 'lbfgs', steps: 30 }), describeClassified({ inputShape: [5], classes: 3, trainCount: 200, testCount: 10 }))
  assert.equal(steps, 30)
  assert.ok(bytes > 8 * 200 ** 2 * 2)
})
