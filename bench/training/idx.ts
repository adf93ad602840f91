/** Reads MNIST's gzip files into memory, before any clock runs. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { LabelledSplit } from '../../src/datasets/dataset.js'

/** @param split train | t10k, as the files are named */
export function readIdx (folder: string, split: 'train' | 't10k'): LabelledSplit {
  const read = (name: string): Uint8Array => new Uint8Array(gunzipSync(readFileSync(path.join(folder, name))))
  const labels = Int32Array.from(read(`${split}-labels-idx1-ubyte.gz`).subarray(8))
  return { inputs: read(`${split}-images-idx3-ubyte.gz`).slice(16), labels, count: labels.length }
}
