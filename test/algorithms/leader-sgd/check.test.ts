import assert from 'node:assert/strict'
import test from 'node:test'
import { claimNames } from '../../../src/algorithms/leader-sgd/claim-names.js'
import { leaderSgd } from '../../../src/algorithms/leader-sgd/index.js'
import { compileCheck } from '../../../src/routes/validation.js'
import { describeClassified } from '../../helpers/descriptions.js'
import { describeData, noInputs } from '../../helpers/inputs.js'
import { makeNetworkSpec, makeSpec } from './made-results.js'

const pathsOf = (spec: ReturnType<typeof makeSpec>, inputs = noInputs) => leaderSgd.check!(spec, inputs).map(({ path }) => path)
const blobs = describeData({ data: describeClassified({ inputShape: [5], classes: 3, trainCount: 60, testCount: 20 }) })

test('check: what is complete is accepted', () => {
  assert.deepEqual(leaderSgd.check!(makeSpec(), noInputs), [])
  assert.deepEqual(leaderSgd.check!(makeNetworkSpec(), blobs), [])
})

test('spec: constants out of their bounds, and names that nobody sees, are refused where they stand', () => {
  const validate = compileCheck(leaderSgd.spec, { root: 'spec' })
  const refused = (changes: object, path: string) =>
    assert.deepEqual(validate(structuredClone({ problem: { type: 'quadratic' }, ...changes })).map(violation => violation.path), [path], JSON.stringify(changes))
  const method = (field: string, value: unknown, type = 'lsgd') => refused({ methods: [{ type, [field]: value }] }, `spec.methods[0].${field}`)
  for (const tau of [0, 1.5, '16']) method('tau', tau)
  for (const lambda of [-0.1, 1.1, NaN]) method('lambda', lambda)
  for (const name of [' ', ' lsgd', 'l\nsgd']) method('name', name)
  for (const workers of [0, 1000]) method('workers', workers)
  for (const workers of [0, 1000]) refused({ workers }, 'spec.workers')
  method('groups', 0)
  method('lambda', 0.1, 'easgd')
  method('delta', 1, 'eamsgd')
  method('push', 0, 'downpour')
  refused({ execution: { type: 'simulated', threads: 2 } }, 'spec.execution.threads')
})

test('check: a method that asks for what does not go together is refused where the spec says so', () => {
  const refused = (method: object, path: string, changes: object = {}) =>
    assert.deepEqual(pathsOf(makeNetworkSpec({ methods: [{ type: 'sgd' }, method], ...changes })), [path], JSON.stringify(method))
  refused({ type: 'sgd' }, 'spec.methods[1].name')
  refused({ type: 'lsgd', name: 'sgd' }, 'spec.methods[1].name')
  refused({ type: 'lsgd', groups: 3 }, 'spec.methods[1].groups')
  refused({ type: 'lsgd', groups: 2, tau: 3, tauG: 4 }, 'spec.methods[1].tauG')
  refused({ type: 'downpour', push: 3, fetch: 4 }, 'spec.methods[1].fetch')
  refused({ type: 'eamsgd' }, 'spec.methods[1].momentum', { momentum: 0.9 })
  refused({ type: 'sgd', name: 'two', workers: 2 }, 'spec.methods[1].workers')
  refused({ type: 'local-sgd' }, 'spec.mode', { mode: 'async' })
  refused({ type: 'lars', mode: 'async' }, 'spec.methods[1].mode')
  assert.deepEqual(pathsOf(makeNetworkSpec({ methods: [{ type: 'lsgd', tau: 3, tauG: 4 }, { type: 'eamsgd', momentum: 0 }], momentum: 0.9 })), [], 'of one group tauG says nothing')
  assert.deepEqual(pathsOf(makeNetworkSpec({ methods: [{ type: 'sgd' }, { type: 'independent' }, { type: 'downpour' }], mode: 'async' })), [], 'who is alone waits for nobody')
})

test('check: a problem that its workers, its methods or the execution do not fit is refused', () => {
  const given = (points: number[][]) => ({ problem: { type: 'sinc', starts: { type: 'given', points } } })
  assert.deepEqual(pathsOf(makeSpec(given([[1, 2], [3, 4]]))), ['spec.problem.starts.points'])
  assert.deepEqual(pathsOf(makeSpec({ ...given([[1, 2], [3, 4]]), workers: 2, methods: [{ type: 'sgd' }, { type: 'lsgd' }] })), [])
  const completion = (size: number, rank: number) => pathsOf(makeSpec({ problem: { type: 'matrix-completion', size, rank } }))
  assert.deepEqual([completion(5, 6), completion(5, 5)], [['spec.problem.rank'], []])
  assert.deepEqual([completion(500, 161), completion(500, 160)], [['spec.problem.rank'], []], 'a step would take seconds')
  assert.deepEqual(pathsOf(makeSpec({ methods: [{ type: 'lsgd', leader: { type: 'held-out' } }] })), ['spec.methods[0].leader.type'])
  assert.deepEqual(pathsOf(makeSpec({ methods: [{ type: 'lars' }] })), ['spec.methods[0].type'])
  const random = { problem: { type: 'sinc', starts: { type: 'random', repeats: 2 } } }
  assert.deepEqual(pathsOf(makeSpec(random)), [])
  assert.deepEqual(pathsOf(makeSpec({ ...random, execution: { type: 'parallel' } })), ['spec.problem.starts.repeats'])
  assert.deepEqual(pathsOf(makeNetworkSpec({ execution: { type: 'parallel' } }, { slots: 2 })), ['spec.problem.slots'])
})

