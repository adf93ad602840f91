/** The two neighbours of every vertex on each of the d + 1 axes of the lattice (AssemblyScript). */
import { dimension, find, keyOf, verticesOf } from './table'

/**
 * Writes the neighbours, as rows of values.
 * @param into u32[dimension + 1, vertices, 2], row 0 where there is none
 * @param key  room for a key
 */
export function findNeighbours (into: usize, key: usize): void {
  const vertices = verticesOf()
  const size = <usize>vertices << 3
  memory.fill(into, 0, <usize>(dimension + 1) * size)
  for (let axis = 0; axis <= dimension; axis++) {
    const links = into + <usize>axis * size - 8 // those of vertex 1 are the first
    for (let vertex = 1; vertex <= vertices; vertex++) {
      const from = keyOf(vertex)
      for (let i = 0; i < dimension; i++) {
        store<i32>(key + (<usize>i << 2), load<i32>(from + (<usize>i << 2)) + (i === axis ? -dimension : 1))
      }
      const other = find(key)
      if (other === 0) continue
      store<i32>(links + (<usize>vertex << 3), other << 4)
      store<i32>(links + (<usize>other << 3), vertex << 4, 4)
    }
  }
}
