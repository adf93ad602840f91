/** Stub. */
import type { Dataset, DatasetDescription, Split } from '../../algorithms/contract.js'
import type { BlobStore } from '../blobs.js'

/** What is known of a data set before it has an id. */
export interface DatasetShape {
  /** shape of one input: [28, 28, 1] or [64] */
  inputShape: number[]
  dtype: 'uint8' | 'float32'
  classes: number
  labelNames: string[]
  trainCount: number
  testCount: number
}

/** A data set ready to be stored: bytes is its safetensors file. */
export interface PreparedDataset {
  bytes: Uint8Array<ArrayBuffer>
  description: DatasetShape
}

/** Writes a data set as safetensors: train.inputs, train.labels, test.inputs, test.labels. */
export function encodeDataset (shape: DatasetShape, train: Split, test: Split): PreparedDataset {
  throw new Error(`not yet ${shape.classes} ${train.count} ${test.count}`)
}

/** Reads a data set; its arrays are views of bytes, which may lie in shared memory. */
export function decodeDataset (description: DatasetDescription & { labelNames: string[] }, bytes: Uint8Array): Dataset {
  throw new Error(`not yet ${description.id} ${bytes.length}`)
}

/** One stored example, in the data set's stored units. */
export interface Example { split: 'train' | 'test', index: number, label: number, labelName: string, shape: number[], values: number[] }

/** Reads one example without reading the whole file. @throws AppError not_found beyond the split */
export async function readExample (
  blobs: BlobStore, opened: { description: DatasetShape, blobSha: string }, split: 'train' | 'test', index: number
): Promise<Example> {
  throw new Error(`not yet ${typeof blobs} ${opened.blobSha} ${split} ${index}`)
}

/** Hash by which a team finds a data set again: of the source, and for uploads of the bytes too. */
export function hashSource (source: unknown, blobSha?: string): string {
  throw new Error(`not yet ${typeof source} ${blobSha}`)
}
