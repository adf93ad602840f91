/** What JavaScript calls of the kernels of pictures to be segmented (AssemblyScript, compiled by scripts/setup/build.mjs); ../kernels.ts has the contracts. */
export { sumSquares, weigh } from './contrast'
export { addMoments, costs } from './mixture'
export { usePlanes } from './planes'

/** The first byte that is free. */
export function heapBase (): usize {
  return (__heap_base + 15) & ~15
}
