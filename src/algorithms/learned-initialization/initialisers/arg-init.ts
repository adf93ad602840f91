/**
 * Arg-Init (Ahuja, Dhurandhar, Varshney, arXiv 2012.12141): theta0 = h_arg(x), a network's guess at the solution. The oracle's
 * guess is where the solver ends from a random start.
 */
import type { Family } from '../families/family.js'
import { nothing, type Initialiser, type InitialiserKind, type Predictor } from './initialiser.js'
import type { InitialiserOf } from './spec.js'

export const argInit: InitialiserKind<InitialiserOf<'arg-init'>> = {
  wants: ({ oracle, labels }) => oracle ? { ...nothing, ends: true } : { ...nothing, past: labels, network: true },
  open: ({ oracle }, { family, predictor, ends }) => oracle ? startWhereEnded(family, ends!) : startAtPrediction(family, predictor!)
}

/** Starts where the network's outputs stand. */
export function startAtPrediction ({ features, coding }: Family, predictor: Predictor): Initialiser {
  return { starts: instances => coding.decode(predictor.predict(features.of(instances), instances.count), instances.count) }
}

function startWhereEnded ({ size }: Family, ends: Float64Array): Initialiser {
  return { starts: ({ count }, from) => ends.slice(from * size, (from + count) * size) }
}
