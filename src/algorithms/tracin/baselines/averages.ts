/**
 * Averages over the same checkpoints that TracInCP sums over, which cost nothing beside it: loss, EL2N (Paul, Ganguli,
 * Dziugaite 2021, arXiv 2107.07075: |p - y|), margin (Pleiss et al. 2020, arXiv 2001.10528: logit of the label less the
 * largest other, "area under the margin"), the probabilities of all classes, and predicted values. Sums are kept, to be taken
 * up from a snapshot.
 * Differs: EL2N was meant for the first epochs and several trainings, the margin for all epochs of one; these see the
 * checkpoints alone, as TracInCP does, so that what differs is the method and not what it has seen.
 */
import type { NamedArrays } from '../../../math/arrays.js'
import { errorNorm, probabilityOf, type LastLayer } from './last-layer.js'

/** Probabilities are averaged where they are at most so many numbers (40 MB), for they lie in every snapshot. */
const maxProbabilities = 1e7

/** Sums over checkpoints so far, in the order of the training examples. */
export interface Averages {
  /** checkpoints summed */
  readonly checkpoints: number
  /** Adds a checkpoint. */
  add (last: LastLayer): void
  /** Mean loss, [n]. */
  losses (): Float64Array
  /** Mean of |p - y|, [n]; of values of |delta|. */
  errors (): Float64Array
  /** Mean of the label's logit less the largest other, [n]; 0 for values. */
  margins (): Float64Array
  /** Mean probabilities by rows, [n, classes]; undefined for values, for too many numbers, and before the first checkpoint. */
  probabilities (): Float32Array | undefined
  /** Mean outputs by rows, [n, values], of values as the network sees them; undefined for classes and before the first checkpoint. */
  outputs (): Float64Array | undefined
  /** All of it, copies. */
  save (): NamedArrays
}

/** Starts sums of n examples, or goes on with those that save() gave. @param classes  how many; 0 for values */
export function openAverages (count: number, classes: number, saved: NamedArrays = {}): Averages {
  const sumsOf = (name: string) => saved[name]?.data as Float64Array | undefined ?? new Float64Array(count)
  const [losses, errors, margins] = [sumsOf('losses'), sumsOf('errors'), sumsOf('margins')]
  const size = count * classes <= maxProbabilities ? count * classes : 0
  const probabilities = saved['probabilities']?.data as Float32Array | undefined ?? new Float32Array(size)
  let outputs = saved['outputs']?.data as Float64Array | undefined
  const checkpoints = saved['checkpoints']?.data as Int32Array | undefined ?? new Int32Array(1)
  const mean = (sums: Float64Array) => sums.map(sum => sum / checkpoints[0]!)

  return {
    get checkpoints () { return checkpoints[0]! },
    add (last) {
      checkpoints[0]!++
      for (let i = 0; i < count; i++) {
        losses[i]! += last.losses[i]!
        errors[i]! += errorNorm(last, i)
        if (last.classes) margins[i]! += marginOf(last, i)
      }
      if (classes === 0) {
        outputs ??= new Float64Array(last.outputs.length)
        for (let at = 0; at < outputs.length; at++) outputs[at]! += last.outputs[at]!
      }
      for (let at = 0; at < size; at++) probabilities[at]! += probabilityOf(last, Math.floor(at / classes), at % classes)
    },
    losses: () => mean(losses),
    errors: () => mean(errors),
    margins: () => mean(margins),
    probabilities: () => size > 0 && checkpoints[0]! > 0 ? probabilities.map(sum => sum / checkpoints[0]!) : undefined,
    outputs: () => outputs && mean(outputs),
    save: () => ({
      checkpoints: { shape: [1], data: checkpoints.slice() },
      losses: { shape: [count], data: losses.slice() },
      errors: { shape: [count], data: errors.slice() },
      margins: { shape: [count], data: margins.slice() },
      ...(outputs ? { outputs: { shape: [count, outputs.length / count], data: outputs.slice() } } : {}),
      ...(size > 0 ? { probabilities: { shape: [count, classes], data: probabilities.slice() } } : {})
    })
  }
}

/** z_y - max over c != y of z_c. */
function marginOf ({ outputs, outputsPerExample, classes }: LastLayer, i: number): number {
  const [start, label] = [i * outputsPerExample, classes![i]!]
  let other = -Infinity
  for (let c = 0; c < outputsPerExample; c++) if (c !== label) other = Math.max(other, outputs[start + c]!)
  return outputs[start + label]! - other
}
