/**
 * Trials of networks: what every kind must do; training and attacks against the closed forms that a linear network has;
 * what is recorded, drawn and stored.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import { decode } from 'fast-png'
import { adversarialBias } from '../../../src/algorithms/adversarial-bias/index.js'
import type { NetworkResult } from '../../../src/algorithms/adversarial-bias/result.js'
import type { AdversarialSpec } from '../../../src/algorithms/adversarial-bias/spec.js'
import type { RunEvent } from '../../../src/algorithms/contract.js'
import { AttackRequest, type AttackResponse } from '../../../src/influence/attack/schema.js'
import { operations } from '../../../src/influence/operations.js'
import { createResponder } from '../../../src/influence/responder.js'
import type { InfluenceResponse, PredictResponse } from '../../../src/influence/schemas.js'
import { openStream } from '../../../src/math/random.js'
import { compileCheck } from '../../../src/routes/validation.js'
import { createNetwork } from '../../../src/tensor/network.js'
import { bundleOf, indexed } from '../../helpers/bundle.js'
import { drive, fillSpec, generateData } from '../../helpers/drive.js'
import { openTestEngine } from '../../tensor/helpers.js'
import { testContract } from '../contract-suite.js'
import { linearWeights, trainLinear, withstanding, type Ball } from './linear-network.js'

const engine = await openTestEngine()

const pictures = {
  type: 'network',
  data: { generator: { type: 'glyphs', classes: 3, train: 48, test: 14, seed: 1 } },
  network: { type: 'cnn', layers: [{ type: 'conv', filters: 4, stride: 2 }, { type: 'batch-norm' }, { type: 'max-pool', size: 2 }, { type: 'dropout', rate: 0.1 }, { type: 'dense', units: 8 }] },
  optimizer: { type: 'adam', learningRate: 0.01, schedule: { type: 'cosine' } },
  epochs: 2,
  batchSize: 16,
  attack: { steps: 2, stepSize: 0.5 },
  evaluation: { radii: [0, 0.05, 0.3], examples: 12, steps: 4, restarts: 2 }
}
const linf = (value: number) => ({ q: 'infinity', radius: { type: 'absolute', value } })

const small = {
  ...pictures,
  data: { generator: { type: 'blobs', classes: 3, features: 4, train: 48, test: 12, spread: 0.5, seed: 1 } },
  network: { type: 'mlp', hidden: [8] }
}

testContract(adversarialBias, { problem: small, trainings: [linf(0.1)], seeds: [0] }, { what: 'networks' })

/** Runs the first trial of a spec. */
async function runTrial (problem: object, training: object) {
  const spec = fillSpec<AdversarialSpec>(adversarialBias, { problem, trainings: [training], seeds: [0] })
  const trial = adversarialBias.plan(spec)[0]!
  const data = generateData(adversarialBias, trial)
  const { events, result } = await drive(adversarialBias, trial, { engine, data })
  return { events, result: (result as { of: NetworkResult }).of, dataset: data.data! }
}

function curveOf (events: readonly RunEvent[], name: string): number[] {
  return events.flatMap(event => event.type === 'metrics' && name in event.values ? [event.values[name]!] : [])
}

const blobs = {
  type: 'network',
  data: { generator: { type: 'blobs', classes: 2, features: 5, train: 40, test: 60, spread: 0.6, seed: 3 } },
  scaling: 'none',
  network: { type: 'softmax' },
  optimizer: { type: 'sgd', learningRate: 0.2 },
  epochs: 8,
  batchSize: 40,
  attack: { steps: 1, stepSize: 1, warmup: 4 },
  evaluation: { radii: [0, 0.2, 0.5], examples: 60, steps: 60, restarts: 1 }
}

const glyphs = { ...blobs, data: { generator: { type: 'glyphs', classes: 2, train: 40, test: 60, noise: 0.5, seed: 3 } }, scaling: 'unit' }

for (const { what, problem, q, ball, radii } of [
  { what: 'l2 balls', problem: blobs, q: 2, ball: 'l2', radii: [0, 0.2, 0.5] },
  { what: 'linf balls', problem: blobs, q: 'infinity', ball: 'linf', radii: [0, 0.2, 0.5] },
  { what: 'linf balls within the box of bytes', problem: glyphs, q: 'infinity', ball: 'linf', radii: [0, 0.1, 0.2] }
] as { what: string, problem: object, q: unknown, ball: Ball, radii: number[] }[]) {
  test(`runNetwork: of a linear network and ${what} the weights are those of the closed form, and so is who withstands`, async () => {
    const radius = radii[1]!
    const asked = { ...problem, evaluation: { ...blobs.evaluation, radii } }
    const { events, result, dataset } = await runTrial(asked, { q, radius: { type: 'absolute', value: radius } })
    const model = events.find(event => event.type === 'model') as Extract<RunEvent, { type: 'model' }>
    const fresh = createNetwork(engine, model.network, openStream(0, 'init'))
    const first = linearWeights(fresh.save())
    fresh.dispose()
    const grown = Array.from({ length: 8 }, (_, epoch) => radius * Math.min(1, epoch / 4)) // a step an epoch
    const expected = trainLinear(first, dataset.train, { ball, rate: 0.2, radii: grown })
    const last = events.flatMap(event => event.type === 'checkpoint' ? [event.arrays] : []).at(-1)!
    const found = linearWeights(last)
    found.forEach((value, i) => assert.ok(Math.abs(value - expected.weights[i]!) < 1e-5, `weight ${i}: ${value}, not ${expected.weights[i]}`))
    curveOf(events, 'robustLoss').forEach((loss, i) => assert.ok(Math.abs(loss - expected.losses[i]!) < 1e-5, `loss ${i}: ${loss}, not ${expected.losses[i]}`))
    assert.deepEqual(curveOf(events, 'radius'), grown)

    const shares = radii.map(size => withstanding(found, dataset.test, { ball, radius: size }))
    assert.ok(shares[0]! > shares[1]! && shares[1]! > shares[2]!, `the radii tell examples apart: ${shares}`)
    assert.deepEqual(result.curve.map(({ accuracy }) => accuracy), shares)
    assert.deepEqual(result.epochs.at(-1)!.robust, shares)
    assert.equal(curveOf(events, 'robustError').at(-1), 1 - shares[1]!)
  })
}

