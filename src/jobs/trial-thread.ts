/**
 * Drives one trial inside a Piscina thread: opens its data, pulls the run's events, checks them, numbers them, and
 * obeys the control words at boundaries. Knows nothing of SQL or blobs: everything leaves through the port.
 * Next hop: recorder.ts on the executor's main thread.
 */
import { createHash } from 'node:crypto'
import { allowsNonFinite, checkOutcome } from '../algorithms/outcomes.js'
import { findAlgorithm } from '../algorithms/registry.js'
import type {
  Algorithm, BoundaryEvent, Crew, Dataset, DatasetDescription, ReadModel, RunContext, RunEvent, SnapshotState
} from '../algorithms/contract.js'
import type { NamedArrays } from '../math/arrays.js'
import { AppError, toFailure } from '../errors.js'
import { openStream } from '../math/random.js'
import { decodeDataset } from '../datasets/dataset-file.js'
import { decodeCheckpoint, encodeCheckpoint } from '../storage/checkpoint-file.js'
import { decodeSafetensors, encodeSafetensors } from '../storage/safetensors.js'
import { createCrewWords, viewCrew, type CrewRequest } from './crew.js'
import { viewControl, type ControlView, type Stop } from './control.js'
import { warmUpSteps } from '../tensor/warm-up.js'
import type { EngineFacts } from './devices.js'
import { threadEngine } from './thread-engine.js'
import type { Recordable, TrialEnd, TrialTask, WorkMark } from './messages.js'
import { toModelParts } from './model-parts.js'

export { joinCrew } from './crew-thread.js'

type EngineTask = Pick<TrialTask, 'backend' | 'threads'>

/** Loads the tensor engine before the first trial comes. @returns what was found */
export async function warmUp ({ backend: wanted, threads }: EngineTask): Promise<EngineFacts> {
  const { backend, device, flavour, fallback } = await threadEngine(wanted, threads)
  return { backend, device, flavour, ...(fallback === undefined ? {} : { fallback }) }
}

/** A step of warming-up that was made, and how many there are. */
export interface Warmed { name: string, of: number }

/** Makes one step of warming-up. */
export async function warmGpu ({ backend, threads, step }: EngineTask & { step: number }): Promise<Warmed> {
  const { name, run } = warmUpSteps[step]!
  run(await threadEngine(backend, threads))
  return { name, of: warmUpSteps.length }
}

/** Runs a trial to its end, or to the boundary where it shall stop, or to its failure. */
export default async function runTrial (task: TrialTask): Promise<TrialEnd> {
  const port = openPort(task)
  try {
    const end = await drive(task, port)
    return { ...end, sent: port.sent() }
  } catch (error) {
    // Errors lose their class on the way to another thread: what failed travels as data.
    return { type: 'failed', failure: toFailure(error), sent: port.sent() }
  }
}

type End = { type: 'finished', result: unknown } | { type: 'stopped', why: Stop }

async function drive (task: TrialTask, port: Port): Promise<End> {
  const { granted } = task
  const algorithm = findAlgorithm(task.kind)
  const { run } = await algorithm.load()
  let crew: Crew | undefined
  const context: RunContext = {
    random: (purpose, ...keys) => openStream(task.trial.seed, purpose, ...keys),
    clock: () => performance.now() / 1000,
    data: openData(task),
    models: openModels(task),
    artifacts: openArtifacts(task),
    engine: async () => {
      port.ask({ type: 'work', isAtWork: false })
      const engine = await threadEngine(task.backend, task.threads)
      port.ask({ type: 'work', isAtWork: true })
      port.control.reach() // loading waits for its turn: no silence of the kind
      return engine
    },
    slots: granted.slots,
    threads: granted.threads,
    crew (size, entry, shared, { ifLost = 'break' } = {}) {
      if (crew !== undefined) throw new Error('A run opens its crew once')
      if (!Number.isInteger(size) || size < 1 || size > granted.crew) throw new Error(`A crew must be 1 .. ${granted.crew}, what the trial needs, got ${size}`)
      const words = createCrewWords()
      port.ask({ type: 'crew', size, entry, shared, words, ifLost })
      crew = viewCrew(words, { size, worker: 0, deadlineMs: task.deadlineMs })
      return crew
    },
    resume: task.snapshot === undefined ? undefined : decodeSnapshot(task.snapshot.bytes)
  }
  const events = run(task.trial, context)
  port.ask({ type: 'work', isAtWork: true })
  let ordinal = task.snapshot?.ordinal ?? 0
  try {
    for (;;) {
      const { done, value } = await events.next()
      if (done) {
        checkOutcome(algorithm, value)
        return { type: 'finished', result: value }
      }
      if (value.type === 'boundary') {
        port.control.reach()
        if (crew?.ended()) throw new AppError('crew_broken', 'a thread of its crew ended')
        const stop = port.control.stop()
        const isAsked = stop === 'pause' || stop === 'drain' || stop === 'timeout' || (stop === 'none' && port.control.takeSnapshotRequest())
        if (isAsked || value.endsBeginning) port.send(toSnapshot(value, ordinal, task))
        if (stop !== 'none') return { type: 'stopped', why: stop }
        continue
      }
      port.send(toRecordable(value, ordinal, task))
      ordinal++
      if (value.type === 'metrics') checkFinite(value, algorithm)
    }
  } finally {
    await events.return(undefined as never)
  }
}

