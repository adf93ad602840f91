/**
 * Trains a network batch by batch through epochs, each in an order of its own. All that a step depends on is its number
 * and what save() gives, so that a training can be left after any step and taken up to the bit.
 */
import { prefix, unprefix, type NamedArrays } from '../../math/arrays.js'
import type { Engine } from '../../tensor/engine.js'
import type { Network } from '../../tensor/network.js'
import { createTrainer, type TrainerOptions } from '../../tensor/trainer.js'

export interface BatchTrainingOptions extends TrainerOptions {
  /** order of the examples in one epoch, 0 for the first */
  order (epoch: number): Uint32Array
  /** what save() gave, also among other arrays */
  resume: NamedArrays | undefined
}

export interface BatchTraining {
  /** steps of an epoch; the last one's batch may be smaller */
  readonly perEpoch: number
  /**
   * Makes one step.
   * @param at     its number, 0 for the first of all
   * @param reach  how much of `perturb`'s full radius is in force, all of it when left out
   * @returns      mean loss of the batch before the update
   */
  step (at: number, learningRate: number, reach?: number): number
  /** Weights as `network/…`, what the optimizer remembers as `optimizer/…`. */
  save (): NamedArrays
  /** Adam's second moments by the names of the weights; undefined for other optimizers. */
  moments (): NamedArrays | undefined
  dispose (): void
}

/** Makes the training of a network, which stays the caller's. */
export function createBatchTraining (engine: Engine, network: Network, options: BatchTrainingOptions): BatchTraining {
  const { resume, data: { count } } = options
  const batchSize = Math.min(options.batchSize, count)
  const perEpoch = Math.ceil(count / batchSize)
  const trainer = createTrainer(engine, network, { ...options, batchSize })
  let order: { epoch: number, indices: Int32Array } | undefined
  if (resume) {
    network.load(unprefix('network/', resume))
    trainer.load(unprefix('optimizer/', resume))
  }

  function batchOf (at: number): Int32Array {
    const epoch = Math.floor(at / perEpoch)
    const from = at % perEpoch * batchSize
    if (order?.epoch !== epoch) {
      order = { epoch, indices: Int32Array.from(options.order(epoch)) }
      trainer.expect(order.indices.subarray(from))
    }
    return order.indices.subarray(from, from + batchSize)
  }

  return {
    perEpoch,
    step: (at, learningRate, reach) => trainer.step(batchOf(at), learningRate, reach),
    save: () => ({ ...prefix('network/', network.save()), ...prefix('optimizer/', trainer.save()) }),
    moments: () => trainer.moments(),
    dispose: () => trainer.dispose()
  }
}
