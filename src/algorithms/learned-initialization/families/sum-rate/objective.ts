/** Minus the sum rate of instances, and its gradient, in Float64. */
import type { BatchObjective } from '../../../../math/batch-objective.js'
import type { Instances } from '../family.js'
import type { Channel } from './channels.js'
import { powerGradients } from './rates.js'
import { sigmoid } from './variable.js'

export function openObjective ({ count, data: gains }: Instances, { users: K, noise, power, variable }: Channel): BatchObjective {
  const p = new Float64Array(K)
  const slope = new Float64Array(K)

  function at (states: Float64Array, n: number): void {
    for (let i = 0; i < K; i++) p[i] = variable === 'power' ? states[n * K + i]! : power * sigmoid(states[n * K + i]!)
  }

  return {
    count,
    size: K,
    values (states, into, active) {
      for (let n = 0; n < count; n++) {
        if (active?.[n] === 0) continue
        at(states, n)
        into[n] = -powerGradients(gains.subarray(n * K * K, (n + 1) * K * K), p, noise)
      }
    },
    gradients (states, into, values, active) {
      for (let n = 0; n < count; n++) {
        if (active?.[n] === 0) continue
        at(states, n)
        values[n] = -powerGradients(gains.subarray(n * K * K, (n + 1) * K * K), p, noise, slope)
        for (let i = 0; i < K; i++) into[n * K + i] = -slope[i]! * (variable === 'power' ? 1 : p[i]! * (1 - p[i]! / power))
      }
    },
    ...(variable === 'power' && {
      project (states: Float64Array) {
        for (let k = 0; k < states.length; k++) states[k] = Math.min(Math.max(states[k]!, 0), power)
      }
    })
  }
}
