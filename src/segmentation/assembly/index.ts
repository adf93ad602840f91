/** What JavaScript calls of the kernels of pictures to be segmented (AssemblyScript, compiled by scripts/setup/build.mjs); ../kernels.ts has the contracts. */
export { sumSquares, weigh } from './contrast'
export { addPairs, sumUnary } from './energy'
export { writeInterior } from './interior'
export { addMoments, costs, gather } from './mixture'
export { usePicture } from './planes'
export { fixSeeds, writeExcesses } from './unary'

/** The first byte that is free. */
export function heapBase (): usize {
  return (__heap_base + 15) & ~15
}
