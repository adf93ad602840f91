/**
 * Dense networks in Float64 for one who needs the gradient of every single example: losses, and the factors that gradients
 * are made of. Regression of whole data sets, without single gradients, is in regression.ts.
 */
import { AppError } from '../../errors.js'
import { dotAt } from '../../math/vectors.js'

/** A dense network and its loss, as data. */
export interface DenseNet {
  /** [features, hidden ..., outputs]; two entries have no hidden layer */
  sizes: readonly number[]
  /** of the hidden layers */
  activation: 'tanh' | 'relu'
  /** cross-entropy: -log softmax(outputs)[class]; squared: mean over the outputs of (output - target)² */
  loss: 'cross-entropy' | 'squared'
}

/** Examples as the network sees them. */
export interface DenseExamples {
  /** [count, features] by rows */
  inputs: Float64Array
  /** [count] classes, or [count, outputs] values by rows */
  targets: Float64Array
  count: number
}

/**
 * What the gradients of some examples are made of: of every layer its input a and delta, the derivative of the example's
 * loss by the layer's sums: dl/dW = a delta^T, dl/db = delta.
 */
export interface DenseFactors {
  /** [count] */
  losses: Float64Array
  /** [count, all fan-ins]: inputs of the layers, one behind the other */
  activations: Float64Array
  /** [count, all units]: deltas of the layers, one behind the other; the outputs until the loss is formed */
  deltas: Float64Array
}

/** The functions of a network over one flat array of weights: layer by layer, weight [fanIn, units] by rows, bias [units]. */
export interface DenseNetwork {
  readonly net: DenseNet
  /** length of the flat weights */
  readonly parameterCount: number
  /** numbers that the factors of one example are */
  readonly factorCount: number
  /** Makes room for the factors of so many examples. */
  room (count: number): DenseFactors
  /** Fills `into` with the factors of the examples, or of those that `indices` lists, in its order. */
  pass (theta: Float64Array, examples: DenseExamples, into: DenseFactors, indices?: Uint32Array): void
  /** <gradient of example i of left, gradient of example j of right> = sum over layers of (a.a' + 1)(delta.delta') */
  dot (left: DenseFactors, i: number, right: DenseFactors, j: number): number
  /** into += scale * gradient of example i. @param into [parameterCount] */
  addGradient (factors: DenseFactors, i: number, scale: number, into: Float64Array): void
  /** <direction, gradient of example i>, without forming the gradient. @param direction [parameterCount] */
  project (direction: Float64Array, factors: DenseFactors, i: number): number
}

interface Layer { fanIn: number, units: number, weightAt: number, biasAt: number, inputAt: number, deltaAt: number }

/**
 * Makes the functions of a network. They keep nothing between calls.
 * @throws AppError invalid_input when there are fewer than two sizes
 */
