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
import { openField, type Step } from './field.js'

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
  if (start !== undefined) checkStart(start, labels, points)
  const { q, messages, update, product } = openField(crf)
  const hear = () => {
    pairwise.apply(q, labels, messages)
    if (compatibilities !== undefined) mix(messages, compatibilities, points)
  }
  let step = start === undefined ? update(true) : startFrom(start, q, crf.unary)
  const energies: FreeEnergy[] = []
  const note = () => {
    hear()
    const pairs = product() / 2
    energies.push({ unary: step.unary, pairs, entropy: step.entropy, free: step.unary + pairs - step.entropy })
  }
  note()
  let [count, change, isSettled] = [0, 0, false]
  while (count < iterations && !isSettled) {
    step = update()
    note()
    change = step.change
    isSettled = change <= tolerance
    count++
  }
  return { q: q.slice(), labels: largest(q, labels, points), energies, iterations: count, change, isSettled }
}

function startFrom (start: Float32Array, q: Float32Array, unary: DenseCrf['unary']): Step {
  q.set(start)
  const step = { change: 0, unary: 0, entropy: 0 }
  for (const [i, share] of q.entries()) {
    if (share === 0) continue
    step.unary += share * unary[i]!
    step.entropy -= share * Math.log(share)
  }
  return step
}

/** Plane by plane, as they lie. */
function largest (q: Float32Array, labels: number, points: number): Uint8Array {
  const found = new Uint8Array(points)
  const most = q.slice(0, points)
  for (let label = 1, at = points; label < labels; label++) {
    for (let p = 0; p < points; p++, at++) {
      if (!(q[at]! > most[p]!)) continue
      most[p] = q[at]!
      found[p] = label
    }
  }
  return found
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
