/** Scores by the gradients of a last layer that has no factors: products of rows, summed over checkpoints. */
import type { Examples } from '../tensor/batches.js'
import type { Engine } from '../tensor/engine.js'
import { allOf } from '../tensor/forward.js'
import { partOf } from './bundle.js'
import { coverageOf, type CoveredLayer } from './coverage.js'
import { drain } from './drain.js'
import { fromGradientsPart, lastGradients, productsWith, rowOf } from './last-gradients.js'
import type { OpenModel } from './open-model.js'
import { sumProducts, type SummedScores } from './preconditioned.js'
import { storedPreconditioner } from './preconditioner.js'
import type { Weighing } from './weighing.js'

/** Scores of queries against all training examples. */
export function scoreByGradients (engine: Engine, model: OpenModel, examples: Examples, weighing: Weighing): SummedScores {
  return scorePulls(model, pullsOf(engine, model, examples, weighing), weighing)
}

/**
 * Gradients of queries by the last layer, in the measure of the method: D g for Adam, g for others.
 * @returns by checkpoint, then by query: the weight's numbers, then the bias's
 */
export function pullsOf (
  engine: Engine, model: OpenModel, examples: Examples, { method, checkpoints }: Pick<Weighing, 'method' | 'checkpoints'>
): Float64Array[][] {
  const { architecture, descent } = model.bundle
  const [{ layer }] = coverageOf(architecture, 'last') as [CoveredLayer]
  const all = allOf(examples.data.count)
  return checkpoints.map(checkpoint => {
    const gradients = drain(lastGradients(engine, model.networkAt(checkpoint), examples, all, all.length))
    const preconditioner = method === 'tracin-cp-adam' ? storedPreconditioner(descent, checkpoint, layer) : undefined
    return Array.from(all, q => rowOf(gradients, q, layer, preconditioner))
  })
}

/** Products of queries' gradients with those of the index. @throws index_missing */
export function scorePulls ({ bundle }: OpenModel, pulls: readonly Float64Array[][], { checkpoints, values }: Weighing): SummedScores {
  return sumProducts(checkpoints.map(({ step }, c) => {
    const train = fromGradientsPart(partOf(bundle, 'last', step))
    return { weight: values[c]!, products: q => productsWith(pulls[c]![q]!, train) }
  }))
}
