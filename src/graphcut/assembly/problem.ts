/** What moves lower the energy of (AssemblyScript): ../energy.ts, and where its numbers lie. */

/** u8[height, width]: the labelling, and the one that a move proposes */
export let labels: usize = 0
export let proposed: usize = 0
/** f64[height, width]: D of the labels that the pixels have; of the labels that a move gives: one, or for a swap two */
export let current: usize = 0
export let first: usize = 0
export let second: usize = 0
/** by way: usize and f64: w, or 0 and what it is for all */
export let weights: usize = 0
/** f64[K, K]: V; 0: Potts */
export let distances: usize = 0
export let labelCount: i32 = 0
export let degree: i32 = 0

export function useProblem (
  degreeOf: i32, count: i32, labelling: usize, proposal: usize, unary: usize, firstUnary: usize, secondUnary: usize, weightTable: usize, distanceTable: usize
): void {
  degree = degreeOf
  labelCount = count
  labels = labelling
  proposed = proposal
  current = unary
  first = firstUnary
  second = secondUnary
  weights = weightTable
  distances = distanceTable
}

/** @param values f64[height, width]; 0: `value` for all */
export function useWeight (way: i32, values: usize, value: f64): void {
  store<usize>(weights + (<usize>way << 4), values)
  store<f64>(weights + (<usize>way << 4), value, 8)
}

/** V. */
// @ts-ignore: decorator
@inline
export function distanceOf (a: i32, b: i32): f64 {
  return distances ? load<f64>(distances + (<usize>(a * labelCount + b) << 3)) : f64(a != b)
}

// @ts-ignore: decorator
@inline
export function labelOf (pixel: i32): i32 {
  return <i32>load<u8>(labels + pixel)
}
