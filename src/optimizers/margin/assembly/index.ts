/**
 * Matrices of the interior point method (AssemblyScript, compiled to kernels.wasm by scripts/setup/build.mjs): products of all
 * pairs of rows, and Cholesky's factor, in tiles of two rows by four, two numbers per instruction, and what it solves. All pointers are bytes of the
 * exported memory, which JavaScript lays out and grows; ../kernels.ts has the contracts. No fused multiply-add is used and every
 * sum runs in one fixed order, so the bits are the same on every machine.
 */

/** Rows that are worked on together: some 256 kB, which the second cache holds. */
const PANEL_BYTES: usize = 262144
/** rows of a tile */
const DEEP = 4

/** Where a tile's eight sums are left: two rows of four. */
const tile = memory.data<f64>([0, 0, 0, 0, 0, 0, 0, 0])

/** The first free byte. */
export function heapBase (): usize {
  return (__heap_base + 15) & ~15
}

/** Lower triangle of matrix = rows rows^T, count a multiple of 4. @param bytes  of a row, a multiple of 16 */
export function products (rows: usize, bytes: usize, matrix: usize, count: i32): void {
  const stride: usize = count * 8
  const panel = panelOf(bytes)
  for (let first = 0; first < count; first += panel) {
    const end = min(first + panel, count)
    for (let j = 0; j < end; j += DEEP) {
      for (let i = max(first, j); i < end; i += 2) {
        dotTile(rows + i * bytes, rows + j * bytes, bytes, bytes)
        storeTile(matrix + i * stride + j * 8, stride)
      }
    }
  }
}

/** Replaces the lower triangle of a matrix by that of L. Count a multiple of 4. @returns 0 where it is not positive definite */
export function factorize (matrix: usize, count: i32): i32 {
  const stride: usize = count * 8
  const panel = panelOf(stride)
  for (let first = 0; first < count; first += panel) {
    const end = min(first + panel, count)
    for (let j = 0; j < end; j += DEEP) {
      for (let i = max(first, j); i < end; i += 2) {
        const row = matrix + i * stride
        dotTile(row, matrix + j * stride, stride, j * 8)
        if (!finishRow(matrix, stride, i, j, 0) || !finishRow(matrix, stride, i + 1, j, 4)) return 0
      }
    }
  }
  return 1
}

/** Solves L L^T x = side in place. Count a multiple of 4. */
export function solve (matrix: usize, count: i32, side: usize): void {
  const stride: usize = count * 8
  for (let i = 0; i < count; i++) {
    const row = matrix + i * stride
    store<f64>(side + i * 8, (load<f64>(side + i * 8) - dotRow(row, side, i)) / load<f64>(row + i * 8))
  }
  for (let i = count - 1; i >= 0; i--) {
    const row = matrix + i * stride
    const value = load<f64>(side + i * 8) / load<f64>(row + i * 8)
    store<f64>(side + i * 8, value)
    takeRow(side, value, row, i)
  }
}

/** The product of two rows over so many numbers. */
function dotRow (a: usize, b: usize, count: i32): f64 {
  let even = f64x2.splat(0)
  let odd = f64x2.splat(0)
  const end: usize = (count & ~3) * 8
  for (let p: usize = 0; p < end; p += 32) {
    even = f64x2.add(even, f64x2.mul(v128.load(a + p), v128.load(b + p)))
    odd = f64x2.add(odd, f64x2.mul(v128.load(a + p, 16), v128.load(b + p, 16)))
  }
  let sum = both(f64x2.add(even, odd))
  for (let k = count & ~3; k < count; k++) sum += load<f64>(a + k * 8) * load<f64>(b + k * 8)
  return sum
}

/** into -= times row, over so many numbers. */
function takeRow (into: usize, times: f64, row: usize, count: i32): void {
  const factor = f64x2.splat(times)
  const end: usize = (count & ~1) * 8
  for (let p: usize = 0; p < end; p += 16) v128.store(into + p, f64x2.sub(v128.load(into + p), f64x2.mul(factor, v128.load(row + p))))
  if (count & 1) store<f64>(into + end, load<f64>(into + end) - times * load<f64>(row + end))
}

function panelOf (bytes: usize): i32 {
  return max(DEEP, <i32>(PANEL_BYTES / bytes) & ~3)
}

/** L[i, j .. j + 3], as far as the diagonal, from A's, what `tile` has of the sum over columns before j taken off. */
// @ts-ignore: decorator
@inline
function finishRow (matrix: usize, stride: usize, i: i32, j: i32, sums: i32): bool {
  const row = matrix + i * stride
  for (let k = j; k < min(j + DEEP, i + 1); k++) {
    const other = matrix + k * stride
    let value = load<f64>(row + k * 8) - load<f64>(tile + (sums + k - j) * 8)
    for (let l = j; l < k; l++) value -= load<f64>(row + l * 8) * load<f64>(other + l * 8)
    if (k == i) {
      if (!(value > 0)) return false
      store<f64>(row + k * 8, sqrt(value))
    } else {
      store<f64>(row + k * 8, value / load<f64>(other + k * 8))
    }
  }
  return true
}

/** tile = products of two rows from a with four from b, all a stride apart, over the first `length` bytes: a multiple of 16. */
function dotTile (a: usize, b: usize, stride: usize, length: usize): void {
  const a1 = a + stride
  const b1 = b + stride
  const b2 = b1 + stride
  const b3 = b2 + stride
  let s00 = f64x2.splat(0)
  let s01 = f64x2.splat(0)
  let s02 = f64x2.splat(0)
  let s03 = f64x2.splat(0)
  let s10 = f64x2.splat(0)
  let s11 = f64x2.splat(0)
  let s12 = f64x2.splat(0)
  let s13 = f64x2.splat(0)
  for (let p: usize = 0; p < length; p += 16) {
    const x = v128.load(a + p)
    const y = v128.load(a1 + p)
    let z = v128.load(b + p)
    s00 = f64x2.add(s00, f64x2.mul(x, z))
    s10 = f64x2.add(s10, f64x2.mul(y, z))
    z = v128.load(b1 + p)
    s01 = f64x2.add(s01, f64x2.mul(x, z))
    s11 = f64x2.add(s11, f64x2.mul(y, z))
    z = v128.load(b2 + p)
    s02 = f64x2.add(s02, f64x2.mul(x, z))
    s12 = f64x2.add(s12, f64x2.mul(y, z))
    z = v128.load(b3 + p)
    s03 = f64x2.add(s03, f64x2.mul(x, z))
    s13 = f64x2.add(s13, f64x2.mul(y, z))
  }
  store<f64>(tile, both(s00))
  store<f64>(tile, both(s01), 8)
  store<f64>(tile, both(s02), 16)
  store<f64>(tile, both(s03), 24)
  store<f64>(tile, both(s10), 32)
  store<f64>(tile, both(s11), 40)
  store<f64>(tile, both(s12), 48)
  store<f64>(tile, both(s13), 56)
}

// @ts-ignore: decorator
@inline
function both (sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

// @ts-ignore: decorator
@inline
function storeTile (at: usize, stride: usize): void {
  v128.store(at, v128.load(tile))
  v128.store(at, v128.load(tile, 16), 16)
  v128.store(at + stride, v128.load(tile, 32))
  v128.store(at + stride, v128.load(tile, 48), 16)
}
