/**
 * Where arcs lead (AssemblyScript). Three topologies, told apart when the code is compiled: grids, whose arcs need no memory
 * but their capacities, and a graph of lists of arcs. An arc and its sister, the way back, always come together.
 */

/**
 * Nodes of a grid have 4 or 8 arcs each, arc v * degree + k to node v + offset k; k ^ 1 leads the other way. Types that are no
 * numbers cannot be told apart at compile time: hence those whose size is the degree.
 */
export type Grid4 = i32
export type Grid8 = i64
/** Arcs of a node lie one behind the other. */
export type Graph = f64

export let nodes: i32 = 0
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

/** u8[nodes] of a grid: a bit by arc, set while the arc has capacity left: its capacity is seldom asked for, and far away */
export let opens: usize = 0

/** Of a grid: pixels, and the node of the first one: a row that nothing leads to lies before and after the pixels. */
export let width: i32 = 0
export let height: i32 = 0
export let firstPixel: i32 = 0

export function nodesOf (columns: i32, rows: i32): i32 {
  return columns * rows + 2 * (columns + 1)
}

/** @param steps i32[degree]: where the arcs of a node lead to */
export function useGrid (columns: i32, rows: i32, steps: usize, capacity: usize, terminal: usize, open: usize): void {
  opens = open
  width = columns
  height = rows
  nodes = nodesOf(columns, rows)
  firstPixel = columns + 1
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
  if (isInteger<T>()) return node * <i32>sizeof<T>()
  return load<i32>(firsts + (<usize>node << 2))
}

// @ts-ignore: decorator
@inline
export function endOf<T> (node: i32): i32 {
  if (isInteger<T>()) return node * <i32>sizeof<T>() + <i32>sizeof<T>()
  return load<i32>(firsts + (<usize>node << 2), 4)
}

/** Where an arc of a node leads. */
// @ts-ignore: decorator
@inline
export function headOf<T> (node: i32, arc: i32): i32 {
  if (isInteger<T>()) return node + load<i32>(offsets + (<usize>(arc & (<i32>sizeof<T>() - 1)) << 2))
  return load<i32>(heads + (<usize>arc << 2))
}

/** The way back, by the arc and where it leads. */
// @ts-ignore: decorator
@inline
export function sisterOf<T> (arc: i32, head: i32): i32 {
  if (isInteger<T>()) return head * <i32>sizeof<T>() + ((arc & (<i32>sizeof<T>() - 1)) ^ 1)
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

/** Lets an amount flow over an arc from its node to its head. */
// @ts-ignore: decorator
@inline
export function push<T> (node: i32, arc: i32, head: i32, amount: f64): void {
  const sister = sisterOf<T>(arc, head)
  const left = capacityOf(arc) - amount
  setCapacity(arc, left)
  setCapacity(sister, capacityOf(sister) + amount)
  if (!isInteger<T>()) return
  if (left == 0) store<u8>(opens + node, load<u8>(opens + node) & ~bitOf<T>(arc))
  store<u8>(opens + head, load<u8>(opens + head) | bitOf<T>(sister))
}

// @ts-ignore: decorator
@inline
function bitOf<T> (arc: i32): i32 {
  return 1 << (arc & (<i32>sizeof<T>() - 1))
}

/** Whether an arc of a node has capacity left. */
// @ts-ignore: decorator
@inline
export function isOpen<T> (node: i32, arc: i32): bool {
  if (isInteger<T>()) return (<i32>load<u8>(opens + node) & bitOf<T>(arc)) != 0
  return capacityOf(arc) > 0
}

/** Marks which arcs of some nodes of a grid are open. */
export function markOpen (degree: i32, from: i32, until: i32): void {
  const zero = f64x2.splat(0)
  for (let node = from; node < until; node++) {
    const at = capacities + (<usize>(node * degree) << 3)
    let bits = 0
    for (let k = 0; k < degree; k += 2) bits |= i64x2.bitmask(f64x2.gt(v128.load(at + (<usize>k << 3)), zero)) << k
    store<u8>(opens + node, bits)
  }
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
