/** How the optimizers that a spec can ask for move the weights of a network. */
import type { Descent } from '../contract.js'

/** Adam's usual constants. */
export const adamConstants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

/** What a spec says of its optimizer. */
export interface OptimizerWish { type: 'sgd' | 'adam', momentum: number }

/** The optimizer. */
export function descentOf ({ type, momentum }: OptimizerWish): Exclude<Descent, { type: 'other' }> {
  return type === 'adam' ? { type, ...adamConstants } : { type, momentum }
}