export function createDenseNetwork (net: DenseNet): DenseNetwork {
  const { sizes, activation, loss } = net
  if (sizes.length < 2) throw new AppError('invalid_input', `sizes must have 2 entries or more, got ${sizes.length}`)
  const { layers, parameterCount, inputWidth, deltaWidth } = layOut(sizes)
  const last = layers.at(-1)!
  const features = sizes[0]!
  const targetWidth = loss === 'squared' ? last.units : 1

  /** Sums and activations of example e, whose inputs stand in place; the outputs come where the last deltas will be. */
  function forward (theta: Float64Array, { activations, deltas }: DenseFactors, e: number): void {
    for (const layer of layers) {
      const { fanIn, units, weightAt, biasAt } = layer
      const from = e * inputWidth + layer.inputAt
      const into = layer === last ? deltas : activations
      const to = layer === last ? e * deltaWidth + layer.deltaAt : from + fanIn // where the next layer's inputs are
      for (let j = 0; j < units; j++) into[to + j] = theta[biasAt + j]!
      for (let i = 0; i < fanIn; i++) {
        const x = activations[from + i]!
        if (x === 0) continue // most pixels of a digit
        const row = weightAt + i * units
        for (let j = 0; j < units; j++) into[to + j]! += x * theta[row + j]!
      }
      if (layer !== last) activate(activations, to, units)
    }
  }

  function activate (values: Float64Array, from: number, units: number): void {
    for (let j = from; j < from + units; j++) values[j] = activation === 'tanh' ? Math.tanh(values[j]!) : Math.max(values[j]!, 0)
  }

  /** Deltas of the hidden layers from those of the last. */
  function backward (theta: Float64Array, { activations, deltas }: DenseFactors, e: number): void {
    for (let l = layers.length - 1; l > 0; l--) {
      const { fanIn, units, weightAt, inputAt, deltaAt } = layers[l]!
      const a = e * inputWidth + inputAt
      const d = e * deltaWidth + deltaAt
      const below = d - fanIn // the units of the layer below are this one's inputs
      for (let i = 0; i < fanIn; i++) {
        const row = weightAt + i * units
        let sum = 0
        for (let j = 0; j < units; j++) sum += theta[row + j]! * deltas[d + j]!
        const y = activations[a + i]!
        deltas[below + i] = sum * (activation === 'tanh' ? 1 - y * y : y > 0 ? 1 : 0)
      }
    }
  }

  return {
    net,
    parameterCount,
    factorCount: inputWidth + deltaWidth,
    room: count => ({
      losses: new Float64Array(count),
      activations: new Float64Array(count * inputWidth),
      deltas: new Float64Array(count * deltaWidth)
    }),
    pass (theta, { inputs, targets, count }, into, indices) {
      const toDeltas = loss === 'squared' ? squared : crossEntropy
      for (let e = 0; e < (indices?.length ?? count); e++) {
        const example = indices?.[e] ?? e
        for (let i = 0; i < features; i++) into.activations[e * inputWidth + i] = inputs[example * features + i]!
        forward(theta, into, e)
        into.losses[e] = toDeltas(into.deltas, e * deltaWidth + last.deltaAt, last.units, targets, example * targetWidth)
        backward(theta, into, e)
      }
    },
    dot (left, i, right, j) {
      let sum = 0
      for (const { fanIn, units, inputAt, deltaAt } of layers) {
        const inputs = dotAt(left.activations, i * inputWidth + inputAt, right.activations, j * inputWidth + inputAt, fanIn)
        sum += (inputs + 1) * dotAt(left.deltas, i * deltaWidth + deltaAt, right.deltas, j * deltaWidth + deltaAt, units)
      }
      return sum
    },
    addGradient ({ activations, deltas }, e, scale, into) {
      for (const { fanIn, units, weightAt, biasAt, inputAt, deltaAt } of layers) {
        const d = e * deltaWidth + deltaAt
        for (let i = 0; i < fanIn; i++) {
          const x = scale * activations[e * inputWidth + inputAt + i]!
          if (x === 0) continue
          const row = weightAt + i * units
          for (let j = 0; j < units; j++) into[row + j]! += x * deltas[d + j]!
        }
        for (let j = 0; j < units; j++) into[biasAt + j]! += scale * deltas[d + j]!
      }
    },
    project (direction, { activations, deltas }, e) {
      let sum = 0
      for (const { fanIn, units, weightAt, biasAt, inputAt, deltaAt } of layers) {
        const d = e * deltaWidth + deltaAt
        for (let i = 0; i < fanIn; i++) {
          const x = activations[e * inputWidth + inputAt + i]!
          if (x !== 0) sum += x * dotAt(direction, weightAt + i * units, deltas, d, units)
        }
        sum += dotAt(direction, biasAt, deltas, d, units)
      }
      return sum
    }
  }
}

/** Gives weights, inputs and deltas of every layer their places. */
function layOut (sizes: readonly number[]): { layers: Layer[], parameterCount: number, inputWidth: number, deltaWidth: number } {
  const layers: Layer[] = []
  let [parameterCount, inputWidth, deltaWidth] = [0, 0, 0]
  for (let l = 0; l + 1 < sizes.length; l++) {
    const [fanIn, units] = [sizes[l]!, sizes[l + 1]!]
    const [weightAt, biasAt] = [parameterCount, parameterCount + fanIn * units]
    layers.push({ fanIn, units, weightAt, biasAt, inputAt: inputWidth, deltaAt: deltaWidth })
    parameterCount += (fanIn + 1) * units
    inputWidth += fanIn
    deltaWidth += units
  }
  return { layers, parameterCount, inputWidth, deltaWidth }
}

/** Replaces outputs by the derivatives of the loss. @returns log sum exp(z) - z[class], to its last digits near 0 */
function crossEntropy (values: Float64Array, from: number, units: number, targets: Float64Array, at: number): number {
  const label = from + targets[at]!
  let top = from
  for (let j = from; j < from + units; j++) if (values[j]! > values[top]!) top = j
  const [largest, own] = [values[top]!, values[label]!]
  let others = 0 // the sum of exp(z - largest) without the largest term, which is 1
  for (let j = from; j < from + units; j++) if (j !== top) others += Math.exp(values[j]! - largest)
  let wrong = 0
  for (let j = from; j < from + units; j++) {
    values[j] = Math.exp(values[j]! - largest) / (1 + others)
    if (j !== label) wrong += values[j]!
  }
  values[label] = -wrong // p - 1 would lose its digits where p is nearly 1
  return Math.log1p(others) + (largest - own)
}

/** Replaces outputs by the derivatives of the loss. @returns mean over the outputs of (output - target)² */
function squared (values: Float64Array, from: number, units: number, targets: Float64Array, at: number): number {
  let sum = 0
  for (let j = 0; j < units; j++) {
    const distance = values[from + j]! - targets[at + j]!
    sum += distance * distance
    values[from + j] = 2 * distance / units
  }
  return sum / units
}
