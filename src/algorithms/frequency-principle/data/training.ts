/** A network at work on a data set, whatever the numbers that it computes in: float32.ts, float64.ts. */
import type { OptimizerState } from '../../../optimizers/index.js'
import type { NamedArrays } from '../../../math/arrays.js'
import type { Fit, Learner, Look } from '../fit.js'
import type { OptimizerSpec } from '../optimizer-spec.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import type { Inputs } from './inputs.js'
import type { DataTarget } from './spec.js'

/** What is to be trained. */
export interface Task {
  spec: FrequencyPrincipleSpec
  target: DataTarget
  optimizer: OptimizerSpec
  inputs: Pick<Inputs, 'examples' | 'architecture'>
  /** one-hot classes of the examples, [n, classes] by rows */
  goal: Float64Array
  budget: Fit['budget']
  saved: OptimizerState | undefined
}

/** A network that is trained. */
export interface Training {
  learner: Learner
  evaluationsPerBoundary: number
  /** in what numbers it computes, in words */
  precision: string
  look (): Required<Look>
  /** The weights as they are, by the names of the architecture. */
  weights (): NamedArrays
  /** Adam's second moments by the same names, where it goes batch by batch. */
  moments? (): NamedArrays | undefined
  close (): void
}
