/** What JavaScript calls of the kernels of data sets (AssemblyScript, compiled by scripts/setup/build.mjs); ../kernels.ts has the contracts. */
import { powersOfFive } from './numerals'

export { choose } from './choose'
export { gather } from './columns'
export { unfilter } from './png'
export { countBins, pick } from './rows'
export { lastRowEnd } from './row-end'
export { split } from './splitter'

export function powers (): usize {
  return powersOfFive
}

/** The first byte that is free. */
export function heapBase (): usize {
  return (__heap_base + 15) & ~15
}
