/** The inner loops of cuts: WebAssembly (assembly/), an instance with a memory of its own for each network. */
import { readFileSync } from 'node:fs'
import { align, compileWasm, reserve, type Memory } from '../math/web-assembly.js'

/** Pointers are bytes of the memory. */
export interface Kernels {
  /** its buffer is another one once the memory has grown */
  readonly memory: { readonly buffer: ArrayBuffer }
  /** Makes the memory at least that large; what it holds stays. */
  reserve (bytes: number): void
  /** the first byte that is free */
  heapBase (): number
  /** Bytes that solving takes beside the network. */
  roomOf (nodes: number): number
  useRoom (room: number): void
  useGraph (nodes: number, firsts: number, heads: number, sisters: number, capacities: number, terminals: number): void
  /** Nodes that a grid has: pixels, and a row that nothing leads to before and after them. */
  nodesOf (width: number, height: number): number
  useGrid (width: number, height: number, offsets: number, capacities: number, terminals: number, opens: number): void
  /** Writes to `offsets` where the arcs of a node lead. */
  writeOffsets (degree: number): void
  /** @returns flow over single pixels, or NaN where the capacities of a pixel, `wrong`, are none */
  writeTerminals (sources: number, sinks: number): number
  /** Writes an arc of the pixels of some rows: `values` f64[rows, width], or 0 and one value. @returns 0 where that of a pixel is none */
  writeArcs (degree: number, arc: number, from: number, until: number, values: number, value: number): number
  wrong (): number
  closeEdges (degree: number): void
  markRows (degree: number, from: number, until: number): void
  /** Pushes all flow that there still is (strategy.ts has `most`); capacities and terminals are what is left. @returns that flow */
  solveGrid4 (most: number): number
  solveGrid8 (most: number): number
  solveGraph (most: number): number
  /** Where the sides lie, a byte by node: 1 where the source still reaches it. */
  sides (): number
  /** The kernels of moves: see assembly/moves.ts. */
  useProblem (
    degree: number, labels: number, labelling: number, proposal: number, unary: number, first: number, second: number,
    weights: number, distances: number
  ): void
  useWeight (way: number, values: number, value: number): void
  expandTo (label: number): void
  swapBetween (a: number, b: number): void
  /** @returns 0 where the cut proposes the labelling that there is */
  propose (a: number, b: number): number
  energyUnary (a: number): number
  energyPairs (): number
  takeProposed (a: number): void
}

type Exports = Omit<Kernels, 'memory' | 'reserve'> & { memory: Memory }

let instantiate: ReturnType<typeof compileWasm> | undefined

const spare: Kernels[] = []
export function borrowKernels (): Kernels {
  return spare.pop() ?? loadKernels()
}
export function returnKernels (kernels: Kernels): void {
  if (spare.length < 1 && kernels.memory.buffer.byteLength <= 64 * 2 ** 20) spare.push(kernels)
}

/** Loads kernels with a memory of their own. */
export function loadKernels (): Kernels {
  instantiate ??= compileWasm(readFileSync(new URL('kernels.wasm', import.meta.url)))
  const exports = instantiate() as Exports
  const { memory } = exports
  return { ...exports, memory, reserve: bytes => { reserve(memory, bytes) } }
}

/** Lays arrays one behind the other, each at a multiple of 16 bytes. */
export function layOut (kernels: Kernels, bytes: readonly number[]): number[] {
  let free = kernels.heapBase()
  const places = bytes.map(size => {
    const place = free
    free = align(free + size)
    return place
  })
  kernels.reserve(free)
  return places
}
