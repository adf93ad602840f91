/**
 * A dense network in Float64 with softmax cross-entropy: loss and gradient of single examples over one flat array of
 * weights: the exact measure of the float32 engine.
 */
import { crossEntropy } from '../../src/math/softmax.js'

export interface MlpOptions {
  /** [features, hidden..., classes]; two entries are softmax regression */
  sizes: number[]
  /** of the hidden layers */
  activation: 'tanh' | 'relu'
}

/** Weights lie flat, layer by layer: weight [fanIn, units] by rows, then bias [units]. */
export interface Mlp {
  readonly sizes: readonly number[]
  /** length of the flat weights */
  readonly parameterCount: number
  /** Logits of one example. @param input [features] @returns [classes], a new array */
  logits (weights: Float64Array, input: ArrayLike<number>): Float64Array
  /** -log softmax(logits)[label] of one example. */
  loss (weights: Float64Array, input: ArrayLike<number>, label: number): number
  /** Adds the gradient of one example's loss to `gradient`, [parameterCount]. @returns the loss */
  addGradient (weights: Float64Array, input: ArrayLike<number>, label: number, gradient: Float64Array): number
}

interface DenseLayer { fanIn: number, units: number, weightAt: number, biasAt: number }

/** Makes the functions of a network. They keep nothing between calls but work space. */
export function createMlp ({ sizes, activation }: MlpOptions): Mlp {
  const layers: DenseLayer[] = []
  let parameterCount = 0
  for (let i = 0; i + 1 < sizes.length; i++) {
    const fanIn = sizes[i]!
    const units = sizes[i + 1]!
    layers.push({ fanIn, units, weightAt: parameterCount, biasAt: parameterCount + fanIn * units })
    parameterCount += (fanIn + 1) * units
  }
  /** outputs[l] is the input of layer l + 1, after the activation; the last are the logits */
  const outputs = layers.map(({ units }) => new Float64Array(units))
  const deltas = layers.map(({ units }) => new Float64Array(units))
  const last = layers.length - 1

  function forward (weights: Float64Array, input: ArrayLike<number>): Float64Array {
    let x = input
    for (const [l, { fanIn, units, weightAt, biasAt }] of layers.entries()) {
      const y = outputs[l]!
      for (let j = 0; j < units; j++) y[j] = weights[biasAt + j]!
      for (let i = 0; i < fanIn; i++) {
        const xi = x[i]!
        const row = weightAt + i * units
        for (let j = 0; j < units; j++) y[j]! += xi * weights[row + j]!
      }
      if (l < last) activate(y)
      x = y
    }
    return outputs[last]!
  }

  function activate (y: Float64Array): void {
    for (let j = 0; j < y.length; j++) y[j] = activation === 'tanh' ? Math.tanh(y[j]!) : Math.max(y[j]!, 0)
  }

  /** dy/dz from y: 1 - tanh², or the step function. */
  function slope (y: number): number {
    if (activation === 'tanh') return 1 - y * y
    return y > 0 ? 1 : 0
  }

  function backward (weights: Float64Array, input: ArrayLike<number>, gradient: Float64Array): void {
    for (let l = last; l >= 0; l--) {
      const { fanIn, units, weightAt, biasAt } = layers[l]!
      const delta = deltas[l]!
      const x = l === 0 ? input : outputs[l - 1]!
      for (let j = 0; j < units; j++) gradient[biasAt + j]! += delta[j]!
      for (let i = 0; i < fanIn; i++) {
        const row = weightAt + i * units
        const xi = x[i]!
        let sum = 0
        for (let j = 0; j < units; j++) {
          gradient[row + j]! += xi * delta[j]!
          sum += weights[row + j]! * delta[j]!
        }
        if (l > 0) deltas[l - 1]![i] = sum * slope(xi)
      }
    }
  }

  return {
    sizes,
    parameterCount,
    logits: (weights, input) => forward(weights, input).slice(),
    loss: (weights, input, label) => crossEntropy(forward(weights, input), label),
    addGradient (weights, input, label, gradient) {
      const z = forward(weights, input)
      const loss = crossEntropy(z, label)
      const shift = Math.max(...z) // probabilities of the other classes, whose sum is 1 - p of the label, keep their digits
      const powers = z.map(value => Math.exp(value - shift))
      const sum = powers.reduce((total, power) => total + power, 0)
      const others = powers.reduce((total, power, j) => j === label ? total : total + power, 0)
      deltas[last]!.forEach((_, j, delta) => { delta[j] = j === label ? -others / sum : powers[j]! / sum })
      backward(weights, input, gradient)
      return loss
    }
  }
}
