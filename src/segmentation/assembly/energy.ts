/** The energy of a labelling of a grid with Potts' costs (AssemblyScript), in the order of graphcut/energy.ts: its bits are the same. */

/** The sum of what the labels of pixels cost. @param labelling u8[pixels] @param unary f64[labels, pixels] */
export function sumUnary (pixels: usize, labelling: usize, unary: usize): f64 {
  let sum: f64 = 0
  for (let p: usize = 0; p < pixels; p++) sum += load<f64>(unary + ((<usize>load<u8>(labelling + p) * pixels + p) << 3))
  return sum
}

/**
 * Adds the weights of pairs with different labels, of pixels from one on and their neighbours, `way` pixels on.
 * @param labelling u8[pixels, and 15 more that may be read]
 * @param weights   f64[pixels]
 */
export function addPairs (sum: f64, from: usize, until: usize, way: usize, labelling: usize, weights: usize): f64 {
  for (let p = from; p < until; p += 16) {
    let differ = i8x16.bitmask(i8x16.ne(v128.load(labelling + p), v128.load(labelling + p + way)))
    if (until - p < 16) differ &= (1 << <i32>(until - p)) - 1
    for (; differ !== 0; differ &= differ - 1) sum += load<f64>(weights + ((p + <usize>ctz(differ)) << 3))
  }
  return sum
}
