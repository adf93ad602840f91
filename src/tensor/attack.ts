/**
 * Attacks on classifiers: the small change of an example, within a ball and within the box of valid values, that makes a
 * network read it wrongly. The gradient with respect to the inputs is one step whose state is the perturbation, prepared
 * once and run as often as wanted, chunk by chunk: memory does not grow with the examples. Balls: balls.ts.
 * Projected gradient descent: Madry et al. 2018, arXiv:1706.06083; one step of the whole radius from the clean example
 * is the fast gradient sign method: Goodfellow et al. 2015, arXiv:1412.6572.
 */
import type { Scalar, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core'
import { sizeOf } from '../math/arrays.js'
import { openStream } from '../math/random.js'
import { choose, directionOf, drawPoint, project, type Norm, type Room } from './balls.js'
import { createFed, type Examples } from './batches.js'
import type { Engine } from './engine.js'
import { takeRows } from './gatherer.js'
import { requireClasses } from './heads/index.js'
import { lossOf, type Loss } from './losses.js'
import type { Network } from './network.js'
import { prepare } from './prepare.js'
import { interpret, makeTensor, type Runnable, type Step } from './step.js'

/** One for all inputs, or one for each of the last axis: columns, channels. */
export type Each = number | number[]

/** The interval of valid values of every input, as the network sees it. */
export interface Box { low: Each, high: Each }

export interface Threat {
  norm: Norm
  /** what is climbed: the loss, or by how much the best other class beats the label: its gradient stays where the network is sure */
  objective: 'loss' | 'margin'
  /** softmax-cross-entropy by default */
  loss?: Loss
  box?: Box | undefined
  /** what radius and step size are multiplied by for each of the last axis; only for linf, whose ball is a box */
  stretch?: number[] | undefined
}

export interface AttackOptions extends Threat, Examples {
  /** examples that are attacked at once; by the inputs' size when left out */
  chunk?: number
  /** eager executes op by op, with the same numbers; for tests */
  mode?: 'compiled' | 'eager'
}

/** Radius and step size are in the units that the network sees, whatever they were stored in, unless they are stretched. */
export interface Budget {
  radius: number
  /** steps of every restart; 0 only looks at the starts, which is noise */
  steps: number
  stepSize: number
  restarts: number
  /** Restarts begin within this ball (drawPoint), by seed, restart and the example's position; 0 is the example itself. */
  startRadius: number
  seed: number
}

/** Examples that were attacked together; rows in the order of the indices. */
export interface AttackedChunk {
  /** position of the first one in the indices */
  at: number
  /** predicted classes of the clean examples */
  clean: Int32Array
  /** predicted classes of the attacked ones */
  attacked: Int32Array
  /** inputs as the network sees them, [n, features] */
  inputs: Float32Array
  /** what was added to them, [n, features] */
  perturbations: Float32Array
  /** by how much the best other class then beats the label; not finite, or below -1e38, where the network's outputs are not finite */
  margins: Float32Array
}

export interface Attack {
  /**
   * Attacks examples. Of every example the first perturbation that is misread is kept; of one that withstands all, the
   * one with the largest margin. An example that is misread as it is keeps the perturbation 0. Deterministic, and what
   * becomes of an example does not depend on the others.
   * @param indices  positions in the data
   * @param onChunk  gets the examples in order, some at a time
   */
  run (indices: Int32Array, budget: Budget, onChunk: (chunk: AttackedChunk) => void): void
  /**
   * The same in parts, with the same numbers; between them the network may be read, and is not to be changed.
   * @param part  gradients of single examples between two yields, about
   */
  runInParts (indices: Int32Array, budget: Budget, onChunk: (chunk: AttackedChunk) => void, part: number): Generator<void, void>
  dispose (): void
}

/** Inputs of a chunk, numbers: what a step of a CNN on 28 x 28 is fastest with, and a bound for large pictures. */
const chunkNumbers = 2 ** 21
const largestChunk = 250

/**
 * Makes an attack on a network as it is when the attack is run.
 * @throws invalid_input for a head other than classes
 */
export function createAttack (engine: Engine, network: Network, options: AttackOptions): Attack {
  const width = sizeOf(options.inputShape)
  const chunk = options.chunk ?? Math.max(1, Math.min(largestChunk, Math.floor(chunkNumbers / width)))
  const climbers = new Map<number, Climber>()
  requireClasses(network.architecture, 'an attack')

  function climberFor (size: number): Climber {
    const made = climbers.get(size) ?? createClimber(engine, network, options, size)
    climbers.set(size, made)
    return made
  }

  function * runInParts (...[indices, budget, onChunk, part]: Parameters<Attack['runInParts']>): Generator<void, void> {
    network.settle()
    for (let at = 0; at < indices.length; at += chunk) {
      const some = indices.subarray(at, at + chunk)
      onChunk({ at, ...(yield * climberFor(some.length).attack(some, budget, Math.max(1, Math.floor(part / some.length)))) })
    }
  }

  return {
    run (indices, budget, onChunk) {
      runInParts(indices, budget, onChunk, Infinity).next()
    },
    runInParts,
    dispose () {
      for (const climber of climbers.values()) climber.dispose()
      climbers.clear()
    }
  }
}

/** Attacks so many examples at once. */
interface Climber {
  /** @param looks between two yields */
  attack (indices: Int32Array, budget: Budget, looks: number): Generator<void, Omit<AttackedChunk, 'at'>>
  dispose (): void
}

function createClimber (engine: Engine, network: Network, options: AttackOptions, size: number): Climber {
  const { tf } = engine
  const { norm, box, stretch } = options
  const width = sizeOf(options.inputShape)
  const fresh = (value: number, ...shape: number[]): Variable => tf.tidy(() => tf.variable(tf.fill(shape, value), false))
  const inputs = fresh(0, size, width)
  const delta = fresh(0, size, width)
  const best = fresh(0, size, width)
  const bestMargin = fresh(0, size, 1)
  /** 1 where the best one is misread: there is nothing left to do */
  const isMisread = fresh(0, size, 1)
  const own = [inputs, delta, best, bestMargin, isMisread]

  /** Looks at the perturbation that there is, keeps it where it is the worst so far, and moves it by one step. */
  const step: Step = ([labels, radius, stepSize]) => {
    const x = inputs as unknown as Tensor2D
    const classes = labels as Tensor1D
    const { logits, gradient } = climb(engine, network, options, { x, delta: delta as unknown as Tensor2D, labels: classes })
    const margin = marginOf(engine, logits, classes)
    const predicted = tf.argMax(logits, 1)
    logits.dispose()
    const misread = tf.expandDims(tf.cast(tf.notEqual(predicted, classes), 'float32'), 1)
    const isLarger = tf.cast(tf.greater(margin, bestMargin), 'float32')
    const isWorst = tf.mul(tf.sub(1, isMisread), tf.maximum(misread, isLarger))
    const room = box && roomOf(engine, x, box)
    const each = (size: Tensor) => stretch === undefined ? size : tf.mul(size, toRow(stretch, width))
    const moved = project(tf, norm, tf.add(delta, tf.mul(directionOf(tf, norm, gradient), each(stepSize!))), each(radius!), room)
    const misreadNow = tf.maximum(isMisread, misread)
    best.assign(choose(tf, isWorst, delta, best))
    bestMargin.assign(choose(tf, isWorst, margin, bestMargin))
    isMisread.assign(misreadNow)
    delta.assign(moved)
    return { outputs: [predicted, isWorst, misreadNow] }
  }

  const make = options.mode === 'eager' ? interpret : prepare
  const runnable: Runnable = make(engine, step, {
    inputs: [{ type: 'int32', shape: [size] }, { type: 'float32', shape: [] }, { type: 'float32', shape: [] }],
    state: [...network.arrays.map(({ variable }) => variable), ...own]
  })

  function assign (variable: Variable, values: Float32Array | number): void {
    tf.tidy(() => { variable.assign(typeof values === 'number' ? tf.fill(variable.shape, values) : tf.tensor(values.slice(), variable.shape)) })
  }

  return {
    * attack (indices, { radius, steps, stepSize, restarts, startRadius, seed }, looks) {
      const labels = takeRows(options.target, 1, indices)
      const seen = seenBy(engine, options, indices)
      const clean = new Int32Array(size)
      const attacked = new Int32Array(size)
      assign(inputs, seen)
      assign(delta, 0)
      assign(best, 0)
      assign(bestMargin, -3e38)
      assign(isMisread, 0)
      runnable.push()

      /** @returns whether an example is left that is read correctly */
      function run (by: number, into: Int32Array): boolean {
        const [predicted, isWorst, misread] = runnable.run([labels, Float32Array.of(radius), Float32Array.of(by)])
        for (let i = 0; i < size; i++) if (isWorst![i] === 1) into[i] = predicted![i]!
        return misread!.includes(0)
      }

      let looked = 1
      let isLeft = run(0, clean) // of the first look every one is the worst so far
      attacked.set(clean)
      for (let restart = 0; restart < restarts && isLeft; restart++) {
        runnable.pull()
        assign(delta, startsOf(options, { indices, seen, startRadius, restart, seed }))
        runnable.push()
        for (let k = 0; k <= steps && isLeft; k++) {
          if (looked++ % looks === 0) yield
          isLeft = run(k < steps ? stepSize : 0, attacked)
        }
      }
      runnable.pull()
      return { clean, attacked, inputs: seen, perturbations: valuesOf(best), margins: valuesOf(bestMargin) }
    },
    dispose () {
      runnable.close()
      for (const variable of own) variable.dispose()
    }
  }
}

function valuesOf (variable: Variable): Float32Array {
  return variable.dataSync<'float32'>().slice()
}

interface Starting extends Pick<Budget, 'startRadius' | 'seed'> { indices: Int32Array, seen: Float32Array, restart: number }

/** Random starts of some examples, within the box. @returns [n, features] */
function startsOf ({ norm, box, stretch }: Threat, { indices, seen, startRadius, restart, seed }: Starting): Float32Array {
  const starts = new Float32Array(seen.length)
  if (startRadius === 0) return starts
  const width = seen.length / indices.length
  indices.forEach((index, row) => {
    drawPoint(norm, startRadius, openStream(seed, 'attack', restart, index), starts.subarray(row * width, (row + 1) * width))
  })
  const stretched = stretch === undefined ? starts : starts.map((value, i) => value * entryAt(stretch, i))
  if (!box) return stretched
  return stretched.map((value, i) => Math.min(Math.max(value, entryAt(box.low, i) - seen[i]!), entryAt(box.high, i) - seen[i]!))
}

/** The entry for a number of an example, or of examples in a row. */
export function entryAt (each: Each, at: number): number {
  return typeof each === 'number' ? each : each[at % each.length]!
}

/** For all numbers of an example, to be broadcast over examples. */
function toRow (each: Each, width: number): number | Float32Array {
  return typeof each === 'number' ? each : Float32Array.from({ length: width }, (_, i) => entryAt(each, i))
}

/**
 * Examples as a network sees them.
 * @param indices positions in the data
 * @returns       [n, features]
 */
export function seenBy (engine: Engine, examples: Examples, indices: Int32Array): Float32Array {
  const { tf } = engine
  const source = createFed(engine, examples)
  const fed = source.feed(indices)
  const tensor = tf.tidy(() => source.batch(fed.map((values, i) => makeTensor(engine, source.inputs(indices.length)[i]!, values))).x)
  const values = tensor.dataSync<'float32'>().slice()
  tensor.dispose()
  source.dispose()
  return values
}

/**
 * Perturbs a batch inside a training step: the form that Trainer's `perturb` takes.
 * @param reach  how much of the full radius is in force, fed step by step: 0 .. 1
 */
export type Perturb = (x: Tensor, labels: Tensor1D, reach: Scalar) => Tensor

/**
 * Makes the inner problem of adversarial training: projected gradient steps from the clean example, unrolled, so that a
 * training step with them is one graph, whatever part of the radius is in force: the steps grow with it. Nothing is
 * differentiated through the perturbation.
 * @param budget at full radius, in the units that the network sees
 */
export function createPerturb (
  engine: Engine, network: Network, threat: Threat, { radius, steps, stepSize }: Pick<Budget, 'radius' | 'steps' | 'stepSize'>
): Perturb {
  const { tf } = engine
  return (x, labels, reach) => tf.tidy(() => {
    const [bound, length] = [tf.mul(reach, radius), tf.mul(reach, stepSize)]
    const rows = tf.reshape(x, [x.shape[0]!, -1]) as Tensor2D
    const room = threat.box && roomOf(engine, rows, threat.box)
    let delta = tf.zerosLike(rows)
    for (let k = 0; k < steps; k++) {
      const { logits, gradient } = climb(engine, network, threat, { x: rows, delta, labels })
      logits.dispose()
      delta = project(tf, threat.norm, tf.add(delta, tf.mul(directionOf(tf, threat.norm, gradient), length)), bound, room)
    }
    return tf.reshape(tf.add(rows, delta), x.shape)
  })
}

interface Perturbed { x: Tensor2D, delta: Tensor2D, labels: Tensor1D }

/** Logits of the perturbed examples, to be disposed, and the objective's gradient with respect to the perturbation. */
function climb (
  engine: Engine, network: Network, { objective, loss }: Threat, { x, delta, labels }: Perturbed
): { logits: Tensor2D, gradient: Tensor2D } {
  const { tf } = engine
  let logits: Tensor2D | undefined
  const gradient = tf.grad(d => {
    logits = tf.keep(network.forward(tf.reshape(tf.add(x, d), [x.shape[0], ...network.architecture.inputShape])) as Tensor2D)
    const values = objective === 'margin' ? marginOf(engine, logits, labels) : lossOf(network, loss)(engine, logits, labels)
    return tf.sum(values)
  })(delta) as Tensor2D
  return { logits: logits!, gradient }
}

/** By how much the best other class beats the label. @returns [n, 1] */
function marginOf ({ tf }: Engine, logits: Tensor2D, labels: Tensor1D): Tensor2D {
  const truth = tf.cast(tf.oneHot(labels, logits.shape[1]), 'float32')
  const others = tf.max(tf.sub(logits, tf.mul(truth, 1e30)), 1, true)
  return tf.sub(others, tf.sum(tf.mul(logits, truth), 1, true))
}

function roomOf ({ tf }: Engine, x: Tensor2D, { low, high }: Box): Room {
  return { low: tf.sub(toRow(low, x.shape[1]), x), high: tf.sub(toRow(high, x.shape[1]), x) }
}
