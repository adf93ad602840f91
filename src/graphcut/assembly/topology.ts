/**
 * Where arcs lead (AssemblyScript). Two topologies, told apart when the code is compiled: a grid, whose arcs need no memory
 * but their capacities, and a graph of lists of arcs. An arc and its sister, the way back, always come together.
 */

/** Nodes of a grid have `degree` arcs each, arc v * degree + k to node v + offset k; k ^ 1 leads the other way. */
export type Grid = i32
/** Arcs of a node lie one behind the other. Types that are no numbers cannot be told apart at compile time: hence f64. */
export type Graph = f64

export let nodes: i32 = 0
export let degree: i32 = 0
/** i32[degree] */
export let offsets: usize = 0
/** i32[nodes + 1] */
export let firsts: usize = 0
/** i32[arcs] each */
export let heads: usize = 0
export let sisters: usize = 0
/** f64[arcs]: what may still flow */
export let capacities: usize = 0
/** f64[nodes]: what may still come from the source, or, below 0, go to the sink */
export let terminals: usize = 0

export function useGrid (count: i32, arcs: i32, steps: usize, capacity: usize, terminal: usize): void {
  nodes = count
  degree = arcs
  offsets = steps
  capacities = capacity
  terminals = terminal
}

export function useGraph (count: i32, first: usize, head: usize, sister: usize, capacity: usize, terminal: usize): void {
  nodes = count
  firsts = first
  heads = head
  sisters = sister
  capacities = capacity
  terminals = terminal
}

// @ts-ignore: decorator
@inline
export function firstOf<T> (node: i32): i32 {
  if (isInteger<T>()) return node * degree
  return load<i32>(firsts + (<usize>node << 2))
}

// @ts-ignore: decorator
@inline
export function endOf<T> (node: i32): i32 {
  if (isInteger<T>()) return node * degree + degree
  return load<i32>(firsts + (<usize>node << 2), 4)
}

/** Where an arc of a node leads. */
// @ts-ignore: decorator
@inline
export function headOf<T> (node: i32, arc: i32): i32 {
  if (isInteger<T>()) return node + load<i32>(offsets + (<usize>(arc - node * degree) << 2))
  return load<i32>(heads + (<usize>arc << 2))
}

/** The way back, by the arc and where it leads. */
// @ts-ignore: decorator
@inline
export function sisterOf<T> (node: i32, arc: i32, head: i32): i32 {
  if (isInteger<T>()) return head * degree + ((arc - node * degree) ^ 1)
  return load<i32>(sisters + (<usize>arc << 2))
}

// @ts-ignore: decorator
@inline
export function capacityOf (arc: i32): f64 {
  return load<f64>(capacities + (<usize>arc << 3))
}

// @ts-ignore: decorator
@inline
export function setCapacity (arc: i32, capacity: f64): void {
  store<f64>(capacities + (<usize>arc << 3), capacity)
}

// @ts-ignore: decorator
@inline
export function terminalOf (node: i32): f64 {
  return load<f64>(terminals + (<usize>node << 3))
}

// @ts-ignore: decorator
@inline
export function setTerminal (node: i32, capacity: f64): void {
  store<f64>(terminals + (<usize>node << 3), capacity)
}
