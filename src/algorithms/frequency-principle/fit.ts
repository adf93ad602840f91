/**
 * What the two kinds of target have in common: a network, a method that fits it to the target one iteration at a time,
 * and a probe that holds the fit against the target. run.ts knows no more of a target. Next hop: open-fit.ts.
 */
import type { Optimizer } from '../../optimizers/index.js'
import type { Budget } from '../../optimizers/optimizer.js'
import type { NamedArrays } from '../../math/arrays.js'
import type { Descent, ModelEvent } from '../contract.js'
import type { Probe, SpectralHistory } from '../kit/spectrum/index.js'
import type { DataFindings } from './data/spec.js'
import type { FrequencyPrincipleResult, ResultBand } from './result.js'

/** A method at work; src/optimizers has most of them. */
export interface Learner extends Pick<Optimizer, 'counts' | 'stop' | 'step' | 'save'> {
  /** largest component of the gradient, and length of the last step, where the method has them */
  readonly gradientNorm?: number
  readonly stepLength?: number
}

/** What the network says of all points. */
export interface Look {
  /** [points] or [examples, classes] */
  outputs: Float64Array
  loss: number
  /** part of the examples whose largest output is their class */
  accuracy?: number
}

/** What was measured on the denser grid. */
export interface Tested { loss: number, errors: number[] }

export interface Fit extends Pick<Probe, 'measure' | 'spectrum'> {
  readonly learner: Learner
  readonly budget: Budget & { steps: number }
  /** so many make less than a second of work */
  readonly evaluationsPerBoundary: number
  /** all that are followed; within a group ascending by frequency */
  readonly bands: ResultBand[]
  /** outputs of a perfect network */
  readonly goal: Float64Array
  /** what the report draws outputs as; undefined where they are no function of one or two coordinates */
  readonly shape: { picture: FrequencyPrincipleResult['picture'] } | undefined
  readonly parameters: number
  /** points or examples */
  readonly points: number
  /** what is stored of the network */
  readonly model: Omit<ModelEvent, 'type' | 'name' | 'descent'>
  /** how the method moves the weights: what checkpoints count follows from it */
  readonly descent: Descent
  /** 0 where the method has none */
  readonly learningRate: number
  /** Looks at the network as it is; the outputs are overwritten by the next look. */
  look (): Look
  /** The network's weights as they are, float32 as those of every stored model. */
  weights (): NamedArrays
  /** Adam's second moments by the names of the weights, where it goes batch by batch. */
  moments? (): NamedArrays | undefined
  /** What is found out about a target of this kind beside what every trial finds. */
  findings (history: SpectralHistory, accuracy: number): { data?: DataFindings }
  /** how the network does where it was not fitted, where the target can say what is right there */
  readonly test?: {
    points: number
    /** Measures it as it is: loss, and relative error per band. */
    measure (): Tested
  }
  close (): void
}
