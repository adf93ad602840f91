/** What an initialiser gives once it has learned what it needs. One file each beside this one; a spec's: spec.ts. */
import type { RandomStream } from '../../../math/random.js'
import type { Instances } from '../families/family.js'

/** Opens the stream of (the trial's seed, purpose, keys). */
export type Random = (purpose: string, ...keys: number[]) => RandomStream

export interface Initialiser {
  /** starts of every instance that are solved; the best end is kept */
  readonly runs: number
  /**
   * Gives the starts of instances. What one instance gets does not depend on how many are asked for at once.
   * @param from  number of the first instance, by which random starts are keyed
   * @returns [count, runs, size]
   */
  starts (instances: Instances, from: number, random: Random): Float64Array
}

/** A trained network, as initialisers ask it; rows are float32 as the network sees them. */
export interface Predictor {
  /** @param inputs [count, inputs] @returns [count, outputs] */
  predict (inputs: Float32Array, count: number): Float32Array
  /** Gradient of each row's one output with respect to its inputs, [count, inputs]. */
  inputGradients (inputs: Float32Array, count: number): Float32Array
}
