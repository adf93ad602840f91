/** The paper's mislabelling protocol: which labels are made wrong, and what they become. Pure. */
import type { RandomStream } from '../../random.js'

/**
 * Chooses the examples whose label is made wrong.
 * @param fraction of the examples, 0 .. 0.5
 * @returns round(fraction x count) positions, at least one, ascending
 */
export function chooseFlipped (count: number, fraction: number, random: RandomStream): Int32Array {
  const size = Math.max(1, Math.round(fraction * count))
  return Int32Array.from(random.permutation(count).subarray(0, size)).sort()
}

/** Wrong labels by chance: one of the other classes, each as likely. @returns one label per flipped example */
export function randomLabels (flipped: Int32Array, labels: Int32Array, classes: number, random: RandomStream): Int32Array {
  return flipped.map(index => (labels[index]! + 1 + random.integer(classes - 1)) % classes)
}

/**
 * The hardest wrong labels: argmax over c != y of P_c, P by a model trained on clean labels. Ties go to the smaller class.
 * @param probabilities of the flipped examples, [flipped, classes]
 * @returns one label per flipped example
 */
export function hardestLabels (
  flipped: Int32Array, labels: Int32Array, probabilities: ArrayLike<number>, classes: number
): Int32Array {
  return flipped.map((index, row) => {
    let best = -1
    for (let c = 0; c < classes; c++) {
      if (c === labels[index]) continue
      if (best < 0 || probabilities[row * classes + c]! > probabilities[row * classes + best]!) best = c
    }
    return best
  })
}