test('runNetwork: a radius that is not there, that is 0, or that has not begun to grow is clean training to the bit', async () => {
  const weights = async (training: object, warmup = 0) => {
    const problem = { ...small, batchSize: 48, epochs: 1, evaluation: { radii: [0] }, attack: { ...small.attack, warmup } }
    const { events, result } = await runTrial(problem, training)
    assert.deepEqual([result.checks, result.curve.length], [[], 1], 'nothing is attacked')
    return events.flatMap(event => event.type === 'checkpoint' ? [event.arrays] : []).at(-1)
  }
  const clean = await weights({})
  assert.deepEqual(await weights(linf(0)), clean)
  assert.deepEqual(await weights(linf(0.2), 1), clean)
  assert.notDeepEqual(await weights(linf(0.2)), clean)
})

test('runNetwork: every epoch is measured at every radius, the end harder, and the attack is checked at the nearest radius', async () => {
  const { events, result } = await runTrial(pictures, linf(0.1))
  const { accuracy, curve, epochs, checks, examples, radius, parameters } = result
  assert.deepEqual([examples, radius, epochs.map(({ epoch }) => epoch)], [12, 0.1, [1, 2]])
  assert.deepEqual(curve.map(point => point.radius), [0, 0.05, 0.3])
  assert.ok(parameters > 100)
  assert.ok(Math.abs(accuracy - 1 + curveOf(events, 'error').at(-1)!) < 1e-12)
  for (const [i, size] of [0, 0.05, 0.3].entries()) {
    assert.deepEqual(curveOf(events, `robustAccuracy/${size}`), epochs.map(({ robust }) => robust[i]))
    assert.ok(curve[i]!.accuracy <= epochs.at(-1)!.robust[i]! + 1 / 12, 'more steps and starts are no weaker')
  }
  assert.equal(curve[0]!.accuracy, epochs.at(-1)!.robust[0])
  assert.deepEqual(checks.map(({ name }) => name), ['more-steps', 'one-step', 'noise', 'wide-radius'])
  const said = `${(100 * curve[1]!.accuracy).toFixed(1)} % right after 4 steps`
  assert.ok(checks[0]!.evidence.startsWith(said), `${checks[0]!.evidence}; at 0.05, not at 0.3: ${said}`)
  assert.ok(curve[1]!.accuracy > curve[2]!.accuracy)
  assert.equal(curveOf(events, 'robustError').length, 0, '0.1 is not among the radii')
  const speeds = events.filter(event => event.type === 'metrics' && 'samplesPerSecond' in event.values)
  assert.equal(speeds.length, 0, 'drive() leaves timings out')

  const sheets = events.flatMap(event => event.type === 'artifact' ? [event] : [])
  assert.deepEqual(sheets.map(({ name, step }) => [name, step]), [['attacked', 6]])
  const { width, height } = decode(sheets[0]!.bytes)
  assert.deepEqual([width, height], [12 * (2 * 28 + 2) + 2, 3 * (2 * 28 + 2) + 2])
})

test('runNetwork: the network is stored, its checkpoints with what they count, and answers predict, influence and attack', async () => {
  const { events, result, dataset } = await runTrial(pictures, linf(0.1))
  const responder = createResponder(engine)
  const bundle = await indexed(responder, bundleOf(events, dataset))
  assert.deepEqual(bundle.checkpoints.map(({ step, interval }) => [step, interval!.from, interval!.to]), [[3, 0, 3], [6, 3, 6]])
  const ask = async <Response> (name: keyof typeof operations, request: object) =>
    await responder.answer(operations[name], bundle, request) as Response
  const queries = Array.from({ length: 14 }, (_, index) => ({ split: 'test', index }))
  const { results } = await ask<PredictResponse>('predict', { queries })
  const right = results.filter((one, i) => one.head === 'classes' && one.label === dataset.test.arrays.target![i]).length
  assert.equal(right / 14, result.accuracy)
  const influence = await ask<InfluenceResponse>('influence', { queries: [{ split: 'test', index: 0 }], topK: 3 })
  assert.equal(influence.results[0]!.proponents.length, 3)
  assert.match(influence.index.notes.join(' '), /an adversary moved the examples of every step/)
  const request = { examples: { count: 12 }, norm: 'linf', radius: 0.05, steps: 4, restarts: 2 }
  assert.deepEqual(compileCheck(AttackRequest)(request), [])
  const { cleanAccuracy, robustAccuracy } = await ask<AttackResponse>('attack', request)
  assert.equal(cleanAccuracy, result.curve[0]!.accuracy)
  assert.ok(robustAccuracy <= cleanAccuracy && Math.abs(robustAccuracy - result.curve[1]!.accuracy) <= 1 / 12, 'other starts')
  responder.close()
})
