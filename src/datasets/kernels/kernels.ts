/**
 * The inner loops of reading uploads: WebAssembly (assembly/) on a memory that helpers may share. A thread keeps those that
 * are given back, for each takes gigabytes of addresses and some time to make.
 */
import { readFileSync } from 'node:fs'
import { compileWasm, openSharedMemory, reserve, type Memory } from '../../math/web-assembly.js'
import { powersOfFive } from './powers-of-five.js'

/** Pointers are bytes of the memory. */
export interface Kernels {
  /** its buffer is another one once the memory has grown */
  readonly memory: KernelMemory
  /** Makes the memory at least that large; what it holds stays. */
  reserve (bytes: number): void
  /** the first byte that is free */
  heapBase (): number
  /** Splits text into rows. @param split  a Split of assembly/split.ts @returns why it ended */
  split (split: number): number
  /** Finds where the last whole row of a text ends, see assembly/row-end.ts. @param quote  -1: none @returns 0 where none does */
  lastRowEnd (text: number, length: number, quote: number): number
  /** Undoes the filters of a PNG, see assembly/png.ts. @returns the row whose filter there is not, -1 where all are undone */
  unfilter (rows: number, count: number, rowBytes: number, step: number, into: number): number
  /** Rounds columns to float32 and sums them up, see assembly/columns.ts. */
  gather (values: number, rows: number, width: number, places: number, count: number, sums: number, into: number): void
  /** Marks rows that are chosen at random, see assembly/choose.ts. @param key0 and key1  of a stream */
  choose (key0: number, key1: number, count: number, wanted: number, order: number, marks: number): void
  /** Copies rows that are wanted, see assembly/rows.ts. @returns bytes */
  pick (rows: number, count: number, rowBytes: number, marks: number, wanted: number, into: number): number
  /** Counts numbers in bins, see assembly/rows.ts. @param columns  Bins of there, for two columns each */
  countBins (rows: number, count: number, rowBytes: number, columns: number, pairs: number): void
}

/** Goes to other threads as it is. */
export type KernelMemory = Memory<SharedArrayBuffer>

type Exports = Omit<Kernels, 'memory' | 'reserve'> & { powers (): number }

/** Of larger ones memory is given back to the system. */
const MOST_KEPT = 8 * 1024 * 1024
const MOST_SPARE = 16

let instantiate: ReturnType<typeof compileWasm> | undefined
const spare: Kernels[] = []

/** Lends kernels to one reader at a time. What their memory holds is what the one before left there. */
export function borrowKernels (): Kernels {
  return spare.pop() ?? loadKernels(openSharedMemory())
}

/** Takes them back; whoever had them has them no longer. */
export function returnKernels (kernels: Kernels): void {
  if (spare.length < MOST_SPARE && kernels.memory.buffer.byteLength <= MOST_KEPT) spare.push(kernels)
}

/** Makes kernels on a memory, also of another thread, in which nothing may be at work meanwhile. */
export function loadKernels (memory: KernelMemory): Kernels {
  instantiate ??= compileWasm(readFileSync(new URL('kernels.wasm', import.meta.url)))
  const { powers, ...exports } = instantiate({ env: { memory, convert } }) as Exports
  new BigUint64Array(memory.buffer, powers()).set(powersOfFive())
  return { ...exports, memory, reserve: bytes => { reserve(memory, bytes) } }

  function convert (begin: number, end: number, point: number): number {
    const text = Buffer.from(memory.buffer, begin, end - begin).toString('latin1')
    const value = Number(point === 0x2c ? text.replace(',', '.') : text)
    return Number.isFinite(value) ? value : NaN
  }
}
