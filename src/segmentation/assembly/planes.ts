/** The samples of a picture, a plane for each of three channels; of a grey one all are the same (AssemblyScript). */

/** u8[pixels] each, with 3 bytes behind them that may be read */
export let first: usize = 0
export let second: usize = 0
export let third: usize = 0
export let channels: i32 = 0

/**
 * Lays the planes out.
 * @param samples u8[pixels, channels]
 * @param at      where the planes begin, `size` bytes each
 */
export function usePicture (samples: usize, pixels: usize, count: i32, at: usize, size: usize): void {
  channels = count
  first = at
  second = count === 1 ? at : at + size
  third = count === 1 ? at : at + 2 * size
  if (count === 1) {
    memory.copy(first, samples, pixels)
    return
  }
  for (let p: usize = 0; p < pixels; p++) {
    store<u8>(first + p, load<u8>(samples + 3 * p))
    store<u8>(second + p, load<u8>(samples + 3 * p, 1))
    store<u8>(third + p, load<u8>(samples + 3 * p, 2))
  }
}

/** Four samples as i32x4. */
// @ts-ignore: decorator
@inline
export function four (at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)))
}

/** The first two of four whole numbers as f64x2, and the others. */
// @ts-ignore: decorator
@inline
export function low (whole: v128): v128 {
  return f64x2.convert_low_i32x4_s(whole)
}

// @ts-ignore: decorator
@inline
export function high (whole: v128): v128 {
  return f64x2.convert_low_i32x4_s(v128.shuffle<i32>(whole, whole, 2, 3, 2, 3))
}
