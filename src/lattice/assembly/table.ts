/**
 * The vertices of the lattice that are near a point, by their keys (AssemblyScript): a hash table with linear probing. A key
 * is the first d of a vertex's d + 1 whole numbers, whose sum is 0. Vertices are numbered from 1 on, in the order in which they
 * are found, so that those of neighbouring pixels lie together; 0 is none.
 */

export let dimension: i32 = 0
/** i32[capacity / 2 + 1, dimension], by number */
let keys: usize = 0
/** i32[capacity], a power of two: numbers */
let slots: usize = 0
let mask: i32 = 0
let vertices: i32 = 0

export function verticesOf (): i32 {
  return vertices
}

/** Makes a table of another size and place; those that are found already stay with their keys, `found` of them. */
export function useTable (dimensions: i32, key: usize, slot: usize, capacity: i32, found: i32): void {
  dimension = dimensions
  keys = key
  slots = slot
  mask = capacity - 1
  vertices = found
  memory.fill(slots, 0, <usize>capacity << 2)
  for (let vertex = 1; vertex <= found; vertex++) store<i32>(slotOf(keyOf(vertex)), vertex)
}

/** Whether as many more vertices fit: the table must stay half empty. */
export function hasRoom (more: i32): bool {
  return vertices + more <= (mask + 1) >> 1
}

// @ts-ignore: decorator
@inline
export function keyOf (vertex: i32): usize {
  return keys + <usize>(vertex * dimension) * 4
}

/** The slot that has a key, or where it would be. @param key i32[dimension] */
// @ts-ignore: decorator
@inline
function slotOf (key: usize): usize {
  let hash: u32 = 0
  for (let i = 0; i < dimension; i++) hash = (hash + load<u32>(key + (<usize>i << 2))) * 2654435769
  hash ^= hash >> 15
  let slot = <i32>hash & mask
  let at = slots + (<usize>slot << 2)
  for (let vertex = load<i32>(at); vertex !== 0 && !isKeyOf(vertex, key); vertex = load<i32>(at)) {
    slot = (slot + 1) & mask
    at = slots + (<usize>slot << 2)
  }
  return at
}

// @ts-ignore: decorator
@inline
function isKeyOf (vertex: i32, key: usize): bool {
  const other = keyOf(vertex)
  for (let i = 0; i < dimension; i++) {
    if (load<i32>(other + (<usize>i << 2)) !== load<i32>(key + (<usize>i << 2))) return false
  }
  return true
}

/** The number of a vertex, 0 where there is none. */
export function find (key: usize): i32 {
  return load<i32>(slotOf(key))
}

/** The number of a vertex, a new one where there is none. */
export function findOrAdd (key: usize): i32 {
  const at = slotOf(key)
  const vertex = load<i32>(at)
  if (vertex !== 0) return vertex
  vertices++
  store<i32>(at, vertices)
  memory.copy(keyOf(vertices), key, <usize>dimension << 2)
  return vertices
}
