/** Rows whose bytes are the same, found by hashing: no row is compared with more than those of its hash. Pure. */
import { rowAt, type Rows } from './rows.js'

/** Bytes between two yields: well below a second. */
const bytesPerYield = 2 ** 25

/**
 * Finds the first row with the same bytes, for every row.
 * @returns [rows]; a row that is the first of its kind has its own number
 * Cost     one pass over the bytes, and one comparison per copy
 */
export function * findFirsts (rows: Rows): Generator<void, Int32Array> {
  const firsts = new Int32Array(rows.count)
  const kinds = new Map<number, number[]>() // the first rows with a hash
  let since = 0
  for (let row = 0; row < rows.count; row++) {
    const bytes = bytesOf(rows, row)
    const hash = hashBytes(bytes)
    const same = kinds.get(hash)
    const first = same?.find(other => isEqual(bytesOf(rows, other), bytes))
    firsts[row] = first ?? row
    if (same === undefined) kinds.set(hash, [row])
    else if (first === undefined) same.push(row)
    since += bytes.length
    if (since < bytesPerYield) continue
    since = 0
    yield
  }
  return firsts
}

function bytesOf (rows: Rows, row: number): Uint8Array {
  const values = rowAt(rows, row)
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** 32-bit FNV-1a, twice with other primes and joined to 53 bits. */
function hashBytes (bytes: Uint8Array): number {
  let [a, b] = [0x811c9dc5, 0x9747b28c]
  for (let i = 0; i < bytes.length; i++) {
    a = Math.imul(a ^ bytes[i]!, 0x01000193)
    b = Math.imul(b ^ bytes[i]!, 0x5bd1e995)
  }
  return (a >>> 0) * 2 ** 21 + (b >>> 11)
}

function isEqual (a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
