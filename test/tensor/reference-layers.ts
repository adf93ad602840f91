/**
 * Networks in plain Float64 loops, layer by layer from the definitions, sharing nothing with src/tensor: the oracle of
 * outputs and, by central differences, of gradients.
 */
import { sizeOf, type NamedArrays } from '../../src/math/arrays.js'
import type { Architecture, Layer } from '../../src/tensor/architecture.js'

const activations = {
  tanh: Math.tanh,
  relu: (z: number) => Math.max(0, z),
  sigmoid: (z: number) => 1 / (1 + Math.exp(-z)),
  sin: Math.sin,
  linear: (z: number) => z
}

/** [n, ...] by rows */
export interface Values { shape: number[], data: Float64Array }

type Weights = Record<string, ArrayLike<number> | undefined>

/** What a network gives for a batch. @param training  batch-norm looks at the batch */
export function computeReference (architecture: Architecture, arrays: NamedArrays, x: Values, training = false): Values {
  const outputs: Values[] = []
  const byName = new Map<string, Values>([['input', x]])
  for (const [index, layer] of architecture.layers.entries()) {
    const inputs = layer.inputs?.map(name => byName.get(name)!) ?? [outputs.at(-1) ?? x]
    const weights: Weights = Object.fromEntries(['weight', 'bias', 'mean', 'variance'].map(name => [name, arrays[`layer${index}.${name}`]?.data]))
    const sums = computeLayer(layer, inputs, weights, training)
    const bias = layer.type === 'batch-norm' ? undefined : weights.bias
    const channels = sums.shape.at(-1)!
    const activation = 'activation' in layer ? layer.activation : 'linear'
    const data = sums.data.map((value, i) => {
      const z = value + (bias?.[i % channels] ?? 0)
      return activations[activation ?? 'linear'](z)
    })
    outputs.push({ shape: sums.shape, data })
    if (layer.name !== undefined) byName.set(layer.name, outputs.at(-1)!)
  }
  return outputs.at(-1)!
}

