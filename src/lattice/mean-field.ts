/**
 * Mean field of a dense CRF: a product of marginals q that is near to exp(-E) in Kullback-Leibler divergence, by the fixed-point
 * iteration of Kraehenbuehl and Koltun 2011, algorithm 1, for all pixels at once:
 *
 *   q_p(k) = exp(-U_p(k) - sum_l V_kl (W q_l)_p) / Z_p
 *
 * It minimises the free energy sum q U + 1/2 sum_kl V_kl q_k' W q_l + sum q ln q. Differs: a pixel's own q takes part in what it
 * hears, as in the code of the paper's authors and unlike their equation. Then, with Potts, an update minimises a bound of the
 * free energy that touches it at the last q (W concave where it is positive semidefinite: Kraehenbuehl, Koltun 2013), and with
 * exact kernels the free energy never rises.
 */
import { checkCrf, checkShares, mix, type DenseCrf } from './dense-crf.js'

export interface MeanFieldOptions {
  /** updates of all pixels at once, at most: >= 0 */
  iterations: number
  /** where to begin: q [K, height, width], >= 0, each pixel's sum 1; softmax(-U) when left out */
  start?: Float32Array
  /** it ends earlier when no q changed by more: >= 0; 0 when left out */
  tolerance?: number
}

/** Of q: expected unary and pairs, entropy, and the free energy, unary + pairs - entropy. */
export interface FreeEnergy { unary: number, pairs: number, entropy: number, free: number }

export interface MeanField {
  /** [K, height, width] */
  q: Float32Array
  /** f: [height, width], the largest q of each pixel, the lowest label of equals */
  labels: Uint8Array
  /** at the start and after every iteration */
  energies: FreeEnergy[]
  iterations: number
  /** the largest change of a q in the last iteration; 0 without one */
  change: number
  /** whether the last iteration changed no q by more than the tolerance */
  isSettled: boolean
}

/** Updates q until it is settled, or as often as there are iterations. @throws RangeError for a problem or options that are none */
export function meanField (crf: DenseCrf, { iterations, start, tolerance = 0 }: MeanFieldOptions): MeanField {
  checkCrf(crf)
  if (!(Number.isInteger(iterations) && iterations >= 0)) throw new RangeError(`iterations must be a whole number >= 0, got ${iterations}`)
  if (!(tolerance >= 0)) throw new RangeError(`tolerance must be >= 0, got ${tolerance}`)
  const { pairwise, labels, compatibilities } = crf
  const points = pairwise.width * pairwise.height
  const q = new Float32Array(labels * points)
  const messages = new Float32Array(labels * points)
  if (start !== undefined) checkStart(start, labels, points)
  const hear = () => {
    pairwise.apply(q, labels, messages)
    if (compatibilities === undefined) turnToPotts(messages, pairwise.degrees)
    else mix(messages, compatibilities, points)
  }
  if (start === undefined) update(q, crf.unary, messages, points)
  else q.set(start)
  hear()
  const energies = [freeEnergyOf(crf, q, messages)]
  let [count, change, isSettled] = [0, 0, false]
  while (count < iterations && !isSettled) {
    change = update(q, crf.unary, messages, points)
    hear()
    energies.push(freeEnergyOf(crf, q, messages))
    isSettled = change <= tolerance
    count++
  }
  return { q, labels: largest(q, labels, points), energies, iterations: count, change, isSettled }
}

/** W q_l as what Potts makes of it: W 1 - W q_k, the weight of those that have another label. */
function turnToPotts (messages: Float32Array, degrees: Float32Array): void {
  const points = degrees.length
  for (let i = 0; i < messages.length; i++) messages[i] = degrees[i % points]! - messages[i]!
}

/** q = softmax(-U - messages). @returns the largest change */
function update (q: Float32Array, unary: DenseCrf['unary'], messages: Float32Array, points: number): number {
  const labels = q.length / points
  const powers = new Float64Array(labels)
  let change = 0
  for (let p = 0; p < points; p++) {
    let least = Infinity
    for (let at = p; at < q.length; at += points) least = Math.min(least, unary[at]! + messages[at]!)
    let sum = 0
    for (let k = 0, at = p; k < labels; k++, at += points) sum += powers[k] = Math.exp(least - unary[at]! - messages[at]!)
    for (let k = 0, at = p; k < labels; k++, at += points) {
      const before = q[at]!
      q[at] = powers[k]! / sum
      change = Math.max(change, Math.abs(q[at]! - before))
    }
  }
  return change
}

/** A label that must not be has q = 0, and adds nothing. */
function freeEnergyOf ({ unary }: DenseCrf, q: Float32Array, messages: Float32Array): FreeEnergy {
  let [sum, pairs, entropy] = [0, 0, 0]
  for (let i = 0; i < q.length; i++) {
    const share = q[i]!
    if (share === 0) continue
    sum += share * unary[i]!
    pairs += share * messages[i]! / 2
    entropy -= share * Math.log(share)
  }
  return { unary: sum, pairs, entropy, free: sum + pairs - entropy }
}

function largest (q: Float32Array, labels: number, points: number): Uint8Array {
  return Uint8Array.from({ length: points }, (_, p) => {
    let best = 0
    for (let label = 1; label < labels; label++) if (q[label * points + p]! > q[best * points + p]!) best = label
    return best
  })
}

function checkStart (start: Float32Array, labels: number, points: number): void {
  checkShares('start', start, labels * points)
  for (let p = 0; p < points; p++) {
    let sum = 0
    for (let at = p; at < start.length; at += points) {
      if (!(start[at]! >= 0)) throw new RangeError(`start must be >= 0, got ${start[at]} at ${at}`)
      sum += start[at]!
    }
    if (!(Math.abs(sum - 1) <= 1e-4)) throw new RangeError(`start of pixel ${p} must have the sum 1, got ${sum}`)
  }
}
