/** How a question is refused: what of it is wrong, or what the model makes of it. */
import { AppError, summarise } from '../errors.js'

/** @throws invalid_input "queries[0].index must be < 60000, got 60000" */
export function refuse (path: string, rule: string, got: unknown): never {
  const said = summarise(got)
  throw new AppError('invalid_input', `${path} ${rule}, got ${JSON.stringify(said)}`, { errors: [{ path, rule, got: said }] })
}

/**
 * Checks what a model made of a query: large inputs overflow float32 on their way.
 * @throws non_finite_output "queries[0] must have finite probabilities, got NaN"
 */
export function checkFinite (query: number, what: string, values: ArrayLike<number>): void {
  const found = Array.prototype.find.call(values, value => !Number.isFinite(value))
  if (found !== undefined) throw new AppError('non_finite_output', `queries[${query}] must have finite ${what}, got ${found}`)
}
