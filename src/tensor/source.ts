/** Which source of batches a data set gets: resident on the device, in blocks, or fed batch by batch. */
import { createFed, createResident, type Examples, type Source } from './batches.js'
import { createBlocks } from './blocks.js'
import { columnsOf } from './columns.js'
import type { Engine } from './engine.js'

/** Larger data sets stream through the device in blocks, which is also where one tensor's 2^31 elements end. */
const residentBytes = 2 ** 31
const blockBytes = 2 ** 28

/** Makes the faster source that the engine and the size of the data allow. @param batchSize  the largest batch */
export function createSource (engine: Engine, examples: Examples, batchSize: number): Source {
  if (!engine.native) return createFed(engine, examples)
  const arrays = [examples.data.inputs, ...columnsOf(examples).map(({ values }) => values)]
  if (arrays.every(({ byteLength }) => byteLength <= residentBytes)) return createResident(engine, examples)
  return createBlocks(engine, examples, { blockBytes, batchSize })
}
