/**
 * The inner loops of cuts: WebAssembly (assembly/), an instance with a memory of its own for each network. A thread keeps one
 * that is given back, for with fresh memory of the system a cut takes a third longer.
 */
import { readFileSync } from 'node:fs'
import { align, createLender, type Lent, type Memory } from '../math/web-assembly.js'

/** Pointers are bytes of the memory. */
export interface Kernels {
  readonly memory: Memory
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
  /** Closes the arcs that lead out of the picture, which nothing else writes. */
  closeEdges (degree: number): void
  /**
   * Writes an arc of the pixels of some rows: `values` f64[rows, width], or 0 and one value.
   * @returns 0 where that of a pixel, `wrongArc`, is none
   */
  writeArcs (degree: number, arc: number, from: number, until: number, values: number, value: number): number
  wrongArc (): number
  /** Marks which arcs of some rows are open, once all that begin or end there are written. */
  markRows (degree: number, from: number, until: number): void
  /** Where terminals that are given are kept: f64[height, width]. */
  useTerminals (given: number): void
  /** @returns flow over single pixels, or NaN where the capacities of a pixel, `wrongTerminal`, are none */
  giveTerminals (sources: number, sinks: number): number
  wrongTerminal (): number
  /** Whether the flow may outlive what was given since it began. */
  isFlowKept (): number
  /** What has to be added to all that has been pushed since then. */
  shiftOfFlow (): number
  /** Begins without flow; arcs have to be written anew. */
  beginFlow (): void
  /** Pushes all flow that there still is (strategy.ts has `most`); capacities and terminals are what is left. @returns that flow */
  solveGrid4 (most: number): number
  solveGrid8 (most: number): number
  solveGraph (most: number): number
  /** Where the sides lie, a byte by node: 1 where the source still reaches it. */
  sides (): number
  /** The kernels of moves: see assembly/problem.ts, moves.ts, proposal.ts. */
  useProblem (
    degree: number, labels: number, labelling: number, proposal: number, unary: number, first: number, second: number,
    weights: number, distances: number
  ): void
  useWeight (way: number, values: number, value: number): void
  expandTo (label: number, flows: number): void
  keepFlows (flows: number): void
  swapBetween (a: number, b: number): void
  /** @returns 0 where the cut proposes the labelling that there is */
  propose (a: number, b: number): number
  energyUnary (a: number): number
  energyPairs (): number
  takeProposed (a: number): void
}

/** Lent to one network at a time. Kept is one of up to 1024 x 1024 pixels with 8 neighbours. */
export const { borrow: borrowKernels, giveBack: returnKernels } = createLender<Kernels>(
  () => readFileSync(new URL('kernels.wasm', import.meta.url)), { spare: 1, bytes: 128 * 1024 * 1024 }
)

/** What is lent. */
export type LentKernels = Lent<Kernels>

/** Lays arrays one behind the other, each where a vector may lie. */
export function layOut (kernels: LentKernels, bytes: readonly number[]): number[] {
  let free = kernels.heapBase()
  const places = bytes.map(size => {
    const place = free
    free = align(free + size)
    return place
  })
  kernels.reserve(free)
  return places
}
