/**
 * Solves a network (AssemblyScript) by one of two strategies, or by one after the other. Both push flow in the same place, so
 * that the second goes on from where the first one stops.
 */
import { pushAll } from './preflow'
import { get, labels, nexts, set } from './room'
import { restartShort } from './short'
import { endOf, firstOf, headOf, isOpen, nodes, terminalOf, Graph, Grid4, Grid8 } from './topology'
import { augmentAll, isComplete } from './trees'

export function solveGrid4 (most: f64): f64 {
  return solve<Grid4>(most)
}

export function solveGrid8 (most: f64): f64 {
  return solve<Grid8>(most)
}

export function solveGraph (most: f64): f64 {
  restartShort()
  return solve<Graph>(most)
}

/** @param most work per node after which trees give way to a preflow @returns the flow that was still missing */
function solve<T> (most: f64): f64 {
  let flow = augmentAll<T>(most * nodes)
  if (isComplete()) {
    for (let node = 0; node < nodes; node++) store<u8>(labels + node, u8(get(labels, node) > 0))
  } else {
    flow += pushAll<T>()
    reach<T>()
  }
  return flow
}

/** u8[nodes]: after solving, 1 where a node is on the source's side of the cut, else 0. */
export function sidesOf (): usize {
  return labels
}

/** Finds what the source still reaches: the source's side of the least cut that is nearest to it. */
function reach<T> (): void {
  let count = 0
  for (let node = 0; node < nodes; node++) {
    const isSource = terminalOf(node) > 0
    store<u8>(labels + node, u8(isSource))
    if (isSource) set(nexts, count++, node)
  }
  for (let i = 0; i < count; i++) {
    const node = get(nexts, i)
    const end = endOf<T>(node)
    for (let arc = firstOf<T>(node); arc < end; arc++) {
      if (!isOpen<T>(node, arc)) continue
      const head = headOf<T>(node, arc)
      if (load<u8>(labels + head)) continue
      store<u8>(labels + head, 1)
      set(nexts, count++, head)
    }
  }
}
