/**
 * What every kind must do: tests over one of them, in this process. contract.test.ts runs them over the registry, a kind
 * of tests has them run from its own test file.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import { declarationOf, type Algorithm, type FinishedTrial, type RunEvent, type TrialDefinition } from '../../src/algorithms/contract.js'
import { allowsNonFinite, checkOutcome } from '../../src/algorithms/outcomes.js'
import type { Dataset } from '../../src/datasets/dataset.js'
import { openStream } from '../../src/math/random.js'
import { compileCheck } from '../../src/routes/validation.js'
import { decodeSafetensors, encodeSafetensors } from '../../src/storage/safetensors.js'
import { createNetwork } from '../../src/tensor/network.js'
import { drive, driveInPieces, fillSpec, fingerprint, generateData, type Driven } from '../helpers/drive.js'
import { describeData } from '../helpers/inputs.js'
import { openTestEngine } from '../tensor/helpers.js'

const engine = await openTestEngine()

interface Smallest {
  trial: TrialDefinition
  spec: unknown
  driven: Driven
  /** the same again, with snapshots of some boundaries and of the one that ends the beginning */
  kept: Driven
  /** tensors that it left behind */
  left: number
}

/**
 * Tests a kind.
 * @param smallestSpec of which the first trial is run, often: small, with data from generators alone unless they are given
 * @param given.what   of several specs of a kind, which one this is
 * @param given.data   what the spec's references to data sets name
 */
