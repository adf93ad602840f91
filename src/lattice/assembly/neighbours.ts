/** The two neighbours of every vertex on each of the d + 1 axes of the lattice (AssemblyScript). */
import { dimension, find, firstOf, secondOf, verticesOf } from './table'

/**
 * Writes the neighbours.
 * @param into u32[dimension + 1, vertices, 2], vertices by number, 0 where there is none
 * @param room 32 bytes
 */
export function findNeighbours (into: usize, room: usize): void {
  const vertices = verticesOf()
  const size = <usize>vertices << 3
  memory.fill(into, 0, <usize>(dimension + 1) * size)
  for (let axis = 0; axis <= dimension; axis++) {
    for (let i = 0; i < 8; i++) store<i32>(room + (<usize>i << 2), i > dimension ? 0 : i === axis ? -dimension : 1)
    const first = v128.load(room)
    const second = v128.load(room, 16)
    const links = into + <usize>axis * size - 8 // those of vertex 1 are the first
    for (let vertex = 1; vertex <= vertices; vertex++) {
      const other = find(i32x4.add(firstOf(vertex), first), i32x4.add(secondOf(vertex), second))
      if (other === 0) continue
      store<i32>(links + (<usize>vertex << 3), other)
      store<i32>(links + (<usize>other << 3), vertex, 4)
    }
  }
}
