/** What JavaScript calls of the kernels of cuts (AssemblyScript, compiled by scripts/setup/build.mjs); ../kernels.ts has the contracts. */
export { labelsOf as labels, roomOf, solveGraph, solveGrid, useRoom } from './solver'
export { useGraph, useGrid } from './topology'

/** The first byte that is free. */
export function heapBase (): usize {
  return (__heap_base + 15) & ~15
}