export function testContract (
  algorithm: Algorithm, smallestSpec: unknown, given: { what?: string, data?: Record<string, Dataset> } = {}
): void {
  const kind = given.what === undefined ? algorithm.kind : `${algorithm.kind} of ${given.what}`
  const dataOf = (trial: TrialDefinition) => given.data ?? generateData(algorithm, trial)
  let running: Promise<Smallest> | undefined

  /** The first trial, run twice for all tests: undisturbed, and once more with snapshots. */
  async function smallest (): Promise<Smallest> {
    return await (running ??= start())
  }

  async function start (): Promise<Smallest> {
    const spec = fillSpec(algorithm, smallestSpec)
    const trial = algorithm.plan(spec)[0]!
    const run = async (keep: number[] = []) => await drive(algorithm, trial, { engine, data: dataOf(trial), keep })
    const driven = await run()
    const before = engine.tensorCount()
    const kept = await run([...sample(driven.boundaries, isDeterministic(trial) ? 8 : 3), ...driven.beginnings])
    return { trial, spec, driven, kept, left: engine.tensorCount() - before }
  }

  function isDeterministic (trial: TrialDefinition): boolean {
    return algorithm.needs(trial, describeData(dataOf(trial))).deterministic
  }

  test(`${kind}: an unknown field is refused at every depth of the spec`, async () => {
    const { spec } = await smallest()
    const check = compileCheck(algorithm.spec, { root: 'spec' })
    const refusals = addFieldEverywhere(spec).filter(({ changed }) => check(changed).length === 0).map(({ at }) => at)
    assert.deepEqual(refusals, [])
  })

  test(`${kind}: the smallest preset runs to the end and its result fits its schema, also as JSON`, async () => {
    const { driven: { result } } = await smallest()
    assert.deepEqual(compileCheck(algorithm.result, { root: 'result' })(structuredClone(result)), [])
    assert.deepEqual(JSON.parse(JSON.stringify(result)), result)
    checkOutcome(algorithm, result)
    assert.deepEqual(longTexts(result), [], 'pictures are artifacts')
  })

  test(`${kind}: only declared metrics are emitted, all finite, their steps never go back`, async () => {
    const { driven: { events } } = await smallest()
    const emitted = eventsOf(events, 'metrics')
    assert.ok(emitted.length > 0)
    const last = new Map<string, number>()
    for (const { step, values } of emitted) {
      for (const [name, value] of Object.entries(values)) {
        assert.ok(declarationOf(algorithm.metrics, name), `${name} is not declared`)
        assert.ok(Number.isFinite(value) || allowsNonFinite(algorithm), `${name} is ${value}`)
        assert.ok(step > (last.get(name) ?? -1), `${name} goes from step ${last.get(name)} to ${step}`)
        last.set(name, step)
      }
    }
  })

  test(`${kind}: progress grows to its end, which is what needs() said`, async () => {
    const { driven: { events }, trial } = await smallest()
    const emitted = eventsOf(events, 'progress')
    const { steps } = algorithm.needs(trial, describeData(dataOf(trial))).estimate
    emitted.forEach(({ done, of }, i) => assert.ok(done > (emitted[i - 1]?.done ?? 0) && done <= of && of === steps, `${done} of ${of}, ${steps} steps`))
    const { done, of } = emitted.at(-1)!
    assert.ok(done >= 0.98 * of, `${done} of ${of}`)
  })

  test(`${kind}: a model is announced before its checkpoints, whose weights survive a file and a network to the bit`, async () => {
    const { driven: { events }, trial } = await smallest()
    const models = new Map<string, Extract<RunEvent, { type: 'model' }>>()
    const lastSteps = new Map<string, number>()
    for (const event of events) {
      if (event.type === 'model') models.set(event.name, event)
      if (event.type === 'influence') assert.ok(models.has(event.model))
      if (event.type !== 'checkpoint') continue
      const model = models.get(event.model)
      assert.ok(model, `${event.model} is unknown`)
      assert.ok(event.step > (lastSteps.get(event.model) ?? -1))
      const { trainingView, fields } = model
      assert.ok(trainingView === undefined
        ? fields !== undefined
        : algorithm.inputs(trial.spec).some(({ name, kind }) => kind === 'data' && name === trainingView.data))
      lastSteps.set(event.model, event.step)
      const { arrays } = decodeSafetensors(encodeSafetensors(event.arrays, {}))
      const network = createNetwork(engine, model.network, openStream(1, 'other weights'))
      network.load(arrays)
      assert.equal(fingerprint(network.save()), fingerprint(event.arrays))
      network.dispose()
    }
    for (const name of models.keys()) assert.ok(lastSteps.has(name), `model ${name} has no checkpoint`)
  })

  test(`${kind}: the same seed gives the same events and another one others, or no run repeats another`, async () => {
    const { driven, trial, kept } = await smallest()
    if (!isDeterministic(trial)) {
      assert.notEqual(fingerprint(kept.events), fingerprint(driven.events))
      return
    }
    assert.equal(fingerprint(kept.events), fingerprint(driven.events))
    assert.equal(fingerprint(kept.result), fingerprint(driven.result))
    const other = { ...trial, seed: trial.seed + 1 }
    const cancelAfter = Math.ceil((driven.events.length + driven.boundaries) / 2)
    const { events } = await drive(algorithm, other, { engine, data: dataOf(other), cancelAfter })
    assert.notEqual(fingerprint(events), fingerprint(driven.events.slice(0, events.length)))
  })

  test(`${kind}: canceled at any event it leaves no tensor behind`, async () => {
    const { driven: { events, boundaries }, trial, left } = await smallest()
    assert.equal(left, 0, 'run to the end')
    const data = dataOf(trial)
    const before = engine.tensorCount()
    for (const cancelAfter of sample(events.length + boundaries, 4).map(position => position + 1)) {
      await drive(algorithm, trial, { engine, data, cancelAfter })
      assert.equal(engine.tensorCount(), before, `canceled after ${cancelAfter} events`)
    }
  })

  test(`${kind}: taken up from any boundary it goes on as if nothing had happened, to the bit where it repeats itself`, async () => {
    const { kept, trial } = await smallest()
    const data = dataOf(trial)
    const cuts = [...kept.snapshots.values()]
    assert.ok(cuts.length > 0)
    if (!isDeterministic(trial)) {
      for (const { state, events } of cuts) {
        const rest = await drive(algorithm, trial, { engine, data, resume: state })
        assert.equal(shapeOf(rest.events), shapeOf(kept.events.slice(events)), `after ${events} events`)
      }
      return
    }
    const before = engine.tensorCount()
    const pieces = await driveInPieces(algorithm, trial, { engine, data }, cuts.map(({ events }) => events))
    assert.equal(fingerprint(pieces.events), fingerprint(kept.events))
    assert.equal(fingerprint(pieces.result), fingerprint(kept.result))
    assert.equal(engine.tensorCount(), before)
  })

  test(`${kind}: a trial that has its beginning in common with another one goes on from that of the other as it would have, to the bit`, async () => {
    const { driven, kept, trial, spec } = await smallest()
    const keyOf = (one: TrialDefinition) => algorithm.beginning?.(one)
    const other = algorithm.plan(spec).find(one => one.arm !== trial.arm && keyOf(one) === keyOf(trial))
    if (keyOf(trial) === undefined || other === undefined) return
    assert.equal(driven.beginnings.length, 1)
    const { state, events } = kept.snapshots.get(driven.beginnings[0]!)!
    const begun = driven.events.slice(0, events)
    assert.deepEqual(eventsOf(begun, 'model'), [])
    const whole = await drive(algorithm, other, { engine, data: dataOf(other) })
    assert.equal(fingerprint(whole.events.slice(0, events)), fingerprint(begun))
    const rest = await drive(algorithm, other, { engine, data: dataOf(other), resume: structuredClone(state) })
    assert.equal(fingerprint([rest.events, rest.result]), fingerprint([whole.events.slice(events), whole.result]))
  })

  test(`${kind}: the report is pure, is JSON, and says that failed trials decide nothing`, async () => {
    const { driven: { events, result }, trial, spec } = await smallest()
    const metrics: Record<string, { steps: number[], values: number[] }> = {}
    for (const { step, values } of eventsOf(events, 'metrics')) {
      for (const [name, value] of Object.entries(values)) {
        metrics[name] ??= { steps: [], values: [] }
        metrics[name].steps.push(step)
        metrics[name].values.push(value)
      }
    }
    const finished: FinishedTrial<unknown, unknown> = freeze({ id: 'a', definition: trial, state: 'succeeded', result, metrics })
    const report = algorithm.report(freeze(spec), [finished])
    assert.deepEqual(algorithm.report(spec, [finished]), report)
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report)
    assert.ok([true, false, null].includes(report.verdict.holds), 'one seed may decide nothing')
    for (const { columns, rows } of report.tables) for (const row of rows) assert.equal(row.length, columns.length)
    assert.equal(new Set(report.figures.map(figure => figure.name)).size, report.figures.length)
    const artifacts = eventsOf(events, 'artifact')
    for (const figure of report.figures) {
      if ('vegaLite' in figure) continue
      const { trial: of, name, step } = figure.artifact
      assert.ok(of === 'a' && artifacts.some(artifact => artifact.name === name && artifact.step === step), `${figure.name} shows what was yielded`)
    }
    const failed: FinishedTrial<unknown, unknown> = { ...finished, id: 'b', state: 'failed', result: undefined }
    assert.equal(algorithm.report(spec, [finished, failed]).verdict.holds, null)
    assert.equal(algorithm.report(spec, [failed]).verdict.holds, null)
  })
}

