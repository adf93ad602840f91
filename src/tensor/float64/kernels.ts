/**
 * The inner loops of the regression networks: WebAssembly with two numbers per instruction (assembly/) on one block of
 * memory, whose layout is in workspace.ts.
 */
import { readFileSync } from 'node:fs'
import { compileWasm, reserve, type Memory } from '../../math/web-assembly.js'

/** Pointers and strides are bytes of the memory. `net` points to the description of a network; see workspace.ts. */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBufferLike }
  /** Makes the memory at least that large. What it holds stays; views of it may have to be made anew. */
  reserve (bytes: number): void
  /** the first byte that is free */
  heapBase (): number
  /** Mean squared error. @param theta parameters */
  value (net: number, theta: number): number
  /** Writes the gradient. @returns the value */
  gradient (net: number, theta: number, into: number): number
  /** Outputs at all points. @param into [stride] */
  predict (net: number, theta: number, into: number): void
  /** Values of `count` vectors of parameters, which lie one behind the other. */
  values (net: number, points: number, count: number, into: number): void
  /** Activations of one hidden layer from those before it, [units, stride] both. */
  layer (net: number, fanIn: number, units: number, weight: number, from: number, to: number): void
  /** into = bias + sum of weight_i row_i, without row `skip` (-1: with all), rows [count, stride] */
  combine (net: number, bias: number, weight: number, weightStride: number, rows: number, count: number, skip: number, into: number): void
  /** row = activation(row), [stride] */
  activate (net: number, row: number): void
  /** into = activation(sums + t * from), [stride] */
  movedUnit (net: number, sums: number, from: number, t: number, into: number): void
  /** Value when the output is rest + weight * activation(sums + t * from). @param work [stride] */
  unitLine (net: number, sums: number, from: number, t: number, rest: number, weight: number, work: number): number
  /** Value when the output is rest + t * row. @param work [stride] */
  outputLine (net: number, rest: number, row: number, t: number, work: number): number
  /** Value from the activations of hidden layer l, 1 .., [units, stride]. */
  valueFrom (net: number, theta: number, l: number, from: number): number
  /** Philox blocks (src/math/random.ts) counter, counter + 1, ... as numbers on [0, 1). @param count a multiple of 4 */
  fillUniform (key0: number, key1: number, counter: number, count: number, into: number): void
}

type Exports = Omit<Kernels, 'memory' | 'reserve'> & { memory: Memory }

/** Loads the kernels, with a memory of their own. */
export function loadKernels (): Kernels {
  const exports = compileWasm(readFileSync(new URL('kernels.wasm', import.meta.url)))() as Exports
  const { memory } = exports
  return { ...exports, reserve: bytes => { reserve(memory, bytes) } }
}
