/**
 * Labellings f of the pixels of a picture, all pairs of which count:
 *
 *   E(f) = sum_p U_p(f_p) + 1/2 sum_pq W_pq V(f_p, f_q)
 *
 * with W of pairwise.ts, so that every pair counts once, as in src/graphcut. V is Potts, [f_p != f_q], or any table. What finds
 * labels: mean-field.ts.
 */
import { checkLabelCosts } from '../math/label-costs.js'
import type { DensePairwise } from './pairwise.js'

export interface DenseCrf {
  pairwise: DensePairwise
  /** K: labels are 0 .. K - 1; at most 255 */
  labels: number
  /** U: [K, height, width], finite, or Infinity for a label that a pixel must not have; one of each pixel is finite */
  unary: Float32Array | Float64Array
  /** V: [K, K], symmetric, finite, 0 on the diagonal; Potts when left out */
  compatibilities?: Float64Array
}

export interface Energy { unary: number, pairs: number, total: number }

/** E(f). @param labelling [height, width] @throws RangeError for a problem, or labels, that are none */
export function energyOf (crf: DenseCrf, labelling: Uint8Array): Energy {
  checkCrf(crf)
  const { pairwise, labels, unary } = crf
  const points = pairwise.width * pairwise.height
  if (labelling.length !== points) throw new RangeError(`labelling must have ${points} labels, got ${labelling.length}`)
  const shares = new Float32Array(labels * points)
  let sum = 0
  for (const [p, label] of labelling.entries()) {
    if (label >= labels) throw new RangeError(`label of pixel ${p} must be below ${labels}, got ${label}`)
    shares[label * points + p] = 1
    sum += unary[label * points + p]!
  }
  const pairs = relaxationOf(crf, shares).value / 2
  return { unary: sum, pairs, total: sum + pairs }
}

/**
 * The pairs' energy for shares of labels in place of labels: R(S) = sum_k S_k' W (1 - S_k), or, with a table,
 * sum_kl V_kl S_k' W S_l. Where all shares are ones and zeros it is twice the energy, for every pair comes from both its ends.
 * @param shares S: [K, height, width], finite
 * @returns R and dR/dS [K, height, width], W 1 - 2 W S_k or 2 sum_l V_kl W S_l: exact for the W that is applied, on a lattice, too
 * @throws RangeError for a problem or shares that are none
 */
export function relaxationOf (crf: Omit<DenseCrf, 'unary'>, shares: Float32Array): { value: number, gradient: Float32Array } {
  checkTable(crf)
  const { pairwise, labels, compatibilities } = crf
  const points = pairwise.width * pairwise.height
  checkShares('shares', shares, labels * points)
  const gradient = new Float32Array(labels * points)
  pairwise.apply(shares, labels, gradient)
  let value = 0
  if (compatibilities !== undefined) {
    mix(gradient, compatibilities, points)
    for (let i = 0; i < gradient.length; i++) {
      value += shares[i]! * gradient[i]!
      gradient[i]! *= 2
    }
    return { value, gradient }
  }
  for (let i = 0; i < gradient.length; i++) {
    const degree = pairwise.degrees[i % points]!
    value += shares[i]! * (degree - gradient[i]!)
    gradient[i] = degree - 2 * gradient[i]!
  }
  return { value, gradient }
}

/** Puts sum_l V_kl M_l in place of each M_k. @param messages M: [K, points] */
export function mix (messages: Float32Array, compatibilities: Float64Array, points: number): void {
  const labels = messages.length / points
  const of = new Float64Array(labels)
  for (let p = 0; p < points; p++) {
    for (let l = 0; l < labels; l++) of[l] = messages[l * points + p]!
    for (let k = 0; k < labels; k++) {
      let sum = 0
      for (let l = 0; l < labels; l++) sum += compatibilities[k * labels + l]! * of[l]!
      messages[k * points + p] = sum
    }
  }
}

/** Checks a problem. @throws RangeError that says what and where */
export function checkCrf (crf: DenseCrf): void {
  checkTable(crf)
  const { pairwise, labels, unary } = crf
  checkLabelCosts(unary, labels, pairwise.width * pairwise.height)
}

function checkTable ({ labels, compatibilities }: Omit<DenseCrf, 'unary'>): void {
  if (!(Number.isInteger(labels) && labels >= 1 && labels <= 255)) throw new RangeError(`labels must be 1 .. 255, got ${labels}`)
  if (compatibilities === undefined) return
  if (compatibilities.length !== labels ** 2) throw new RangeError(`compatibilities must have ${labels} x ${labels} numbers, got ${compatibilities.length}`)
  for (let a = 0; a < labels; a++) {
    for (let b = 0; b <= a; b++) {
      const [there, back] = [compatibilities[a * labels + b]!, compatibilities[b * labels + a]!]
      if (!Number.isFinite(there) || there !== back || (a === b && there !== 0)) {
        const got = `got ${there} and ${back} for ${a} and ${b}`
        throw new RangeError(`compatibilities must be finite, symmetric, and 0 from a label to itself, ${got}`)
      }
    }
  }
}

/** Checks shares. @throws RangeError */
export function checkShares (name: string, shares: Float32Array, length: number): void {
  if (shares.length !== length) throw new RangeError(`${name} must have ${length} numbers, got ${shares.length}`)
  const wrong = shares.findIndex(share => !Number.isFinite(share))
  if (wrong >= 0) throw new RangeError(`${name} must be finite, got ${shares[wrong]} at ${wrong}`)
}
