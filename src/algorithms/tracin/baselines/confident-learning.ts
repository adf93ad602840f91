/**
 * Confident learning (Northcutt, Jiang, Chuang 2021, arXiv 1911.00068): which labels the probabilities contradict, each class
 * measured by how sure the model is of it on average. Pure.
 * Differs: the paper takes probabilities of models that have not seen the example, by cross-validation; these are those of
 * the one model at the end of its training, on the examples that it was trained on, for a trial trains one. Where the model
 * repeats its wrong labels they say little, as they must.
 */
import { probabilityOf, type LastLayer } from './last-layer.js'

/**
 * Suspicion of every example, the highest first to be checked: the off-diagonal of the confident joint before all others,
 * and within both the least normalized margin p_y - max over c != y of p_c first. An example counts for the class j whose
 * probability is largest among those at or above their threshold
 *
 *   t_j = mean of p_j over the examples whose label is j
 *
 * and lies off the diagonal when j is not its label. A class that no example is labelled with has no threshold.
 * @returns [n], 0 .. 4: 1 - margin, and 2 more off the diagonal; 1 - margin is summed from what is small, not from 1 - p
 */
export function confidentLearning (last: LastLayer): Float64Array {
  const { count, outputsPerExample: classes, deltas } = last
  const thresholds = thresholdsOf(last)
  return Float64Array.from({ length: count }, (_, i) => {
    const label = last.classes![i]!
    let [confident, most, other] = [label, -Infinity, 0]
    for (let c = 0; c < classes; c++) {
      const probability = probabilityOf(last, i, c)
      if (probability >= thresholds[c]! && probability > most) [confident, most] = [c, probability]
      if (c !== label) other = Math.max(other, probability)
    }
    const missing = -deltas[i * classes + label]! // 1 - p_y
    return missing + other + (confident === label ? 0 : 2)
  })
}

function thresholdsOf (last: LastLayer): Float64Array {
  const { count, outputsPerExample } = last
  const sums = new Float64Array(outputsPerExample)
  const examples = new Float64Array(outputsPerExample)
  for (let i = 0; i < count; i++) {
    const label = last.classes![i]!
    sums[label]! += probabilityOf(last, i, label)
    examples[label]!++
  }
  return sums.map((sum, c) => examples[c]! > 0 ? sum / examples[c]! : Infinity)
}
