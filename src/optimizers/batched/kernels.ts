/**
 * What every step of a batch does beside evaluating: WebAssembly (assembly/) on a memory of its own. A thread keeps those that
 * are given back, for each takes gigabytes of addresses and some time to make.
 */
import { readFileSync } from 'node:fs'
import { compileWasm, reserve, type Memory } from '../../math/web-assembly.js'

/** Pointers are bytes of the memory. `batch` points to what assembly/ describes as Batch. */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer }
  /** Makes the memory at least that large; views have to be made anew. */
  reserve (bytes: number): void
  /** the first byte that is free */
  heapBase (): number
  /** Moves the active rows: v <- momentum v + g, theta <- theta - rate v. */
  descend (batch: number, rate: number, momentum: number): void
  /**
   * Takes the values where the active rows are now, keeps the best, and stops those whose time has come.
   * @param queries evaluations that each has taken @param next those that a step takes
   * @returns rows that have stopped
   */
  settle (batch: number, made: number, queries: number, next: number): number
}

type Exports = Omit<Kernels, 'memory' | 'reserve'> & { memory: Memory }

/** Of larger ones memory is given back to the system. */
const MOST_KEPT = 32 * 1024 * 1024
const MOST_SPARE = 4

let instantiate: ReturnType<typeof compileWasm> | undefined
const spare: Kernels[] = []

/** Lends kernels to one batch at a time. What their memory holds is what the one before left there. */
export function borrowKernels (): Kernels {
  return spare.pop() ?? loadKernels()
}

/** Takes them back; whoever had them has them no longer. */
export function returnKernels (kernels: Kernels): void {
  if (spare.length < MOST_SPARE && kernels.memory.buffer.byteLength <= MOST_KEPT) spare.push(kernels)
}

function loadKernels (): Kernels {
  instantiate ??= compileWasm(readFileSync(new URL('kernels.wasm', import.meta.url)))
  const { memory, ...exports } = instantiate() as Exports
  return { ...exports, memory, reserve: bytes => { reserve(memory, bytes) } }
}
