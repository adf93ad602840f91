/**
 * Sums and products of rows that are contiguous over points (AssemblyScript). Pointers and strides are in bytes, `length`
 * is the bytes of a row that are used, a multiple of 32 (4 points). Every sum runs in one fixed order.
 */

/** into = bias + sum over i, except skip, of weight_i row_i. @param skip a row's number or -1 */
export function combine (
  bias: f64, weight: usize, weightStride: usize, rows: usize, rowStride: usize, count: i32, skip: i32, into: usize, length: usize
): void {
  const b = f64x2.splat(bias)
  for (let p: usize = 0; p < length; p += 16) v128.store(into + p, b)
  let i = 0
  while (i < count) {
    if (i == skip) {
      i++
    } else if (i + 4 <= count && (skip < i || skip >= i + 4)) {
      addFourRows(weight + i * weightStride, weightStride, rows + i * rowStride, rowStride, into, length)
      i += 4
    } else {
      const w = v128.load_splat<f64>(weight + i * weightStride)
      const row = rows + i * rowStride
      for (let p: usize = 0; p < length; p += 16) v128.store(into + p, f64x2.add(v128.load(into + p), f64x2.mul(w, v128.load(row + p))))
      i++
    }
  }
}

function addFourRows (weight: usize, weightStride: usize, row: usize, rowStride: usize, into: usize, length: usize): void {
  const w0 = v128.load_splat<f64>(weight)
  const w1 = v128.load_splat<f64>(weight + weightStride)
  const w2 = v128.load_splat<f64>(weight + 2 * weightStride)
  const w3 = v128.load_splat<f64>(weight + 3 * weightStride)
  const row1 = row + rowStride
  const row2 = row1 + rowStride
  const row3 = row2 + rowStride
  for (let p: usize = 0; p < length; p += 32) {
    let a = f64x2.add(v128.load(into + p), f64x2.mul(w0, v128.load(row + p)))
    let b = f64x2.add(v128.load(into + p, 16), f64x2.mul(w0, v128.load(row + p, 16)))
    a = f64x2.add(a, f64x2.mul(w1, v128.load(row1 + p)))
    b = f64x2.add(b, f64x2.mul(w1, v128.load(row1 + p, 16)))
    a = f64x2.add(a, f64x2.mul(w2, v128.load(row2 + p)))
    b = f64x2.add(b, f64x2.mul(w2, v128.load(row2 + p, 16)))
    v128.store(into + p, f64x2.add(a, f64x2.mul(w3, v128.load(row3 + p))))
    v128.store(into + p, f64x2.add(b, f64x2.mul(w3, v128.load(row3 + p, 16))), 16)
  }
}

/**
 * to_j = bias_j + sum over i of weight[i, j] from_i, four rows of `to` at a time. Without bias (0) the sums begin at 0.
 * @param weight     of i = 0, j = 0
 * @param stepFrom   bytes from weight[i, j] to weight[i + 1, j]
 * @param stepTo     bytes from weight[i, j] to weight[i, j + 1]
 */
export function multiply (
  from: usize, fromStride: usize, fromCount: i32, weight: usize, stepFrom: usize, stepTo: usize, bias: usize,
  to: usize, toStride: usize, toCount: i32, length: usize
): void {
  let j = 0
  for (; j + 4 <= toCount; j += 4) {
    const w = weight + j * stepTo
    const b0 = bias ? v128.load_splat<f64>(bias + j * 8) : f64x2.splat(0)
    const b1 = bias ? v128.load_splat<f64>(bias + j * 8, 8) : f64x2.splat(0)
    const b2 = bias ? v128.load_splat<f64>(bias + j * 8, 16) : f64x2.splat(0)
    const b3 = bias ? v128.load_splat<f64>(bias + j * 8, 24) : f64x2.splat(0)
    const to0 = to + j * toStride
    const to1 = to0 + toStride
    const to2 = to1 + toStride
    const to3 = to2 + toStride
    for (let p: usize = 0; p < length; p += 32) {
      let c00 = b0, c01 = b0, c10 = b1, c11 = b1, c20 = b2, c21 = b2, c30 = b3, c31 = b3
      let a = from + p
      let w0 = w
      for (let i = 0; i < fromCount; i++) {
        const a0 = v128.load(a)
        const a1 = v128.load(a, 16)
        let s = v128.load_splat<f64>(w0)
        c00 = f64x2.add(c00, f64x2.mul(s, a0))
        c01 = f64x2.add(c01, f64x2.mul(s, a1))
        s = v128.load_splat<f64>(w0 + stepTo)
        c10 = f64x2.add(c10, f64x2.mul(s, a0))
        c11 = f64x2.add(c11, f64x2.mul(s, a1))
        s = v128.load_splat<f64>(w0 + 2 * stepTo)
        c20 = f64x2.add(c20, f64x2.mul(s, a0))
        c21 = f64x2.add(c21, f64x2.mul(s, a1))
        s = v128.load_splat<f64>(w0 + 3 * stepTo)
        c30 = f64x2.add(c30, f64x2.mul(s, a0))
        c31 = f64x2.add(c31, f64x2.mul(s, a1))
        a += fromStride
        w0 += stepFrom
      }
      v128.store(to0 + p, c00)
      v128.store(to0 + p, c01, 16)
      v128.store(to1 + p, c10)
      v128.store(to1 + p, c11, 16)
      v128.store(to2 + p, c20)
      v128.store(to2 + p, c21, 16)
      v128.store(to3 + p, c30)
      v128.store(to3 + p, c31, 16)
    }
  }
  for (; j < toCount; j++) {
    combine(bias ? load<f64>(bias + j * 8) : 0, weight + j * stepTo, stepFrom, from, fromStride, fromCount, -1, to + j * toStride, length)
  }
}

