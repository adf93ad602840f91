/**
 * Trains a network on a loss of its outputs, batch by batch. The step is prepared once per batch size; the weights
 * live where it runs; the network asks for them back by itself.
 */
import type { Scalar, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import type { NamedArrays } from '../math/arrays.js'
import type { Perturb } from './attack.js'
import { augment, checkAugmentation, mirrorBack, type Augmentation } from './augmentation.js'
import type { Examples, Source } from './batches.js'
import type { Engine } from './engine.js'
import type { Training } from './layers/layer.js'
import { batchLossOf, type Loss } from './losses.js'
import { hasInTraining, type Network } from './network.js'
import { createPull, splitNumbers, totalSize } from './mixing.js'
import { createOptimizer, type OptimizerSpec } from './optimizers.js'
import { prepare } from './prepare.js'
import { createSource } from './source.js'
import { interpret, type InputSpec, type Runnable, type Step } from './step.js'

export interface TrainerOptions extends Examples {
  optimizer: OptimizerSpec
  /** that of the network's head by default */
  loss?: Loss
  /** the usual size of a batch; its step is prepared at once */
  batchSize: number
  /** Moves and mirrors pictures at random inside the step; perturb gets what comes of it. Maps of a class per pixel are mirrored back. */
  augmentation?: Augmentation
  /** Changes the inputs inside the step before they are learned from, as adversarial training does (attack.ts). */
  perturb?: Perturb
  /** eager executes op by op, with the same numbers; for tests and benchmarks */
  mode?: 'compiled' | 'eager'
  /** seed of what is random inside a step, such as dropout and augmentation: 0 .. 2^30 - 1, 0 by default */
  key?: number
  /** where batches come from, in place of the fastest that there is; belongs to the trainer from then on */
  source?: Source
}

export interface Trainer {
  /** Says which examples the next steps will be given, in this order, so that large data can be brought in advance. */
  expect (order: Int32Array): void
  /**
   * Makes one step on the given examples, by position in the data. A batch of another size, such as the last of an
   * epoch, is prepared when it first comes.
   * @param reach  what `perturb` is told: how much of its full radius is in force, all of it when left out
   * @returns mean loss of the batch before the update; the caller looks whether it is finite
   */
  step (indices: Int32Array, learningRate: number, reach?: number): number
  /**
   * Pulls the weights towards given ones, where they are: w <- w - strength (w - target), as leader SGD and elastic
   * averaging do. What the optimizer remembers stays, and so do statistics of batches (batch-norm's): they belong to
   * other weights now, and reestimateStatistics() finds them anew. 203,530 weights of an MLP in 0.3 ms, its step takes 0.7.
   * @param target  as readWeights() gives them; may lie in shared memory
   * @throws invalid_input when it has another length
   */
  mix (target: Float32Array, strength: number): void
  /**
   * Copies the weights out as they are now, one after the other in the order of network.parameters. Makes no tensors;
   * those of the MLP in 0.3 ms.
   * @param into  may lie in shared memory
   * @throws invalid_input when it has another length
   */
  readWeights (into: Float32Array): void
  /** Numbers of a state: of the weights, of the statistics of batches, of what the optimizer remembers, in this order. */
  readonly stateSizes: { weights: number, statistics: number, slots: number }
  /**
   * Copies the whole state out: the weights as readWeights() gives them, statistics and slots in the order of their arrays.
   * One trainer trains many workers in turn by reading the state of one and writing that of the next.
   * @param into  may lie in shared memory
   * @throws invalid_input when it has another length
   */
  readState (into: Float32Array): void
  /**
   * Goes on from a state that readState() gave, to the bit as the trainer would that made it.
   * @param state  may lie in shared memory
   * @param at     completed steps of whoever has the state, and the key of what is random in its steps
   * @throws invalid_input when it has another length
   */
  writeState (state: Float32Array, at: { steps: number, key: number }): void
  /** What the optimizer remembers, and its count of steps; together with network.save() enough to go on bit by bit. */
  save (): NamedArrays
  /** Adam's second moments v by the names of the parameters, their bias not corrected; undefined for other optimizers. */
  moments (): NamedArrays | undefined
  /** @throws invalid_input when a name or a shape does not fit */
  load (arrays: NamedArrays): void
  dispose (): void
}

/** Makes a trainer. It borrows the network's weights: what is asked of the network brings them back, and it keeps them. */
export function createTrainer (engine: Engine, network: Network, options: TrainerOptions): Trainer {
  const { tf } = engine
  const { augmentation } = options
  if (augmentation) checkAugmentation(network, augmentation)
  const losses = batchLossOf(network, options.loss)
  const isMap = network.architecture.head?.type === 'class-map'
  const source = options.source ?? createSource(engine, options, options.batchSize)
  const optimizer = createOptimizer(engine, network.parameters, options.optimizer)
  const make = options.mode === 'eager' ? interpret : prepare
  const variables = network.parameters.map(parameter => parameter.variable)
  const arrays = [...network.parameters, ...network.statistics, ...optimizer.slots]
  const state = arrays.map(array => array.variable)
  /** what a step is fed for what is random in it */
  const isRandom = augmentation !== undefined || hasInTraining(network, 'random numbers')
  const keySpecs: InputSpec[] = isRandom ? [{ type: 'int32', shape: [2] }] : []
  const reachSpecs: InputSpec[] = options.perturb === undefined ? [] : [{ type: 'float32', shape: [] }]
  const pull = createPull(engine, network)
  const steps = new Map<number, Runnable>()
  /** the step whose session has the state */
  let current: Runnable | undefined
  /** the session's state is newer than the variables */
  let ahead = false
  let key = options.key ?? 0

  const step: Step = inputs => {
    const scalars = inputs.slice(-optimizer.scalarCount) as Scalar[]
    const [reach] = inputs.slice(0, -optimizer.scalarCount).slice(-1) as Scalar[]
    const [key] = inputs.slice(0, -optimizer.scalarCount - reachSpecs.length).slice(-1) as Tensor1D[]
    const training: Training = keySpecs.length > 0 ? { key: key! } : {}
    const { x, target, further } = source.batch(inputs)
    const moved = augmentation ? augment(engine, x as Tensor4D, augmentation, key!) : x
    const seen = options.perturb?.(moved, target as Tensor1D, reach!) ?? moved
    const outputsOf = () => {
      const outputs = network.forward(seen, { training })
      return augmentation && isMap ? mirrorBack(engine, outputs as Tensor as Tensor4D, augmentation, key!) : outputs
    }
    const { value, grads } = tf.variableGrads(() => tf.mean(losses(engine, outputsOf(), target, further)), variables)
    return { outputs: [value], updates: optimizer.updates(variables.map(({ name }) => grads[name]!), scalars) }
  }

  function stepFor (size: number): Runnable {
    let runnable = steps.get(size)
    if (!runnable) {
      const scalars = Array.from({ length: optimizer.scalarCount }, (): InputSpec => ({ type: 'float32', shape: [] }))
      runnable = make(engine, step, {
        inputs: [...source.inputs(size), ...keySpecs, ...reachSpecs, ...scalars], state, resident: source.resident, beside: [pull]
      })
      steps.set(size, runnable)
    }
    return runnable
  }

  function giveBack (): void {
    if (ahead) current!.pull()
    ahead = false
  }

  /** Moves the state to where the next step runs. */
  function enter (next: Runnable): void {
    if (!network.borrow(giveBack) && current === next) return
    giveBack()
    next.push()
    current = next
  }

  /** Where the weights are, or will be from now on. */
  function enterAny (): Runnable {
    const runnable = current ?? stepFor(options.batchSize)
    enter(runnable)
    return runnable
  }

  stepFor(options.batchSize)

  return {
    expect (order) { source.expect?.(order) },
    step (indices, learningRate, reach = 1) {
      const fed = source.feed(indices) // first: a source may ask the network what it says of them
      const runnable = stepFor(indices.length)
      enter(runnable)
      ahead = true
      const scalars = optimizer.advance(learningRate).map(value => Float32Array.of(value))
      const keys = keySpecs.map(() => Int32Array.of(key, optimizer.steps))
      const reaches = reachSpecs.map(() => Float32Array.of(reach))
      runnable.keep(source.resident)
      const [loss] = runnable.run([...fed, ...keys, ...reaches, ...scalars])
      return loss![0]!
    },
    mix (target, strength) {
      const targets = splitNumbers(network.parameters, target, { name: 'target', what: 'weights' })
      const runnable = enterAny()
      ahead = true
      runnable.beside[0]!([...targets, Float32Array.of(strength)])
    },
    readWeights (into) {
      splitNumbers(network.parameters, into, { name: 'into', what: 'weights' })
      enterAny().read(variables, into)
    },
    stateSizes: { weights: totalSize(network.parameters), statistics: totalSize(network.statistics), slots: totalSize(optimizer.slots) },
    readState (into) {
      splitNumbers(arrays, into, { name: 'into', what: 'numbers of a state' })
      enterAny().read(state, into)
    },
    writeState (from, at) {
      splitNumbers(arrays, from, { name: 'state', what: 'numbers of a state' })
      network.borrow(giveBack) // what was here goes: nothing to bring back, or to take
      current ??= stepFor(options.batchSize)
      current.write(from)
      ahead = true
      optimizer.steps = at.steps
      key = at.key
    },
    save () {
      giveBack()
      return optimizer.save()
    },
    moments () {
      giveBack()
      return optimizer.moments()
    },
    load (arrays) {
      giveBack()
      current = undefined
      optimizer.load(arrays)
    },
    dispose () {
      network.borrow(() => {}) // nobody: the network may live on without what this held
      for (const runnable of steps.values()) runnable.close()
      steps.clear()
      source.dispose()
      optimizer.dispose()
    }
  }
}
