/**
 * Gradients of parts of a picture: of what some of its pixels add to its loss, by the last layer. By the chain rule, with the
 * outputs z_p = f_p W + b of pixels.ts,
 *
 *   G(part) = sum over its pixels p of (f_p, 1)ᵀ delta_p,   delta_p = dl / dz_p,   (h + 1) K numbers
 *
 * and delta_p is S_p - onehot(label_p) over the number of labelled pixels, for each map that was learned, times its weight. A
 * part adds <G(part), Q> to the score by a query's gradient Q, and all parts together add up to the picture's.
 */
import { UNLABELLED } from '../../datasets/unlabelled.js'
import type { Gradients } from '../last-gradients.js'
import type { Pixels } from './pixels.js'

/** What was learned of a picture. */
export interface LearnedMap {
  /** [pixels] */
  labels: Uint8Array | Int32Array
  /** of its labelled pixels, over which the loss is the mean */
  count: number
  /** of that loss */
  weight: number
}

/**
 * Gradients of parts, in Float64; the label's own share is taken from those of the others, which have their digits (ops.ts).
 * @param parts  positions of pixels
 * @returns      by part: the weight's numbers, then the bias's
 */
export function partGradients (
  { logits, features, classes, hasBias }: Pixels, maps: readonly LearnedMap[], parts: readonly (readonly number[])[]
): Gradients {
  const fanIn = features.length * classes / logits.length
  const width = (fanIn + Number(hasBias)) * classes
  const values = new Float64Array(parts.length * width)
  const learned = maps.map(({ labels, count, weight }) => ({ labels, scale: weight / Math.max(1, count) }))
  const [shares, delta] = [new Float64Array(classes), new Float64Array(classes)]

  function setDelta (p: number): void {
    setShares(shares, logits, p * classes)
    delta.fill(0)
    for (const { labels, scale } of learned) {
      const label = labels[p]!
      if (label === UNLABELLED) continue
      for (let k = 0; k < classes; k++) {
        if (k === label) continue
        delta[k]! += scale * shares[k]!
        delta[label]! -= scale * shares[k]!
      }
    }
  }

  parts.forEach((pixels, part) => {
    for (const p of pixels) {
      setDelta(p)
      let at = part * width
      for (let j = p * fanIn; j < (p + 1) * fanIn; j++) {
        const feature = features[j]!
        for (let k = 0; k < classes; k++) values[at++]! += feature * delta[k]!
      }
      if (hasBias) for (let k = 0; k < classes; k++) values[at++]! += delta[k]!
    }
  })
  return { values, width }
}

/** softmax of one row, without an array of its own: as softmax() of src/math/softmax.ts. */
function setShares (into: Float64Array, logits: Float32Array, from: number): void {
  let largest = -Infinity
  for (let k = 0; k < into.length; k++) largest = Math.max(largest, logits[from + k]!)
  let sum = 0
  for (let k = 0; k < into.length; k++) sum += into[k] = Math.exp(logits[from + k]! - largest)
  for (let k = 0; k < into.length; k++) into[k]! /= sum
}
