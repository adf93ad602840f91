/** What JavaScript calls of the kernels of cuts (AssemblyScript, compiled by scripts/setup/build.mjs); ../kernels.ts has the contracts. */
export { expandTo, keepFlows, swapBetween } from './moves'
export { closeEdges, markRows, writeArcs, writeOffsets, wrongArc } from './picture'
export { useProblem, useWeight } from './problem'
export { energyPairs, energyUnary, propose, takeProposed } from './proposal'
export { roomOf, useRoom } from './room'
export { sidesOf as sides, solveGraph, solveGrid4, solveGrid8 } from './solver'
export { beginFlow, giveTerminals, isFlowKept, shiftOfFlow, useTerminals, wrongTerminal } from './terminals'
export { nodesOf, useGraph, useGrid } from './topology'

/** The first byte that is free. */
export function heapBase (): usize {
  return (__heap_base + 15) & ~15
}
