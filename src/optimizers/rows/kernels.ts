/**
 * The inner loops of training linear classifiers: WebAssembly with two numbers per instruction (assembly/) on a memory of
 * its own. A thread keeps those that are given back.
 */
import { readFileSync } from 'node:fs'
import { createLender, type Memory } from '../../math/web-assembly.js'

/** Pointers are bytes of the memory. `points` and `descent` point to what assembly/ describes as Points and Descent. */
export interface Kernels {
  readonly memory: Memory
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

/** Lent to one training at a time. */
export const { borrow: borrowKernels, giveBack: returnKernels } = createLender<Kernels>(
  () => readFileSync(new URL('kernels.wasm', import.meta.url)), { spare: 4, bytes: 32 * 1024 * 1024 }, { env: { abort } }
)

function abort (): never {
  throw new Error('A kernel of rows was called with what it does not take')
}
