/**
 * The sum rate of many instances: WebAssembly with two of them per instruction (assembly/) on a memory of its own. A thread
 * keeps those that are given back, for each takes gigabytes of addresses and some time to make.
 */
import { readFileSync } from 'node:fs'
import { compileWasm, reserve, type Memory } from '../../../../math/web-assembly.js'

/** Pointers are bytes of the memory. `problem` points to what assembly/ describes as Problem. */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer }
  /** Makes the memory at least that large; views have to be made anew. */
  reserve (bytes: number): void
  /** the first byte that is free */
  heapBase (): number
  /**
   * @param states [count, K]
   * @param values [count], minus the sum rates
   * @param into   [count, K], their gradients; 0: not wanted
   * @param active [count] bytes, 0 for instances that may be left out
   */
  evaluate (problem: number, states: number, values: number, into: number, active: number): void
}

type Exports = Omit<Kernels, 'memory' | 'reserve'> & { memory: Memory }

/** Of larger ones memory is given back to the system. */
const MOST_KEPT = 32 * 1024 * 1024
const MOST_SPARE = 4

let instantiate: ReturnType<typeof compileWasm> | undefined
const spare: Kernels[] = []

/** Lends kernels to one objective at a time. What their memory holds is what the one before left there. */
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
