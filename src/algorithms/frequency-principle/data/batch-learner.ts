/** SGD and Adam as a method of this kind: batch by batch through the trainer, with a budget and a reason to stop. */
import type { Budget, OptimizerState, Stop, StopReason } from '../../../optimizers/index.js'
import { advice } from '../../../optimizers/stops.js'
import type { NamedArrays } from '../../../math/arrays.js'
import type { Engine } from '../../../tensor/engine.js'
import type { Network } from '../../../tensor/network.js'
import { createBatchTraining, type BatchTrainingOptions } from '../../kit/batch-training.js'
import type { Learner } from '../fit.js'

export interface BatchLearnerOptions extends Omit<BatchTrainingOptions, 'resume'> {
  learningRate: number
  /** an iteration counts as one evaluation of each */
  budget: Budget
  /** ends when the loss over all examples is at most this */
  targetValue: number | undefined
  resume: OptimizerState | undefined
}

export interface BatchLearner extends Learner {
  /** Is given the loss over all examples whenever that was measured: the method knows only those of its batches. */
  heed (loss: number): void
  /** Adam's second moments by the names of the weights; undefined for sgd. */
  moments (): NamedArrays | undefined
  dispose (): void
}

/** Makes a learner that goes batch by batch; the last batch of an epoch may be smaller. */
export function createBatchLearner (engine: Engine, network: Network, options: BatchLearnerOptions): BatchLearner {
  const { learningRate, budget, resume, targetValue = -Infinity } = options
  const training = createBatchTraining(engine, network, { ...options, resume: resume?.arrays })
  let steps = resume ? resume.values.steps as number : 0
  let stop = resume?.values.stop as Stop | null | undefined ?? undefined

  function end (reason: StopReason, text: string): void {
    stop ??= { reason, text, advice: advice[reason] }
  }

  return {
    get counts () { return { steps, functionEvaluations: steps, gradientEvaluations: steps } },
    get stop () { return stop },
    step () {
      if (stop) return
      const loss = training.step(steps, learningRate)
      steps++
      if (!Number.isFinite(loss)) end('not-finite', `the loss of a batch is ${loss}`)
      if (steps >= (budget.steps ?? Infinity)) end('steps', `the budget of ${steps} steps is used up`)
      if (2 * steps + 2 > (budget.evaluations ?? Infinity)) end('evaluations', `${2 * steps} of the budget of ${budget.evaluations} evaluations are used`)
    },
    heed (loss) {
      if (!Number.isFinite(loss)) end('not-finite', `the loss over all examples is ${loss}`)
      if (loss <= targetValue) end('value', `loss ${Number(loss.toPrecision(3))} <= targetValue ${targetValue}`)
    },
    save: () => ({ arrays: training.save(), values: { steps, stop: stop ?? null } }),
    moments: () => training.moments(),
    dispose: () => training.dispose()
  }
}
