/**
 * Trains one network epoch by epoch inside a run, so that the run can be left and taken up at every boundary: batches
 * come from counter-based streams, and everything else that a step depends on is in the saved state.
 */
import type { NamedArrays } from '../../math/arrays.js'
import type { RandomStream } from '../../math/random.js'
import type { Architecture } from '../../tensor/architecture.js'
import type { Engine } from '../../tensor/engine.js'
import { createNetwork, type Network } from '../../tensor/network.js'
import { createTrainer, type TrainerOptions } from '../../tensor/trainer.js'
import type { RunEvent } from '../contract.js'
import { stepsPerBoundary } from './cost.js'

/** Where a training stands; JSON, kept in snapshots. */
export interface LearnerState {
  /** epochs that are behind, stages of the present epoch that are behind, steps of the present epoch that are behind */
  epoch: number
  stage: number
  step: number
  /** losses since the last metric */
  lossSum: number
  lossCount: number
}

export interface LearnerOptions extends Omit<TrainerOptions, 'key'> {
  architecture: Architecture
  /** fresh weights are its next numbers, then the key of what is random inside steps */
  init: RandomStream
  epochs: number
  /** order of the examples in one epoch, 0 for the first */
  order (epoch: number): Uint32Array
  /** learning rate at a place of the training: epochs behind, part of the present epoch behind */
  rate (epoch: number, within: number): number
  /** what is told of the steps since the last point: their mean batch loss, the rate in force */
  metrics (loss: number, learningRate: number): Record<string, number>
  /** what counts as work of one step */
  onStep (): RunEvent[]
  /** everything that the run needs to go on */
  boundary (): RunEvent
  /**
   * What follows the steps of every epoch, in this order. A stage that is interrupted starts again, so until its end
   * it must yield nothing but boundaries. @param epoch 1 for the first
   */
  stages: ((epoch: number) => AsyncGenerator<RunEvent, void>)[]
  resume: { state: LearnerState, network: NamedArrays, optimizer: NamedArrays } | undefined
}

export interface Learner {
  readonly network: Network
  /** steps that are behind */
  steps (): number
  /** learning rate of the last step */
  rate (): number
  /** Trains to the end. */
  run (): AsyncGenerator<RunEvent, void>
  save (): { state: LearnerState, network: NamedArrays, optimizer: NamedArrays }
  dispose (): void
}

/** Points of the batch loss per training. */
const lossPoints = 150

/** Makes a network and what trains it. */
export function createLearner (engine: Engine, options: LearnerOptions): Learner {
  const { architecture, batchSize, epochs, stages, resume, data: { count } } = options
  const network = createNetwork(engine, architecture, options.init)
  const key = options.init.integer(2 ** 30)
  const trainer = createTrainer(engine, network, { ...options, key, batchSize: Math.min(batchSize, count) })
  const perEpoch = Math.ceil(count / batchSize)
  const metricEvery = Math.ceil(epochs * perEpoch / lossPoints)
  const boundaryEvery = stepsPerBoundary(architecture, batchSize, engine.backend)
  const at: LearnerState = { epoch: 0, stage: 0, step: 0, lossSum: 0, lossCount: 0, ...resume?.state }
  if (resume) {
    network.load(resume.network)
    trainer.load(resume.optimizer)
  }

  const steps = () => at.epoch * perEpoch + at.step
  const rate = () => at.step === 0
    ? options.rate(at.epoch - 1, 1 - 1 / perEpoch)
    : options.rate(at.epoch, (at.step - 1) / perEpoch)

  async function * makeSteps (): AsyncGenerator<RunEvent, void> {
    const order = Int32Array.from(options.order(at.epoch))
    trainer.expect(order.subarray(at.step * batchSize))
    while (at.step < perEpoch) {
      const batch = order.subarray(at.step * batchSize, (at.step + 1) * batchSize)
      at.lossSum += trainer.step(batch, options.rate(at.epoch, at.step / perEpoch))
      at.lossCount++
      at.step++
      if (steps() % metricEvery === 0) yield tellLoss()
      yield * options.onStep()
      if (at.step % boundaryEvery === 0) yield options.boundary()
    }
  }

  function tellLoss (): RunEvent {
    const values = options.metrics(at.lossSum / at.lossCount, rate())
    at.lossSum = 0
    at.lossCount = 0
    return { type: 'metrics', step: steps(), values }
  }

  async function * run (): AsyncGenerator<RunEvent, void> {
    for (; at.epoch < epochs; at.epoch++, at.stage = 0, at.step = 0) {
      if (at.stage === 0) {
        yield * makeSteps()
        at.stage = 1
      }
      for (; at.stage <= stages.length; at.stage++) {
        yield options.boundary()
        yield * stages[at.stage - 1]!(at.epoch + 1)
      }
    }
  }

  return {
    network,
    steps,
    rate,
    run,
    save: () => ({ state: { ...at }, network: network.save(), optimizer: trainer.save() }),
    dispose () {
      trainer.dispose()
      network.dispose()
    }
  }
}