interface Port {
  control: ControlView
  send: (item: Recordable) => void
  ask: (request: CrewRequest | WorkMark) => void
  sent: () => number
}

function openPort (task: TrialTask): Port {
  const control = viewControl(task.control)
  let sent = 0
  return {
    control,
    sent: () => sent,
    ask: request => { task.port.postMessage(request) },
    send (item) {
      const bytes = item.payload?.byteLength ?? 0 // read now: a transferred buffer is empty here
      task.port.postMessage(item, item.payload === undefined ? [] : [item.payload.buffer as ArrayBuffer])
      sent++
      control.sent(bytes)
    }
  }
}

function openData (task: TrialTask): Record<string, Dataset> {
  return Object.fromEntries(Object.entries(task.data).map(([name, { description, memory }]) =>
    [name, decodeDataset(description, new Uint8Array(memory))]))
}

function openModels (task: TrialTask): Record<string, ReadModel> {
  return Object.fromEntries(Object.entries(task.models).map(([name, { description, memory }]) =>
    [name, { description, arrays: decodeCheckpoint(new Uint8Array(memory)).arrays }]))
}

function openArtifacts ({ artifacts }: TrialTask): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(artifacts).map(([name, memory]) => [name, new Uint8Array(memory)]))
}

function descriptionsOf ({ data }: TrialTask): Record<string, DatasetDescription> {
  return Object.fromEntries(Object.entries(data).map(([name, { description }]) => [name, description]))
}

/** A metric that is not finite ends the trial, unless that may be one of the kind's outcomes. */
function checkFinite (event: Extract<RunEvent, { type: 'metrics' }>, algorithm: Algorithm): void {
  if (allowsNonFinite(algorithm)) return
  for (const [name, value] of Object.entries(event.values)) {
    if (!Number.isFinite(value)) throw new AppError('non_finite', `${name} must stay finite, got ${value} at step ${event.step}`)
  }
}

function toSnapshot ({ step, snapshot, endsBeginning }: BoundaryEvent, ordinal: number, task: TrialTask): Recordable {
  return { ordinal, type: 'snapshot', data: { step, ...(endsBeginning ? { endsBeginning } : {}) }, payload: encodeSnapshot(snapshot(), task) }
}

function toRecordable (event: Exclude<RunEvent, { type: 'boundary' }>, ordinal: number, task: TrialTask): Recordable {
  switch (event.type) {
    case 'metrics':
    case 'progress':
    case 'log': {
      const { type, ...data } = event
      return { ordinal, type, data }
    }
    case 'artifact': {
      const { type, bytes, ...data } = event
      return { ordinal, type, data: { ...data, sizeBytes: bytes.byteLength, sha256: digest(bytes) }, payload: Uint8Array.from(bytes) }
    }
    case 'model': return { ordinal, type: event.type, data: { name: event.name }, model: toModelParts(event, descriptionsOf(task)) }
    case 'checkpoint': {
      const { type, arrays, moments, targets, ...data } = event
      const metadata = { ...task.metadata, model: event.model, step: String(event.step), learningRate: String(event.learningRate) }
      const hashes = {
        weightsSha256: digestArrays(arrays),
        ...(moments ? { momentsSha256: digestArrays(moments) } : {}),
        ...(targets ? { targetsSha256: digestArrays(targets) } : {})
      }
      return { ordinal, type, data: { ...data, ...hashes }, payload: encodeCheckpoint({ arrays, moments, targets }, metadata) }
    }
    case 'influence': {
      const { type, arrays, ...data } = event
      const payload = encodeSafetensors(arrays, { step: String(event.step) })
      return { ordinal, type, data: { ...data, factorsSha256: digestArrays(arrays) }, payload }
    }
  }
}

function digest (bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Hash of names, shapes and bytes alone: equal weights are equal whatever the file's metadata says. */
function digestArrays (arrays: NamedArrays): string {
  const hash = createHash('sha256')
  for (const [name, { shape, data }] of Object.entries(arrays)) {
    hash.update(`${name}:${shape.join('x')};`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
  return hash.digest('hex')
}

/** With the trial's name inside, so that no two trials share the bytes: a snapshot's blob is freed when it is replaced. */
function encodeSnapshot (state: SnapshotState, task: TrialTask): Uint8Array {
  return encodeSafetensors(state.arrays, { trial: task.metadata.trial ?? '', values: JSON.stringify(state.values) })
}

function decodeSnapshot (bytes: Uint8Array): SnapshotState {
  const { arrays, metadata } = decodeSafetensors(bytes)
  return { arrays, values: JSON.parse(metadata.values ?? '{}') }
}
