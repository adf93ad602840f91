/**
 * Answers questions about stored models on one thread, and builds the parts of their influence indexes. Knows nothing
 * of storage: it is given bundles, and keeps what it made of each until it is told to forget it.
 */
import type { NamedArrays } from '../math/arrays.js'
import { AppError } from '../errors.js'
import type { Engine } from '../tensor/engine.js'
import { drain } from './drain.js'
import { MEASURED_SQUARES, selectCheckpoints, type ModelBundle } from './bundle.js'
import { allDenseFactors, lastLayerFactors, toLastPart } from './factors.js'
import { coverageOf, hasLastFactors, isDense } from './coverage.js'
import { lastGradients, toGradientsPart } from './last-gradients.js'
import { gradientSquares } from './gradients.js'
import { openModel, type OpenModel } from './open-model.js'
import { storedPreconditioner, type Preconditioner } from './preconditioner.js'
import type { AnswerType, Operation } from './operation.js'
import type { Layers } from './schemas.js'

export type { ModelBundle } from './bundle.js'

export interface Responder {
  /**
   * Answers a request that fits the operation's schema.
   * @returns the response as JSON, or a file's bytes for any other media type
   * @throws AppError with one of the operation's codes: invalid_input naming the path, the rule and what was got; index_missing
   */
  answer (operation: Operation, bundle: ModelBundle, request: unknown, mediaType?: AnswerType): Promise<unknown>
  /**
   * Computes the part of an influence index that belongs to one checkpoint.
   * @throws invalid_input when the model has no checkpoint at the step; non_finite
   */
  buildPart (bundle: ModelBundle, layers: Layers, step: number): Promise<NamedArrays>
  /** Frees what was kept for a bundle. */
  forget (bundle: ModelBundle): void
  close (): void
}

/** Makes a responder. Bundles are told apart by identity. */
export function createResponder (engine: Engine): Responder {
  const models = new Map<ModelBundle, OpenModel>()

  function open (bundle: ModelBundle): OpenModel {
    const model = models.get(bundle) ?? openModel(engine, bundle)
    models.set(bundle, model)
    return model
  }

  function forget (bundle: ModelBundle): void {
    models.get(bundle)?.close()
    models.delete(bundle)
  }

  return {
    async answer (operation, bundle, request, mediaType = 'application/json') {
      const { run } = await operation.load()
      return run(engine, open(bundle), request, mediaType)
    },
    async buildPart (bundle, layers, step) {
      return checkFinite(buildPart(engine, open(bundle), layers, step), layers, step)
    },
    forget,
    close () {
      for (const bundle of [...models.keys()]) forget(bundle)
    }
  }
}

/**
 * The arrays of one checkpoint: for `last` activations and deltas, or the gradients where these have no two factors; for `all`
 * the factors of every layer where gradients are outer products throughout, else the squared norms of the gradients, of Adam's
 * checkpoints in their measure too (influence itself is then formed on demand).
 */
function buildPart (engine: Engine, model: OpenModel, layers: Layers, step: number): NamedArrays {
  coverageOf(model.bundle.architecture, layers)
  const [checkpoint] = selectCheckpoints(model.bundle, [step])
  const network = model.networkAt(checkpoint!)
  const { view: { indices } } = model
  const examples = model.examplesAt(checkpoint!)
  if (layers === 'last' && !hasLastFactors(model.bundle.architecture)) {
    return toGradientsPart(drain(lastGradients(engine, network, examples, indices, indices.length)))
  }
  if (layers === 'last') return toLastPart(drain(lastLayerFactors(engine, network, examples, indices, indices.length)))
  if (isDense(model.bundle.architecture)) return drain(allDenseFactors(engine, network, examples, indices, indices.length))
  const squares = (preconditioner?: Preconditioner) => {
    const data = drain(gradientSquares(engine, network, examples, indices, indices.length, preconditioner))
    return { shape: [indices.length], data }
  }
  const preconditioner = storedPreconditioner(model.bundle.descent, checkpoint!)
  return { squares: squares(), ...(preconditioner ? { [MEASURED_SQUARES]: squares(preconditioner) } : {}) }
}

function checkFinite (arrays: NamedArrays, layers: Layers, step: number): NamedArrays {
  for (const [name, { data }] of Object.entries(arrays)) {
    const at = data.findIndex(value => !Number.isFinite(value))
    if (at < 0) continue
    throw new AppError('non_finite', `${name} of layers ${layers} at step ${step} must be finite, got ${data[at]} at position ${at}`)
  }
  return arrays
}