/** A few positions spread over 0 .. count - 1, both ends included. */
function sample (count: number, size: number): number[] {
  return [...new Set(Array.from({ length: size }, (_, i) => Math.round(i * (count - 1) / (size - 1))))]
}

function eventsOf<T extends RunEvent['type']> (events: RunEvent[], type: T): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type)
}

/** What is told, where, whatever the numbers. */
function shapeOf (events: RunEvent[]): string {
  return events.map(event => `${event.type} ${'step' in event ? event.step : ''}`).join('\n')
}

/** Texts of a value that nobody would read. */
function longTexts (value: unknown): string[] {
  if (typeof value === 'string') return value.length > 500 || value.startsWith('data:') ? [value.slice(0, 40)] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(longTexts) : []
}

/** The value with a field too much, once for every object in it. */
function addFieldEverywhere (value: unknown, at = 'spec'): { at: string, changed: unknown }[] {
  if (typeof value !== 'object' || value === null) return []
  const deeper = Object.entries(value).flatMap(([name, member]) => addFieldEverywhere(member, `${at}.${name}`)
    .map(({ at, changed }) => ({ at, changed: Array.isArray(value) ? value.with(Number(name), changed) : { ...value, [name]: changed } })))
  return Array.isArray(value) ? deeper : [{ at, changed: { ...value, noSuchField: 1 } }, ...deeper]
}

function freeze<T> (value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  return value
}
