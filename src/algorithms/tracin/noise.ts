/** The paper's mislabelling protocol: which labels are made wrong, and what they become. Values are swapped. Pure. */
import type { LabelledDescription } from '../../datasets/labelled.js'
import { AppError } from '../../errors.js'
import type { RandomStream } from '../../math/random.js'
import type { NoiseKind, TracinSpec } from './spec.js'

/** What a spec's noise is for a target. */
export function noiseOf ({ labelNoise: { kind } }: TracinSpec, { type }: LabelledDescription['target']): NoiseKind {
  return kind !== 'auto' ? kind : type === 'classes' ? 'hardest' : 'random'
}

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
export function possibleLabels (labels: ArrayLike<number>, classes: number): Int32Array {
  const present = new Set(Array.from(labels))
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

/**
 * Wrong values by chance: those of another flipped example, the next in a random order that has others. What other
 * examples really have stays plausible, and their distribution as it is; that a swapped value may lie near the own one
 * belongs to it.
 * @param labels [examples, width] by rows
 * @returns      as many values for every flipped example
 * @throws AppError unmeasurable when all examples have the same values
 */
export function swappedValues (flipped: Int32Array, labels: Float32Array, width: number, random: RandomStream): Float32Array {
  const valuesOf = (index: number) => labels.subarray(index * width, (index + 1) * width)
  const differs = (a: number, b: number) => valuesOf(a).some((value, k) => value !== valuesOf(b)[k])
  const places = random.permutation(flipped.length)
  const others = random.permutation(labels.length / width) // where all that are flipped have the same
  const wrong = new Float32Array(flipped.length * width)
  places.forEach((place, at) => {
    const own = flipped[place]!
    let from: number | undefined
    for (let step = 1; from === undefined && step < places.length; step++) {
      const candidate = flipped[places[(at + step) % places.length]!]!
      if (differs(candidate, own)) from = candidate
    }
    from ??= others.find(candidate => differs(candidate, own))
    if (from === undefined) throw new AppError('unmeasurable', 'labels can be made wrong only where training examples have different values, got one value for all')
    wrong.set(valuesOf(from), place * width)
  })
  return wrong
}
