/** Runs trials of any kind in this process, the way an executor does: data from generators, snapshots through bytes. */
import { createHash } from 'node:crypto'
import {
  declarationOf, type Algorithm, type FinishedTrial, type ReadModel, type RunContext, type RunEvent, type SnapshotState,
  type TrialDefinition
} from '../../src/algorithms/contract.js'
import type { Dataset } from '../../src/datasets/dataset.js'
import { openStream } from '../../src/math/random.js'
import { allowsNonFinite } from '../../src/algorithms/outcomes.js'
import { compileCheck } from '../../src/routes/validation.js'
import { dataInputs, referenceAt } from '../../src/algorithms/references.js'
import { generateDataset, type GeneratorSpec } from '../../src/datasets/generators/index.js'
import { decodeSafetensors, encodeSafetensors } from '../../src/storage/safetensors.js'
import type { Engine } from '../../src/tensor/engine.js'
import { openTestCrews, type TestCrews } from './crew.js'

export interface DriveOptions {
  /** none when left out: for kinds, or trials, that do without */
  engine?: Engine
  data: Record<string, Dataset>
  /** none when left out */
  models?: Record<string, ReadModel>
  artifacts?: Record<string, Uint8Array>
  resume?: SnapshotState | undefined
  /** positions of boundaries, counted from 0, whose snapshots are wanted */
  keep?: readonly number[]
  /** ends the run, as a cancel does, when so many events have come */
  cancelAfter?: number
  /** ends the run, as a pause does, at the first boundary before which so many events lie, whose snapshot is kept */
  pauseAfter?: number
  /** slots of the lane that it believes it has: 2 when left out */
  slots?: number
  /** a member of its crew whose thread ends when it has looked so often whether the trial has: the first event waits for that */
  dies?: { worker: number, looks: number }
}

export interface Driven {
  /** everything but boundaries, in order, without metrics marked timing: they are outside every equality */
  events: Exclude<RunEvent, { type: 'boundary' }>[]
  boundaries: number
  /** positions of boundaries that end the beginning: one, where it is not taken up there */
  beginnings: number[]
  /** by position of the boundary: the snapshot as it comes back from disk, and how many events lay before it */
  snapshots: Map<number, { state: SnapshotState, events: number }>
  /** undefined when canceled or paused */
  result: unknown
}

/** Fills a spec's defaults. @throws Error listing what does not fit the schema */
export function fillSpec<Spec> (algorithm: Algorithm, spec: unknown): Spec {
  const filled = structuredClone(spec)
  const violations = compileCheck(algorithm.spec, { root: 'spec' })(filled)
  if (violations.length > 0) throw new Error(JSON.stringify(violations))
  return filled as Spec
}

const made = new Map<string, Dataset>()

/** The data of a trial whose data all come from generators; the same spec gives the same arrays. */
export function generateData (algorithm: Algorithm, trial: TrialDefinition): Record<string, Dataset> {
  return Object.fromEntries(dataInputs(algorithm, trial.spec).map(input => {
    const reference = referenceAt(trial.spec, input)
    if (!('generator' in reference)) throw new Error(`Data ${input.name} is not generated`)
    return [input.name, generate(reference.generator)]
  }))
}

/** A generator's data set, made once per process. */
export function generate (spec: GeneratorSpec): Dataset {
  const key = JSON.stringify(spec)
  let dataset = made.get(key)
  if (!dataset) {
    const { description, train, test } = generateDataset(spec)
    dataset = { id: 'generated', ...description, train, test }
    made.set(key, dataset)
  }
  return dataset
}

function openContext (
  trial: TrialDefinition, { engine, data, models = {}, artifacts = {}, resume, slots = 2, dies }: DriveOptions
): { context: RunContext } & Pick<TestCrews, 'gone' | 'close'> {
  const { crew, gone, close } = openTestCrews({ seed: trial.seed, slots, backend: engine?.backend, dies })
  const context: RunContext = {
    random: (purpose, ...keys) => openStream(trial.seed, purpose, ...keys),
    data,
    models,
    artifacts,
    engine: async () => engine ?? await Promise.reject(new Error('The trial was given no engine')),
    clock: () => performance.now() / 1000,
    slots,
    threads: 1,
    crew,
    resume
  }
  return { context, gone, close }
}

