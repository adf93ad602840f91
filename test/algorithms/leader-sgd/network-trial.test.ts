/** Trials whose workers are networks: what every kind must do, what is recorded, and the models that are stored. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { leaderSgd } from '../../../src/algorithms/leader-sgd/index.js'
import type { LeaderResult } from '../../../src/algorithms/leader-sgd/result.js'
import type { LeaderSpec } from '../../../src/algorithms/leader-sgd/spec.js'
import { AttackRequest, type AttackResponse } from '../../../src/influence/attack/schema.js'
import { operations } from '../../../src/influence/operations.js'
import { createResponder } from '../../../src/influence/responder.js'
import type { InfluenceResponse, PredictResponse } from '../../../src/influence/schemas.js'
import { compileCheck } from '../../../src/routes/validation.js'
import { bundleOf, indexed } from '../../helpers/bundle.js'
import { drive, fillSpec, generateData } from '../../helpers/drive.js'
import { openTestEngine } from '../../tensor/helpers.js'
import { testContract } from '../contract-suite.js'
import { smallNetwork } from './small-network.js'

const engine = await openTestEngine()

const small = {
  problem: smallNetwork,
  workers: 3,
  steps: 6,
  records: 3,
  momentum: 0.9,
  weightDecay: 0.001,
  seeds: [0, 1]
}

testContract(leaderSgd, { ...small, methods: [{ type: 'lsgd', tau: 2, leader: { type: 'window', batches: 2 } }] }, { what: 'networks' })

/** Runs the first trial of a spec. */
async function runTrial (given: object) {
  const spec = fillSpec<LeaderSpec>(leaderSgd, given)
  const trial = leaderSgd.plan(spec)[0]!
  const data = generateData(leaderSgd, trial)
  const { events, result } = await drive(leaderSgd, trial, { engine, data })
  return { events, result: result as LeaderResult, dataset: data.data! }
}

test('run of networks: centre and leader are stored, and answer predict, influence and attack as networks that nobody’s gradients moved', async () => {
  const { events, result, dataset } = await runTrial({
    ...small,
    problem: {
      type: 'network',
      data: { generator: { type: 'glyphs', classes: 3, train: 60, test: 12, seed: 1 } },
      network: {
        type: 'cnn',
        layers: [
          { type: 'conv', filters: 4, stride: 2, activation: 'linear', bias: false },
          { type: 'batch-norm', activation: 'relu' },
          { type: 'max-pool', size: 2 },
          { type: 'dense', units: 8 },
          { type: 'dropout', rate: 0.2 }
        ]
      },
      batchSize: 10,
      augmentation: { cropPadding: 1 }
    },
    steps: 20,
    learningRate: 0.02,
    methods: [{ type: 'lsgd', tau: 5, leader: { type: 'held-out', examples: 10 } }]
  })
  const errors = new Map(result.points.map(({ name, error }) => [name, error]))
  assert.deepEqual([result.final, result.mistakes!.length / 12], ['reestimated', errors.get('reestimated')])
  const responder = createResponder(engine)
  const attack = { examples: { count: 12 }, norm: 'linf', radius: 0.2, steps: 3 }
  assert.deepEqual(compileCheck(AttackRequest)(attack), [])
  for (const [model, point] of [['centre', 'reestimated'], ['leader', 'leader']] as const) {
    const bundle = await indexed(responder, bundleOf(events, dataset, model))
    assert.deepEqual(bundle.checkpoints.map(({ step }) => step), [20])
    assert.equal(bundle.trainingView.count, 50, 'held-out examples were not learned from')
    const ask = async <Response> (name: keyof typeof operations, request: object) =>
      await responder.answer(operations[name], bundle, request) as Response
    const queries = Array.from({ length: 12 }, (_, index) => ({ split: 'test', index }))
    const predicted = await ask<PredictResponse>('predict', { queries })
    const wrong = predicted.results.filter((one, i) => one.head === 'classes' && one.label !== dataset.test.arrays.target![i]).length
    assert.equal(wrong / 12, errors.get(point), model)
    const { method, index, results } = await ask<InfluenceResponse>('influence', { queries: [{ split: 'test', index: 0 }], topK: 3 })
    assert.deepEqual([method, index.weights, index.exact, results[0]!.proponents.length], ['gradient-product', 'none', false, 3])
    assert.match(index.notes[0]!, /follow from lsgd/)
    const { cleanAccuracy, robustAccuracy } = await ask<AttackResponse>('attack', attack)
    assert.ok(Math.abs(cleanAccuracy - (1 - wrong / 12)) < 1e-9 && robustAccuracy <= cleanAccuracy)
    responder.forget(bundle)
  }
  responder.close()
})

test('run of networks: lambda 0 is independent training to the bit, and one worker is SGD', async () => {
  const curves = async (method: object, changes: object = {}) => {
    const { events, result } = await runTrial({ ...small, ...changes, methods: [method] })
    const losses = events.flatMap(event => event.type === 'metrics'
      ? [Object.entries(event.values).filter(([name]) => /^(workerLoss|centreLoss|spread)/.test(name))]
      : [])
    return { losses, workers: result.workers.map(({ loss }) => loss) }
  }
  assert.deepEqual(await curves({ type: 'lsgd', lambda: 0, tau: 2 }), await curves({ type: 'independent' }))
  const single = await curves({ type: 'sgd' })
  assert.deepEqual(await curves({ type: 'lsgd', tau: 2 }, { workers: 1 }), single)
  assert.deepEqual(await curves({ type: 'local-sgd', tau: 2 }, { workers: 1 }), single)
  assert.notDeepEqual(await curves({ type: 'lsgd', tau: 2 }), await curves({ type: 'independent' }))
})

test('run of networks: every method trains them, in step and apart, and names what stands for it', async () => {
  const finals = {
    leader: ['sgd', 'independent'],
    average: ['data-parallel', 'lars', 'local-sgd', 'lsgd'],
    centre: ['easgd', 'eamsgd', 'downpour']
  }
  const inStep = Object.values(finals).flat().map(type => ({ type, mode: 'sync' }))
  const apart = ['lsgd', ...finals.centre].map(type => ({ type, mode: 'async' }))
  for (const { type, mode } of [...inStep, ...apart]) {
    const periods = type === 'downpour' ? { push: 2, fetch: 2 } : ['lsgd', 'easgd', 'eamsgd', 'local-sgd'].includes(type) ? { tau: 2 } : {}
    const { result } = await runTrial({ ...small, momentum: 0, records: 1, methods: [{ type, mode, ...periods }] })
    const { outcome, final, points } = result
    assert.equal(outcome, 'finished', type)
    assert.ok(finals[final as keyof typeof finals].includes(type), `${type}: ${final}`)
    for (const { loss, error } of points) assert.ok(loss !== null && loss < 3 && error !== null, JSON.stringify(points))
  }
})
