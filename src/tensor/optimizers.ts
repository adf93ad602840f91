/**
 * Optimizers as updates of state: each is one TensorFlow kernel per parameter in a compiled step, and the same formula
 * in tfjs ops elsewhere. What changes from step to step (rate, bias correction) is fed, so schedules need no new graph.
 */
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core'
import type { NamedArrays } from '../math/arrays.js'
import { AppError } from '../errors.js'
import type { Engine } from './engine.js'
import { attributes, type OpAttribute } from './native.js'
import { assignArrays, type Parameter } from './network.js'
import type { Update } from './step.js'

/**
 * Weight decay is L2: weightDecay · w is added to every gradient, biases included, as PyTorch does. AdamW's is decoupled:
 * the weights shrink by rate · weightDecay before the step, 0.01 when left out, whatever the gradients are.
 */
export type OptimizerSpec = Clipping & (
  | { type: 'sgd', momentum?: number, nesterov?: boolean, weightDecay?: number }
  | { type: 'lars', trust: number, momentum?: number, nesterov?: boolean, weightDecay?: number }
  | { type: 'adam' | 'adamw', beta1?: number, beta2?: number, epsilon?: number, weightDecay?: number }
)

interface Clipping {
  /** Gradients are scaled down, all by one factor and before weight decay, to at most this Euclidean length together. */
  clipNorm?: number
}

export interface Optimizer {
  /** what it remembers of every parameter, zeros at first */
  slots: readonly Parameter[]
  /** that were counted by advance(); set when the slots become those of another training */
  steps: number
  /** how many numbers a step is fed */
  scalarCount: number
  /** Counts a step and gives the numbers it must be fed. @param learningRate in force at this step */
  advance (learningRate: number): number[]
  /** The updates of one step. @param gradients in the order of the parameters @param scalars what advance() gave */
  updates (gradients: Tensor[], scalars: Scalar[]): Update[]
  /** Slots and the count of steps. The slots' variables must be current. */
  save (): NamedArrays
  /** Second moments v of adam and adamw by the names of the parameters, their bias not corrected; undefined for others. */
  moments (): NamedArrays | undefined
  /** @throws invalid_input when a name or a shape does not fit */
  load (arrays: NamedArrays): void
  dispose (): void
}

/** Makes the optimizer of some parameters. */
export function createOptimizer (engine: Engine, parameters: readonly Parameter[], spec: OptimizerSpec): Optimizer {
  const { tf } = engine
  const rule = ruleOf(engine, spec)
  const slots = parameters.flatMap(({ name, shape }) => rule.slots.map((slot): Parameter => {
    const zeros = tf.zeros(shape)
    const variable = tf.variable(zeros, false)
    zeros.dispose()
    return { name: `${name}.${slot}`, shape, variable }
  }))
  const perParameter = rule.slots.length
  const decay = spec.type === 'adamw' || spec.type === 'lars' ? 0 : spec.weightDecay ?? 0 // these have it in their rules
  const { clipNorm } = spec
  let steps = 0

  return {
    slots,
    get steps () { return steps },
    set steps (completed) { steps = completed },
    scalarCount: rule.scalarCount,
    advance (learningRate) {
      steps++
      return rule.scalars(learningRate, steps)
    },
    updates: (gradients, scalars) => (clipNorm === undefined ? gradients : clip(engine, gradients, clipNorm)).flatMap((gradient, index) => {
      const { variable } = parameters[index]!
      const total = decay === 0 ? gradient : tf.add(gradient, tf.mul(variable, decay))
      const own = slots.slice(index * perParameter, (index + 1) * perParameter).map(slot => slot.variable)
      return rule.update([variable, ...own], total, scalars)
    }),
    moments () {
      if (!rule.slots.includes('v')) return undefined
      return Object.fromEntries(slots.filter(({ name }) => name.endsWith('.v')).map(({ name, shape, variable }) =>
        [name.slice(0, -'.v'.length), { shape: [...shape], data: variable.dataSync<'float32'>().slice() }]))
    },
    save () {
      const arrays = slots.map(({ name, shape, variable }) =>
        [name, { shape: [...shape], data: variable.dataSync<'float32'>().slice() }] as const)
      return { ...Object.fromEntries(arrays), step: { shape: [1], data: Int32Array.of(steps) } }
    },
    load ({ step, ...arrays }) {
      if (step?.data.length !== 1) throw new AppError('invalid_input', 'optimizer step must have shape [1]')
      assignArrays(engine, slots, arrays, 'optimizer slot')
      steps = step.data[0]!
    },
    dispose () {
      for (const { variable } of slots) variable.dispose()
    }
  }
}

interface Rule {
  slots: string[]
  scalarCount: number
  scalars (learningRate: number, step: number): number[]
  /** One after the other, where there are several. */
  update (variables: Variable[], gradient: Tensor, scalars: Scalar[]): Update[]
}

function ruleOf (engine: Engine, spec: OptimizerSpec): Rule {
  switch (spec.type) {
    case 'sgd': return descent(engine, spec)
    case 'lars': return lars(engine, spec)
    case 'adam': return adam(engine, spec)
    case 'adamw': return adamW(engine, spec)
  }
}

/** Scales gradients to a length of at most `most` together. Source: Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063, algorithm 1. */
function clip ({ tf }: Engine, gradients: Tensor[], max: number): Tensor[] {
  const length = tf.sqrt(tf.addN(gradients.map(gradient => tf.sum(tf.square(gradient)))))
  const factor = tf.div(max, tf.maximum(length, max)) // 1, to the bit, where they are shorter
  return gradients.map(gradient => tf.mul(gradient, factor))
}

