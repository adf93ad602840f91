/** Minus the sum rates of instances, and their gradients, in Float64: kernels on a memory that is laid out here. */
import type { BatchObjective } from '../../../../math/batch-objective.js'
import type { Instances } from '../family.js'
import type { Channel } from './channels.js'
import { borrowKernels, returnKernels } from './kernels.js'

const PROBLEM_BYTES = 40
const NUMBER = 8

/** Opens them; close() gives the memory back. */
export function openObjective ({ count, data }: Instances, { users: K, noise, power, variable }: Channel): BatchObjective {
  const kernels = borrowKernels()
  const pairs = Math.ceil(count / 2)
  const problem = kernels.heapBase()
  let free = problem + PROBLEM_BYTES
  const place = (numbers: number): number => {
    const at = (free + 15) & ~15
    free = at + numbers * NUMBER
    return at
  }
  const gains = place(pairs * (K + 1) * K * 2)
  const room = place(4 * K * 2)
  const states = place(count * K)
  const gradients = place(count * K)
  const values = place(count)
  const active = place(Math.ceil(count / NUMBER))
  kernels.reserve(free)

  const { buffer } = kernels.memory
  new Float64Array(buffer, problem, 2).set([noise, power])
  new Int32Array(buffer, problem + 2 * NUMBER, 5).set([count, K, variable === 'logit' ? 1 : 0, gains, room])
  pairUp(data, count, K, new Float64Array(buffer, gains, pairs * (K + 1) * K * 2))
  const views = {
    states: new Float64Array(buffer, states, count * K),
    gradients: new Float64Array(buffer, gradients, count * K),
    values: new Float64Array(buffer, values, count),
    active: new Uint8Array(buffer, active, count)
  }

  function evaluate (at: Float64Array, into: Float64Array, mask: Uint8Array | undefined, isGradientWanted: boolean): void {
    views.states.set(at)
    if (mask !== undefined) views.active.set(mask)
    kernels.evaluate(problem, states, values, isGradientWanted ? gradients : 0, mask === undefined ? 0 : active)
    into.set(views.values)
  }

  return {
    count,
    size: K,
    values (at, into, mask) { evaluate(at, into, mask, false) },
    gradients (at, into, values, mask) {
      evaluate(at, values, mask, true)
      into.set(views.gradients)
    },
    ...(variable === 'power' && { project: (at: Float64Array) => { clip(at, power) } }),
    close () { returnKernels(kernels) }
  }
}

/** Gains [count, K, K] as [pairs, K + 1, K, 2]: 0 on the diagonal, which lies behind; the last of an odd number is its own partner. */
function pairUp (gains: Float64Array, count: number, K: number, into: Float64Array): void {
  const size = K * K
  for (let n = 0, at = 0; n < count; n += 2, at += 2 * (size + K)) {
    const other = Math.min(n + 1, count - 1)
    for (let k = 0; k < size; k++) {
      into[at + 2 * k] = gains[n * size + k]!
      into[at + 2 * k + 1] = gains[other * size + k]!
    }
    for (let i = 0; i < K; i++) {
      const from = at + 2 * i * (K + 1)
      const to = at + 2 * (size + i)
      into.copyWithin(to, from, from + 2)
      into.fill(0, from, from + 2)
    }
  }
}

function clip (states: Float64Array, power: number): void {
  for (let k = 0; k < states.length; k++) states[k] = Math.min(Math.max(states[k]!, 0), power)
}
