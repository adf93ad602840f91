/** What every kind of the registry must do. Names no kind: a new one is tested without a new line here. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { declarationOf, MOST_CREW, type Algorithm, type FinishedTrial, type RunEvent, type TrialDefinition } from '../../src/algorithms/contract.js'
import { allowsNonFinite } from '../../src/algorithms/outcomes.js'
import { algorithms, findAlgorithm } from '../../src/algorithms/registry.js'
import { projectRoot } from '../../src/paths.js'
import { openStream } from '../../src/math/random.js'
import { compileCheck } from '../../src/routes/validation.js'
import { decodeSafetensors, encodeSafetensors } from '../../src/storage/safetensors.js'
import { createNetwork } from '../../src/tensor/network.js'
import { drive, fillSpec, fingerprint, generateData, type Driven } from '../helpers/drive.js'
import { describeClassified } from '../helpers/descriptions.js'
import { openTestEngine } from '../tensor/helpers.js'
import { describeData } from '../helpers/inputs.js'

const engine = await openTestEngine()

/** The sections of a kind's README, in this order. */
const readmeSections = ['What it asks', 'Spec', 'Metrics', 'Result', 'Differs from the paper', 'Reproduced numbers', 'References']

interface Smallest { trial: TrialDefinition, spec: unknown, driven: Driven, again: () => Promise<Driven> }
const driven = new Map<string, Promise<Smallest>>()

/** The first trial of a kind's smallest preset, run once undisturbed for all tests. */
async function smallest (algorithm: Algorithm): Promise<Smallest> {
  const running = driven.get(algorithm.kind) ?? start()
  driven.set(algorithm.kind, running)
  return await running

  async function start (): Promise<Smallest> {
    const spec = fillSpec(algorithm, algorithm.presets[0]!.spec)
    const trial = algorithm.plan(spec)[0]!
    const everyBoundary = Array.from({ length: 2000 }, (_, i) => i)
    const again = async () => await drive(algorithm, trial, { engine, data: generateData(algorithm, trial), keep: everyBoundary })
    return { trial, spec, driven: await again(), again }
  }
}

/** A few positions spread over 0 .. count - 1, both ends included. */
function sample (count: number, size: number): number[] {
  return [...new Set(Array.from({ length: size }, (_, i) => Math.round(i * (count - 1) / (size - 1))))]
}

function eventsOf<T extends RunEvent['type']> (events: RunEvent[], type: T): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type)
}

interface Schema { description?: string, properties?: Record<string, Schema>, items?: Schema, oneOf?: Schema[], anyOf?: Schema[] }

/** Paths of schema fields without a description: properties, and members of lists. */
function undescribed (schema: unknown, at: string): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { properties = {}, items, oneOf = [], anyOf = [] } = schema as Schema
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      ...(field.description ? [] : [`${at}.${name}`]), ...undescribed(field, `${at}.${name}`)
    ]),
    ...undescribed(items, `${at}[]`),
    ...[...oneOf, ...anyOf].flatMap(member => undescribed(member, at))
  ]
}

