/** Which optimizers fitted another network than the others: what a verdict over all of them must say. Pure. */
import type { Arm } from './arms.js'

/**
 * Names the optimizers whose network is smaller than the largest, and says of which of them another arm has the largest
 * too. @returns undefined when all networks are of one size
 */
export function sayNetworks (arms: Arm[]): string | undefined {
  const sizes = arms.flatMap(({ optimizer, trials: [first] }, i) => arms.findIndex(arm => arm.optimizer === optimizer) === i
    ? [{ name: optimizer, type: first!.definition.spec.optimizers[0]!.type, parameters: first!.result.parameters }]
    : []) // once, whatever its conditions
  const largest = Math.max(...sizes.map(({ parameters }) => parameters))
  const smaller = sizes.filter(({ parameters }) => parameters < largest)
  if (smaller.length === 0) return undefined
  const whole = new Set(sizes.filter(({ parameters }) => parameters === largest).map(({ type }) => type))
  const list = smaller.map(({ name, type, parameters }) =>
    `${name}, ${parameters}${whole.has(type) ? ' (and, as an arm of its own, the same network)' : ''}`)
  return `Not all optimizers fitted the same network of ${largest} parameters: ${list.join('; ')}`
}
