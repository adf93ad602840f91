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
  let step = start === undefined ? update(q, crf.unary, messages, points) : startFrom(start, q, crf.unary)
  const energies: FreeEnergy[] = []
  const note = () => {
    hear()
    const pairs = product(q, messages) / 2
    energies.push({ unary: step.unary, pairs, entropy: step.entropy, free: step.unary + pairs - step.entropy })
  }
  note()
  let [count, change, isSettled] = [0, 0, false]
  while (count < iterations && !isSettled) {
    step = update(q, crf.unary, messages, points)
    note()
    change = step.change
    isSettled = change <= tolerance
    count++
  }
  return { q, labels: largest(q, labels, points), energies, iterations: count, change, isSettled }
}

/** W q_l as what Potts makes of it: W 1 - W q_k, the weight of those that have another label. */
function turnToPotts (messages: Float32Array, degrees: Float32Array): void {
  const points = degrees.length
  for (let from = 0; from < messages.length; from += points) {
    for (let p = 0; p < points; p++) messages[from + p] = degrees[p]! - messages[from + p]!
  }
}

/** What a q is, and the largest change to it. */
interface Step { change: number, unary: number, entropy: number }

/** A label that costs so much more than the best one has q = 0 (it would be 1e-30): tiny numbers are slow to compute with. */
const FARTHEST = 69
/** Pixels at a time, so that what lies together is read together: planes are often a power of two apart, and would share a cache line. */
const BLOCK = 256

/** q = softmax(-U - messages). A label that must not be has q = 0, and adds nothing. */
function update (q: Float32Array, unary: DenseCrf['unary'], messages: Float32Array, points: number): Step {
  const step = { change: 0, unary: 0, entropy: 0 }
  const room: Block = {
    costs: new Float64Array(q.length / points * BLOCK),
    powers: new Float64Array(q.length / points * BLOCK),
    least: new Float64Array(BLOCK),
    sums: new Float64Array(BLOCK)
  }
  for (let from = 0; from < points; from += BLOCK) {
    const size = Math.min(BLOCK, points - from)
    room.least.fill(Infinity)
    room.sums.fill(0)
    for (let at = from, i = 0; at < q.length; at += points, i += BLOCK) addCosts(room, i, unary, messages, at, size)
    for (let i = 0; i < room.costs.length; i += BLOCK) takePowers(room, i, size)
    for (let at = from, i = 0; at < q.length; at += points, i += BLOCK) share(room, i, q, unary, at, size, step)
    for (let b = 0; b < size; b++) step.entropy += Math.log(room.sums[b]!)
  }
  return step
}

/** Of some pixels: costs of labels and their powers, [K, block], the least cost and the sum of powers. */
interface Block { costs: Float64Array, powers: Float64Array, least: Float64Array, sums: Float64Array }

function addCosts ({ costs, least }: Block, i: number, unary: DenseCrf['unary'], messages: Float32Array, at: number, size: number): void {
  for (let b = 0; b < size; b++) {
    const cost = costs[i + b] = unary[at + b]! + messages[at + b]!
    if (cost < least[b]!) least[b] = cost
  }
}

function takePowers ({ costs, powers, least, sums }: Block, i: number, size: number): void {
  for (let b = 0; b < size; b++) {
    const above = costs[i + b] = costs[i + b]! - least[b]!
    sums[b]! += powers[i + b] = above > FARTHEST ? 0 : Math.exp(-above)
  }
}

function share (
  { costs, powers, sums }: Block, i: number, q: Float32Array, unary: DenseCrf['unary'], at: number, size: number, step: Step
): void {
  let [change, expected, entropy] = [step.change, 0, 0]
  for (let b = 0; b < size; b++) {
    const value = powers[i + b]! / sums[b]!
    const difference = Math.abs(value - q[at + b]!)
    if (difference > change) change = difference
    q[at + b] = value
    if (value === 0) continue
    expected += value * unary[at + b]!
    entropy += value * costs[i + b]! // -ln q is this cost + ln sum
  }
  step.change = change
  step.unary += expected
  step.entropy += entropy
}

/** q . messages. A function of its own: compiled once, where a loop within another function would be compiled for each call. */
function product (q: Float32Array, messages: Float32Array): number {
  let sum = 0
  for (let i = 0; i < q.length; i++) sum += q[i]! * messages[i]!
  return sum
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
