import assert from 'node:assert/strict'
import test from 'node:test'
import type { RunEvent } from '../../../src/algorithms/contract.js'
import { createRecorder, type RecorderOptions } from '../../../src/algorithms/frequency-principle/record.js'
import { concludeTrial, groupBands, ordersOf } from '../../../src/algorithms/frequency-principle/result.js'

const bands = groupBands([1, 4].map(frequency => ({ key: String(frequency), label: String(frequency), frequency, amplitude: 1 })), 'frequency')

/** Outputs are the errors themselves. */
const options: RecorderOptions = {
  bands,
  measure: outputs => outputs,
  spectrum: outputs => Array.from(outputs, (fit, frequency) => ({ frequency, target: 1, fit })),
  threshold: 0.2,
  perDecade: 10,
  moments: [],
  steps: 1000,
  keepsFits: true,
  resume: undefined
}

/** Steps, and the errors of both bands at them. */
const course: [number, number, number][] = [
  [0, 0.1, 1], [1, 0.5, 1], [2, 0.1, 1], [10, 0.1, 0.1], [20, 0.1, 0.5], [30, 0.1, 0.1], [1000, 0.01, 0.01]
]

function play (changes: Partial<RecorderOptions> = {}, from = course) {
  const recorder = createRecorder({ ...options, ...changes })
  const events = from.flatMap(([step, low, high]) =>
    recorder.record({ step, evaluations: 2 * step, loss: low + high }, Float64Array.of(low, high), {}))
  return { recorder, events }
}

test('createRecorder: moments are the start, the records from which bands stay learned, and the end', () => {
  const { recorder } = play()
  assert.deepEqual(recorder.snapshots().map(({ step, label, fit }) => [step, label, fit]), [
    [0, 'start', [0.1, 1]], [2, 'frequency 1 learned', [0.1, 1]], [30, 'frequency 4 learned', [0.1, 0.1]], [1000, 'end', [0.01, 0.01]]
  ])
})

test('createRecorder: where few bands are learned powers of ten are shown, and steps that were asked for', () => {
  const never = course.map(([step]): [number, number, number] => [step, 0.5, 1])
  const { recorder } = play({ moments: [20] }, never)
  assert.ok(recorder.isDue(20) && recorder.isDue(0) && recorder.isDue(1000) && !recorder.isDue(999))
  assert.deepEqual(recorder.snapshots().map(({ step, label }) => [step, label]), [
    [0, 'start'], [1, 'on the way'], [20, 'asked for'], [1000, 'end']
  ])
})

test('createRecorder: metrics carry an error per band; what is not finite is left out or becomes large', () => {
  const recorder = createRecorder(options)
  const [event] = recorder.record({ step: 0, evaluations: 1, loss: 3 }, Float64Array.of(NaN, 0.5), { gradientNorm: NaN, stepLength: 2 })
  assert.deepEqual(event, { type: 'metrics', step: 0, values: { loss: 3, stepLength: 2, 'spectralError/1': 1e9, 'spectralError/4': 0.5 } })
})

test('createRecorder: the heat map is drawn about ten times over a run that uses its budget', () => {
  const recorder = createRecorder({ ...options, perDecade: 40, steps: 10_000 })
  let pictures = 0
  for (let step = 0; step <= 10_000; step++) {
    if (!recorder.isDue(step)) continue
    pictures += recorder.record({ step, evaluations: step, loss: 1 }, Float64Array.of(1, 1), {}).filter(({ type }) => type === 'artifact').length
  }
  pictures += recorder.finish().length
  assert.ok(pictures >= 9 && pictures <= 11, `${pictures}`)
})

test('createRecorder: no step has two pictures, wherever the run ends', () => {
  for (let records = 1; records < 40; records++) {
    const recorder = createRecorder({ ...options, perDecade: 40, steps: 10_000 })
    const steps: number[] = []
    const note = (events: RunEvent[]) => { for (const event of events) if (event.type === 'artifact') steps.push(event.step) }
    for (let step = 0; step < records; step++) note(recorder.record({ step, evaluations: step, loss: 1 }, Float64Array.of(1, 1), {}))
    note(recorder.finish())
    assert.deepEqual(steps, [...new Set(steps)])
    assert.equal(steps.at(-1), records - 1)
  }
})

test('createRecorder: taken up from its state it goes on as if nothing had happened', () => {
  const whole = play()
  const half = play({}, course.slice(0, 4)).recorder.save()
  const saved = structuredClone({ ...half, arrays: half.arrays })
  const rest = play({ resume: saved }, course.slice(4))
  assert.deepEqual(rest.recorder.snapshots(), whole.recorder.snapshots())
  assert.deepEqual(rest.recorder.history, whole.recorder.history)
  assert.deepEqual([...play({}, course.slice(0, 4)).events, ...rest.events], whole.events)
})

test('ordersOf: bands are compared within their group', () => {
  const pair = (low: string, high: string, group: string) =>
    [low, high].map((key, frequency) => ({ key, label: key, frequency, amplitude: 1, group }))
  const history = { steps: [0, 1, 2], evaluations: [1, 2, 3], losses: [3, 2, 1], errors: [[1, 1, 1, 1], [0, 1, 1, 0], [0, 0, 0, 0]] }
  const { learned, orders, ordered } = ordersOf([...pair('a', 'b', 'first'), ...pair('c', 'd', 'second')], history, 0.5)
  assert.deepEqual(learned.map(passage => passage?.step), [1, 2, 2, 1])
  assert.deepEqual(orders.map(({ group, ordered, swaps, tau }) => [group, ordered, swaps, tau]), [
    ['first', true, 0, 1], ['second', false, 1, -1]
  ])
  assert.equal(ordered, false)
})

test('concludeTrial: is JSON, and what is concluded from keeps its digits', () => {
  const { recorder } = play()
  const result = concludeTrial({
    parameters: 3,
    points: 2,
    bands,
    history: recorder.history,
    threshold: 0.2,
    stop: { reason: 'steps', text: 'done', advice: 'more' },
    counts: { steps: 1000, functionEvaluations: 2000, gradientEvaluations: 0 },
    picture: null,
    target: Float64Array.of(1 / 3, 1),
    spectrum: { frequencies: [0, 1], target: [1, 1] },
    snapshots: recorder.snapshots()
  })
  assert.deepEqual(JSON.parse(JSON.stringify(result)), result)
  assert.deepEqual(result.learned, [{ step: 2, evaluations: 4 }, { step: 30, evaluations: 60 }])
  assert.deepEqual(result.orders, [{
    group: 'frequency', ordered: true, swaps: 0, ratio: 15, pairs: { concordant: 1, discordant: 0, tied: 0, censored: 0 }, tau: 1
  }])
  assert.deepEqual([result.loss, result.target, result.picture], [0.02, [0.333333, 1], null])
})
