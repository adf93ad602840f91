import assert from 'node:assert/strict'
import test from 'node:test'
import { claimNames, linearClaims } from '../../../src/algorithms/adversarial-bias/claim-names.js'
import { nameOf } from '../../../src/algorithms/adversarial-bias/arms.js'
import { adversarialBias } from '../../../src/algorithms/adversarial-bias/index.js'
import { describeClassified } from '../../helpers/descriptions.js'
import { describeData, noInputs } from '../../helpers/inputs.js'
import { makeNetworkSpec, makeSpec } from './made-results.js'

const pathsOf = (spec: ReturnType<typeof makeSpec>, inputs = noInputs) => adversarialBias.check!(spec, inputs).map(({ path }) => path)
const linear = (problem: object, ...trainings: object[]) => makeSpec({ problem: { type: 'linear', ...problem }, trainings: trainings.length > 0 ? trainings : [{}] })
const blobs = describeData({ data: describeClassified({ inputShape: [5], classes: 3, trainCount: 60, testCount: 20 }) })
const glyphs = describeData({ data: describeClassified({ inputShape: [12, 12, 1], classes: 10, trainCount: 2000, testCount: 500 }) })

test('check: presets without uploads, and what is complete, are accepted', () => {
  assert.deepEqual(pathsOf(makeSpec({})), [])
  assert.deepEqual(pathsOf(makeNetworkSpec(), blobs), [])
  for (const { spec, needs, name } of adversarialBias.presets) {
    if (needs === undefined) assert.deepEqual(pathsOf(makeSpec(spec), spec.problem.type === 'network' ? glyphs : noInputs), [], name)
  }
})

test('plan: an arm has its own fields in the problem of its trials, and a name that says what it is', () => {
  const spec = linear({}, {}, { radius: { type: 'tuned' }, q: 'infinity', steps: 1000, loss: 'logistic', batch: 8 })
  const [clean, tuned] = adversarialBias.plan(spec)
  assert.deepEqual([clean!.arm, tuned!.arm], ['clean', 'linf tuned, logistic, T 1000, batch 8'])
  assert.deepEqual(tuned!.spec.problem, { ...spec.problem, steps: 1000, loss: 'logistic', batch: 8 })
  assert.equal(tuned!.spec.trainings.length, 1)
  assert.equal(adversarialBias.needs(tuned!, noInputs).estimate.steps, 1100, 'every horizon is a training of its own')
  const network = { type: 'cnn' as const, layers: [{ type: 'conv' as const, filters: 4 }, { type: 'dense' as const, units: 8 }] }
  assert.equal(nameOf({ q: 2, radius: { type: 'absolute', value: 0.5 }, network: network as never }), 'l2 0.5, cnn 4-8')
})

test('check: trainings that are the same, or ask for what their problem has not, are refused where the spec says so', () => {
  const refused = (spec: ReturnType<typeof makeSpec>, path: string, inputs = noInputs) => assert.deepEqual(pathsOf(spec, inputs), [path])
  refused(linear({}, {}, {}), 'spec.trainings[1].name')
  refused(linear({}, { network: { type: 'softmax' } }), 'spec.trainings[0].network')
  refused(linear({ steps: 99 }, { radius: { type: 'tuned' } }), 'spec.problem.steps')
  refused(linear({}, { radius: { type: 'tuned' }, steps: 99 }), 'spec.trainings[0].steps')
  refused(linear({ batch: 41 }), 'spec.problem.batch')
  refused(linear({}, { batch: 41 }), 'spec.trainings[0].batch')
  refused(makeNetworkSpec({ trainings: [{ q: 1 }] }), 'spec.trainings[0].q', blobs)
  refused(makeNetworkSpec({ trainings: [{ radius: { type: 'fraction' } }] }), 'spec.trainings[0].radius.type', blobs)
  refused(makeNetworkSpec({ trainings: [{ steps: 10 }] }), 'spec.trainings[0].steps', blobs)
  refused(makeNetworkSpec({ trainings: [{ network: { type: 'cnn' } }] }), 'spec.trainings[0].network', blobs)
  refused(makeNetworkSpec({}, { optimizer: { type: 'adam', momentum: 0.9 } }), 'spec.problem.optimizer.momentum', blobs)
  refused(makeNetworkSpec({}, { epochs: 2, optimizer: { schedule: { type: 'cosine', warmup: 2 } } }), 'spec.problem.optimizer.schedule.warmup', blobs)
  refused(makeNetworkSpec({}, { epochs: 2, attack: { warmup: 3 } }), 'spec.problem.attack.warmup', blobs)
})

