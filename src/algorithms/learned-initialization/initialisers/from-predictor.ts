/**
 * A trained initialiser from what is stored of it, without a trial: a network and its details. Its starts are those that the
 * trial would give to the same instances with the same streams.
 */
import type { Family } from '../families/family.js'
import { startAtPrediction } from './arg-init.js'
import type { Details } from './details.js'
import type { Initialiser, Predictor } from './initialiser.js'
import { startAtBest } from './val-init.js'

/** Makes the initialiser, which gives one start for an instance. @param family that of the details, opened */
export function fromPredictor (family: Family, { initialiser, seen }: Pick<Details, 'initialiser' | 'seen'>, predictor: Predictor): Initialiser {
  return initialiser.type === 'arg-init' ? startAtPrediction(family, predictor) : startAtBest(initialiser, { family, predictor, seen })
}
