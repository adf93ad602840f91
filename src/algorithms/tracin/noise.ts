/** The paper's mislabelling protocol: which labels are made wrong, and what they become. Pure. */
import type { RandomStream } from '../../math/random.js'

/**
 * Chooses the examples whose label is made wrong.
 * @param fraction of the examples, 0 .. 0.5
 * @returns round(fraction x count) positions, at least one, ascending
 */
export function chooseFlipped (count: number, fraction: number, random: RandomStream): Int32Array {
  const size = Math.max(1, Math.round(fraction * count))
  return Int32Array.from(random.permutation(count).subarray(0, size)).sort()
}

/**
 * The classes that a wrong label may be: those with an example. Labels 1 .. 26 make 27 classes, and nobody writes a 0 by
 * mistake. Where only one class has examples, wrong labels are of the others.
 * @returns classes, ascending, two or more
 */
export function possibleLabels (labels: Int32Array, classes: number): Int32Array {
  const present = new Set(labels)
  const all = Int32Array.from({ length: classes }, (_, label) => label)
  return present.size > 1 ? all.filter(label => present.has(label)) : all
}

/**
 * Wrong labels by chance: one of the other classes, each as likely.
 * @param possible possibleLabels() of the training split
 * @returns one label per flipped example
 */
export function randomLabels (flipped: Int32Array, labels: Int32Array, possible: Int32Array, random: RandomStream): Int32Array {
  return flipped.map(index => possible[(possible.indexOf(labels[index]!) + 1 + random.integer(possible.length - 1)) % possible.length]!)
}

/**
 * The hardest wrong labels: argmax over c != y of P_c, P by a model trained on clean labels. Ties go to the smaller class.
 * @param probabilities of the flipped examples, [flipped, classes]
 * @param possible possibleLabels() of the training split
 * @returns one label per flipped example
 */
export function hardestLabels (
  flipped: Int32Array, labels: Int32Array, probabilities: ArrayLike<number>, classes: number, possible: Int32Array
): Int32Array {
  return flipped.map((index, row) => {
    let best = -1
    for (const c of possible) {
      if (c === labels[index]) continue
      if (best < 0 || probabilities[row * classes + c]! > probabilities[row * classes + best]!) best = c
    }
    return best
  })
}