test('check: points and data that do not fit are refused', () => {
  assert.deepEqual(pathsOf(linear({ points: { type: 'given', points: [[1, 2], [3]] } })), ['spec.problem.points.points[1]'])
  assert.deepEqual(pathsOf(linear({ points: { type: 'given', points: [[0, 0]] } })), ['spec.problem.points.points'])
  const classes = (changes: object) => linear({ points: { type: 'classes', data: { catalog: 'mnist' }, positive: '0', negative: '1', ...changes } })
  assert.deepEqual(pathsOf(classes({}), blobs), [])
  assert.deepEqual(pathsOf(classes({ positive: '7' }), blobs), ['spec.problem.points.positive'])
  assert.deepEqual(pathsOf(classes({ negative: '0' }), blobs), ['spec.problem.points.negative'])
  assert.deepEqual(pathsOf(classes({ trainExamples: 61 }), blobs), ['spec.problem.points.trainExamples'])
  assert.deepEqual(pathsOf(makeNetworkSpec({}, { trainExamples: 61, testExamples: 21 }), blobs), ['spec.problem.trainExamples', 'spec.problem.testExamples'])
  assert.deepEqual(pathsOf(makeNetworkSpec({}, { network: { type: 'cnn' } }), blobs), ['spec.problem.network', 'spec.problem.network'])
  assert.deepEqual(pathsOf(makeNetworkSpec({}, { batchSize: 61 }), blobs), ['spec.problem.batchSize'])
  assert.deepEqual([classes({}), makeNetworkSpec()].map(spec => adversarialBias.inputs(spec).map(({ path }) => path)), [['spec.problem.points.data'], ['spec.problem.data']])
  assert.deepEqual(adversarialBias.inputs(linear({})), [])
})

test('check: a claim without what it compares is refused', () => {
  const bare = linear({ points: { type: 'random' } }, { radius: { type: 'absolute', value: 0 }, loss: 'logistic' })
  for (const claim of claimNames) {
    assert.ok(pathsOf({ ...bare, claims: [claim] }).length > 0, claim)
    if (linearClaims.some(name => name === claim)) assert.deepEqual(pathsOf({ ...makeNetworkSpec(), claims: [claim] }, blobs), ['spec.claims[0]'])
  }
  const tuned = (steps: number) => linear({ steps }, {}, { radius: { type: 'tuned' } })
  assert.deepEqual(pathsOf({ ...tuned(1000), claims: ['faster'] }), [])
  assert.deepEqual(pathsOf({ ...tuned(2000), claims: ['faster'] }), ['spec.trainings'], 'there is no horizon at T / 10')
  const two = linear({ points: { type: 'given', points: [[3, 1], [2, 6]] } })
  assert.deepEqual(pathsOf({ ...two, claims: ['limit'] }), ['spec.problem.points.points'])
  const moved = { radius: { type: 'absolute', value: 0.25 } }
  assert.deepEqual(pathsOf({ ...makeNetworkSpec({ trainings: [{}, moved] }), claims: ['robust'] }, blobs), ['spec.problem.evaluation.radii'])
  assert.deepEqual(pathsOf({ ...makeNetworkSpec({ trainings: [{ q: 'infinity' }, moved] }, { evaluation: { radii: [0.25] } }), claims: ['robust'] }, blobs), ['spec.trainings'])
  assert.deepEqual(pathsOf({ ...makeNetworkSpec({ trainings: [moved, { ...moved, network: { type: 'softmax' } }] }), claims: ['wide'] }, blobs), [])
})
