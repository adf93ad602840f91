/**
 * Where the batches of a training step come from: a data set that stays on the device and is fed indices; one that is
 * too large for that, block by block (blocks.ts); or, where the backend has no uint8, rows that are gathered here and fed.
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { sizeOf, type NumericArray } from '../math/arrays.js'
import type { LabelledSplit, Preprocessing } from '../datasets/dataset.js'
import type { Engine } from './engine.js'
import { gatherRowsInto } from './gatherer.js'
import { gatherRows } from './ops.js'
import { elementType, preprocess } from './preprocess.js'
import { makeTensor, type InputSpec } from './step.js'

/** Examples as the data set stores them, and how a network wants to see them. */
export interface Examples {
  data: LabelledSplit
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
  /** Says which examples will be fed next, in this order: a source that loads them in parts can do so in advance. */
  expect? (order: Int32Array): void
  /** what to feed for these examples, by position in the data; may replace resident tensors */
  feed (indices: Int32Array): NumericArray[]
  /** Makes the batch from the fed tensors. @returns x [n, ...inputShape] preprocessed, labels int32 [n] */
  batch (fed: Tensor[]): Batch
  /** tensors to keep in the session: the same ones as long as feed() does not replace them */
  readonly resident: Tensor[]
  dispose (): void
}

/** Data sets up to this size as float32 are kept as the network sees them, which saves two passes over every batch. */
const preparedBytes = 64 * 2 ** 20

/**
 * Keeps the data set on the device: a small one preprocessed (an MLP's step is 5 % shorter), a large one in its stored
 * type, preprocessed batch by batch: 60,000 pictures of 28 x 28 take 47 MB. The numbers are the same to the bit.
 */
export function createResident (engine: Engine, { data, inputShape, preprocessing, labels = data.labels }: Examples): Source {
  const { tf } = engine
  const stored = makeTensor(engine, { type: elementType(data.inputs), shape: [data.count, ...inputShape] }, data.inputs)
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
    inputs: size => [{ type: elementType(data.inputs), shape: [size, ...inputShape] }, { type: 'int32', shape: [size] }],
    feed (indices) {
      const rows = new RowArray(indices.length * width)
      gatherRowsInto(data.inputs, width, indices, rows)
      return [rows, Int32Array.from(indices, index => labels[index]!)]
    },
    batch: ([rows, fedLabels]) => ({ x: preprocess(engine, rows!, preprocessing), labels: fedLabels as Tensor1D }),
    resident: [],
    dispose () {}
  }
}
