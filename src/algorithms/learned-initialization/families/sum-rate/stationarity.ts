/** Whether powers are a local solution: first-order conditions (Karush, Kuhn, Tucker) on the box 0 .. Pmax. */
import type { Instances } from '../family.js'
import type { Channel } from './channels.js'
import { powerGradients } from './rates.js'

/**
 * Largest violation of each instance: how far a step along the gradient, projected onto the box, moves a user, both as parts of
 * the most power q = p / Pmax: max_i |clip(q_i + dR/dq_i, 0, 1) - q_i|. 0 exactly where p is stationary.
 * @param powers [count, K]
 * @returns [count]
 */
export function stationarity ({ count, data }: Instances, powers: Float64Array, { users: K, noise, power }: Channel): Float64Array {
  const slope = new Float64Array(K)
  return Float64Array.from({ length: count }, (_, n) => {
    const p = powers.subarray(n * K, (n + 1) * K)
    powerGradients(data.subarray(n * K * K, (n + 1) * K * K), p, noise, slope)
    return violation(p, slope, power)
  })
}

/** The same of one instance, from dR/dp. */
export function violation (p: Float64Array, slope: Float64Array, power: number): number {
  let most = 0
  for (let i = 0; i < p.length; i++) {
    const q = p[i]! / power
    most = Math.max(most, Math.abs(Math.min(Math.max(q + power * slope[i]!, 0), 1) - q))
  }
  return most
}
