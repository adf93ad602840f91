/**
 * Maximum flow by pushing and relabelling (AssemblyScript): Goldberg, Tarjan 1988, "A New Approach to the Maximum-Flow
 * Problem", with the order and the heuristics of Cherkassky, Goldberg 1997, "On Implementing the Push-Relabel Method": what is
 * highest first, heights from the sink measured anew now and then, and all above a height that nobody has any more given up.
 *
 * A node with a terminal above 0 has an excess, which runs downhill to nodes with one below 0; the source needs no arcs to be
 * written down for that, and no second phase: an excess from which nothing below 0 can be reached is capacity that the source
 * has left, as it is with augmenting paths.
 */
import { buckets, chain, currents, get, labels as heights, set, sinks as counts, sources as queue } from './room'
import { capacityOf, endOf, firstOf, headOf, isOpen, nodes, push, setTerminal, sisterOf, terminalOf } from './topology'

/** What lifting takes, in visits of arcs; and how many visits per node and per arc come between two measurements (as in the paper). */
const LIFT: i32 = 12
const PER_NODE: i32 = 12
const PER_ARC: i32 = 1

/** The highest bucket that has a node with an excess, if one has. Buckets: lists by height, the first of each, the next of each node. */
let top: i32 = -1
/** From this height on nothing gets to the sink: nobody who could was that high. */
let gap: i32 = 0
let visits: i32 = 0
let flow: f64 = 0

/** @returns the flow that was still missing */
export function pushAll<T> (): f64 {
  flow = 0
  const most = PER_NODE * nodes + PER_ARC * endOf<T>(nodes - 1)
  measure<T>()
  while (top >= 0) {
    const node = get(buckets, top)
    if (node < 0) {
      top--
      continue
    }
    set(buckets, top, get(chain, node))
    if (top < gap) discharge<T>(node)
    if (visits > most) measure<T>()
  }
  return flow
}

/** Sets heights to the distances from nodes with a terminal below 0, over arcs that have capacity left. */
function measure<T> (): void {
  visits = 0
  top = -1
  let count = 0
  for (let node = 0; node < nodes; node++) {
    set(buckets, node, -1)
    set(counts, node, 0)
    set(currents, node, firstOf<T>(node))
    const isSink = terminalOf(node) < 0
    set(heights, node, isSink ? 0 : nodes)
    if (isSink) set(queue, count++, node)
  }
  for (let i = 0; i < count; i++) {
    const node = get(queue, i)
    const height = get(heights, node)
    set(counts, height, get(counts, height) + 1)
    gap = height + 1
    if (terminalOf(node) > 0) activate(node, height)
    const end = endOf<T>(node)
    for (let arc = firstOf<T>(node); arc < end; arc++) {
      const head = headOf<T>(node, arc)
      if (get(heights, head) != nodes || !isOpen<T>(head, sisterOf<T>(arc, head))) continue
      set(heights, head, height + 1)
      set(queue, count++, head)
    }
  }
  if (count == 0) gap = 0
}

// @ts-ignore: decorator
@inline
function activate (node: i32, height: i32): void {
  set(chain, node, get(buckets, height))
  set(buckets, height, node)
  if (height > top) top = height
}

/** Pushes an excess downhill, and lifts the node until it has none or nothing is below it. */
function discharge<T> (node: i32): void {
  let excess = terminalOf(node)
  const end = endOf<T>(node)
  for (;;) {
    const below = get(heights, node) - 1
    for (let arc = get(currents, node); arc < end; arc++) {
      const capacity = capacityOf(arc)
      if (capacity <= 0) continue
      const head = headOf<T>(node, arc)
      if (get(heights, head) != below) continue
      const amount = min(excess, capacity)
      push<T>(node, arc, head, amount)
      take(head, below, amount)
      excess -= amount
      if (excess > 0) continue
      set(currents, node, arc)
      setTerminal(node, excess)
      return
    }
    if (!lift<T>(node)) break
  }
  setTerminal(node, excess)
}

// @ts-ignore: decorator
@inline
function take (node: i32, height: i32, amount: f64): void {
  const terminal = terminalOf(node)
  if (terminal < 0) flow += min(amount, -terminal)
  setTerminal(node, terminal + amount)
  if (terminal <= 0 && terminal + amount > 0) activate(node, height)
}

/** Lifts a node to just above the lowest one that it could push to. @returns false where none is left that leads to the sink */
function lift<T> (node: i32): bool {
  const from = get(heights, node)
  const end = endOf<T>(node)
  let least = nodes
  let lowest = firstOf<T>(node)
  for (let arc = lowest; arc < end; arc++) {
    if (capacityOf(arc) <= 0) continue
    const height = get(heights, headOf<T>(node, arc))
    if (height >= least) continue
    least = height
    lowest = arc
  }
  visits += end - firstOf<T>(node) + LIFT
  const left = get(counts, from) - 1
  set(counts, from, left)
  if (left == 0) gap = min(gap, from)
  if (least >= gap) {
    set(heights, node, nodes)
    return false
  }
  const to = least + 1
  if (to == gap) gap++
  set(heights, node, to)
  set(currents, node, lowest)
  set(counts, to, get(counts, to) + 1)
  return true
}
