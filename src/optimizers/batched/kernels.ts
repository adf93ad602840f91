/**
 * What every step of a batch does beside evaluating: WebAssembly (assembly/) on a memory of its own. A thread keeps those that
 * are given back.
 */
import { readFileSync } from 'node:fs'
import { createLender, type Memory } from '../../math/web-assembly.js'

/** Pointers are bytes of the memory. `batch` points to what assembly/ describes as Batch. */
export interface Kernels {
  readonly memory: Memory
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

/** Lent to one batch at a time. */
export const { borrow: borrowKernels, giveBack: returnKernels } = createLender<Kernels>(
  () => readFileSync(new URL('kernels.wasm', import.meta.url)), { spare: 4, bytes: 32 * 1024 * 1024 }
)
