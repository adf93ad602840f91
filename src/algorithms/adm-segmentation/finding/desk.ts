/** What is found of several pictures at a time, in memory that all of a crew see. Next hop: finding.ts has them work on it. */
import { sizeOf } from '../../../math/arrays.js'
import type { Beside, BesideOptions } from '../beside.js'
import type { Method } from '../methods.js'

/** Of whom it is found, and how; what of it is no array is JSON. */
export interface FindingSpec extends BesideOptions { method: Method }

/** Plain objects and typed arrays. */
export interface Desk {
  spec: FindingSpec
  /** rounds that have begun (kit/rounds.ts), and pictures of this one */
  words: Int32Array
  /** numbers of the pictures, [capacity] */
  indices: Int32Array
  /** numbers of a picture in `shares` and in `rows` */
  widths: { shares: number, rows: number }
  /** what the network says, [capacity, ...] */
  shares: Float32Array
  /** the rows of before, then those that are found, [capacity, ...] */
  rows: Float32Array
}

/** Makes a desk, with copies of the pictures. @param capacity pictures of a round at most */
export function createDesk (spec: FindingSpec, beside: Beside, capacity: number): Desk {
  const widths = { shares: sizeOf(spec.pictures.frame) * spec.labels, rows: beside.width }
  const memory = (bytes: number) => new SharedArrayBuffer(bytes)
  return {
    spec: { ...spec, pictures: shareArrays(spec.pictures) },
    words: new Int32Array(memory(8)),
    indices: new Int32Array(memory(4 * capacity)),
    widths,
    shares: new Float32Array(memory(4 * capacity * widths.shares)),
    rows: new Float32Array(memory(4 * capacity * widths.rows))
  }
}

/** Copies the typed arrays among some values to shared memory. */
function shareArrays<T extends object> (values: T): T {
  const shareValue = (value: unknown) => ArrayBuffer.isView(value) ? share(value as Uint8Array) : value
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shareValue(value)])) as T
}

function share<A extends Uint8Array> (array: A): A {
  const shared = new (array.constructor as new (memory: SharedArrayBuffer) => A)(new SharedArrayBuffer(array.byteLength))
  shared.set(array)
  return shared
}

/** Finds the rows of one worker: of every size-th picture. */
export function workAt (
  { words, indices, widths, shares, rows }: Desk, beside: Beside, { worker, size }: { worker: number, size: number }
): void {
  for (let at = worker, count = words[1]!; at < count; at += size) {
    const row = rows.subarray(at * widths.rows, (at + 1) * widths.rows)
    beside.find(indices[at]!, shares.subarray(at * widths.shares, (at + 1) * widths.shares), row.slice(), row)
  }
}
