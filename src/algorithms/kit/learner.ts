/**
 * Trains one network epoch by epoch inside a run, so that the run can be left and taken up at every boundary: batches
 * come from counter-based streams, and everything else that a step depends on is in the saved state.
 */
import type { NamedArrays } from '../../math/arrays.js'
import type { RandomStream } from '../../math/random.js'
import type { Architecture } from '../../tensor/architecture.js'
import type { Perturb } from '../../tensor/attack.js'
import type { Engine } from '../../tensor/engine.js'
import { createNetwork, type Network } from '../../tensor/network.js'
import type { RunEvent } from '../contract.js'
import { createBatchTraining, type BatchTrainingOptions } from './batch-training.js'
import { stepsPerBoundary } from './cost.js'

/** Where a training stands; JSON, kept in snapshots. */
export interface LearnerState {
  /** whether the stages before the first step are done */
  isBegun: boolean
  /** completed epochs, completed stages of the present epoch, completed steps of the present epoch */
  epoch: number
  stage: number
  step: number
  /** losses since the last metric */
  lossSum: number
  lossCount: number
}

export interface LearnerOptions extends Omit<BatchTrainingOptions, 'key' | 'resume' | 'perturb'> {
  architecture: Architecture
  /** fresh weights are its next numbers, then the key of what is random inside steps */
  init: RandomStream
  epochs: number
  /** learning rate at a place of the training: completed epochs, completed part of the present epoch */
  rate (epoch: number, within: number): number
  /** Makes what changes the inputs of every step before they are learned from; compiled with it. */
  perturb? (network: Network): Perturb
  /** how much of `perturb`'s full radius is in force at a place of the training, 0 .. 1; all of it when left out */
  reach? (epoch: number, within: number): number
  /** gradients of every example that a step takes: more than 1, its own, where `perturb` climbs */
  gradients?: number
  /** what is recorded of the steps since the last point: their mean batch loss, the rate and the reach in force */
  metrics (loss: number, learningRate: number, reach: number): Record<string, number>
  /** what counts as work of one step */
  onStep (): RunEvent[]
  /** everything that the run needs to go on */
  boundary (): RunEvent
  /**
   * What follows the steps of every epoch, in this order. A stage that is interrupted starts again, so until its end
   * it must yield nothing but boundaries. @param epoch 1 for the first; 0: what comes before the first step of all
   */
  stages: ((epoch: number) => AsyncGenerator<RunEvent, void>)[]
  /** what save() gave; the arrays also among others */
  resume: { state: LearnerState, arrays: NamedArrays } | undefined
}

export interface Learner {
  readonly network: Network
  /** completed steps */
  steps (): number
  /** learning rate of the last step; before the first one, of that */
  rate (): number
  /** Adam's second moments by the names of the weights; undefined for other optimizers. */
  moments (): NamedArrays | undefined
  /** Trains to the end. */
  run (): AsyncGenerator<RunEvent, void>
  save (): { state: LearnerState, arrays: NamedArrays }
  dispose (): void
}

/** Points of the batch loss per training. */
const lossPoints = 150

/** Makes a network and what trains it. */
export function createLearner (engine: Engine, options: LearnerOptions): Learner {
  const { perturb, ...others } = options
  const { architecture, batchSize, epochs, stages, resume, gradients = 1, reach = () => 1 } = others
  const network = createNetwork(engine, architecture, options.init)
  const key = options.init.integer(2 ** 30)
  const training = createBatchTraining(engine, network, {
    ...others, ...(perturb ? { perturb: perturb(network) } : {}), key, resume: resume?.arrays
  })
  const { perEpoch } = training
  const metricEvery = Math.ceil(epochs * perEpoch / lossPoints)
  const boundaryEvery = stepsPerBoundary(architecture, batchSize * gradients, engine.backend)
  const at: LearnerState = { isBegun: false, epoch: 0, stage: 0, step: 0, lossSum: 0, lossCount: 0, ...resume?.state }

  const steps = () => at.epoch * perEpoch + at.step
  /** What was in force at the last step; before the first one, what will be. */
  const last = (inForce: (epoch: number, within: number) => number) => {
    if (at.step > 0) return inForce(at.epoch, (at.step - 1) / perEpoch)
    return at.epoch === 0 ? inForce(0, 0) : inForce(at.epoch - 1, 1 - 1 / perEpoch)
  }
  const rate = () => last(options.rate)

  async function * makeSteps (): AsyncGenerator<RunEvent, void> {
    while (at.step < perEpoch) {
      const place = [at.epoch, at.step / perEpoch] as const
      at.lossSum += training.step(steps(), options.rate(...place), reach(...place))
      at.lossCount++
      at.step++
      if (steps() % metricEvery === 0) yield meanLoss()
      yield * options.onStep()
      if (at.step % boundaryEvery === 0) yield options.boundary()
    }
  }

  function meanLoss (): RunEvent {
    const values = options.metrics(at.lossSum / at.lossCount, rate(), last(reach))
    at.lossSum = 0
    at.lossCount = 0
    return { type: 'metrics', step: steps(), values }
  }

  async function * makeStages (epoch: number): AsyncGenerator<RunEvent, void> {
    for (; at.stage <= stages.length; at.stage++) {
      yield options.boundary()
      yield * stages[at.stage - 1]!(epoch)
    }
  }

  async function * run (): AsyncGenerator<RunEvent, void> {
    if (!at.isBegun) {
      at.stage ||= 1
      yield * makeStages(0)
      at.isBegun = true
      at.stage = 0
    }
    for (; at.epoch < epochs; at.epoch++, at.stage = 0, at.step = 0) {
      if (at.stage === 0) {
        yield * makeSteps()
        at.stage = 1
      }
      yield * makeStages(at.epoch + 1)
    }
  }

  return {
    network,
    steps,
    rate,
    moments: () => training.moments(),
    run,
    save: () => ({ state: { ...at }, arrays: training.save() }),
    dispose () {
      training.dispose()
      network.dispose()
    }
  }
}
