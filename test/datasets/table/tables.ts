/** Tables as CSV text, and what they become: fields, report, numbers of both splits. */
import type { TestContext } from 'node:test'
import type { IncomingSplit } from '../../../src/datasets/dataset-file.js'
import { findFormat } from '../../../src/datasets/formats/index.js'
import { createTally, type UploadLimits } from '../../../src/datasets/limits.js'
import type { SplitOptions } from '../../../src/datasets/split.js'
import type { TableOptions } from '../../../src/datasets/table/options.js'
import { makeFolder } from '../../storage/fixtures.js'
import { upload, wideLimits } from '../files.js'

export type CsvOptions = TableOptions & SplitOptions & { header?: 'auto' | 'true' | 'false' }

/** Reads a table, and a test file of it if there is one. */
export async function readTable (
  t: TestContext, train: string | Uint8Array, options: CsvOptions = {}, testText?: string | Uint8Array, limits: Partial<UploadLimits> = {}
) {
  const files = { train: await upload(t, 'train.csv', train), ...(testText === undefined ? {} : { test: await upload(t, 'test.csv', testText) }) }
  const context = { folder: await makeFolder(t), tally: createTally({ ...wideLimits, ...limits }) }
  const { description: { fields }, report, words, train: trained, test } = await findFormat('csv').prepare(files, options as Record<PropertyKey, unknown>, context)
  return { fields, report: report!, words, train: read(trained), test: read(test) }
}

/** Rows of a split as arrays. */
function read ({ count, fields }: IncomingSplit): { count: number, inputs: number[][], target: number[] } {
  const numbers = (name: string, isFloat: boolean): number[] => {
    const bytes = Uint8Array.from(Buffer.concat([...fields[name]!()]))
    return [...isFloat ? new Float32Array(bytes.buffer) : new Int32Array(bytes.buffer)]
  }
  const flat = numbers('inputs', true)
  const width = flat.length / count
  return { count, inputs: Array.from({ length: count }, (_, row) => flat.slice(row * width, (row + 1) * width)), target: numbers('target', false) }
}

/** Float32 bits of codes: what a target of values looks like when it is read as codes. */
export function asValues (codes: number[]): number[] {
  return [...new Float32Array(Int32Array.from(codes).buffer)]
}

/** Integers of inputs that are tokens. */
export function asTokens (rows: number[][]): number[][] {
  return rows.map(row => [...new Int32Array(Float32Array.from(row).buffer)])
}
