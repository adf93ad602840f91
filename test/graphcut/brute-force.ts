/** Least energies and cuts by trying everything, and a second way to find flows: the oracles of cuts. */
import { energyOf, type LabellingProblem } from '../../src/graphcut/energy.js'
import type { FlowGraph, GraphCut } from '../../src/graphcut/graph.js'

/** The least energy of all labellings. */
export function leastEnergy (problem: LabellingProblem): number {
  const { labels, shape: { width, height } } = problem
  const pixels = width * height
  const labelling = new Uint8Array(pixels)
  let least = Infinity
  for (let number = 0; number < labels ** pixels; number++) {
    for (let p = 0, rest = number; p < pixels; p++, rest = Math.floor(rest / labels)) labelling[p] = rest % labels
    least = Math.min(least, energyOf(problem, labelling).total)
  }
  return least
}

/** What is cut where the nodes with 1 are on the source's side, summed arc by arc. */
export function capacityOfCut ({ from, to, capacities }: FlowGraph, sides: Uint8Array): number {
  let sum = 0
  for (let arc = 0; arc < from.length; arc++) if (sides[from[arc]!] === 1 && sides[to[arc]!] === 0) sum += capacities[arc]!
  return sum
}

/** Maximum flow by shortest augmenting paths over a matrix (Edmonds and Karp), and what the source still reaches. */
export function cutByPaths ({ nodes, source, sink, from, to, capacities }: FlowGraph): GraphCut {
  const left = Array.from({ length: nodes }, () => new Float64Array(nodes))
  for (let arc = 0; arc < from.length; arc++) left[from[arc]!]![to[arc]!]! += capacities[arc]!
  for (let flow = 0; ;) {
    const parents = new Int32Array(nodes).fill(-1)
    const queue = [source]
    parents[source] = source
    for (const node of queue) {
      for (let head = 0; head < nodes; head++) {
        if (parents[head] !== -1 || left[node]![head] === 0) continue
        parents[head] = node
        queue.push(head)
      }
    }
    if (parents[sink] === -1) return { flow, sides: Uint8Array.from(parents, parent => Number(parent !== -1)) }
    let least = Infinity
    for (let node = sink; node !== source; node = parents[node]!) least = Math.min(least, left[parents[node]!]![node]!)
    for (let node = sink; node !== source; node = parents[node]!) {
      left[parents[node]!]![node]! -= least
      left[node]![parents[node]!]! += least
    }
    flow += least
  }
}
