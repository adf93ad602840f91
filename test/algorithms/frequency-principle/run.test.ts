import assert from 'node:assert/strict'
import test from 'node:test'
import { frequencyPrinciple } from '../../../src/algorithms/frequency-principle/index.js'
import { compileCheck } from '../../../src/routes/validation.js'
import type { Engine } from '../../../src/tensor/engine.js'
import { parameterShapes } from '../../../src/tensor/architecture.js'
import { createNetwork } from '../../../src/tensor/network.js'
import { makePoints, type FunctionTarget } from '../../../src/algorithms/frequency-principle/function/points.js'
import { openStream } from '../../../src/math/random.js'
import { openTestEngine } from '../../tensor/helpers.js'
import { drive, driveInPieces, fingerprint } from '../../helpers/drive.js'
import { algorithm, learnedSteps, makeSpec, runTrial, sines } from './helpers.js'

const engine = undefined as unknown as Engine // Float64 targets open none

const small = { target: sines([1, 2], { points: 32 }), network: { hidden: [6] } }

async function runOne (changes: object, seed = 0) {
  return await runTrial({ ...frequencyPrinciple.plan(makeSpec({ ...small, ...changes }))[0]!, seed })
}

test('run: records are log-spaced from step 0 to the last, metrics and result tell the same', async () => {
  const { events, result } = await runOne({ optimizers: [{ type: 'gd', steps: 150 }], spectrum: { recordsPerDecade: 4 } })
  const emitted = events.flatMap(event => event.type === 'metrics' ? [event] : [])
  assert.deepEqual(result.history.steps, [0, 1, 2, 3, 6, 10, 18, 32, 56, 100, 150])
  assert.deepEqual(emitted.map(({ step }) => step), result.history.steps)
  assert.deepEqual(emitted.map(({ values }) => values.loss), result.history.losses)
  const known = ['loss', 'gradientNorm', 'stepLength', 'functionEvaluations', 'gradientEvaluations', 'seconds', 'spectralError/1', 'spectralError/2']
  assert.deepEqual(Object.keys(emitted[0]!.values).sort(), known.sort())
  assert.equal(emitted.at(-1)!.values.functionEvaluations! + emitted.at(-1)!.values.gradientEvaluations!, result.history.evaluations.at(-1))
})

test('run: every optimizer ends by its budget of steps or of evaluations and says so', async () => {
  for (const type of ['gd', 'adam', 'cg', 'bfgs', 'lbfgs', 'powell', 'pso']) {
    const bySteps = await runOne({ optimizers: [{ type, steps: 3 }] })
    assert.deepEqual([bySteps.result.stop.reason, bySteps.result.counts.steps], ['steps', 3], type)
    const { result, events } = await runOne({ optimizers: [{ type, evaluations: 130 }] })
    assert.equal(result.stop.reason, 'evaluations', type)
    assert.ok(result.stop.text && result.stop.advice)
    const last = events.findLast(event => event.type === 'progress')!
    assert.deepEqual(last.type === 'progress' && last.done, last.type === 'progress' && last.of, type)
  }
})

test('run: methods without a gradient tell no gradient norm', async () => {
  for (const type of ['powell', 'pso']) {
    const { events } = await runOne({ optimizers: [{ type, steps: 2 }] })
    assert.ok(events.every(event => event.type !== 'metrics' || !('gradientNorm' in event.values)), type)
  }
})

test('run: tolerances end it early', async () => {
  const { result } = await runOne({ optimizers: [{ type: 'bfgs', steps: 5000 }], targetValue: 0.3 })
  assert.equal(result.stop.reason, 'value')
  assert.ok(result.loss <= 0.3)
  assert.equal((await runOne({ optimizers: [{ type: 'bfgs' }], gradientTolerance: 0.5 })).result.stop.reason, 'gradient')
})

test('run: a learning rate that is too large is a finding: numbers stop, what was recorded stands', async () => {
  const { events, result } = await runOne({ optimizers: [{ type: 'gd', learningRate: 100, momentum: 0.99, steps: 5000 }], network: { hidden: [6], activation: 'relu' } })
  assert.equal(result.stop.reason, 'not-finite')
  assert.ok(result.history.losses.every(Number.isFinite))
  assert.deepEqual(compileCheck(frequencyPrinciple.result, { root: 'result' })(structuredClone(result)), [])
  assert.ok(events.some(event => event.type === 'log' && event.level === 'warn'))
})

test('run: all optimizers of a seed start from the same weights, another seed from others', async () => {
  const first = async (type: string, seed: number) => (await runOne({ optimizers: [{ type, steps: 1 }] }, seed)).result.snapshots[0]!.fit
  const weights = await first('bfgs', 0)
  for (const type of ['cg', 'adam', 'powell']) assert.deepEqual(await first(type, 0), weights, type)
  assert.notDeepEqual(await first('bfgs', 1), weights)
})

test('run: an own network of an optimizer is used', async () => {
  const { result } = await runOne({ optimizers: [{ type: 'powell', hidden: [3, 2], steps: 1 }] })
  assert.equal(result.parameters, 2 * 3 + 4 * 2 + 3)
})