/**
 * Gradient descent with rate η, momentum μ: a <- μ a + g; w <- w - η a, or w <- w - (η g + η μ a) with Nesterov's.
 * Source: Sutskever et al. 2013, in the form that PyTorch and TensorFlow use (η outside of a).
 */
function descent (engine: Engine, { momentum = 0, nesterov = false }: Pick<Extract<OptimizerSpec, { type: 'sgd' }>, 'momentum' | 'nesterov'>): Rule {
  const { tf, native } = engine
  const types = native ? [floatType(native.binding)] : []
  if (momentum === 0) {
    return {
      slots: [],
      scalarCount: 1,
      scalars: rate => [rate],
      update: ([w], g, [rate]) => [subtract(engine, w!, rate!, g)]
    }
  }
  return {
    slots: ['momentum'],
    scalarCount: 1,
    scalars: rate => [rate],
    update: ([w, a], g, [rate]) => [{
      op: 'ResourceApplyMomentum',
      attributes: native ? [...types, attributes(native).bool('use_nesterov', nesterov)] : [],
      variables: [w!, a!],
      inputs: [rate!, g, tf.scalar(momentum)],
      apply () {
        a!.assign(tf.add(tf.mul(a!, momentum), g))
        const step = nesterov ? tf.add(tf.mul(g, rate!), tf.mul(tf.mul(a!, momentum), rate!)) : tf.mul(a!, rate!)
        w!.assign(tf.sub(w!, step))
      }
    }]
  }
}

/**
 * Descent along λ (g + β w), β the weight decay, with λ = trust |w| / (|g| + β |w|) for every array of its own, and 1 where
 * w or g is 0: fresh biases would stay where they are. Source: You, Gitman, Ginsburg 2017, arXiv:1708.03888, equation 6 and
 * algorithm 1; there the rate stands inside of the velocity, here outside as in descent(): equal where it is constant.
 */
function lars (engine: Engine, { trust, weightDecay = 0, ...spec }: Extract<OptimizerSpec, { type: 'lars' }>): Rule {
  const { tf } = engine
  const length = (x: Tensor): Tensor => tf.sqrt(tf.sum(tf.square(x)))
  const { update, ...rule } = descent(engine, spec)
  return {
    ...rule,
    update ([w, ...own], g, scalars) {
      const [size, slope] = [length(w!), length(g)]
      const ratio = tf.div(tf.mul(size, trust), tf.add(slope, tf.mul(size, weightDecay)))
      const lambda = tf.where(tf.greater(tf.minimum(size, slope), 0), ratio, 1)
      const total = weightDecay === 0 ? g : tf.add(g, tf.mul(w!, weightDecay))
      return update([w!, ...own], tf.mul(total, lambda), scalars)
    }
  }
}

/** w <- w - rate · g */
export function subtract ({ tf, native }: Engine, w: Variable, rate: Scalar, g: Tensor): Update {
  return {
    op: 'ResourceApplyGradientDescent',
    attributes: native ? [floatType(native.binding)] : [],
    variables: [w],
    inputs: [rate, g],
    apply: () => { w.assign(tf.sub(w, tf.mul(g, rate))) }
  }
}

type AdamSpec = Extract<OptimizerSpec, { type: 'adam' | 'adamw' }>

/**
 * Adam: m <- m + (1 - β1)(g - m); v <- v + (1 - β2)(g² - v); w <- w - α m / (√v + ε').
 * α = η √(1 - β2^t) / (1 - β1^t) and ε' = ε √(1 - β2^t) are computed in Float64 and fed, so that the step is the
 * paper's bias-corrected one with its ε. Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1 and end of section 2.
 */
function adam ({ tf, native }: Engine, spec: AdamSpec): Rule {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = spec
  const types = native ? [floatType(native.binding)] : []
  return {
    slots: ['m', 'v'],
    scalarCount: 2,
    scalars (rate, step) {
      const correction = Math.sqrt(1 - beta2 ** step)
      return [rate * correction / (1 - beta1 ** step), epsilon * correction]
    },
    update: ([w, m, v], g, [alpha, small]) => [{
      op: 'ResourceApplyAdam',
      attributes: types,
      variables: [w!, m!, v!],
      // The kernel corrects the rate by the powers of β itself, in float32: powers of 0 leave α as it is.
      inputs: [tf.scalar(0), tf.scalar(0), alpha!, tf.scalar(beta1), tf.scalar(beta2), small!, g],
      apply () {
        const one = tf.scalar(1)
        m!.assign(tf.add(m!, tf.mul(tf.sub(g, m!), tf.sub(one, beta1))))
        v!.assign(tf.add(v!, tf.mul(tf.sub(tf.square(g), v!), tf.sub(one, beta2))))
        w!.assign(tf.sub(w!, tf.div(tf.mul(m!, alpha!), tf.add(tf.sqrt(v!), small!))))
      }
    }]
  }
}

/** Adam after w <- w - η λ w. Source: Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2, with PyTorch's η λ. */
function adamW (engine: Engine, spec: AdamSpec): Rule {
  const { weightDecay = 0.01 } = spec
  const { scalars, update, ...rule } = adam(engine, spec)
  return {
    ...rule,
    scalarCount: 3,
    scalars: (rate, step) => [...scalars(rate, step), rate * weightDecay],
    update: (variables, g, [alpha, small, shrinking]) => {
      const [w] = variables
      return [subtract(engine, w!, shrinking!, w!), ...update(variables, g, [alpha!, small!])]
    }
  }
}

function floatType (binding: { TF_ATTR_TYPE: number, TF_FLOAT: number }): OpAttribute {
  return { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }
}
