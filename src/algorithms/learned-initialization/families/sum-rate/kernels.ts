/**
 * The sum rate of many instances: WebAssembly with two of them per instruction (assembly/) on a memory of its own. A thread
 * keeps those that are given back.
 */
import { readFileSync } from 'node:fs'
import { createLender, type Memory } from '../../../../math/web-assembly.js'

/** Pointers are bytes of the memory. `problem` points to what assembly/ describes as Problem. */
export interface Kernels {
  readonly memory: Memory
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

/** Lent to one objective at a time. */
export const { borrow: borrowKernels, giveBack: returnKernels } = createLender<Kernels>(
  () => readFileSync(new URL('kernels.wasm', import.meta.url)), { spare: 4, bytes: 32 * 1024 * 1024 }
)
