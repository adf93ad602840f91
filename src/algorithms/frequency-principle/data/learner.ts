/**
 * Optimizers over a tensor network, one iteration at a time: batch by batch through the trainer, or on all examples at
 * once through src/optimizers. Both can be saved between any two iterations and taken up to the bit.
 */
import {
  createOptimizer, type Budget, type Counts, type OptimizerSettings, type OptimizerState, type Stop, type StopReason
} from '../../../optimizers/index.js'
import { advice } from '../../../optimizers/stops.js'
import type { Examples } from '../../../tensor/batches.js'
import type { Engine } from '../../../tensor/engine.js'
import type { Loss } from '../../../tensor/losses.js'
import type { Network } from '../../../tensor/network.js'
import { createTensorObjective, flatWeights, loadFlat } from '../../../tensor/objective.js'
import type { OptimizerSpec as BatchOptimizer } from '../../../tensor/optimizers.js'
import { createTrainer } from '../../../tensor/trainer.js'
import { prefix, unprefix } from '../../kit/named-arrays.js'

export interface DataLearner {
  /** evaluations on a batch, or on all examples, whatever one iteration of the method looks at */
  readonly counts: Readonly<Counts>
  /** set when it has ended */
  readonly stop: Stop | undefined
  /** weight of a checkpoint in TracIn's sum: the learning rate, 1 where the method has none */
  readonly learningRate: number
  /** One iteration; does nothing when it has ended. */
  step (): void
  /** Brings the weights into the network. */
  settle (): void
  /** Says the loss over all examples, which a method that goes batch by batch does not know. */
  tell (loss: number): void
  /** Largest component of the gradient and length of the last step, where the method has them. */
  describe (): { gradientNorm?: number, stepLength?: number }
  /** All that is needed to go on. */
  save (): OptimizerState
  dispose (): void
}

interface Task {
  examples: Examples
  loss: Loss
  budget: Budget
  /** ends when the loss over all examples is at most this */
  targetValue: number | undefined
  resume: OptimizerState | undefined
}

export interface BatchTask extends Task {
  optimizer: BatchOptimizer
  learningRate: number
  batchSize: number
  /** of what is random inside steps, 0 by default */
  key?: number
  /** order of the examples in one epoch, 0 for the first */
  order (epoch: number): Uint32Array
}

/** Makes a learner that goes batch by batch; the last batch of an epoch may be smaller. */
export function createBatchLearner (engine: Engine, network: Network, task: BatchTask): DataLearner {
  const { examples, learningRate, budget, resume, targetValue = -Infinity } = task
  const { count } = examples.data
  const batchSize = Math.min(task.batchSize, count)
  const perEpoch = Math.ceil(count / batchSize)
  const { loss, optimizer, key = 0 } = task
  const trainer = createTrainer(engine, network, { ...examples, loss, optimizer, batchSize, key })
  let steps = 0
  let stop: Stop | undefined
  let order: { epoch: number, indices: Int32Array } | undefined
  if (resume) {
    steps = resume.values.steps as number
    stop = resume.values.stop as Stop | null ?? undefined
    network.load(unprefix('network/', resume.arrays))
    trainer.load(unprefix('optimizer/', resume.arrays))
  }

  function batchAt (step: number): Int32Array {
    const epoch = Math.floor(step / perEpoch)
    const at = step % perEpoch * batchSize
    if (order?.epoch !== epoch) {
      order = { epoch, indices: Int32Array.from(task.order(epoch)) }
      trainer.expect(order.indices.subarray(at))
    }
    return order.indices.subarray(at, at + batchSize)
  }

  function end (reason: StopReason, text: string): void {
    stop ??= { reason, text, advice: advice[reason] }
  }

  return {
    get counts () { return { steps, functionEvaluations: steps, gradientEvaluations: steps } },
    get stop () { return stop },
    learningRate,
    step () {
      if (stop) return
      const loss = trainer.step(batchAt(steps), learningRate)
      steps++
      if (!Number.isFinite(loss)) end('not-finite', `the loss of a batch is ${loss}`)
      if (steps >= (budget.steps ?? Infinity)) end('steps', `the budget of ${steps} steps is used up`)
      if (2 * steps + 2 > (budget.evaluations ?? Infinity)) end('evaluations', `${2 * steps} of the budget of ${budget.evaluations} evaluations are used`)
    },
    settle: () => network.settle(),
    tell (loss) {
      if (!Number.isFinite(loss)) end('not-finite', `the loss over all examples is ${loss}`)
      if (loss <= targetValue) end('value', `loss ${Number(loss.toPrecision(3))} <= targetValue ${targetValue}`)
    },
    describe: () => ({}),
    save: () => ({
      arrays: { ...prefix('network/', network.save()), ...prefix('optimizer/', trainer.save()) },
      values: { steps, stop: stop ?? null }
    }),
    dispose: () => trainer.dispose()
  }
}

export interface FullTask extends Task {
  /** its gradientTolerance must be one that float32 can reach */
  optimizer: OptimizerSettings
  /** examples that are computed at once */
  chunk?: number
}

/** Makes a learner that evaluates all examples at once, in float32. */
export function createFullLearner (engine: Engine, network: Network, task: FullTask): DataLearner {
  const { examples, loss, optimizer: settings, budget, targetValue, resume, chunk } = task
  const objective = createTensorObjective(engine, network, { ...examples, loss, ...(chunk === undefined ? {} : { chunk }) })
  const optimizer = createOptimizer({ ...settings, ...(targetValue === undefined ? {} : { targetValue }) }, objective, {
    start: flatWeights(network), budget, ...(resume ? { state: resume } : {})
  })
  return {
    get counts () { return optimizer.counts },
    get stop () { return optimizer.stop },
    learningRate: 'learningRate' in settings && settings.learningRate !== undefined ? settings.learningRate : 1,
    step: () => optimizer.step(),
    settle: () => loadFlat(network, optimizer.theta),
    tell () {},
    describe: () => ({ gradientNorm: optimizer.gradientNorm, stepLength: optimizer.stepLength }),
    save: () => optimizer.save(),
    dispose: () => objective.dispose()
  }
}