for (const algorithm of algorithms) {
  const { kind } = algorithm

  test(`${kind}: is found by the name of its folder, and its README has every section in order`, () => {
    assert.equal(findAlgorithm(kind), algorithm)
    const readme = readFileSync(path.join(projectRoot, 'src', 'algorithms', kind, 'README.md'), 'utf8')
    assert.deepEqual([...readme.matchAll(/^## (.+)$/gm)].map(match => match[1]), readmeSections)
  })

  test(`${kind}: every field of spec and result is named, every field of the spec is described`, () => {
    assert.deepEqual(undescribed(algorithm.spec, 'spec'), [])
    assert.ok(Object.values(algorithm.metrics).every(metric => metric.description && metric.unit))
  })

  test(`${kind}: an unknown field is refused at every depth of the spec`, async () => {
    const { spec } = await smallest(algorithm)
    const check = compileCheck(algorithm.spec, { root: 'spec' })
    const refusals = addFieldEverywhere(spec).filter(({ changed }) => check(changed).length === 0).map(({ at }) => at)
    assert.deepEqual(refusals, [])
  })

  test(`${kind}: every preset fits the schema, names what it predicts, and the first needs only generators`, () => {
    assert.equal(algorithm.presets[0]!.needs, undefined)
    for (const preset of algorithm.presets) {
      assert.ok(preset.predicts && preset.title, preset.name)
      const data = preset.needs === undefined ? {} : { data: { datasetId: '00000000-0000-7000-8000-000000000000' } }
      const spec = fillSpec(algorithm, { ...preset.spec as object, ...data })
      const trials = algorithm.plan(spec)
      assert.ok(trials.length > 0)
      const names = new Set(trials.map(({ arm, seed }) => `${arm} ${seed}`))
      assert.equal(names.size, trials.length, `arms and seeds of ${preset.name} are told apart`)
      const described = describeClassified({ inputShape: [28, 28, 1], dtype: 'uint8', classes: 10, trainCount: 60_000, testCount: 10_000 })
      const inputs = Object.fromEntries(algorithm.inputs(spec).map(({ name }) => [name, described]))
      for (const trial of trials) {
        const { estimate, engine, device, slots, threads, crew } = algorithm.needs(trial, describeData(inputs))
        assert.ok(estimate.steps > 0)
        if (engine === 'float64') assert.deepEqual([device, threads], ['any', 1], 'Float64 kernels run on every lane, one thread each')
        assert.ok(crew >= 1 && crew <= MOST_CREW)
        if (slots !== 'all') assert.equal(slots, crew * Number(threads), 'a slot for each thread that is kept busy')
      }
    }
  })

  test(`${kind}: the smallest preset runs to the end and its result fits its schema, also as JSON`, async () => {
    const { driven: { result } } = await smallest(algorithm)
    assert.deepEqual(compileCheck(algorithm.result, { root: 'result' })(structuredClone(result)), [])
    assert.deepEqual(JSON.parse(JSON.stringify(result)), result)
  })

  test(`${kind}: only declared metrics are told, all finite, their steps never go back`, async () => {
    const { driven: { events } } = await smallest(algorithm)
    const told = eventsOf(events, 'metrics')
    assert.ok(told.length > 0)
    const last = new Map<string, number>()
    for (const { step, values } of told) {
      for (const [name, value] of Object.entries(values)) {
        assert.ok(declarationOf(algorithm.metrics, name), `${name} is not declared`)
        assert.ok(Number.isFinite(value) || allowsNonFinite(algorithm), `${name} is ${value}`)
        assert.ok(step > (last.get(name) ?? -1), `${name} goes from step ${last.get(name)} to ${step}`)
        last.set(name, step)
      }
    }
  })

  test(`${kind}: progress grows to its end, which is what needs() said`, async () => {
    const { driven: { events }, trial } = await smallest(algorithm)
    const told = eventsOf(events, 'progress')
    const { steps } = algorithm.needs(trial, describeData(generateData(algorithm, trial))).estimate
    told.forEach(({ done, of }, i) => assert.ok(done > (told[i - 1]?.done ?? 0) && done <= of && of === steps, `${done} of ${of}, ${steps} steps`))
    const { done, of } = told.at(-1)!
    assert.ok(done >= 0.98 * of, `${done} of ${of}`)
  })

  test(`${kind}: a model is announced before its checkpoints, whose weights survive a file and a network to the bit`, async () => {
    const { driven: { events }, trial } = await smallest(algorithm)
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

  test(`${kind}: the same seed gives the same events, another seed others`, async () => {
    const { driven, trial, again } = await smallest(algorithm)
    if (!algorithm.needs(trial, describeData(generateData(algorithm, trial))).deterministic) return
    const second = await again()
    assert.equal(fingerprint(second.events), fingerprint(driven.events))
    assert.equal(fingerprint(second.result), fingerprint(driven.result))
    const other = { ...trial, seed: trial.seed + 1 }
    const third = await drive(algorithm, other, { engine, data: generateData(algorithm, other) })
    assert.notEqual(fingerprint(third.events), fingerprint(driven.events))
  })

  test(`${kind}: canceled at any event it leaves no tensor behind`, async () => {
    const { driven: { events, boundaries }, trial } = await smallest(algorithm)
    const data = generateData(algorithm, trial)
    const before = engine.tensorCount()
    for (const cancelAfter of sample(events.length + boundaries, 6).map(position => position + 1)) {
      await drive(algorithm, trial, { engine, data, cancelAfter })
      assert.equal(engine.tensorCount(), before, `canceled after ${cancelAfter} events`)
    }
    await drive(algorithm, trial, { engine, data })
    assert.equal(engine.tensorCount(), before, 'run to the end')
  })

  test(`${kind}: taken up from any boundary it goes on to the bit as if nothing had happened`, async () => {
    const { driven, trial } = await smallest(algorithm)
    if (!algorithm.needs(trial, describeData(generateData(algorithm, trial))).deterministic) return
    assert.ok(driven.boundaries > 0)
    for (const position of sample(driven.boundaries, 8)) {
      const { state, events } = driven.snapshots.get(position)!
      const rest = await drive(algorithm, trial, { engine, data: generateData(algorithm, trial), resume: state })
      assert.equal(fingerprint(rest.events), fingerprint(driven.events.slice(events)), `from boundary ${position}`)
      assert.equal(fingerprint(rest.result), fingerprint(driven.result), `from boundary ${position}`)
    }
  })

  test(`${kind}: the report is pure, is JSON, and says that failed trials decide nothing`, async () => {
    const { driven: { events, result }, trial, spec } = await smallest(algorithm)
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
    assert.equal(typeof report.verdict.holds, 'boolean')
    for (const { columns, rows } of report.tables) for (const row of rows) assert.equal(row.length, columns.length)
    assert.equal(new Set(report.figures.map(figure => figure.name)).size, report.figures.length)
    const failed: FinishedTrial<unknown, unknown> = { ...finished, id: 'b', state: 'failed', result: undefined }
    assert.equal(algorithm.report(spec, [finished, failed]).verdict.holds, null)
    assert.equal(algorithm.report(spec, [failed]).verdict.holds, null)
  })
}

test('registry: no source file outside a kind’s folder and the registry names a kind', () => {
  const folder = path.join(projectRoot, 'src')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => /\.(ts|tsx|js|mjs)$/.test(file))
  const mayName = (file: string, kind: string) =>
    file.startsWith(path.join('algorithms', kind) + path.sep) || file.startsWith(path.join('algorithms', 'registry.'))
  const offenders = files.flatMap(file => algorithms
    .filter(({ kind }) => !mayName(file, kind))
    .filter(({ kind }) => new RegExp(`['"\`/]${kind}['"\`/]`).test(readFileSync(path.join(folder, file), 'utf8')))
    .map(({ kind }) => `${file} names ${kind}`))
  assert.deepEqual(offenders, [])
})

test('findAlgorithm: an unknown kind is a problem that lists the known ones', () => {
  assert.throws(() => findAlgorithm('no such kind'), { code: 'unknown_kind' })
})

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
