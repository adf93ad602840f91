/**
 * The inner loops of training linear classifiers: WebAssembly with two numbers per instruction (assembly/) on a memory of
 * its own. A thread keeps those that are given back, for each takes gigabytes of addresses and some time to make.
 */
import { readFileSync } from 'node:fs'
import { compileWasm, reserve, type Memory } from '../../math/web-assembly.js'

/** Pointers are bytes of the memory. `points` and `descent` point to what assembly/ describes as Points and Descent. */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer }
  /** Makes the memory at least that large; views have to be made anew. */
  reserve (bytes: number): void
  /** the first byte that is free */
  heapBase (): number
  /** Whole steps of `batch` rows each from place `at` of a pass of `end` rows, over and over. */
  descend (points: number, descent: number, at: number, end: number, batch: number, steps: number): void
  /** A step in parts: the perturbation, */
  begin (points: number, descent: number): void
  /** rows `from` .. `to` of the pass, as often as it takes, */
  gather (points: number, descent: number, from: number, to: number): void
  /** and the move, by the mean over `count` rows. */
  finish (points: number, descent: number, count: number): void
}

type Exports = Omit<Kernels, 'memory' | 'reserve'> & { memory: Memory }

/** Of larger ones memory is given back to the system. */
const MOST_KEPT = 32 * 1024 * 1024
const MOST_SPARE = 4

let instantiate: ReturnType<typeof compileWasm> | undefined
const spare: Kernels[] = []

/** Lends kernels to one training at a time. What their memory holds is what the one before left there. */
export function borrowKernels (): Kernels {
  return spare.pop() ?? loadKernels()
}

/** Takes them back; whoever had them has them no longer. */
export function returnKernels (kernels: Kernels): void {
  if (spare.length < MOST_SPARE && kernels.memory.buffer.byteLength <= MOST_KEPT) spare.push(kernels)
}

function loadKernels (): Kernels {
  instantiate ??= compileWasm(readFileSync(new URL('kernels.wasm', import.meta.url)))
  const { memory, ...exports } = instantiate({ env: { abort } }) as Exports
  return { ...exports, memory, reserve: bytes => { reserve(memory, bytes) } }
}

function abort (): never {
  throw new Error('A kernel of rows was called with what it does not take')
}
