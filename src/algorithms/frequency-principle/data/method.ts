/** The methods that can fit a network to a data set: batch by batch, or from all examples at once through src/optimizers. */
import { AppError } from '../../../errors.js'
import { createOptimizer, type OptimizerSettings, type OptimizerState } from '../../../optimizers/index.js'
import type { NamedArrays } from '../../../math/arrays.js'
import type { Examples } from '../../../tensor/batches.js'
import type { Engine } from '../../../tensor/engine.js'
import { flatWeights, loadFlat } from '../../../tensor/flat-weights.js'
import type { Network } from '../../../tensor/network.js'
import { createTensorObjective } from '../../../tensor/objective.js'
import type { RunContext } from '../../contract.js'
import type { Fit, Learner } from '../fit.js'
import type { OptimizerSpec } from '../optimizer-spec.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import { createBatchLearner } from './batch-learner.js'
import type { DataTarget } from './spec.js'

/**
 * Default gradientTolerance where the loss is float32. On 300 pictures 1e-5 was still reached by lbfgs and cg without a
 * line search that failed, for a last tenth of the loss and two to four times the steps.
 */
export const floatTolerance = 1e-3

/** A learner, and what stands between it and the network. */
export interface Method {
  learner: Learner
  /** Brings the learner's weights into the network. */
  settle (): void
  /** Is given the loss over all examples when that was measured. */
  heed (loss: number): void
  /** Adam's second moments by the names of the weights, where it goes batch by batch. */
  moments? (): NamedArrays | undefined
  dispose (): void
}

export interface Task {
  spec: FrequencyPrincipleSpec
  target: DataTarget
  optimizer: OptimizerSpec
  examples: Examples
  budget: Fit['budget']
  random: RunContext['random']
  saved: OptimizerState | undefined
}

/** Opens a method afresh, or where its learner was saved. */
export function openMethod (engine: Engine, network: Network, { spec, target, optimizer, examples, budget, random, saved }: Task): Method {
  const { targetValue, gradientTolerance = floatTolerance } = spec
  const loss = target.loss === 'squared' ? 'squared' as const : 'softmax-cross-entropy' as const
  if (optimizer.type === 'sgd' || optimizer.type === 'adam') {
    const learner = createBatchLearner(engine, network, {
      ...examples,
      loss,
      optimizer: optimizer.type === 'sgd'
        ? { type: 'sgd', momentum: optimizer.momentum }
        : { type: 'adam', beta1: optimizer.beta1, beta2: optimizer.beta2, epsilon: optimizer.epsilon },
      learningRate: optimizer.learningRate,
      batchSize: target.batchSize,
      key: random('noise').integer(2 ** 30),
      order: epoch => random('order', epoch).permutation(examples.data.count),
      budget,
      targetValue,
      resume: saved
    })
    return { learner, settle: () => network.settle(), heed: learner.heed, moments: learner.moments, dispose: learner.dispose }
  }
  const objective = createTensorObjective(engine, network, { ...examples, loss })
  const settings = { ...settingsOf(optimizer), gradientTolerance, ...(targetValue === undefined ? {} : { targetValue }) }
  const learner = createOptimizer(settings, objective, { start: flatWeights(network), budget, ...(saved ? { state: saved } : {}) })
  return { learner, settle: () => loadFlat(network, learner.theta), heed () {}, dispose: () => objective.dispose() }
}

function settingsOf (optimizer: OptimizerSpec): OptimizerSettings {
  switch (optimizer.type) {
    case 'gd': return { type: 'gd', learningRate: optimizer.learningRate, momentum: optimizer.momentum }
    case 'cg': return { type: 'cg', beta: optimizer.beta }
    case 'lbfgs': return { type: 'lbfgs', memory: optimizer.memory }
    default: throw new AppError('invalid_spec', `optimizer.type must be one that target data can have, got ${optimizer.type}`)
  }
}
