/**
 * The vertices of the lattice that are near a point, by their keys (AssemblyScript): a hash table with linear probing. A key is
 * the first d or d + 1 of a vertex's d + 1 whole numbers, whose sum is 0, in one vector or two, the rest of which is 0. Vertices
 * are numbered from 1 on, in the order in which they are found, so that those of neighbouring pixels lie together; 0 is none.
 */

export let dimension: i32 = 0
/** whether keys have two vectors */
export let isLong: bool = false
/** i32[capacity / 2 + 1, 4 or 8], by number */
let keys: usize = 0
/** i32[capacity], a power of two: numbers */
let slots: usize = 0
let mask: i32 = 0
let vertices: i32 = 0

// Odd numbers with about as many ones as zeros: a slot is the highest bits of the sum of products (multiply-shift hashing).
const A: u64 = 0x9e3779b97f4a7c15
const B: u64 = 0xc2b2ae3d27d4eb4f
const C: u64 = 0xd6e8feb86659fd93
const D: u64 = 0xa0761d6478bd642f

export function verticesOf (): i32 {
  return vertices
}

/** Makes a table of another size and place; those that are found already stay with their keys, `found` of them. */
export function useTable (dimensions: i32, key: usize, slot: usize, capacity: i32, found: i32): void {
  dimension = dimensions
  isLong = dimensions > 4
  keys = key
  slots = slot
  mask = capacity - 1
  vertices = found
  memory.fill(slots, 0, <usize>capacity << 2)
  for (let vertex = 1; vertex <= found; vertex++) store<i32>(slotOf(firstOf(vertex), secondOf(vertex)), vertex)
}

/** Whether as many more vertices fit: the table must stay half empty. */
export function hasRoom (more: i32): bool {
  return vertices + more <= (mask + 1) >> 1
}

// @ts-ignore: decorator
@inline
function keyOf (vertex: i32): usize {
  return keys + (<usize>vertex << (isLong ? 5 : 4))
}

/** The first vector of a vertex's key. */
// @ts-ignore: decorator
@inline
export function firstOf (vertex: i32): v128 {
  return v128.load(keyOf(vertex))
}

/** The second one, 0 where there is none. */
// @ts-ignore: decorator
@inline
export function secondOf (vertex: i32): v128 {
  return isLong ? v128.load(keyOf(vertex), 16) : i32x4.splat(0)
}

/** The slot that has a key, or where it would be. */
// @ts-ignore: decorator
@inline
function slotOf (first: v128, second: v128): usize {
  let hash = <u64>i64x2.extract_lane(first, 0) * A + <u64>i64x2.extract_lane(first, 1) * B
  if (isLong) hash += <u64>i64x2.extract_lane(second, 0) * C + <u64>i64x2.extract_lane(second, 1) * D
  let slot = <i32>(hash >> 32) & mask
  let at = slots + (<usize>slot << 2)
  for (let vertex = load<i32>(at); vertex !== 0 && !isKeyOf(vertex, first, second); vertex = load<i32>(at)) {
    slot = (slot + 1) & mask
    at = slots + (<usize>slot << 2)
  }
  return at
}

// @ts-ignore: decorator
@inline
function isKeyOf (vertex: i32, first: v128, second: v128): bool {
  const other = v128.xor(firstOf(vertex), first)
  return !v128.any_true(isLong ? v128.or(other, v128.xor(secondOf(vertex), second)) : other)
}

/** The number of a vertex, 0 where there is none. */
// @ts-ignore: decorator
@inline
export function find (first: v128, second: v128): i32 {
  return load<i32>(slotOf(first, second))
}

/** The number of a vertex, a new one where there is none. */
// @ts-ignore: decorator
@inline
export function findOrAdd (first: v128, second: v128): i32 {
  const at = slotOf(first, second)
  const vertex = load<i32>(at)
  if (vertex !== 0) return vertex
  vertices++
  store<i32>(at, vertices)
  v128.store(keyOf(vertices), first)
  if (isLong) v128.store(keyOf(vertices), second, 16)
  return vertices
}
