/**
 * The thread of a lane that answers questions about stored models and never waits for a trial; index parts are built
 * in another one of its kind. It keeps the models it was asked about in memory, the least recently asked leaving
 * first, and asks the main thread for their files when it first looks at them.
 */
import { findOperation } from '../algorithms/registry.js'
import type { NamedArrays } from '../math/arrays.js'
import type { Dataset } from '../datasets/dataset.js'
import { AppError, toFailure, type Failure } from '../errors.js'
import type { AnswerType } from '../influence/operation.js'
import type { ModelCheckpoint } from '../influence/bundle.js'
import { createResponder, type ModelBundle, type Responder } from '../influence/responder.js'
import { decodeDataset } from '../datasets/dataset-file.js'
import type { ModelSource } from '../storage/model-source.js'
import { decodeCheckpoint, type CheckpointFile } from '../storage/checkpoint-file.js'
import { decodeSafetensors, encodeSafetensors } from '../storage/safetensors.js'
import { readBlob, type BlobPort } from './blob-port.js'
import { threadEngine } from './thread-engine.js'

export interface QueryTask {
  source: ModelSource
  /** serves the files of the source while the task is under way */
  blobs: BlobPort
  /** how much of models and their factors stays in memory for the next question */
  keptBytes: number
  backend: 'auto' | 'tensorflow' | 'wasm'
  threads: number
  ask: { type: 'question', operation: string, request: unknown, mediaType: AnswerType } | { type: 'build-index', layers: 'last' | 'all', step: number }
}

/** warm: ids of the models that the thread now holds in memory */
export type QueryAnswer = { warm: string[] } & (Answered | { failure: Failure })

/** file: an answer of another media type than JSON */
type Answered = { response: unknown } | { file: Uint8Array } | { part: Uint8Array }

/** bytes: of the files that were read so far */
interface Held { key: string, bundle: ModelBundle, bytes: number }

const held = new Map<string, Held>() // by model id, least recently asked first
let responder: Responder | undefined
let blobs: BlobPort

/** Answers one question or builds one part of an index. */
export default async function answer (task: QueryTask): Promise<QueryAnswer> {
  blobs = task.blobs
  const outcome = await work(task).catch((error: unknown) => ({ failure: toFailure(error, error instanceof AppError ? error.code : 'internal') }))
  forgetOld(task.keptBytes)
  return { ...outcome, warm: [...held.keys()] }
}

async function work ({ source, backend, threads, ask }: QueryTask): Promise<Answered> {
  responder ??= createResponder(await threadEngine(backend, threads))
  const bundle = open(source)
  if (ask.type === 'question') {
    const response = await responder.answer(findOperation(source.kind, ask.operation), bundle, ask.request, ask.mediaType)
    return response instanceof Uint8Array ? { file: response } : { response }
  }
  const arrays = await responder.buildPart(bundle, ask.layers, ask.step)
  return { part: encodeSafetensors(arrays, { step: String(ask.step) }) }
}

function open (source: ModelSource): ModelBundle {
  const key = JSON.stringify(source)
  const known = held.get(source.modelId)
  held.delete(source.modelId)
  if (known?.key !== key && known) responder?.forget(known.bundle)
  const current = known?.key === key ? known : toHeld(key, source)
  held.set(source.modelId, current)
  return current.bundle
}

/** The model of the last question goes only when it alone is too much. */
function forgetOld (keptBytes: number): void {
  let total = [...held.values()].reduce((sum, one) => sum + one.bytes, 0)
  for (const [modelId, one] of held) {
    if (total <= keptBytes) return
    total -= one.bytes
    held.delete(modelId)
    responder?.forget(one.bundle)
  }
}

/** Files are read when they are first looked at: a prediction does not read an index of gigabytes. */
function toHeld (key: string, source: ModelSource): Held {
  const read = (sha256: string): Uint8Array => {
    const bytes = readBlob(blobs, sha256)
    one.bytes += bytes.byteLength
    return bytes
  }
  const lazyArrays = <T extends object>(facts: T, sha256: string): T & { arrays: NamedArrays } => {
    let arrays: NamedArrays | undefined
    const get = (): NamedArrays => (arrays ??= decodeSafetensors(read(sha256)).arrays)
    return Object.defineProperty(facts, 'arrays', { get }) as T & { arrays: NamedArrays }
  }
  const lazyCheckpoint = ({ blobSha, ...facts }: ModelSource['checkpoints'][number]): ModelCheckpoint => {
    let file: CheckpointFile | undefined
    const open = (): CheckpointFile => (file ??= decodeCheckpoint(read(blobSha)))
    return Object.defineProperties(facts, {
      arrays: { get: () => open().arrays }, moments: { get: () => open().moments }, targets: { get: () => open().targets }
    }) as typeof facts & CheckpointFile
  }
  let dataset: Dataset | undefined
  const one: Held = {
    key,
    bytes: 0,
    bundle: {
      modelId: source.modelId,
      architecture: source.architecture,
      preprocessing: source.preprocessing,
      fields: source.fields,
      trainingView: source.trainingView ?? undefined,
      get dataset () {
        dataset ??= source.dataset === null ? undefined : decodeDataset(source.dataset.description, read(source.dataset.blobSha))
        return dataset
      },
      descent: source.descent ?? undefined,
      details: source.details ?? undefined,
      checkpoints: source.checkpoints.map(lazyCheckpoint),
      parts: source.indexes.map(({ layers, parts }) => ({ layers, steps: parts.map(({ step, blobSha }) => lazyArrays({ step }, blobSha)) }))
    }
  }
  return one
}

/** Loads the tensor engine before the first question comes. */
export async function warmUp ({ backend, threads }: Pick<QueryTask, 'backend' | 'threads'>): Promise<void> {
  responder ??= createResponder(await threadEngine(backend, threads))
}