test('check: data of another kind, too few for the workers, or no pictures where they are to be moved are refused', () => {
  assert.deepEqual(pathsOf(makeNetworkSpec({}, { batchSize: 16 }), blobs), ['spec.problem.batchSize', 'spec.problem.batchSize'], 'easgd and lsgd have 15 each')
  assert.deepEqual(pathsOf(makeNetworkSpec({}, { batchSize: 16, share: 'full' }), blobs), [])
  assert.deepEqual(pathsOf(makeNetworkSpec({ methods: [{ type: 'lsgd', leader: { type: 'held-out', examples: 60 } }] }), blobs), ['spec.methods[0].leader.examples'])
  assert.deepEqual(pathsOf(makeNetworkSpec({ methods: [{ type: 'lsgd', leader: { type: 'held-out', examples: 29 } }] }), blobs), ['spec.problem.batchSize'], '31 are left for four')
  assert.deepEqual(pathsOf(makeNetworkSpec({}, { augmentation: { flip: true } }), blobs), ['spec.problem.augmentation'])
  assert.deepEqual(pathsOf(makeNetworkSpec({}, { network: { type: 'cnn' } }), blobs), ['spec.problem.network'])
  assert.deepEqual(pathsOf(makeNetworkSpec({}, { trainExamples: 61, testExamples: 21 }), blobs), ['spec.problem.trainExamples', 'spec.problem.testExamples'])
  const [input] = leaderSgd.inputs(makeNetworkSpec())
  assert.deepEqual([input!.path, input!.kind === 'data' && input!.accepts.target], ['spec.problem.data', ['classes']])
  assert.deepEqual(leaderSgd.inputs(makeSpec()), [])
})

test('check: a claim without what it compares is refused', () => {
  for (const claim of claimNames) {
    const problem = claim === 'all-lead' ? makeSpec().problem : { type: 'double-well' }
    assert.ok(pathsOf(makeSpec({ problem, methods: [{ type: 'independent' }], claims: [claim] })).length > 0, claim)
  }
  const quadratic = { problem: { type: 'quadratic' }, methods: [{ type: 'lsgd' }] }
  assert.deepEqual(pathsOf(makeSpec({ ...quadratic, claims: ['decay'] })), ['spec.schedule.type'])
  assert.deepEqual(pathsOf(makeSpec({ ...quadratic, mode: 'async', claims: ['one-step'] })), ['spec.methods[0].mode'])
  assert.deepEqual(pathsOf(makeSpec({ ...quadratic, workers: 1, claims: ['all-lead'] })), ['spec.methods[0].workers'])
  assert.deepEqual(pathsOf(makeSpec({ claims: ['escapes'] })), ['spec.problem.starts.type'])
  assert.deepEqual(pathsOf(makeNetworkSpec({ claims: ['sooner'] })), ['spec.methods'])
})

test('check: presets without uploads are accepted', () => {
  for (const { spec, needs, name } of leaderSgd.presets) {
    if (needs !== undefined) continue
    const data = describeData({ data: describeClassified({ inputShape: [20], classes: 10, trainCount: 4000, testCount: 1000 }) })
    assert.deepEqual(leaderSgd.check!(spec, spec.problem.type === 'network' ? data : noInputs), [], name)
  }
})

test('plan: an arm per method and seed, what the method says of itself in place of what the spec says', () => {
  const trials = leaderSgd.plan(makeSpec({
    methods: [{ type: 'sgd' }, { type: 'lsgd', workers: 2, learningRate: 0.5, momentum: 0.9, mode: 'sync' }], mode: 'async', seeds: [3, 4]
  }))
  assert.deepEqual(trials.map(({ arm, seed }) => `${arm} ${seed}`), ['sgd 3', 'sgd 4', 'lsgd 3', 'lsgd 4'])
  const [alone, , leader] = trials.map(({ spec: { methods, workers, learningRate, momentum, mode } }) =>
    [methods.length, workers, learningRate, momentum, mode])
  assert.deepEqual(alone, [1, 1, 0.1, 0, 'sync'])
  assert.deepEqual(leader, [1, 2, 0.5, 0.9, 'sync'])
})

test('needs: a crew has no more threads than workers, and only threads that do not meet depend on who comes first', () => {
  const needsOf = (changes: object) => {
    const trial = leaderSgd.plan(makeNetworkSpec({ methods: [{ type: 'lsgd' }], steps: 10, ...changes }))[0]!
    const { slots, threads, crew, engine, deterministic, estimate } = leaderSgd.needs(trial, blobs)
    return [slots, threads, crew, engine, deterministic, estimate.steps]
  }
  assert.deepEqual(needsOf({}), [1, 1, 1, 'tensor', true, 40])
  assert.deepEqual(needsOf({ execution: { type: 'parallel', threads: 8 } }), [4, 1, 4, 'tensor', true, 40])
  assert.deepEqual(needsOf({ execution: { type: 'parallel', threads: 2 }, mode: 'async' }), [2, 1, 2, 'tensor', false, 40])
  assert.deepEqual(needsOf({ execution: { type: 'parallel', threads: 2 }, mode: 'async', methods: [{ type: 'sgd' }] }), [1, 1, 1, 'tensor', true, 10])
  assert.deepEqual(needsOf({ problem: { type: 'sinc', starts: { type: 'random', repeats: 5 } } }), [1, 1, 1, 'float64', true, 200])
})
