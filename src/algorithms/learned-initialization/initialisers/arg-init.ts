/**
 * Arg-Init (Ahuja, Dhurandhar, Varshney, arXiv 2012.12141): theta0 = h_arg(x), a network's guess at the solution. The oracle's
 * guess is the solution itself.
 */
import type { Family, Instances } from '../families/family.js'
import type { Initialiser, Predictor } from './initialiser.js'

/** Starts where the network's outputs stand. */
export function argInit ({ features, coding }: Family, predictor: Predictor): Initialiser {
  return {
    runs: 1,
    starts: (instances: Instances) => coding.decode(predictor.predict(features.of(instances), instances.count), instances.count)
  }
}

/** Starts where the solver ended before. @param states of all instances, by their numbers: [instances, size] */
export function argOracle ({ size }: Pick<Family, 'size'>, states: Float64Array): Initialiser {
  return { runs: 1, starts: ({ count }, from) => states.slice(from * size, (from + count) * size) }
}
