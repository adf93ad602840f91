/**
 * The matrices of the interior point method, in WebAssembly with two numbers per instruction (assembly/), on a memory of their own.
 * A thread keeps one that is given back, for each takes gigabytes of addresses.
 */
import { readFileSync } from 'node:fs'
import { compileWasm, reserve, type Memory } from '../../math/web-assembly.js'

interface Exports {
  memory: Memory
  heapBase (): number
  products (rows: number, bytes: number, matrix: number, count: number): void
  factorize (matrix: number, count: number): number
  solve (matrix: number, count: number, side: number): void
}

/** Z W^-1 Z^T + D, and its inverse by Cholesky's factor. */
export interface NormalMatrix {
  /** Sets Z W^-1 Z^T. @param weights  1 / W: [d]; all 1 where absent */
  setProducts (weights?: Float64Array): void
  /** Factorises it with D added; what setProducts made stays. @param diagonal [m] @returns false where rounding forbids it */
  factorize (diagonal: Float64Array): boolean
  /** Solves for one right-hand side, in place: [m] */
  solve (side: Float64Array): void
  /** Gives the memory back; whoever had the matrix has it no longer. */
  close (): void
}

/** bytes; of larger ones memory is given back to the system */
const MOST_KEPT = 32 * 1024 * 1024

let instantiate: ReturnType<typeof compileWasm> | undefined
let spare: Exports | undefined

/** @param points  Z: by rows, [m, d] */
export function createNormalMatrix (points: Float64Array, count: number, dimensions: number): NormalMatrix {
  const kernels = spare ?? loadKernels()
  spare = undefined
  // zeros fill up what kernels take by two numbers and four rows, with a diagonal of 1
  const length = dimensions + dimensions % 2
  const size = Math.ceil(count / 4) * 4
  const rows = kernels.heapBase()
  const products = rows + size * length * 8
  const factor = products + size * size * 8
  const solved = factor + size * size * 8
  reserve(kernels.memory, solved + size * 8)
  const view = (at: number, numbers: number) => new Float64Array(kernels.memory.buffer, at, numbers)
  const scaled = view(rows, size * length).fill(0)
  const unfactored = view(products, size * size)
  const lower = view(factor, size * size)
  const side = view(solved, size)

  return {
    setProducts (weights) {
      for (let j = 0; j < dimensions; j++) {
        const root = weights === undefined ? 1 : Math.sqrt(weights[j]!)
        for (let i = 0; i < count; i++) scaled[i * length + j] = points[i * dimensions + j]! * root
      }
      kernels.products(rows, length * 8, products, size)
    },
    factorize (diagonal) {
      lower.set(unfactored)
      for (let i = 0; i < size; i++) lower[i * size + i]! += i < count ? diagonal[i]! : 1
      return kernels.factorize(factor, size) === 1
    },
    solve (b) {
      side.fill(0)
      side.set(b)
      kernels.solve(factor, size, solved)
      b.set(side.subarray(0, count))
    },
    close () {
      if (kernels.memory.buffer.byteLength <= MOST_KEPT) spare = kernels
    }
  }
}

function loadKernels (): Exports {
  instantiate ??= compileWasm(readFileSync(new URL('kernels.wasm', import.meta.url)))
  return instantiate({ env: { abort: fail } }) as Exports
}

function fail (): never {
  throw new Error('A kernel of matrices was called with what it does not take')
}
