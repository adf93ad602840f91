/**
 * Points in the forms that they are stored in, and what one pass over some of them needs (AssemblyScript). Vectors are padded
 * with 0 to `stride` numbers. Every sum of a row is four sums side by side, of the numbers k modulo 4.
 */

/** Written by the JavaScript side (../adversarial-descent.ts); pointers are bytes. */
// @ts-ignore: decorator
@unmanaged
export class Points {
  /** DENSE or SPARSE */
  form: i32
  /** numbers of a vector, a multiple of 4; of a dense row, of 2 */
  stride: i32
  rowStride: i32
  /** of dense rows, [count, rowStride] Float64; of sparse ones four bytes for each block */
  values: usize
  /** of sparse rows: the first block of each, and the end */
  starts: usize
  /** of sparse rows: where each block lies in the row, in blocks, 16 bits */
  places: usize
  /** of sparse rows: sign * scale */
  factors: usize
}

export const DENSE: i32 = 0
export const SPARSE: i32 = 1

/** z_row . w */
// @ts-ignore: decorator
@inline
export function product (points: Points, row: i32, w: usize): f64 {
  return points.form == DENSE ? denseProduct(points, row, w) : sparseProduct(points, row, w)
}

/** into += weight z_row */
// @ts-ignore: decorator
@inline
export function addRow (points: Points, row: i32, weight: f64, into: usize): void {
  if (points.form == DENSE) addDenseRow(points, row, weight, into)
  else addSparseRow(points, row, weight, into)
}

// @ts-ignore: decorator
@inline
function total (low: v128, high: v128): f64 {
  return (f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1)) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1))
}

// @ts-ignore: decorator
@inline
function denseProduct (points: Points, row: i32, w: usize): f64 {
  const length: usize = points.rowStride * 8
  const z = points.values + row * length
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  let p: usize = 0
  for (; p + 32 <= length; p += 32) {
    low = f64x2.add(low, f64x2.mul(v128.load(z + p), v128.load(w + p)))
    high = f64x2.add(high, f64x2.mul(v128.load(z + p, 16), v128.load(w + p, 16)))
  }
  if (p < length) low = f64x2.add(low, f64x2.mul(v128.load(z + p), v128.load(w + p)))
  return total(low, high)
}

// @ts-ignore: decorator
@inline
function addDenseRow (points: Points, row: i32, weight: f64, into: usize): void {
  const length: usize = points.rowStride * 8
  const z = points.values + row * length
  const factor = f64x2.splat(weight)
  for (let p: usize = 0; p < length; p += 16) v128.store(into + p, f64x2.add(v128.load(into + p), f64x2.mul(factor, v128.load(z + p))))
}

/** Four rows at once, for w is read once for all: margins_k = z_k . w, each as denseProduct has it. */
export function fourDenseProducts (points: Points, row0: i32, row1: i32, row2: i32, row3: i32, w: usize, into: usize): void {
  const length: usize = points.rowStride * 8
  const z0 = points.values + row0 * length
  const z1 = points.values + row1 * length
  const z2 = points.values + row2 * length
  const z3 = points.values + row3 * length
  const zero = f64x2.splat(0)
  let l0 = zero, l1 = zero, l2 = zero, l3 = zero, h0 = zero, h1 = zero, h2 = zero, h3 = zero
  let p: usize = 0
  for (; p + 32 <= length; p += 32) {
    const low = v128.load(w + p)
    const high = v128.load(w + p, 16)
    l0 = f64x2.add(l0, f64x2.mul(v128.load(z0 + p), low))
    h0 = f64x2.add(h0, f64x2.mul(v128.load(z0 + p, 16), high))
    l1 = f64x2.add(l1, f64x2.mul(v128.load(z1 + p), low))
    h1 = f64x2.add(h1, f64x2.mul(v128.load(z1 + p, 16), high))
    l2 = f64x2.add(l2, f64x2.mul(v128.load(z2 + p), low))
    h2 = f64x2.add(h2, f64x2.mul(v128.load(z2 + p, 16), high))
    l3 = f64x2.add(l3, f64x2.mul(v128.load(z3 + p), low))
    h3 = f64x2.add(h3, f64x2.mul(v128.load(z3 + p, 16), high))
  }
  if (p < length) {
    const low = v128.load(w + p)
    l0 = f64x2.add(l0, f64x2.mul(v128.load(z0 + p), low))
    l1 = f64x2.add(l1, f64x2.mul(v128.load(z1 + p), low))
    l2 = f64x2.add(l2, f64x2.mul(v128.load(z2 + p), low))
    l3 = f64x2.add(l3, f64x2.mul(v128.load(z3 + p), low))
  }
  store<f64>(into, total(l0, h0))
  store<f64>(into, total(l1, h1), 8)
  store<f64>(into, total(l2, h2), 16)
  store<f64>(into, total(l3, h3), 24)
}

