/** Objectives that are written down for one instance, as the batch that solvers minimize. */
import type { BatchObjective } from '../../../../math/batch-objective.js'
import type { RandomStream } from '../../../../math/random.js'
import type { Instances } from '../family.js'

/**
 * Of one instance: gives its value, and writes its gradient where there is room for it.
 * @param instance number of the instance
 * @param states   [count, size], in which its state begins at `from`
 * @param gradient the same shape and place
 */
export type OneObjective = (instance: number, states: Float64Array, from: number, gradient?: Float64Array) => number

/** The batch of all of them. */
export function openSeparate (count: number, size: number, one: OneObjective): BatchObjective {
  const each = (values: Float64Array, active: Uint8Array | undefined, states: Float64Array, gradient?: Float64Array) => {
    for (let i = 0; i < count; i++) if (active?.[i] !== 0) values[i] = one(i, states, i * size, gradient)
  }
  return {
    count,
    size,
    values (states, into, active) { each(into, active, states) },
    gradients (states, into, values, active) { each(values, active, states, into) }
  }
}

/** So many numbers of the standard normal distribution. */
export function drawNormal (count: number, random: RandomStream): Float64Array {
  return Float64Array.from({ length: count }, () => random.normal())
}

/** Standard normal around what an instance says of each number of theta, [count, size]. */
export function drawAround (
  { count }: Instances, size: number, random: RandomStream, centre: (instance: number, k: number) => number
): Float64Array {
  return Float64Array.from({ length: count * size }, (_, i) => centre(Math.floor(i / size), i % size) + random.normal())
}

/** Predicted and decided numbers are theta itself. */
export const plainCoding = (size: number) => ({
  size,
  loss: 'squared' as const,
  encode: (states: Float64Array) => Float32Array.from(states),
  decode: (outputs: Float32Array) => Float64Array.from(outputs)
})

/** The start that stands for P0 where one must be named: its mean. */
export const zero = (size: number) => ({ zero: ({ count }: Instances) => new Float64Array(count * size) })