test('run: another error measure or threshold leaves the training alone', async () => {
  const plain = await runOne({ optimizers: [{ type: 'bfgs', steps: 30 }] })
  const other = await runOne({ optimizers: [{ type: 'bfgs', steps: 30 }], spectrum: { error: 'magnitude', threshold: 0.9 } })
  assert.deepEqual(other.result.history.losses, plain.result.history.losses)
  assert.notDeepEqual(other.result.history.errors, plain.result.history.errors)
  assert.ok(learnedSteps(other.result)[0]! <= learnedSteps(plain.result)[0]!)
})

test('run: pictures and the step have results that fit the schema', async () => {
  const cases = [{ target: { type: 'image', side: 8, bands: 3 } }, { target: { type: 'step', points: 32 }, spectrum: { frequencies: [1, 3] }, moments: [2] }]
  for (const changes of cases) {
    const { result } = await runOne({ ...changes, optimizers: [{ type: 'lbfgs', steps: 12 }] })
    assert.deepEqual(compileCheck(frequencyPrinciple.result, { root: 'result' })(structuredClone(result)), [])
    assert.deepEqual(result.picture, changes.target.type === 'image' ? { height: 8, width: 8 } : null)
    assert.equal(result.snapshots.at(-1)!.fit.length, result.points)
  }
})

test('run: every optimizer run again, or taken up from any boundary, gives the same to the bit', async () => {
  const optimizers = [
    { type: 'gd', steps: 2500 }, { type: 'adam', steps: 2500 }, { type: 'cg', steps: 800 }, { type: 'bfgs', steps: 1000 },
    { type: 'lbfgs', steps: 1000 }, { type: 'powell', steps: 5 }, { type: 'pso', steps: 60 }, { type: 'pso', name: 'ring', topology: 'ring', steps: 60 }
  ]
  for (const trial of algorithm.plan(makeSpec({ target: sines([1, 3]), network: { hidden: [15] }, optimizers }))) {
    const whole = await drive(algorithm, trial, { engine, data: {}, keep: Array.from({ length: 200 }, (_, i) => i) })
    assert.ok(whole.boundaries >= 2, `${trial.arm} has ${whole.boundaries}`)
    const cuts = [0, Math.floor(whole.boundaries / 2), whole.boundaries - 1].map(position => whole.snapshots.get(position)!.events)
    const pieces = await driveInPieces(algorithm, trial, { engine, data: {} }, cuts)
    assert.equal(fingerprint(pieces.events), fingerprint(whole.events), trial.arm)
    assert.equal(fingerprint(pieces.result), fingerprint(whole.result), trial.arm)
  }
})

test('run: every optimizer stores its network, whose outputs at the points are the fit to float32 accuracy', async () => {
  const tensorEngine = await openTestEngine()
  const cases = [
    ...['gd', 'adam', 'cg', 'bfgs', 'lbfgs', 'powell', 'pso'].map(type => ({ target: sines([1, 2], { points: 32 }), optimizers: [{ type, steps: 8 }] })),
    ...['tanh', 'relu', 'sin', 'sigmoid'].map(activation => ({
      target: { type: 'image', side: 8, bands: 3 }, network: { hidden: [6, 5], activation }, optimizers: [{ type: 'bfgs', steps: 30 }]
    }))
  ]
  for (const changes of cases) {
    const { events, result } = await runOne({ ...changes, checkpoints: 3 })
    const models = events.flatMap(event => event.type === 'model' ? [event] : [])
    const stored = events.flatMap(event => event.type === 'checkpoint' ? [event] : [])
    const name = JSON.stringify(changes)
    assert.equal(models.length, 1, name)
    const { network: architecture, fields, preprocessing, trainingView } = models[0]!
    const { x, y, inputs } = makePoints(makeSpec(changes).target as FunctionTarget)
    assert.deepEqual([architecture.head, architecture.inputShape, trainingView], [{ type: 'values', loss: 'squared' }, [inputs], undefined], name)
    assert.deepEqual([preprocessing, fields!.target?.type], [{ offset: 0, scale: 1 }, 'values'])
    assert.deepEqual([stored[0]!.step, stored.at(-1)!.step], [1, result.history.steps.at(-1)], name)
    assert.deepEqual(Object.keys(stored[0]!.arrays), parameterShapes(architecture).map(({ name }) => name))
    const network = createNetwork(tensorEngine, architecture, openStream(9, 'other weights'))
    network.load(stored.at(-1)!.arrays)
    const points = tensorEngine.tf.tensor2d(Float32Array.from(x), [y.length, inputs])
    const outputs = network.logits(points)
    const fit = result.snapshots.at(-1)!.fit
    const scale = Math.max(1, ...fit.map(Math.abs))
    // six digits are kept of a fit; float32 has seven, less what cancels in sums of up to six terms
    outputs.dataSync().forEach((output, i) => assert.ok(Math.abs(output - fit[i]!) < 5e-5 * scale, `${name}: ${output}, ${fit[i]}`))
    tensorEngine.tf.dispose([points, outputs])
    network.dispose()
  }
})

test('run: checkpoints are log-spaced over the budget, each with the first record from there on, and bounded by the spec', async () => {
  const stepsOf = async (checkpoints: number) => (await runOne({ optimizers: [{ type: 'gd', steps: 1000 }], checkpoints, spectrum: { recordsPerDecade: 4 } }))
    .events.flatMap(event => event.type === 'checkpoint' ? [event.step] : [])
  assert.deepEqual(await stepsOf(2), [1, 1000])
  assert.deepEqual(await stepsOf(4), [1, 10, 100, 1000])
})
