/** What JavaScript calls of the kernels of the lattice (AssemblyScript, compiled by scripts/setup/build.mjs); ../kernels.ts has the contracts. */
export { useRows } from './blur'
export { embed, usePoints } from './embed'
export { blur, open, scaleWeights, slice, splat, useFactors, useTile } from './filter'
export { findNeighbours } from './neighbours'
export { changeOf, entropyOf, product, unaryOf, update } from './mean-field'
export { useTable, verticesOf as vertices } from './table'

/** The first byte that is free. */
export function heapBase (): usize {
  return (__heap_base + 15) & ~15
}