function computeLayer (layer: Layer, inputs: Values[], weights: Weights, training: boolean): Values {
  const [x] = inputs as [Values]
  const [n, height = 1, width = 1, channels = 1] = x.shape as [number, ...number[]]
  const at = (i: number, y: number, z: number, c: number) => ((i * height + y) * width + z) * channels + c
  const w = weights.weight!
  switch (layer.type) {
    case 'flatten': return { shape: [n, x.data.length / n], data: x.data }
    case 'dropout': return x
    case 'dense': return fill([n, layer.units], ([i, u]) =>
      sum(height, k => x.data[i! * height + k]! * w[k * layer.units + u!]!))
    case 'add': return { shape: x.shape, data: x.data.map((_, i) => sum(inputs.length, k => inputs[k]!.data[i]!)) }
    case 'concat': {
      const widths = inputs.map(({ shape }) => shape.at(-1)!)
      const total = sum(widths.length, k => widths[k]!)
      return fill([...x.shape.slice(0, -1), total], place => {
        let c = place.at(-1)!
        let which = 0
        while (c >= widths[which]!) c -= widths[which++]!
        const row = place.slice(0, -1).reduce((flat, index, axis) => flat * x.shape[axis]! + index, 0)
        return inputs[which]!.data[row * widths[which]! + c]!
      })
    }
    case 'conv': {
      const { kernel, stride, padding, dilation = 1, filters } = layer
      const [rows, columns] = [axis(height, kernel, stride, padding, dilation), axis(width, kernel, stride, padding, dilation)]
      return fill([n, rows.count, columns.count, filters], ([i, r, q, f]) => taps(kernel, (a, b) => {
        const [y, z] = [r! * stride + a * dilation - rows.before, q! * stride + b * dilation - columns.before]
        if (y < 0 || z < 0 || y >= height || z >= width) return 0
        return sum(channels, c => x.data[at(i!, y, z, c)]! * w[((a * kernel + b) * channels + c) * filters + f!]!)
      }))
    }
    case 'depthwise-conv': {
      const { kernel, stride, padding, multiplier } = layer
      const [rows, columns] = [axis(height, kernel, stride, padding), axis(width, kernel, stride, padding)]
      return fill([n, rows.count, columns.count, channels * multiplier], ([i, r, q, f]) => taps(kernel, (a, b) => {
        const [y, z] = [r! * stride + a - rows.before, q! * stride + b - columns.before]
        if (y < 0 || z < 0 || y >= height || z >= width) return 0
        return x.data[at(i!, y, z, Math.floor(f! / multiplier))]! * w[(a * kernel + b) * channels * multiplier + f!]!
      }))
    }
    case 'conv-transpose': {
      const { kernel, stride, filters } = layer
      // Of the convolution that reads the large picture and gives the small one.
      const [rows, columns] = [axis(height * stride, kernel, stride, 'same'), axis(width * stride, kernel, stride, 'same')]
      return fill([n, height * stride, width * stride, filters], ([i, y, z, f]) => sum(height, r => sum(width, q => {
        const [a, b] = [y! + rows.before - r * stride, z! + columns.before - q * stride]
        if (a < 0 || b < 0 || a >= kernel || b >= kernel) return 0
        return sum(channels, c => x.data[at(i!, r, q, c)]! * w[((a * kernel + b) * filters + f!) * channels + c]!)
      })))
    }
    case 'max-pool':
    case 'average-pool': {
      const { size } = layer
      return fill([n, Math.floor(height / size), Math.floor(width / size), channels], ([i, r, q, c]) => {
        const window = Array.from({ length: size * size }, (_, k) =>
          x.data[at(i!, r! * size + Math.floor(k / size), q! * size + k % size, c!)]!)
        return layer.type === 'max-pool' ? Math.max(...window) : window.reduce((a, b) => a + b) / window.length
      })
    }
    case 'global-average-pool': return fill([n, channels], ([i, c]) =>
      sum(height, y => sum(width, z => x.data[at(i!, y, z, c!)]!)) / (height * width))
    case 'resize-bilinear': {
      const [rows, columns] = inputs[1] ? inputs[1].shape.slice(1, 3) as [number, number] : [height * layer.factor!, width * layer.factor!]
      const mix = (position: number, from: number, to: number, value: (index: number) => number) => {
        const centre = Math.min(from - 1, Math.max(0, (position + 0.5) * from / to - 0.5))
        const low = Math.floor(centre)
        return (1 - centre + low) * value(low) + (centre - low) * value(Math.min(low + 1, from - 1))
      }
      return fill([n, rows, columns, channels], ([i, r, q, c]) =>
        mix(r!, height, rows, y => mix(q!, width, columns, z => x.data[at(i!, y, z, c!)]!)))
    }
    case 'embedding': return fill([n, layer.dimensions], ([i, d]) => {
      const tokens = [...x.data.subarray(i! * height, (i! + 1) * height)].filter(token => token !== layer.padding)
      return tokens.reduce((total, token) => total + w[token * layer.dimensions + d!]!, 0) / Math.max(1, tokens.length)
    })
    case 'batch-norm': {
      const size = x.shape.at(-1)!
      const rows = x.data.length / size
      const mean = training ? Float64Array.from({ length: size }, (_, c) => sum(rows, r => x.data[r * size + c]!) / rows) : weights.mean!
      const variance = training
        ? Float64Array.from({ length: size }, (_, c) => sum(rows, r => (x.data[r * size + c]! - mean[c]!) ** 2) / rows)
        : weights.variance!
      return {
        shape: x.shape,
        data: x.data.map((value, i) => {
          const c = i % size
          return (value - mean[c]!) / Math.sqrt(variance[c]! + layer.epsilon) * w[c]! + weights.bias![c]!
        })
      }
    }
  }
}

/** Positions of a kernel along an axis, and the zeros before it, by TensorFlow's rule. */
function axis (size: number, kernel: number, stride: number, padding: 'same' | 'valid', dilation = 1): { count: number, before: number } {
  const extent = (kernel - 1) * dilation + 1
  if (padding === 'valid') return { count: Math.floor((size - extent) / stride) + 1, before: 0 }
  const count = Math.ceil(size / stride)
  return { count, before: Math.floor(Math.max(0, (count - 1) * stride + extent - size) / 2) }
}

function sum (count: number, term: (index: number) => number): number {
  let total = 0
  for (let i = 0; i < count; i++) total += term(i)
  return total
}

function taps (kernel: number, term: (a: number, b: number) => number): number {
  return sum(kernel, a => sum(kernel, b => term(a, b)))
}

function fill (shape: number[], value: (place: number[]) => number): Values {
  const data = new Float64Array(sizeOf(shape))
  const place = shape.map(() => 0)
  for (let i = 0; i < data.length; i++) {
    data[i] = value(place)
    for (let k = shape.length - 1; k >= 0 && ++place[k]! === shape[k]; k--) place[k] = 0
  }
  return { shape, data }
}