/** into += sum weight_k z_k, in their order. @param weights four of them */
export function addFourDenseRows (points: Points, row0: i32, row1: i32, row2: i32, row3: i32, weights: usize, into: usize): void {
  const length: usize = points.rowStride * 8
  const z0 = points.values + row0 * length
  const z1 = points.values + row1 * length
  const z2 = points.values + row2 * length
  const z3 = points.values + row3 * length
  const a = v128.load_splat<f64>(weights)
  const b = v128.load_splat<f64>(weights, 8)
  const c = v128.load_splat<f64>(weights, 16)
  const d = v128.load_splat<f64>(weights, 24)
  for (let p: usize = 0; p < length; p += 16) {
    let sum = f64x2.add(v128.load(into + p), f64x2.mul(a, v128.load(z0 + p)))
    sum = f64x2.add(sum, f64x2.mul(b, v128.load(z1 + p)))
    sum = f64x2.add(sum, f64x2.mul(c, v128.load(z2 + p)))
    v128.store(into + p, f64x2.add(sum, f64x2.mul(d, v128.load(z3 + p))))
  }
}

/** The four bytes of a block as integers. */
// @ts-ignore: decorator
@inline
function block (values: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(values)))
}

// @ts-ignore: decorator
@inline
function upper (block: v128): v128 {
  return v128.shuffle<i32>(block, block, 2, 3, 2, 3)
}

// @ts-ignore: decorator
@inline
function sparseProduct (points: Points, row: i32, w: usize): f64 {
  const first: usize = load<i32>(points.starts + row * 4)
  const end: usize = load<i32>(points.starts + row * 4, 4)
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  for (let b = first; b < end; b++) {
    const bytes = block(points.values + b * 4)
    const at = w + <usize>load<u16>(points.places + b * 2) * 32
    low = f64x2.add(low, f64x2.mul(f64x2.convert_low_i32x4_s(bytes), v128.load(at)))
    high = f64x2.add(high, f64x2.mul(f64x2.convert_low_i32x4_s(upper(bytes)), v128.load(at, 16)))
  }
  return total(low, high) * load<f64>(points.factors + row * 8)
}

// @ts-ignore: decorator
@inline
function addSparseRow (points: Points, row: i32, weight: f64, into: usize): void {
  const first: usize = load<i32>(points.starts + row * 4)
  const end: usize = load<i32>(points.starts + row * 4, 4)
  const factor = f64x2.splat(weight * load<f64>(points.factors + row * 8))
  for (let b = first; b < end; b++) {
    const bytes = block(points.values + b * 4)
    const at = into + <usize>load<u16>(points.places + b * 2) * 32
    v128.store(at, f64x2.add(v128.load(at), f64x2.mul(factor, f64x2.convert_low_i32x4_s(bytes))))
    v128.store(at, f64x2.add(v128.load(at, 16), f64x2.mul(factor, f64x2.convert_low_i32x4_s(upper(bytes)))), 16)
  }
}
