/**
 * A trained initialiser from what is stored of it, without a trial: a network and its details. Its starts are those that the
 * trial would give to the same instances with the same streams.
 */
import type { Family } from '../families/family.js'
import { argInit } from './arg-init.js'
import type { Details } from './details.js'
import type { Initialiser, Predictor } from './initialiser.js'
import { valInit } from './val-init.js'

/** Makes the initialiser. @param family that of the details, opened */
export function fromPredictor (family: Family, { initialiser, seen }: Pick<Details, 'initialiser' | 'seen'>, predictor: Predictor): Initialiser {
  return initialiser.type === 'arg-init' ? argInit(family, predictor) : valInit(family, initialiser, { predictor, seen })
}
