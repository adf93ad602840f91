/**
 * Batches of a data set that is larger than what may stay on the device: the examples to come are brought there block by
 * block, in the order in which steps will ask for them, while the steps of the block before run. A step is fed indices
 * into the block, as it would be into the whole data set, and computes the same numbers.
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { sizeOf } from '../math/arrays.js'
import type { Examples, Source } from './batches.js'
import { columnsOf, fedColumns } from './columns.js'
import type { Engine } from './engine.js'
import { openGatherer, type Rows } from './gatherer.js'
import { attributes, executeOp, typeOf } from './native.js'
import { gatherRows } from './ops.js'
import { elementType, preprocess } from './preprocess.js'
import { makeTensor } from './step.js'

export interface BlockOptions {
  /** memory of a block; twice that is in use while one replaces the other */
  blockBytes: number
  /** examples of the largest batch; a block has at least so many */
  batchSize: number
}

/** Makes a source that keeps one block on the device. */
export function createBlocks (
  engine: Engine, examples: Examples, { blockBytes, batchSize }: BlockOptions
): Source {
  const { data, inputShape, preprocessing } = examples
  const columns = columnsOf(examples)
  const width = sizeOf(inputShape)
  const rows = Math.min(data.count, Math.max(batchSize, Math.floor(blockBytes / (width * data.inputs.BYTES_PER_ELEMENT))))
  const gatherer = openGatherer(data.inputs, width, rows)
  let table = upload(gatherer.take(new Int32Array(0)))
  /** the examples to come, and how many of them were fed */
  let order = new Int32Array(0)
  let at = 0
  /** the part of the order that the block holds */
  let block = { from: 0, to: 0 }

  function upload (values: Rows): Tensor {
    const shape = [rows, ...inputShape]
    // A copy of its own: the values are overwritten by the next block, and what the session keeps must not be
    // JavaScript's memory (graph.ts).
    const { native } = engine
    if (!native) return makeTensor(engine, { type: elementType(values), shape }, values.slice())
    const lent = makeTensor(engine, { type: elementType(values), shape }, values)
    const own = executeOp(native, 'DeepCopy', [attributes(native).type('T', typeOf(native, lent))], [lent])[0]!
    lent.dispose()
    return own
  }

  function load (indices: Int32Array): void {
    const values = gatherer.take(indices)
    table.dispose()
    table = upload(values)
  }

  /** The part of the order that a block gets from a position on: whole batches, as long as there are any. */
  function partFrom (from: number, size: number): Int32Array {
    return order.subarray(from, from + Math.floor(rows / size) * size)
  }

  /** @returns position in the block of the first of these examples, which lie there one after the other */
  function find (indices: Int32Array): number {
    const size = indices.length
    if (!isNext(indices)) {
      load(indices)
      block = { from: 0, to: 0 }
      return 0
    }
    if (at < block.from || at + size > block.to) {
      const part = partFrom(at, size)
      load(part)
      block = { from: at, to: at + part.length }
      if (block.to < order.length) gatherer.request(partFrom(block.to, size))
    }
    at += size
    return at - size - block.from
  }

  function isNext (indices: Int32Array): boolean {
    return at + indices.length <= order.length && indices.every((index, i) => index === order[at + i])
  }

  return {
    inputs: size => [{ type: 'int32', shape: [size] }, ...columns.map(({ spec }) => spec(size))],
    expect (examples) {
      order = Int32Array.from(examples)
      at = 0
      block = { from: 0, to: 0 }
      if (order.length > 0) gatherer.request(partFrom(0, Math.min(batchSize, rows)))
    },
    feed (indices) {
      const first = find(indices)
      return [Int32Array.from(indices, (_, i) => first + i), ...columns.map(({ take }) => take(indices))]
    },
    batch: ([positions, ...fed]) => ({
      x: preprocess(engine, gatherRows(engine, table, positions as Tensor1D), preprocessing),
      ...fedColumns(engine, columns, fed)
    }),
    get resident () { return [table] },
    dispose () {
      gatherer.close()
      table.dispose()
    }
  }
}
