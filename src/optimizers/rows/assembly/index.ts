/**
 * Gradient descent adversarial training of a linear classifier (AssemblyScript, compiled to kernels.wasm by
 * scripts/setup/build.mjs). All pointers are bytes of the exported memory, which JavaScript lays out and grows;
 * ../kernels.ts has the contracts.
 */
import { exponential } from '../../../math/assembly/exponential'
import { normWithDirection } from './norms'
import { addFourDenseRows, addRow, DENSE, fourDenseProducts, Points, product } from './points'

/** Written by the JavaScript side (../adversarial-descent.ts); pointers are bytes. */
// @ts-ignore: decorator
@unmanaged
class Descent {
  /** how far a perturbation goes */
  radius: f64
  rate: f64
  p: f64
  /** of the step that is begun: what the perturbation adds to a margin, and the sum of the weights so far */
  shift: f64
  weightSum: f64
  /** EXPONENTIAL or LOGISTIC */
  loss: i32
  /** see norms.ts */
  norm: i32
  /** rows whose margins are computed before they are added, for they shall stay in the cache: a multiple of 4 */
  chunk: i32
  /** rows of a pass, 32 bits each; 0: as they lie */
  order: usize
  /** [stride]; the perturbation is that of z, the same for all */
  w: usize
  gradient: usize
  perturbation: usize
  /** [chunk] */
  margins: usize
  /** [stride] counts of how often w_k has come to 0 or through it, 32 bits each; 0: not counted */
  crossings: usize
}

const EXPONENTIAL: i32 = 0

/** The first free byte. */
export function heapBase (): usize {
  return (__heap_base + 15) & ~15
}

/** Takes steps of `batch` rows each from place `at` of the pass on; the last of a pass is shorter, and the next one begins at 0. */
export function descend (points: Points, descent: Descent, at: i32, end: i32, batch: i32, steps: i32): void {
  let from = at
  for (let t = 0; t < steps; t++) {
    const to = min(from + batch, end)
    begin(points, descent)
    gather(points, descent, from, to)
    finish(points, descent, to - from)
    from = to < end ? to : 0
  }
}

/** delta = -c s(w), the worst perturbation of every point. */
export function begin (points: Points, descent: Descent): void {
  const perturbation = descent.perturbation
  const bytes: usize = points.stride * 8
  memory.fill(descent.gradient, 0, bytes)
  descent.weightSum = 0
  descent.shift = 0
  if (descent.radius == 0) return
  const norm = normWithDirection(descent.norm, descent.p, descent.w, points.stride, perturbation)
  descent.shift = -descent.radius * norm
  for (let k: usize = 0; k < bytes; k += 8) store<f64>(perturbation + k, -descent.radius * load<f64>(perturbation + k))
}

/** gradient += sum weight_i z_i over the rows from .. to of the pass, weight_i = -loss'(z_i . w + delta . w). */
export function gather (points: Points, descent: Descent, from: i32, to: i32): void {
  const margins = descent.margins
  const order = descent.order
  const gradient = descent.gradient
  for (let first = from; first < to; first += descent.chunk) {
    const count = min(descent.chunk, to - first)
    multiplyRows(points, order, first, count, descent.w, margins)
    for (let i = 0; i < count; i++) store<f64>(margins + i * 8, load<f64>(margins + i * 8) + descent.shift)
    weigh(descent.loss, margins, count)
    let sum = descent.weightSum
    for (let i = 0; i < count; i++) sum += load<f64>(margins + i * 8)
    descent.weightSum = sum
    addRows(points, order, first, count, margins, gradient)
  }
}

/** w += eta / n sum weight_i (z_i + delta) */
export function finish (points: Points, descent: Descent, count: i32): void {
  const w = descent.w
  const gradient = descent.gradient
  const perturbation = descent.perturbation
  const crossings = descent.crossings
  const rate = descent.rate / <f64>count
  const weights = descent.radius == 0 ? 0 : descent.weightSum
  for (let k = 0; k < points.stride; k++) {
    const at: usize = k * 8
    const before = load<f64>(w + at)
    const pull = weights == 0 ? load<f64>(gradient + at) : load<f64>(gradient + at) + weights * load<f64>(perturbation + at)
    const after = before + rate * pull
    store<f64>(w + at, after)
    if (crossings && before * after <= 0 && before != 0) store<i32>(crossings + k * 4, load<i32>(crossings + k * 4) + 1)
  }
}

/** margins_i = z_i . w of `count` rows of the pass */
// @ts-ignore: decorator
@inline
function multiplyRows (points: Points, order: usize, first: i32, count: i32, w: usize, margins: usize): void {
  let i = 0
  if (points.form == DENSE) {
    for (; i + 4 <= count; i += 4) {
      const row = first + i
      fourDenseProducts(points, rowAt(order, row), rowAt(order, row + 1), rowAt(order, row + 2), rowAt(order, row + 3), w, margins + i * 8)
    }
  }
  for (; i < count; i++) store<f64>(margins + i * 8, product(points, rowAt(order, first + i), w))
}

/** into += sum weight_i z_i over `count` rows of the pass, in their order */
// @ts-ignore: decorator
@inline
function addRows (points: Points, order: usize, first: i32, count: i32, weights: usize, into: usize): void {
  let i = 0
  if (points.form == DENSE) {
    for (; i + 4 <= count; i += 4) {
      const row = first + i
      addFourDenseRows(points, rowAt(order, row), rowAt(order, row + 1), rowAt(order, row + 2), rowAt(order, row + 3), weights + i * 8, into)
    }
  }
  for (; i < count; i++) addRow(points, rowAt(order, first + i), load<f64>(weights + i * 8), into)
}

// @ts-ignore: decorator
@inline
function rowAt (order: usize, place: i32): i32 {
  return order ? load<i32>(order + place * 4) : place
}

/** Margins become weights: exp(-m), or 1 / (1 + exp(m)). @param margins one more is read and written where the count is odd */
function weigh (loss: i32, margins: usize, count: i32): void {
  for (let i: usize = 0, end: usize = count * 8; i < end; i += 16) {
    const m = v128.load(margins + i)
    v128.store(margins + i, loss == EXPONENTIAL
      ? exponential(f64x2.neg(m))
      : f64x2.div(f64x2.splat(1), f64x2.add(f64x2.splat(1), exponential(m))))
  }
}
