/**
 * The X-step of ADM (Marin, Tang, Ben Ayed, Boykov 2019, section 3): of each picture the labelling
 *
 *   X = argmin sum_p -u log S_p(X_p) + lambda sum_pq w_pq [X_p != X_q],  X_p = Y_p on scribbles
 *
 * by alpha-expansion for a grid CRF, or soft marginals by mean field for a dense one. The cross-entropy with X is what the network
 * learns next. Next hops: grid.ts, dense.ts.
 */
import type { Pixels } from '../../../datasets/formats/pictures/picture.js'
import { UNLABELLED } from '../../../datasets/unlabelled.js'
import type { MethodOf } from '../methods.js'

/** The least share whose logarithm is taken. */
const LEAST = 1e-6

export interface Picture {
  pixels: Pixels
  /** [height, width]: labels, or 255 */
  scribbles: Uint8Array
}

/** Finds X of a picture. */
export interface XStep {
  /**
   * @param unary [labels, height, width]
   * @param last  X of before, [height, width, labels], all 0 where there is none; it is where the search begins
   * @param into  [height, width, labels]
   */
  (unary: Float64Array, last: Float32Array, into: Float32Array): void
}

/**
 * Costs of labels by what the network says. A scribble's label costs 0 and others infinitely much where scribbles are hard.
 * @param shares S, [height, width, labels]
 * @returns [labels, height, width]
 */
export function unaryOf (shares: Float32Array, { scribbles }: Pick<Picture, 'scribbles'>, method: MethodOf<'adm'>, labels: number): Float64Array {
  const pixels = scribbles.length
  const unary = new Float64Array(labels * pixels)
  const allowed = allowedOf(scribbles, method, labels)
  for (let p = 0; p < pixels; p++) {
    const given = method.scribbles === 'hard' ? scribbles[p]! : UNLABELLED
    for (let k = 0; k < labels; k++) {
      unary[k * pixels + p] = given === UNLABELLED
        ? allowed[k] ? -method.unary * Math.log(Math.max(LEAST, shares[p * labels + k]!)) : Infinity
        : given === k ? 0 : Infinity
    }
  }
  return unary
}

/** Labels that X may have; all where the picture has no scribble. */
function allowedOf (scribbles: Uint8Array, { labels: which }: MethodOf<'adm'>, labels: number): boolean[] {
  if (which === 'all') return new Array<boolean>(labels).fill(true)
  const seen = new Set(scribbles)
  seen.delete(UNLABELLED)
  return Array.from({ length: labels }, (_, k) => seen.size === 0 || seen.has(k))
}

/** Writes a labelling as shares, one for its label. @param into [pixels, labels] */
export function writeOneHot (labelling: Uint8Array, labels: number, into: Float32Array): void {
  into.fill(0)
  for (let p = 0; p < labelling.length; p++) into[p * labels + labelling[p]!] = 1
}

/** The largest share of each pixel, the lowest label of equals. @param shares [pixels, labels] */
export function argmaxOf (shares: Float32Array, labels: number): Uint8Array {
  const labelling = new Uint8Array(shares.length / labels)
  for (let p = 0; p < labelling.length; p++) {
    let best = 0
    for (let k = 1; k < labels; k++) if (shares[p * labels + k]! > shares[p * labels + best]!) best = k
    labelling[p] = best
  }
  return labelling
}
