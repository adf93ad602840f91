/** Interference channels: what is drawn, what is seen of them, and where people start. Gains g are [count, K, K], receivers by rows. */
import type { RandomStream } from '../../../../math/random.js'
import type { Instances } from '../family.js'
import type { FamilyOf } from '../spec.js'

/** K, noise power, most power of a user. */
export type Channel = FamilyOf<'sum-rate'>

/** g = |h|² of standard complex normal h: exponential of mean 1. */
export function sampleGains (count: number, users: number, random: RandomStream): Instances {
  return { count, data: Float64Array.from({ length: count * users * users }, () => -Math.log(1 - random.uniform())) }
}

/** log(g + 1e-3) / 3: strong and weak channels alike within about -2 .. 1. @returns [count, K²] */
export function featuresOf ({ data }: Instances): Float32Array {
  return Float32Array.from(data, gain => Math.log(gain + 1e-3) / 3)
}

/**
 * Signal-to-leakage-and-noise ratios at full power (Sadek, Tarighat, Sayed 2007): what a user gives to its receiver over what it
 * costs all others. @returns [count, K]
 */
export function leakageRatios ({ count, data }: Instances, { users, noise, power }: Channel): Float64Array {
  const ratios = new Float64Array(count * users)
  for (let n = 0; n < count; n++) {
    for (let j = 0; j < users; j++) {
      let leakage = 0
      for (let i = 0; i < users; i++) if (i !== j) leakage += gain(data, users, n, i, j)
      ratios[n * users + j] = power * gain(data, users, n, j, j) / (noise + power * leakage)
    }
  }
  return ratios
}

/** Starts that people of the field use, as parts of the most power, [count, K]. */
export const heuristics = {
  /** all send as loud as they may: where WMMSE starts, too */
  'full-power': ({ count }: Instances, users: number) => new Float64Array(count * users).fill(1),
  /** only the user with the strongest channel of its own sends */
  strongest: ({ count, data }: Instances, users: number) => {
    const parts = new Float64Array(count * users)
    for (let n = 0; n < count; n++) parts[n * users + strongestOf(data, users, n)] = 1
    return parts
  },
  /** users send whose own channel is stronger than each that interferes with it; the strongest one where there is none */
  threshold: ({ count, data }: Instances, users: number) => {
    const parts = new Float64Array(count * users)
    for (let n = 0; n < count; n++) {
      const isLoud = Array.from({ length: users }, (_, i) => isDominant(data, users, n, i))
      if (!isLoud.includes(true)) isLoud[strongestOf(data, users, n)] = true
      isLoud.forEach((loud, i) => { parts[n * users + i] = loud ? 1 : 0 })
    }
    return parts
  }
}

function gain (data: Float64Array, users: number, n: number, receiver: number, sender: number): number {
  return data[(n * users + receiver) * users + sender]!
}

function strongestOf (data: Float64Array, users: number, n: number): number {
  let best = 0
  for (let i = 1; i < users; i++) if (gain(data, users, n, i, i) > gain(data, users, n, best, best)) best = i
  return best
}

function isDominant (data: Float64Array, users: number, n: number, i: number): boolean {
  for (let j = 0; j < users; j++) if (j !== i && gain(data, users, n, i, j) >= gain(data, users, n, i, i)) return false
  return true
}
