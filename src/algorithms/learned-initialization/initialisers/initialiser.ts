/**
 * What an initialiser gives once it has learned what it needs, and what it needs. One file each beside this one; a spec's: spec.ts.
 */
import type { RandomStream } from '../../../math/random.js'
import type { Family, Instances } from '../families/family.js'
import type { Solutions } from '../offline/solutions.js'
import type { Box } from './details.js'

/** Opens the stream of (the trial's seed, purpose, keys). */
export type Random = (purpose: string, ...keys: number[]) => RandomStream

export interface Initialiser {
  /**
   * Gives the starts of instances. What one instance gets does not depend on how many are asked for at once.
   * @param from  number of the first instance, by which random starts are keyed
   * @returns [count, runs, size]; runs: as many as it wants
   */
  starts (instances: Instances, from: number, random: Random): Float64Array
}

/** What an initialiser wants before it can be opened, and of the solver after. */
export interface Wants {
  /** starts of every stored instance that it learns from; 0: it does without a past */
  past: number
  /** whether a network is trained */
  network: boolean
  /** whether it knows where the test instances end from random starts: an oracle */
  ends: boolean
  /** starts of every test instance that are solved; the best end is kept */
  runs: number
}

/** An initialiser that wants nothing. */
export const nothing: Wants = { past: 0, network: false, ends: false, runs: 1 }

/** What it is given of that. */
export interface Given {
  family: Family
  solutions?: Solutions | undefined
  predictor?: Predictor | undefined
  /** where the codes that a value network learned from lie */
  seen?: Box | undefined
  /** states at the ends of all test instances, [instances, size] */
  ends?: Float64Array | undefined
}

/** A kind of initialiser: its line in index.ts. */
export interface InitialiserKind<Spec> {
  wants (spec: Spec): Wants
  open (spec: Spec, given: Given): Initialiser
}

/** A trained network, as initialisers ask it; rows are float32 as the network sees them. */
export interface Predictor {
  /** @param inputs [count, inputs] @returns [count, outputs] */
  predict (inputs: Float32Array, count: number): Float32Array
  /** Gradient of each row's one output with respect to its inputs, [count, inputs]. */
  inputGradients (inputs: Float32Array, count: number): Float32Array
}
