/**
 * A trained initialiser from what is stored of it, without a trial: a network and its details. Its starts are those that the
 * trial would give to the same instances with the same streams.
 */
import type { Family, Instances } from '../families/family.js'
import { startAtPrediction } from './arg-init.js'
import type { Details } from './details.js'
import type { Predictor, Random } from './initialiser.js'
import { bestOf, candidatesOf } from './val-init.js'

export interface Starts {
  /** [count, size] */
  states: Float64Array
  /** of val-init: what the network says of each candidate, [count, candidates] */
  predicted?: Float32Array | undefined
}

/** Makes the initialiser, which gives one start for an instance. @param family that of the details, opened */
export function fromPredictor (
  family: Family, { initialiser, seen }: Pick<Details, 'initialiser' | 'seen'>, predictor: Predictor
): (instances: Instances, from: number, random: Random) => Starts {
  if (initialiser.type === 'arg-init') {
    const { starts } = startAtPrediction(family, predictor)
    return (instances, from, random) => ({ states: starts(instances, from, random) })
  }
  return (instances, from, random) => {
    const candidates = candidatesOf(initialiser, { family, predictor, seen }, { instances, from, random })
    return { states: bestOf(candidates, instances.count), predicted: candidates.predicted }
  }
}
