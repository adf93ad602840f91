/** Rows of values, one for each vertex (AssemblyScript): of one vector or, where they are wide, of two. */

/** log2 of a row's bytes */
// @ts-ignore: decorator
@inline
export function shiftOf (wide: bool): usize {
  return wide ? 5 : 4
}

// @ts-ignore: decorator
@inline
export function rowOf (vertices: usize, vertex: usize, wide: bool): usize {
  return vertices + (<usize>load<u32>(vertex) << shiftOf(wide))
}
