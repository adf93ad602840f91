/**
 * Where the batches of a training step come from: a data set that stays on the device and is fed indices; one that is
 * too large for that, block by block (blocks.ts); or, where the backend has no uint8, rows that are gathered here and fed.
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { sizeOf, type NumericArray } from '../math/arrays.js'
import type { FieldArray, Preprocessing } from '../datasets/dataset.js'
import { columnsOf, fedColumns, type FedTargets, type Targets } from './columns.js'
import type { Engine } from './engine.js'
import { takeRows } from './gatherer.js'
import { gatherRows } from './ops.js'
import { elementType, preprocess } from './preprocess.js'
import { makeTensor, type InputSpec } from './step.js'

/** Examples as the data set stores them, and how a network wants to see them. */
export interface Examples extends Targets {
  /** inputs: [count, ...inputShape] */
  data: { inputs: FieldArray, count: number }
  /** [features], [length] of tokens, or [height, width, channels] */
  inputShape: number[]
  preprocessing: Preprocessing
}

export interface Batch extends FedTargets {
  /** [n, ...inputShape], preprocessed */
  x: Tensor
}

/** A source of batches for a step: `inputs` and `batch` inside it, `feed` for every run. */
export interface Source {
  /** what a step must be fed for a batch of the given size */
  inputs (size: number): InputSpec[]
  /** Says which examples will be fed next, in this order: a source that loads them in parts can do so in advance. */
  expect? (order: Int32Array): void
  /** what to feed for these examples, by position in the data; may replace resident tensors */
  feed (indices: Int32Array): NumericArray[]
  /** Makes the batch from the fed tensors, of which there may be more. */
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
export function createResident (engine: Engine, examples: Examples): Source {
  const { tf } = engine
  const { data, inputShape, preprocessing } = examples
  const stored = makeTensor(engine, { type: elementType(data.inputs), shape: [data.count, ...inputShape] }, data.inputs)
  const isPrepared = 4 * data.count * sizeOf(inputShape) <= preparedBytes
  const table = isPrepared ? preprocess(engine, stored, preprocessing) : tf.clone(stored)
  stored.dispose()
  const columns = columnsOf(examples)
  const columnTables = columns.map(({ spec, values }) => makeTensor(engine, spec(data.count), values))
  const prepare = (rows: Tensor): Tensor => isPrepared ? rows : preprocess(engine, rows, preprocessing)
  return {
    inputs: size => [{ type: 'int32', shape: [size] }],
    feed: indices => [indices],
    batch ([indices]) {
      const rowsOf = (some: Tensor) => gatherRows(engine, some, indices as Tensor1D)
      return { x: prepare(rowsOf(table)), ...fedColumns(engine, columns, columnTables.map(rowsOf)) }
    },
    resident: [table, ...columnTables],
    dispose () {
      table.dispose()
      for (const tensor of columnTables) tensor.dispose()
    }
  }
}

/** Gathers every batch on the host. */
export function createFed (engine: Engine, examples: Examples): Source {
  const { data, inputShape, preprocessing } = examples
  const columns = columnsOf(examples)
  return {
    inputs: size => [{ type: elementType(data.inputs), shape: [size, ...inputShape] }, ...columns.map(({ spec }) => spec(size))],
    feed: indices => [takeRows(data.inputs, sizeOf(inputShape), indices), ...columns.map(({ take }) => take(indices))],
    batch: ([rows, ...fed]) => ({ x: preprocess(engine, rows!, preprocessing), ...fedColumns(engine, columns, fed) }),
    resident: [],
    dispose () {}
  }
}
