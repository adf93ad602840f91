/** Minimum cuts of any graph: lists of arcs. Next hop: assembly/solver.ts. */
import { borrowKernels, layOut, returnKernels } from './kernels.js'
import { mostTreeWork, type Strategy } from './strategy.js'

/** A graph with a source and a sink. Capacities are numbers >= 0; those of arcs at the source or the sink may be Infinity. */
export interface FlowGraph {
  /** source and sink included; they are numbered from 0 */
  nodes: number
  source: number
  sink: number
  /** [arcs] each */
  from: ArrayLike<number>
  to: ArrayLike<number>
  capacities: ArrayLike<number>
}

export interface GraphCut {
  /** the flow, which is the capacity of the cut */
  flow: number
  /** 1 for each node on the source's side of the least cut that is nearest to the source */
  sides: Uint8Array
}

/**
 * Cuts a graph.
 * @param strategy how; the cut is the same one, to within the rounding of sums of capacities
 * @throws RangeError for a node that there is not, or a capacity that is none
 */
export function cutGraph (graph: FlowGraph, strategy?: Strategy): GraphCut {
  const { nodes, source, sink } = graph
  if (source === sink) throw new RangeError(`source and sink must be two nodes, got ${source} twice`)
  const { terminals, inner, direct } = split(graph)
  const kernels = borrowKernels()
  const arcs = 2 * inner.length
  const places = layOut(kernels, [4 * (nodes + 1), 4 * arcs, 4 * arcs, 8 * arcs, 8 * nodes, kernels.roomOf(nodes)])
  const [firstsAt, headsAt, sistersAt, capacitiesAt, terminalsAt, roomAt] = places as [number, number, number, number, number, number]
  const { buffer } = kernels.memory
  const firsts = new Int32Array(buffer, firstsAt, nodes + 1)
  const heads = new Int32Array(buffer, headsAt, arcs)
  const sisters = new Int32Array(buffer, sistersAt, arcs)
  const capacities = new Float64Array(buffer, capacitiesAt, arcs)
  new Float64Array(buffer, terminalsAt, nodes).set(terminals)

  firsts.fill(0)
  for (const arc of inner) {
    firsts[graph.from[arc]! + 1]!++
    firsts[graph.to[arc]! + 1]!++
  }
  for (let node = 0; node < nodes; node++) firsts[node + 1]! += firsts[node]!
  const free = firsts.slice()
  for (const arc of inner) {
    const [from, to] = [graph.from[arc]!, graph.to[arc]!]
    const [there, back] = [free[from]!++, free[to]!++]
    heads[there] = to
    heads[back] = from
    sisters[there] = back
    sisters[back] = there
    capacities[there] = graph.capacities[arc]!
    capacities[back] = 0
  }
  kernels.useGraph(nodes, firstsAt, headsAt, sistersAt, capacitiesAt, terminalsAt)
  kernels.useRoom(roomAt)
  const flow = direct + kernels.solveGraph(mostTreeWork(strategy))
  const sides = new Uint8Array(buffer, kernels.sides(), nodes).slice()
  sides[source] = 1
  returnKernels(kernels)
  return { flow, sides }
}

/**
 * Takes the arcs at the terminals apart from the others.
 * @returns terminals: what comes from the source less what goes to the sink, by node; inner: the other arcs;
 *          direct: what flows over them alone
 */
function split ({ nodes, source, sink, from, to, capacities }: FlowGraph): { terminals: Float64Array, inner: Int32Array, direct: number } {
  const [fromSource, toSink] = [new Float64Array(nodes), new Float64Array(nodes)]
  const inner: number[] = []
  let direct = 0
  for (let arc = 0; arc < from.length; arc++) {
    const [tail, head, capacity] = [from[arc]!, to[arc]!, capacities[arc]!]
    if (!isNode(tail, nodes) || !isNode(head, nodes)) throw new RangeError(`arc ${arc} must join two nodes 0 .. ${nodes - 1}, got ${tail} and ${head}`)
    const isInner = tail !== source && head !== source && tail !== sink && head !== sink
    if (!(capacity >= 0 && (!isInner || capacity < Infinity))) {
      throw new RangeError(`capacity of arc ${arc} must be a number >= 0${isInner ? ', and finite between inner nodes' : ''}, got ${capacity}`)
    }
    if (tail === head || head === source || tail === sink) continue // takes nothing from the source to the sink
    if (isInner) inner.push(arc)
    else if (tail === source && head === sink) direct += capacity
    else if (tail === source) fromSource[head]! += capacity
    else toSink[tail]! += capacity
  }
  const terminals = new Float64Array(nodes)
  for (let node = 0; node < nodes; node++) {
    const both = Math.min(fromSource[node]!, toSink[node]!)
    direct += both
    terminals[node] = fromSource[node]! - toSink[node]!
  }
  if (direct === Infinity) throw new RangeError('source and sink must not be tied by arcs of infinite capacity alone')
  return { terminals, inner: Int32Array.from(inner), direct }
}

function isNode (node: number, nodes: number): boolean {
  return Number.isInteger(node) && node >= 0 && node < nodes
}
