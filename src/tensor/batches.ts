/**
 * Where the batches of a training step come from: a data set that stays on the device and is fed indices, or, where it
 * is too large or the backend has no uint8, rows that are gathered here and fed.
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { sizeOf, type NumericArray } from '../arrays.js'
import type { Preprocessing, Split } from '../dataset.js'
import type { Engine } from './engine.js'
import { gatherRows, toFloat } from './ops.js'
import { makeTensor, type InputSpec } from './step.js'

/** Examples as the data set stores them, and how a network wants to see them. */
export interface Examples {
  data: Split
  /** [features] or [height, width, channels] */
  inputShape: number[]
  preprocessing: Preprocessing
  /** instead of the data's own labels */
  labels?: Int32Array
}

export interface Batch { x: Tensor, labels: Tensor1D }

/** A source of batches for a step: `inputs` and `batch` inside it, `feed` for every run. */
export interface Source {
  /** what a step must be fed for a batch of the given size */
  inputs (size: number): InputSpec[]
  /** what to feed for these examples, by position in the data */
  feed (indices: Int32Array): NumericArray[]
  /** Makes the batch from the fed tensors. @returns x [n, ...inputShape] preprocessed, labels int32 [n] */
  batch (fed: Tensor[]): Batch
  /** tensors to keep in the session */
  resident: Tensor[]
  dispose (): void
}

/** Larger data sets are fed row by row: on a GPU they would crowd out the network, on the CPU it costs next to nothing. */
const residentBytes = 2 ** 31

/** Makes the faster source that the engine and the size of the data allow. */
export function createSource (engine: Engine, examples: Examples): Source {
  const fits = examples.data.inputs.byteLength <= residentBytes
  return engine.native && fits ? createResident(engine, examples) : createFed(engine, examples)
}

/** Data sets up to this size as float32 are kept as the network sees them, which saves two passes over every batch. */
const preparedBytes = 64 * 2 ** 20

/**
 * Keeps the data set on the device: a small one preprocessed (an MLP's step is 5 % shorter), a large one in its stored
 * type, preprocessed batch by batch: 60,000 pictures of 28 x 28 take 47 MB. The numbers are the same to the bit.
 */
export function createResident (engine: Engine, { data, inputShape, preprocessing, labels = data.labels }: Examples): Source {
  const { tf } = engine
  const stored = makeTensor(engine, { type: typeOf(data.inputs), shape: [data.count, ...inputShape] }, data.inputs)
  const isPrepared = 4 * data.count * sizeOf(inputShape) <= preparedBytes
  const table = isPrepared ? preprocess(engine, stored, preprocessing) : tf.clone(stored)
  stored.dispose()
  const labelTable = makeTensor(engine, { type: 'int32', shape: [data.count] }, labels)
  const prepare = (rows: Tensor): Tensor => isPrepared ? rows : preprocess(engine, rows, preprocessing)
  return {
    inputs: size => [{ type: 'int32', shape: [size] }],
    feed: indices => [indices],
    batch: ([indices]) => ({
      x: prepare(gatherRows(engine, table, indices as Tensor1D)),
      labels: gatherRows(engine, labelTable, indices as Tensor1D) as Tensor1D
    }),
    resident: [table, labelTable],
    dispose () {
      table.dispose()
      labelTable.dispose()
    }
  }
}

/** Gathers every batch on the host. */
export function createFed (engine: Engine, { data, inputShape, preprocessing, labels = data.labels }: Examples): Source {
  const width = sizeOf(inputShape)
  const RowArray = data.inputs instanceof Uint8Array ? Uint8Array : Float32Array
  return {
    inputs: size => [{ type: typeOf(data.inputs), shape: [size, ...inputShape] }, { type: 'int32', shape: [size] }],
    feed (indices) {
      const rows = new RowArray(indices.length * width)
      for (const [position, index] of indices.entries()) {
        rows.set(data.inputs.subarray(index * width, (index + 1) * width), position * width)
      }
      return [rows, Int32Array.from(indices, index => labels[index]!)]
    },
    batch: ([rows, fedLabels]) => ({ x: preprocess(engine, rows!, preprocessing), labels: fedLabels as Tensor1D }),
    resident: [],
    dispose () {}
  }
}

/** (x - offset) · scale, in float32. @param x any element type @returns a new tensor */
export function preprocess (engine: Engine, x: Tensor, { offset, scale }: Preprocessing): Tensor {
  const { tf } = engine
  return tf.tidy(() => {
    const values = toFloat(engine, x)
    const shifted = offset === 0 ? values : tf.sub(values, offset)
    return scale === 1 ? shifted : tf.mul(shifted, scale)
  })
}

function typeOf (inputs: Uint8Array | Float32Array): 'uint8' | 'float32' {
  return inputs instanceof Uint8Array ? 'uint8' : 'float32'
}
