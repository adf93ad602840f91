/** What a network says of an example, as answers have it: tagged by head, with the names and units of its data set. */
import type { FieldArray } from '../datasets/dataset.js'
import { unscaleTargets } from '../datasets/scaling.js'
import type { Evaluation } from '../tensor/evaluate.js'
import { sizeOf } from '../math/arrays.js'
import type { ModelBundle, Outputs } from './bundle.js'
import { checkFinite } from './refusals.js'
import type { Prediction } from './schemas.js'

/** Outputs of a network as its head reads them. */
export type Outcome = Omit<Evaluation<FieldArray>, 'losses'>

/**
 * Describes the predictions of some queries.
 * @param outputs   of the network for these
 * @param positions of the queries in their request
 * @throws non_finite_output naming the query
 */
export function describePredictions (
  bundle: Pick<ModelBundle, 'fields' | 'preprocessing'>, { head, kind, shape }: Outputs,
  { predictions, probabilities }: Outcome, positions: readonly number[]
): Prediction[] {
  const { target } = bundle.fields
  const size = kind.targetSize(shape)
  const namesOf = target?.type === 'classes' || target?.type === 'classMap' ? target.names : []
  const columnAt = (i: number) => target?.type === 'values' ? target.columns[i]! : { name: namesOf[1] ?? String(i) }

  function describe (query: number, i: number): Prediction {
    const own = Array.from(predictions.subarray(i * size, (i + 1) * size))
    const likely = probabilities?.subarray(i * sizeOf(shape), (i + 1) * sizeOf(shape)) ?? []
    checkFinite(query, probabilities ? 'probabilities' : 'values', probabilities ? likely : own)
    switch (head.type) {
      case 'classes': return { head: head.type, label: own[0]!, labelName: namesOf[own[0]!] ?? String(own[0]), probabilities: Array.from(likely) }
      case 'binary': return { head: head.type, outputs: own.map((value, i) => ({ name: columnAt(i).name, value, probability: likely[i]! })) }
      case 'values': return { head: head.type, values: unscaleTargets(own, bundle.preprocessing).map((value, i) => ({ ...columnAt(i), value })) }
      case 'class-map': return { head: head.type, labels: toRows(own, shape[1]!), labelNames: namesOf }
    }
  }

  return positions.map(describe)
}

function toRows (pixels: number[], width: number): number[][] {
  return Array.from({ length: pixels.length / width }, (_, y) => pixels.slice(y * width, (y + 1) * width))
}
