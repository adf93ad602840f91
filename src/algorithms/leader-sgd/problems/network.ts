/**
 * Learning of a network, in float32 steps of the tensor engine. A thread has one network and one trainer: a worker's state is
 * written into it, makes its steps, and is read again, which takes a millisecond for 200,000 weights. So workers share compiled
 * steps and data, and their numbers do not depend on which thread makes them. Next hop: network-measuring.ts looks at states.
 */
import type { RandomStream } from '../../../math/random.js'
import { arraysOf, copyArrays } from '../../../tensor/array-state.js'
import type { Engine } from '../../../tensor/engine.js'
import { evaluate } from '../../../tensor/evaluate.js'
import { createNetwork } from '../../../tensor/network.js'
import type { OptimizerSpec } from '../../../tensor/optimizers.js'
import { createTrainer } from '../../../tensor/trainer.js'
import { stepsPerBoundary } from '../../kit/cost.js'
import { meanLoss } from '../../kit/passes.js'
import type { Learning } from '../learning.js'
import type { LeaderCriterion } from '../methods/spec.js'
import { createBatches } from './batches.js'
import type { Descent } from './descent.js'
import { examplesOf, type NetworkTask } from './network-task.js'
import type { ProblemOf } from './spec.js'

export interface NetworkOptions {
  task: NetworkTask
  problem: Pick<ProblemOf<'network'>, 'batchSize' | 'share' | 'augmentation'>
  descent: Descent
  /** of all threads together: who share the examples */
  workers: number
  /** which of the first weights a worker has */
  startOf: (worker: number) => number
  criterion: LeaderCriterion
  /** of the trial: (purpose, ...keys), with the worker among the keys and never the arm */
  random: (purpose: string, ...keys: number[]) => RandomStream
}

/** Makes the learning of one thread. */
export function createNetworkLearning (engine: Engine, options: NetworkOptions): Learning<Float32Array> {
  const { task, problem: { batchSize, share, augmentation }, descent, workers, startOf, criterion, random } = options
  const { architecture } = task
  const network = createNetwork(engine, architecture, random('unused'))
  const trainer = createTrainer(engine, network, {
    ...examplesOf(task, task.train), optimizer: optimizerOf(descent), batchSize, ...(augmentation ? { augmentation } : {})
  })
  const { weights, statistics, slots } = trainer.stateSizes
  const batchOf = createBatches({ count: task.train.count, workers, batchSize, share, random })
  /** of what is random in the steps of each worker: dropout, moved pictures */
  const keys = Array.from({ length: workers }, (_, worker) => random('key', worker).integer(2 ** 30))

  return {
    weights,
    size: weights + statistics + slots,
    velocities: slots > 0 ? weights + statistics : undefined,
    pace: stepsPerBoundary(architecture, batchSize, engine.backend),
    room: (length, shared) => shared ? new Float32Array(new SharedArrayBuffer(4 * length)) : new Float32Array(length),
    begin (worker, state) {
      const fresh = createNetwork(engine, architecture, random('init', startOf(worker)))
      state.fill(0)
      copyArrays(fresh, state.subarray(0, weights + statistics))
      fresh.dispose()
    },
    advance (state, { worker, from, count }, pulls, losses) {
      if (count === 0) return
      trainer.writeState(state, { steps: from, key: keys[worker]! })
      for (let k = 0; k < count; k++) {
        losses[k] = trainer.step(batchOf(worker, from + k), descent.rate(worker, from + k))
        for (const { target, strength } of pulls) trainer.mix(target.subarray(0, weights), strength)
      }
      trainer.readState(state)
    },
    rate: descent.rate,
    criterion (state) {
      network.load(arraysOf(network, state))
      const examples = examplesOf(task, criterion.type === 'held-out' ? task.heldOut : task.train)
      return meanLoss(evaluate(engine, network, examples))
    },
    dispose () {
      trainer.dispose()
      network.dispose()
    }
  }
}

function optimizerOf ({ momentum, nesterov, weightDecay, trust }: Descent): OptimizerSpec {
  const common = { momentum, nesterov: nesterov && momentum > 0, weightDecay }
  return trust === undefined ? { type: 'sgd', ...common } : { type: 'lars', trust, ...common }
}
