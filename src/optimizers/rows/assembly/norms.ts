/** |w|_p and a subgradient of it (AssemblyScript): the direction in which a perturbation of norm q, 1/p + 1/q = 1, hurts most. */

/** p, or one of the three that are quicker. */
export const ONE: i32 = 1
export const TWO: i32 = 2
export const INFINITY: i32 = 0

/**
 * Writes s, |s|_q = 1, s . w = |w|_p: of w = 0 it is 0. Of p = infinity it is one coordinate, the lowest of equals; of p = 1
 * it is 0 where w is.
 * @param kind INFINITY, ONE, TWO or any other for p
 * @returns |w|_p
 */
export function normWithDirection (kind: i32, p: f64, w: usize, count: i32, into: usize): f64 {
  switch (kind) {
    case ONE: return sumOfSizes(w, count, into)
    case TWO: return length(w, count, into)
    case INFINITY: return largest(w, count, into)
    default: return other(p, w, count, into)
  }
}

function sumOfSizes (w: usize, count: i32, into: usize): f64 {
  let sum: f64 = 0
  for (let k: usize = 0, end: usize = count * 8; k < end; k += 8) {
    const value = load<f64>(w + k)
    sum += abs(value)
    store<f64>(into + k, value > 0 ? 1 : value < 0 ? -1 : 0)
  }
  return sum
}

function length (w: usize, count: i32, into: usize): f64 {
  let squares: f64 = 0
  for (let k: usize = 0, end: usize = count * 8; k < end; k += 8) squares += load<f64>(w + k) * load<f64>(w + k)
  const norm = sqrt(squares)
  for (let k: usize = 0, end: usize = count * 8; k < end; k += 8) store<f64>(into + k, norm > 0 ? load<f64>(w + k) / norm : 0)
  return norm
}

function largest (w: usize, count: i32, into: usize): f64 {
  const at = placeOfLargest(w, count)
  const value = load<f64>(w + at)
  memory.fill(into, 0, count * 8)
  store<f64>(into + at, value > 0 ? 1 : value < 0 ? -1 : 0)
  return abs(value)
}

function placeOfLargest (w: usize, count: i32): usize {
  let at: usize = 0
  for (let k: usize = 8, end: usize = count * 8; k < end; k += 8) if (abs(load<f64>(w + k)) > abs(load<f64>(w + at))) at = k
  return at
}

/** In units of the largest, so that no power overflows. */
function other (p: f64, w: usize, count: i32, into: usize): f64 {
  const most = abs(load<f64>(w + placeOfLargest(w, count)))
  if (most == 0) {
    memory.fill(into, 0, count * 8)
    return 0
  }
  let sum: f64 = 0
  for (let k: usize = 0, end: usize = count * 8; k < end; k += 8) {
    const value = load<f64>(w + k)
    const size = abs(value) / most
    const power = size > 0 ? NativeMath.pow(size, p - 1) : 0
    sum += power * size
    store<f64>(into + k, value < 0 ? -power : power)
  }
  const scale = NativeMath.pow(sum, (1 - p) / p)
  for (let k: usize = 0, end: usize = count * 8; k < end; k += 8) store<f64>(into + k, load<f64>(into + k) * scale)
  return most * NativeMath.pow(sum, 1 / p)
}