/** Runs one trial to its end, or until it is canceled. */
export async function drive (algorithm: Algorithm, trial: TrialDefinition, options: DriveOptions): Promise<Driven> {
  const { keep = [], cancelAfter = Infinity, pauseAfter = Infinity, dies } = options
  const { run } = await algorithm.load()
  const { context, gone, close } = openContext(trial, options)
  const driven: Driven = { events: [], boundaries: 0, beginnings: [], snapshots: new Map(), result: undefined }
  const running = run(trial, context)
  let seen = 0
  try {
    while (seen < cancelAfter) {
      const { done, value } = await running.next()
      if (done) return { ...driven, result: value }
      seen++
      if (value.type !== 'boundary') driven.events.push(withoutTimings(value, algorithm))
      else {
        const position = driven.boundaries++
        if (value.endsBeginning) driven.beginnings.push(position)
        const isPaused = driven.events.length >= pauseAfter
        if (isPaused || keep.includes(position)) {
          driven.snapshots.set(position, { state: throughBytes(value.snapshot()), events: driven.events.length })
        }
        if (isPaused) return driven
      }
      if (dies) await gone(dies.worker)
    }
    return driven
  } finally {
    await running.return(undefined as never)
    await close()
  }
}

/**
 * Runs one trial in pieces, each taken up from the snapshot that the piece before has left: what one loses, all after it lack.
 * @param cuts where pieces end: at the first boundary before which so many events lie, ascending
 */
export async function driveInPieces (
  algorithm: Algorithm, trial: TrialDefinition, options: DriveOptions, cuts: readonly number[]
): Promise<Pick<Driven, 'events' | 'result'>> {
  const events: Driven['events'] = []
  let resume: SnapshotState | undefined
  for (const cut of cuts) {
    const piece = await drive(algorithm, trial, { ...options, resume, pauseAfter: cut - events.length })
    events.push(...piece.events)
    const [last] = [...piece.snapshots.values()].slice(-1)
    if (last === undefined) throw new Error(`The run ends after ${events.length} events, and has no boundary after ${cut}`)
    resume = last.state
  }
  const rest = await drive(algorithm, trial, { ...options, resume })
  return { events: [...events, ...rest.events], result: rest.result }
}

function withoutTimings<Event extends RunEvent> (event: Event, { metrics }: Algorithm): Event {
  if (event.type !== 'metrics') return event
  const values = Object.entries(event.values).filter(([name]) => declarationOf(metrics, name)?.timing !== true)
  return { ...event, values: Object.fromEntries(values) }
}

/** A snapshot as it comes back from disk. */
function throughBytes ({ arrays, values }: SnapshotState): SnapshotState {
  const decoded = decodeSafetensors(encodeSafetensors(arrays, { values: JSON.stringify(values) }))
  return { arrays: decoded.arrays, values: JSON.parse(decoded.metadata.values!) }
}

/** Events or results as text that is equal exactly when they are equal to the bit. */
export function fingerprint (value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (ArrayBuffer.isView(member)) {
      const bytes = new Uint8Array(member.buffer, member.byteOffset, member.byteLength)
      return `${member.constructor.name} ${createHash('sha256').update(bytes).digest('hex')}`
    }
    return typeof member === 'number' && !Number.isFinite(member) ? String(member) : member
  })
}

/**
 * Runs one trial as an executor does: to its end, or to the first metric that is not finite.
 * @returns the result, undefined for the latter, and every recorded metric
 */
export async function runToEnd (
  algorithm: Algorithm, trial: TrialDefinition, options: DriveOptions
): Promise<{ result: unknown, metrics: FinishedTrial<unknown, unknown>['metrics'] }> {
  const { run } = await algorithm.load()
  const { context, close } = openContext(trial, options)
  const running = run(trial, context)
  const metrics: FinishedTrial<unknown, unknown>['metrics'] = {}
  try {
    for (;;) {
      const { done, value } = await running.next()
      if (done) return { result: value, metrics }
      if (value.type !== 'metrics') continue
      for (const [name, number] of Object.entries(value.values)) {
        if (!Number.isFinite(number) && !allowsNonFinite(algorithm)) return { result: undefined, metrics }
        const curve = metrics[name] ??= { steps: [], values: [] }
        curve.steps.push(value.step)
        curve.values.push(number)
      }
    }
  } finally {
    await running.return(undefined as never)
    await close()
  }
}
