/**
 * Trains one network epoch by epoch inside a run, so that the run can be left and taken up at every boundary: batches
 * come from counter-based streams, and everything else that a step depends on is in the saved state.
 */
import type { NamedArrays } from '../../math/arrays.js'
import type { RandomStream } from '../../math/random.js'
import type { Architecture } from '../../tensor/architecture.js'
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

export interface LearnerOptions extends Omit<BatchTrainingOptions, 'key' | 'resume'> {
  architecture: Architecture
  /** fresh weights are its next numbers, then the key of what is random inside steps */
  init: RandomStream
  epochs: number
  /** learning rate at a place of the training: completed epochs, completed part of the present epoch */
  rate (epoch: number, within: number): number
  /** what is recorded of the steps since the last point: their mean batch loss, the rate in force */
  metrics (loss: number, learningRate: number): Record<string, number>
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
  const { architecture, batchSize, epochs, stages, resume } = options
  const network = createNetwork(engine, architecture, options.init)
  const key = options.init.integer(2 ** 30)
  const training = createBatchTraining(engine, network, { ...options, key, resume: resume?.arrays })
  const { perEpoch } = training
  const metricEvery = Math.ceil(epochs * perEpoch / lossPoints)
  const boundaryEvery = stepsPerBoundary(architecture, batchSize, engine.backend)
  const at: LearnerState = { isBegun: false, epoch: 0, stage: 0, step: 0, lossSum: 0, lossCount: 0, ...resume?.state }

  const steps = () => at.epoch * perEpoch + at.step
  const rate = () => {
    if (at.step > 0) return options.rate(at.epoch, (at.step - 1) / perEpoch)
    return at.epoch === 0 ? options.rate(0, 0) : options.rate(at.epoch - 1, 1 - 1 / perEpoch)
  }

  async function * makeSteps (): AsyncGenerator<RunEvent, void> {
    while (at.step < perEpoch) {
      at.lossSum += training.step(steps(), options.rate(at.epoch, at.step / perEpoch))
      at.lossCount++
      at.step++
      if (steps() % metricEvery === 0) yield meanLoss()
      yield * options.onStep()
      if (at.step % boundaryEvery === 0) yield options.boundary()
    }
  }

  function meanLoss (): RunEvent {
    const values = options.metrics(at.lossSum / at.lossCount, rate())
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
