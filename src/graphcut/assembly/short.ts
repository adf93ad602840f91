/**
 * Pushes what goes from the source to the sink over a single arc (AssemblyScript): trees would lose the same roots to it one by
 * one, each with orphans. Pictures do it while they are written, some rows at a time, whose arcs are then still in the cache.
 */
import { capacityOf, endOf, firstOf, headOf, isOpen, nodes, push, setTerminal, sisterOf, terminalOf } from './topology'

/** The first node that is still to be looked at, and what the others have let flow. */
let next: i32 = 0
let flow: f64 = 0

/** Begins with a network that is to be written. */
export function restartShort (): void {
  next = 0
  flow = 0
}

/**
 * Pushes to nodes that are tied to the sink, from where it ended before, all of whose arcs and neighbours are written.
 * @param until the node behind the last one; after the last one of all it begins again
 * @returns what has been pushed since it began
 */
export function pushShort<T> (until: i32): f64 {
  for (let node = next; node < until; node++) {
    let terminal = terminalOf(node)
    if (terminal >= 0) continue
    const first = firstOf<T>(node)
    if (isInteger<T>()) {
      for (let bits = excessesAround<T>(node); bits != 0 && terminal < 0; bits &= bits - 1) terminal = pull<T>(node, first + ctz(bits), terminal)
    } else {
      for (let arc = first, end = endOf<T>(node); arc < end && terminal < 0; arc++) terminal = pull<T>(node, arc, terminal)
    }
    setTerminal(node, terminal)
  }
  next = until
  const pushed = flow
  if (until == nodes) restartShort()
  return pushed
}

/** Which neighbours in a grid have an excess, a bit by arc: without a branch, for nothing foretells it. */
// @ts-ignore: decorator
@inline
function excessesAround<T> (node: i32): i32 {
  let bits = 0
  for (let arc = 0; arc < <i32>sizeof<T>(); arc++) bits |= i32(terminalOf(headOf<T>(node, arc)) > 0) << arc
  return bits
}

/** Pushes from a neighbour. @returns what the node's terminal is then */
// @ts-ignore: decorator
@inline
function pull<T> (node: i32, arc: i32, terminal: f64): f64 {
  const head = headOf<T>(node, arc)
  const sister = sisterOf<T>(arc, head)
  const excess = terminalOf(head)
  if (excess <= 0 || !isOpen<T>(head, sister)) return terminal
  const amount = min(min(excess, -terminal), capacityOf(sister))
  push<T>(head, sister, node, amount)
  setTerminal(head, excess - amount)
  flow += amount
  return terminal + amount
}