/** into[i, j] += sum over points of a_i d_j; blocks of two by four. @param into [aCount, dCount] by rows */
export function addOuterProducts (
  a: usize, aStride: usize, aCount: i32, d: usize, dStride: usize, dCount: i32, into: usize, length: usize
): void {
  const rowBytes: usize = dCount * 8
  let i = 0
  for (; i + 2 <= aCount; i += 2) {
    const a0 = a + i * aStride
    const to = into + i * rowBytes
    let j = 0
    for (; j + 4 <= dCount; j += 4) outerBlock(a0, a0 + aStride, d + j * dStride, dStride, to + j * 8, to + rowBytes + j * 8, length)
    for (; j < dCount; j++) {
      addTo(to + j * 8, dot(a0, d + j * dStride, length))
      addTo(to + rowBytes + j * 8, dot(a0 + aStride, d + j * dStride, length))
    }
  }
  if (i < aCount) for (let j = 0; j < dCount; j++) addTo(into + i * rowBytes + j * 8, dot(a + i * aStride, d + j * dStride, length))
}

function outerBlock (a0: usize, a1: usize, d0: usize, dStride: usize, to0: usize, to1: usize, length: usize): void {
  const d1 = d0 + dStride
  const d2 = d1 + dStride
  const d3 = d2 + dStride
  const zero = f64x2.splat(0)
  let s00 = zero, s01 = zero, s02 = zero, s03 = zero, s10 = zero, s11 = zero, s12 = zero, s13 = zero
  for (let p: usize = 0; p < length; p += 16) {
    const x0 = v128.load(a0 + p)
    const x1 = v128.load(a1 + p)
    let y = v128.load(d0 + p)
    s00 = f64x2.add(s00, f64x2.mul(x0, y))
    s10 = f64x2.add(s10, f64x2.mul(x1, y))
    y = v128.load(d1 + p)
    s01 = f64x2.add(s01, f64x2.mul(x0, y))
    s11 = f64x2.add(s11, f64x2.mul(x1, y))
    y = v128.load(d2 + p)
    s02 = f64x2.add(s02, f64x2.mul(x0, y))
    s12 = f64x2.add(s12, f64x2.mul(x1, y))
    y = v128.load(d3 + p)
    s03 = f64x2.add(s03, f64x2.mul(x0, y))
    s13 = f64x2.add(s13, f64x2.mul(x1, y))
  }
  addTo(to0, total(s00))
  addTo(to0 + 8, total(s01))
  addTo(to0 + 16, total(s02))
  addTo(to0 + 24, total(s03))
  addTo(to1, total(s10))
  addTo(to1 + 8, total(s11))
  addTo(to1 + 16, total(s12))
  addTo(to1 + 24, total(s13))
}

export function dot (a: usize, b: usize, length: usize): f64 {
  let s = f64x2.splat(0)
  let t = f64x2.splat(0)
  for (let p: usize = 0; p < length; p += 32) {
    s = f64x2.add(s, f64x2.mul(v128.load(a + p), v128.load(b + p)))
    t = f64x2.add(t, f64x2.mul(v128.load(a + p, 16), v128.load(b + p, 16)))
  }
  return total(f64x2.add(s, t))
}

export function sum (a: usize, length: usize): f64 {
  let s = f64x2.splat(0)
  let t = f64x2.splat(0)
  for (let p: usize = 0; p < length; p += 32) {
    s = f64x2.add(s, v128.load(a + p))
    t = f64x2.add(t, v128.load(a + p, 16))
  }
  return total(f64x2.add(s, t))
}

// @ts-ignore: decorator
@inline
export function total (v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1)
}

// @ts-ignore: decorator
@inline
export function addTo (at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value)
}
