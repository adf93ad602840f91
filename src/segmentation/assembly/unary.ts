/** Costs of the labels of pixels, whatever their colours say (AssemblyScript): ../unary.ts, ../grid.ts. */

const UNLABELLED: u8 = 255

/** Writes 0 as what the label of a seed costs, and Infinity for others. @param seeds u8[pixels] @param unary f64[labels, pixels] */
export function fixSeeds (pixels: usize, labels: usize, seeds: usize, unary: usize): void {
  for (let p: usize = 0; p < pixels;) {
    if (p + 16 <= pixels && i8x16.all_true(i8x16.eq(v128.load(seeds + p), i8x16.splat(UNLABELLED)))) {
      p += 16
      continue
    }
    const seed = load<u8>(seeds + p)
    for (let label: usize = 0; seed !== UNLABELLED && label < labels; label++) {
      store<f64>(unary + ((label * pixels + p) << 3), <usize>seed === label ? 0 : Infinity)
    }
    p++
  }
}

/**
 * Writes by how much each of two labels costs more than the cheaper one.
 * @param unary f64[2, pixels]
 * @param zero, one f64[pixels + 1]
 */
export function writeExcesses (pixels: usize, unary: usize, zero: usize, one: usize): void {
  for (let at: usize = 0; at < pixels << 3; at += 16) {
    const a = v128.load(unary + at)
    const b = v128.load(unary + (pixels << 3) + at)
    const least = f64x2.pmin(a, b)
    v128.store(zero + at, f64x2.sub(a, least))
    v128.store(one + at, f64x2.sub(b, least))
  }
}
