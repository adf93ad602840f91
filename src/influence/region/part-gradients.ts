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
import { setSoftmax } from '../../tensor/heads/rows.js'
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
 * Gradients of parts, in Float64.
 * @param parts  positions of pixels
 * @returns      by part: the weight's numbers, then the bias's
 */
export function partGradients (pixels: Pixels, maps: readonly LearnedMap[], parts: readonly (readonly number[])[]): Gradients {
  const { logits, features, classes, hasBias } = pixels
  const deltas = deltasOf(pixels, maps)
  const fanIn = features.length * classes / logits.length
  const width = (fanIn + Number(hasBias)) * classes
  const values = new Float64Array(parts.length * width)
  for (const [i, part] of parts.entries()) {
    for (const p of part) {
      for (let k = 0; k < classes; k++) {
        const delta = deltas[p * classes + k]!
        let at = i * width + k
        for (let j = p * fanIn; j < (p + 1) * fanIn; j++, at += classes) values[at]! += features[j]! * delta
        if (hasBias) values[at]! += delta
      }
    }
  }
  return { values, width }
}

/** delta, [pixels, classes]; the label's is minus the sum of the others', which have all their digits (src/tensor/ops.ts). */
function deltasOf ({ logits, classes }: Pixels, maps: readonly LearnedMap[]): Float64Array {
  const deltas = new Float64Array(logits.length)
  const shares = new Float64Array(classes)
  const learned = maps.map(({ labels, count, weight }) => ({ labels, scale: weight / Math.max(1, count) }))
  for (let from = 0, p = 0; from < logits.length; from += classes, p++) {
    let isRead = false
    for (const { labels, scale } of learned) {
      const label = labels[p]!
      if (label === UNLABELLED) continue
      if (!isRead) setSoftmax(shares, logits, from)
      isRead = true
      let others = 0
      for (let k = 0; k < classes; k++) {
        if (k === label) continue
        const share = scale * shares[k]!
        deltas[from + k]! += share
        others += share
      }
      deltas[from + label]! -= others
    }
  }
  return deltas
}
