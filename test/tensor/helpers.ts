/** What the tests of the tensor engine share: an engine for this process, small networks and seeded examples. */
import { sizeOf, type NamedArrays } from '../../src/math/arrays.js'
import { openStream } from '../../src/math/random.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import type { Examples } from '../../src/tensor/batches.js'
import type { Engine } from '../../src/tensor/engine.js'
import { openEngine } from '../../src/tensor/open-engine.js'

/** Opens an engine with two threads; the environment must be set before the library is loaded. */
export async function openTestEngine (backend: 'tensorflow' | 'wasm' = 'tensorflow'): Promise<Engine> {
  process.env.TF_NUM_INTRAOP_THREADS = '2'
  process.env.TF_CPP_MIN_LOG_LEVEL = '2'
  return await openEngine({ backend, threads: 2 })
}

/** Two dense layers on 12 features, 4 classes. */
export const mlp: Architecture = {
  inputShape: [12],
  layers: [
    { type: 'dense', units: 9, activation: 'tanh' },
    { type: 'dense', units: 8, activation: 'relu' },
    { type: 'dense', units: 4, activation: 'linear' }
  ]
}

/** Every kind of layer on 9 x 8 pictures with 2 channels, 3 classes; strides, paddings and a rest when pooling. */
export const cnn: Architecture = {
  inputShape: [9, 8, 2],
  layers: [
    { type: 'conv', filters: 5, kernel: 3, stride: 1, padding: 'same', activation: 'relu' },
    { type: 'max-pool', size: 2 },
    { type: 'conv', filters: 6, kernel: 2, stride: 2, padding: 'same', activation: 'tanh' },
    { type: 'conv', filters: 4, kernel: 2, stride: 1, padding: 'valid', activation: 'relu' },
    { type: 'flatten' },
    { type: 'dense', units: 7, activation: 'relu' },
    { type: 'dense', units: 3, activation: 'linear' }
  ]
}

/** Seeded random examples for a network. */
export function makeExamples (
  architecture: Architecture, options: { count?: number, type?: 'uint8' | 'float32' } = {}
): Examples & { data: { inputs: Uint8Array | Float32Array }, target: Int32Array, preprocessing: { offset: number, scale: number } } {
  const { count = 40, type = 'uint8' } = options
  const stream = openStream(7, 'examples')
  const classes = (architecture.layers.at(-1) as { units: number }).units
  const length = count * sizeOf(architecture.inputShape)
  const inputs = type === 'uint8'
    ? Uint8Array.from({ length }, () => stream.integer(256))
    : Float32Array.from({ length }, () => stream.normal())
  return {
    data: { inputs, count },
    inputShape: architecture.inputShape,
    preprocessing: type === 'uint8' ? { offset: 128, scale: 1 / 64 } : { offset: 0, scale: 1 },
    target: Int32Array.from({ length: count }, () => stream.integer(classes))
  }
}

/** Batches of indices, the same for the same arguments. */
export function makeBatches (count: number, batchSize: number, steps: number): Int32Array[] {
  const stream = openStream(8, 'batches')
  return Array.from({ length: steps }, () => Int32Array.from({ length: batchSize }, () => stream.integer(count)))
}

/** All arrays one after the other, as Float64. */
export function flatten (arrays: NamedArrays): Float64Array {
  return Float64Array.from(Object.values(arrays).flatMap(({ data }) => [...data]))
}
