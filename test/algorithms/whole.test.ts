/** The kind that uses all of the contract, driven in this process: its numbers, its resuming, what it leaves behind. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { FinishedTrial, ReadModel, RunEvent, TrialDefinition } from '../../src/algorithms/contract.js'
import { compileCheck } from '../../src/routes/validation.js'
import { openStream } from '../../src/math/random.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { createNetwork } from '../../src/tensor/network.js'
import { drive, fillSpec, fingerprint, generateData, type Driven } from '../helpers/drive.js'
import { describeData } from '../helpers/inputs.js'
import { whole, WholeResult, type WholeSpec } from '../kinds/whole/index.js'
import { openTestEngine } from '../tensor/helpers.js'
import { testContract } from './contract-suite.js'

const engine = await openTestEngine()

testContract(whole, whole.presets[0]!.spec)

const modelId = '00000000-0000-7000-8000-000000000000'
const architecture: Architecture = { inputShape: [28, 28, 1], layers: [{ type: 'flatten' }, { type: 'dense', units: 2, activation: 'linear' }] }

/** A stored model of two outputs. */
function makeTeacher (): ReadModel {
  const network = createNetwork(engine, architecture, openStream(5, 'teacher'))
  const arrays = network.save()
  network.dispose()
  const fields = { inputs: { type: 'image', shape: [28, 28, 1], dtype: 'uint8' }, target: { type: 'classes', names: ['a', 'b'] } } as const
  const preprocessing = { offset: 0, scale: 1 / 255 }
  return { description: { id: modelId, step: 3, kind: 'tracin', name: 'teacher', architecture, preprocessing, fields: structuredClone(fields) as never }, arrays }
}

const spec = fillSpec<WholeSpec>(whole, { ...whole.presets[0]!.spec, teacher: { modelId, step: 3 }, arms: ['strict', 'loose'] })
const [strict, loose] = whole.plan(spec) as [TrialDefinition<WholeSpec>, TrialDefinition<WholeSpec>]
const models = { teacher: makeTeacher() }
const data = generateData(whole, strict)
let undisturbed: Promise<Driven> | undefined
const runStrict = async () => await (undisturbed ??= drive(whole, strict, { engine, data, models, keep: [0, 1, 2] }))

type Checkpoint = Extract<RunEvent, { type: 'checkpoint' }>
const checkpointsOf = ({ events }: Driven, model: string): Checkpoint[] =>
  events.filter((event): event is Checkpoint => event.type === 'checkpoint' && event.model === model)

test('whole: the second thread’s average is that of the first one’s weights and statistics, to the bit', async () => {
  const driven = await runStrict()
  const announced = driven.events.find(event => event.type === 'model')!
  const network = createNetwork(engine, announced.network, openStream(1, 'init'))
  const expected = network.save()
  network.dispose()
  const trained = checkpointsOf(driven, 'network')
  assert.equal(trained.length, 3)
  for (const { arrays } of trained) {
    for (const [name, { data }] of Object.entries(expected)) {
      data.forEach((value, i) => { data[i] = 0.5 * value + 0.5 * arrays[name]!.data[i]! })
    }
  }
  const [average] = checkpointsOf(driven, 'average')
  assert.ok('layer1.variance' in expected && average!.arrays['layer1.variance']!.data.some(value => value !== 1), 'statistics are among them')
  assert.equal(fingerprint(average!.arrays), fingerprint(expected))
})

test('whole: what it learns is what the other model says, of which it has the number of outputs', async () => {
  const driven = await runStrict()
  assert.deepEqual(compileCheck(WholeResult, { root: 'result' })(structuredClone(driven.result)), [])
  const [announced] = driven.events.filter(event => event.type === 'model')
  assert.deepEqual(announced!.network.layers.at(-1), { type: 'dense', units: 2, activation: 'linear' })
  const other = structuredClone(models)
  for (const { data } of Object.values(other.teacher.arrays)) data.fill(0.25)
  assert.notEqual(fingerprint((await drive(whole, strict, { engine, data, models: other })).events), fingerprint(driven.events))
})

test('whole: same events for the same seed, and from any boundary on to the bit', async () => {
  const driven = await runStrict()
  assert.equal(driven.boundaries, 3)
  assert.equal(fingerprint((await drive(whole, strict, { engine, data, models })).events), fingerprint(driven.events))
  for (const [position, { state, events }] of driven.snapshots) {
    const rest = await drive(whole, strict, { engine, data, models, resume: state })
    assert.equal(fingerprint(rest.events), fingerprint(driven.events.slice(events)), `from boundary ${position}`)
    assert.equal(fingerprint(rest.result), fingerprint(driven.result), `from boundary ${position}`)
  }
})

test('whole: the attack inside the step changes what is learned', async () => {
  const driven = await runStrict()
  const clean = await drive(whole, { ...strict, spec: { ...spec, radius: 0 } }, { engine, data, models })
  const [attacked, unattacked] = [driven, clean].map(one => fingerprint(checkpointsOf(one, 'network').at(-1)!.arrays))
  assert.notEqual(attacked, unattacked)
})

test('whole: the loose arm says that it is not deterministic, and ends; whatever ends leaves no tensor', async () => {
  const needs = [strict, loose].map(trial => whole.needs(trial, { ...describeData(data), models: { teacher: models.teacher.description } }))
  assert.deepEqual(needs.map(({ deterministic }) => deterministic), [true, false])
  const before = engine.tensorCount()
  const { result, events } = await drive(whole, loose, { engine, data, models })
  assert.deepEqual(compileCheck(WholeResult, { root: 'result' })(structuredClone(result)), [])
  assert.equal(events.at(-1)!.type, 'artifact')
  for (const cancelAfter of [1, 4, 10]) await drive(whole, strict, { engine, data, models, cancelAfter })
  assert.equal(engine.tensorCount(), before)
})

test('whole: the report’s figures name artifacts of its trials, and failed trials decide nothing', async () => {
  const { result } = await runStrict() as { result: WholeResult }
  const finished: FinishedTrial<WholeSpec, WholeResult> = { id: 'a', definition: strict, state: 'succeeded', result, metrics: {} }
  const { figures, verdict } = whole.report(spec, [finished])
  assert.deepEqual(figures, [{ name: 'kernels-strict', title: 'First kernels, strict', artifact: { trial: 'a', name: 'kernels', step: result.steps } }])
  assert.equal(verdict.holds, result.error < result.baseline)
  assert.equal(whole.report(spec, [finished, { ...finished, id: 'b', state: 'failed', result: undefined }]).verdict.holds, null)
})

test('whole: pictures that do not fit each other or the other model are refused by path', () => {
  const { description } = models.teacher
  const narrow = { ...description, architecture: { ...architecture, inputShape: [8, 8, 1] } }
  const paths = (inputs: Parameters<NonNullable<typeof whole.check>>[1]) => whole.check!(spec, inputs).map(({ path }) => path)
  assert.deepEqual(paths({ ...describeData(data), models: { teacher: description } }), [])
  assert.deepEqual(paths({ ...describeData(data), models: { teacher: narrow } }), ['spec.teacher'])
  const fewer = { ...data.probe!, fields: { ...data.probe!.fields, target: { type: 'classes', names: ['only'] } } } as typeof data.probe
  assert.deepEqual(paths({ data: { ...data, probe: fewer! }, models: {}, artifacts: {} }), ['spec.probe'])
})
