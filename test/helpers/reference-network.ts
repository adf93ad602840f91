/**
 * A network in plain Float64 loops, written from the definitions and sharing nothing with src/tensor: the oracle for
 * gradients of stored models. Slow on purpose.
 */
import type { NamedArrays } from '../../src/math/arrays.js'
import type { Architecture } from '../../src/tensor/architecture.js'

type Picture = { size: number[], values: Float64Array }

/**
 * The gradient of one example's cross-entropy by the last layer's weight and bias.
 * @param input  what the network sees, after preprocessing, [h, w, c] or [features]
 * @returns [(inputs + 1) * classes]: the outer product of the layer's input, and 1 for the bias, with softmax(z) - onehot(label)
 */
export function lastLayerGradient (architecture: Architecture, weights: NamedArrays, input: Float64Array, label: number): Float64Array {
  let state: Picture = { size: architecture.inputShape, values: input }
  let before = state
  architecture.layers.forEach((layer, index) => {
    before = state
    const weight = weights[`layer${index}.weight`]
    const bias = weights[`layer${index}.bias`]
    if (layer.type === 'flatten') state = { size: [state.values.length], values: state.values }
    if (layer.type === 'max-pool') state = maxPool(state, layer.size)
    if (layer.type === 'conv') {
      if (layer.stride !== 1 || layer.padding !== 'same') throw new Error('The reference network knows stride 1 with padding same')
      state = convolve(state, weight!.data, bias!.data, layer.kernel, layer.filters)
    }
    if (layer.type === 'dense') state = { size: [layer.units], values: multiply(state.values, weight!.data, bias!.data, layer.units) }
    if ('activation' in layer && layer.activation === 'relu') state = { ...state, values: state.values.map(value => Math.max(0, value)) }
    if ('activation' in layer && layer.activation === 'tanh') state = { ...state, values: state.values.map(Math.tanh) }
  })
  const delta = minusOneHot(state.values, label)
  return Float64Array.from([...before.values, 1].flatMap(a => [...delta].map(d => a * d)))
}

/** softmax(z) - onehot(label); the label's own part as minus the others' sum, for 1 - p loses digits where p is near 1. */
function minusOneHot (logits: Float64Array, label: number): Float64Array {
  const top = Math.max(...logits)
  const powers = logits.map(z => Math.exp(z - top))
  const sum = powers.reduce((total, power) => total + power, 0)
  const delta = powers.map(power => power / sum)
  delta[label] = -delta.reduce((total, p, c) => c === label ? total : total + p, 0)
  return delta
}

function multiply (x: Float64Array, weight: ArrayLike<number>, bias: ArrayLike<number>, units: number): Float64Array {
  return Float64Array.from({ length: units }, (_, u) => x.reduce((sum, value, i) => sum + value * weight[i * units + u]!, bias[u]!))
}

function convolve (
  { size, values }: Picture, weight: ArrayLike<number>, bias: ArrayLike<number>, kernel: number, filters: number
): Picture {
  const [height, width, channels] = size as [number, number, number]
  const before = Math.floor((kernel - 1) / 2)
  const out = new Float64Array(height * width * filters)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let f = 0; f < filters; f++) {
        let sum = bias[f]!
        for (let i = 0; i < kernel; i++) {
          for (let j = 0; j < kernel; j++) {
            const [row, column] = [y + i - before, x + j - before]
            if (row < 0 || column < 0 || row >= height || column >= width) continue
            const [from, by] = [(row * width + column) * channels, (i * kernel + j) * channels]
            for (let c = 0; c < channels; c++) sum += values[from + c]! * weight[(by + c) * filters + f]!
          }
        }
        out[(y * width + x) * filters + f] = sum
      }
    }
  }
  return { size: [height, width, filters], values: out }
}

function maxPool ({ size, values }: Picture, side: number): Picture {
  const [height, width, channels] = size as [number, number, number]
  const [rows, columns] = [Math.floor(height / side), Math.floor(width / side)]
  const out = new Float64Array(rows * columns * channels).fill(-Infinity)
  for (let y = 0; y < rows * side; y++) {
    for (let x = 0; x < columns * side; x++) {
      for (let c = 0; c < channels; c++) {
        const at = (Math.floor(y / side) * columns + Math.floor(x / side)) * channels + c
        out[at] = Math.max(out[at]!, values[(y * width + x) * channels + c]!)
      }
    }
  }
  return { size: [rows, columns, channels], values: out }
}
