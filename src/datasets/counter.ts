/**
 * What a thread has read of an upload so far, in shared memory: the thread writes, whoever wants to know reads, and no
 * message goes from one to the other. A reader may be behind by a moment.
 */

export interface Counts {
  /** of the files, unpacked */
  bytes: number
  rows: number
}

/** Makes a counter that stands at zero: Float64 bytes, then rows, which createTally of limits.ts writes. */
export function createCounter (): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT)
}

/** Reads what was counted. */
export function readCounter (counter: SharedArrayBuffer): Counts {
  const [bytes = 0, rows = 0] = new Float64Array(counter)
  return { bytes, rows }
}
