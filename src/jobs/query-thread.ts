/**
 * The thread of a lane that answers questions about stored models and never waits for a trial. It keeps the models it
 * was asked about in memory, the least recently asked leaving first, and reads files straight from the blob store.
 */
import { readFileSync, statSync } from 'node:fs'
import type { NamedArrays } from '../arrays.js'
import type { Dataset } from '../dataset.js'
import { AppError, toFailure, type Failure } from '../errors.js'
import { createResponder, type ModelBundle, type Responder } from '../influence/responder.js'
import { decodeDataset } from '../storage/datasets/format.js'
import { decodeSafetensors, encodeSafetensors } from '../storage/safetensors.js'
import type { ModelSource } from './model-source.js'
import { threadEngine } from './thread-engine.js'

export interface QueryTask {
  source: ModelSource
  backend: 'auto' | 'tensorflow' | 'wasm'
  threads: number
  ask: { operation: 'predict' | 'influence' | 'self-influence', request: unknown } | { operation: 'build-index', layers: 'last' | 'all', step: number }
}

/** warm: ids of the models that the thread now holds in memory */
export type QueryAnswer = { warm: string[] } & ({ response: unknown } | { part: Uint8Array } | { failure: Failure })

/** How much of models and their factors stays in memory. */
const KEPT_BYTES = 4 * 1024 ** 3

interface Held { key: string, bundle: ModelBundle, bytes: number }

const held = new Map<string, Held>() // by model id, least recently asked first
let responder: Responder | undefined

/** Answers one question or builds one part of an index. */
export default async function answer (task: QueryTask): Promise<QueryAnswer> {
  try {
    responder ??= createResponder(await threadEngine(task.backend, task.threads))
    const bundle = open(task.source)
    if (task.ask.operation === 'build-index') {
      const arrays = await responder.buildPart(bundle, task.ask.layers, task.ask.step)
      return { part: encodeSafetensors(arrays, { step: String(task.ask.step) }), warm: [...held.keys()] }
    }
    const response = await responder.answer(task.ask.operation, bundle, task.ask.request)
    return { response, warm: [...held.keys()] }
  } catch (error) {
    return { failure: toFailure(error, error instanceof AppError ? error.code : 'internal'), warm: [...held.keys()] }
  }
}

function open (source: ModelSource): ModelBundle {
  const key = JSON.stringify(source)
  const known = held.get(source.modelId)
  held.delete(source.modelId)
  if (known?.key === key) {
    held.set(source.modelId, known)
    return known.bundle
  }
  if (known) responder?.forget(known.bundle)
  const parts = source.indexes.flatMap(index => index.parts)
  const files = [source.dataset.path, ...[...source.checkpoints, ...parts].map(one => one.path)]
  const fresh = { key, bundle: toBundle(source), bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) }
  held.set(source.modelId, fresh)
  forgetOld()
  return fresh.bundle
}

function forgetOld (): void {
  let total = [...held.values()].reduce((sum, one) => sum + one.bytes, 0)
  for (const [modelId, one] of [...held].slice(0, -1)) {
    if (total <= KEPT_BYTES) return
    total -= one.bytes
    held.delete(modelId)
    responder?.forget(one.bundle)
  }
}

/** Files are read when they are first looked at: a prediction does not read an index of gigabytes. */
function toBundle (source: ModelSource): ModelBundle {
  let dataset: Dataset | undefined
  return {
    modelId: source.modelId,
    architecture: source.architecture,
    preprocessing: source.preprocessing,
    trainingView: source.trainingView,
    get dataset () {
      dataset ??= decodeDataset(source.dataset.description, readFileSync(source.dataset.path))
      return dataset
    },
    checkpoints: source.checkpoints.map(({ step, learningRate, path }) => lazyArrays({ step, learningRate }, path)),
    parts: source.indexes.map(({ layers, parts }) => ({ layers, steps: parts.map(({ step, path }) => lazyArrays({ step }, path)) }))
  }
}

function lazyArrays<T extends object> (facts: T, path: string): T & { arrays: NamedArrays } {
  let arrays: NamedArrays | undefined
  const get = (): NamedArrays => {
    arrays ??= decodeSafetensors(readFileSync(path)).arrays
    return arrays
  }
  return Object.defineProperty(facts, 'arrays', { get }) as T & { arrays: NamedArrays }
}

/** Loads the tensor engine before the first question comes. */
export async function warmUp ({ backend, threads }: Pick<QueryTask, 'backend' | 'threads'>): Promise<void> {
  responder ??= createResponder(await threadEngine(backend, threads))
}
