/**
 * WMMSE for sum rate (Shi, Razaviyayn, Luo, He 2011, "An iteratively weighted MMSE approach to distributed sum-utility
 * maximization"), in the scalar form of Sun et al. 2017: amplitudes b = sqrt(p), receivers f, weights w, each best for the
 * others, in turn, from full power. Every round raises the rate; it ends at a stationary point, not always the best.
 * Sun et al. stop after 100 rounds or when the rate moves by less than 1e-3; we stop when the first-order conditions hold to
 * 1e-6, which takes hundreds of rounds where a user falls silent slowly.
 */
import type { Instances } from '../family.js'
import type { Channel } from './channels.js'
import { powerGradients } from './rates.js'
import { violation } from './stationarity.js'

const TOLERANCE = 1e-6
const MOST_ROUNDS = 100_000
/** Rounds between looks at the conditions, which cost as much as one. */
const LOOK = 8

/** @returns powers, [count, K], and sum rates, [count] */
export function solveWmmse ({ count, data }: Instances, channel: Channel): { powers: Float64Array, rates: Float64Array } {
  const { users: K } = channel
  const powers = new Float64Array(count * K)
  const rates = Float64Array.from({ length: count }, (_, n) =>
    solveOne(data.subarray(n * K * K, (n + 1) * K * K), channel, powers.subarray(n * K, (n + 1) * K)))
  return { powers, rates }
}

function solveOne (g: Float64Array, { noise, power }: Channel, p: Float64Array): number {
  const K = p.length
  const most = Math.sqrt(power)
  const h = Float64Array.from(p, (_, i) => Math.sqrt(g[i * K + i]!))
  const b = new Float64Array(K).fill(most)
  const f = new Float64Array(K)
  const w = new Float64Array(K)
  const slope = new Float64Array(K)

  function receive (): void {
    for (let i = 0; i < K; i++) {
      let heard = noise
      for (let j = 0; j < K; j++) heard += g[i * K + j]! * b[j]! * b[j]!
      f[i] = h[i]! * b[i]! / heard
      w[i] = 1 / (1 - f[i]! * b[i]! * h[i]!)
    }
  }

  function send (): void {
    for (let i = 0; i < K; i++) {
      let cost = 0
      for (let j = 0; j < K; j++) cost += w[j]! * f[j]! * f[j]! * g[j * K + i]!
      b[i] = Math.min(Math.max(w[i]! * f[i]! * h[i]! / cost, 0), most)
    }
  }

  for (let round = 1; ; round++) {
    receive()
    send()
    if (round % LOOK !== 0) continue
    for (let i = 0; i < K; i++) p[i] = b[i]! * b[i]!
    const rate = powerGradients(g, p, noise, slope)
    if (violation(p, slope, power) <= TOLERANCE || round >= MOST_ROUNDS) return rate
  }
}
