/**
 * A dense network with one linear output over a chunk of points (AssemblyScript). Activations lie by units, contiguous
 * over points; weights lie as in regression.ts. ../plain.ts says the same without vectors.
 */
import { activate, Relu, RELU, Sigmoid, Sin, sinAndCos, SIN, slope, Tanh, TANH } from './activations'
import { addOuterProducts, addTo, combine, dot, multiply, sum, total } from './products'

/** Written by the JavaScript side (../workspace.ts); pointers are bytes. */
// @ts-ignore: decorator
@unmanaged
export class Net {
  /** hidden layers */
  depth: i32
  activation: i32
  points: i32
  /** points rounded up to a multiple of 4: what a row of x, y and of kept activations takes */
  stride: i32
  /** points that are computed at once, a multiple of 4 */
  chunk: i32
  x: i32
  y: i32
  /** of the hidden layers, [units, chunk]; then cosines (sin only), deltas of two layers, outputs [chunk] */
  activations: i32
  cosines: i32
  deltas: i32
  otherDeltas: i32
  outputs: i32
}

/** Units of layer l: 0 are the inputs, depth + 1 is the output. They stand behind the fields. */
// @ts-ignore: decorator
@inline
export function units (net: Net, l: i32): i32 {
  return load<i32>(changetype<usize>(net) + offsetof<Net>() + l * 4)
}

/** to = activation(bias + weight * from), one row. */
export function activateAffine (kind: i32, from: usize, weight: f64, bias: f64, to: usize, length: usize): void {
  switch (kind) {
    case TANH: return affineRow<Tanh>(from, weight, bias, to, length)
    case RELU: return affineRow<Relu>(from, weight, bias, to, length)
    case SIN: return affineRow<Sin>(from, weight, bias, to, length)
    default: return affineRow<Sigmoid>(from, weight, bias, to, length)
  }
}

function affineRow<Activation> (from: usize, weight: f64, bias: f64, to: usize, length: usize): void {
  const w = f64x2.splat(weight)
  const b = f64x2.splat(bias)
  for (const end = to + length; to < end; to += 32, from += 32) {
    v128.store(to, activate<Activation>(f64x2.add(b, f64x2.mul(w, v128.load(from)))))
    v128.store(to, activate<Activation>(f64x2.add(b, f64x2.mul(w, v128.load(from, 16)))), 16)
  }
}

/** row = activation(row) */
export function activateRow (kind: i32, row: usize, length: usize): void {
  switch (kind) {
    case TANH: return plainRow<Tanh>(row, length)
    case RELU: return plainRow<Relu>(row, length)
    case SIN: return plainRow<Sin>(row, length)
    default: return plainRow<Sigmoid>(row, length)
  }
}

function plainRow<Activation> (row: usize, length: usize): void {
  for (const end = row + length; row < end; row += 32) {
    v128.store(row, activate<Activation>(v128.load(row)))
    v128.store(row, activate<Activation>(v128.load(row, 16)), 16)
  }
}

function sinAndCosRow (row: usize, cosine: usize, length: usize): void {
  for (const end = row + length; row < end; row += 16, cosine += 16) v128.store(row, sinAndCos(v128.load(row), cosine))
}

/** Activations of one layer. @param cosines where sin's slopes go, 0 when they are not needed */
export function forwardLayer (
  kind: i32, from: usize, fromStride: usize, fanIn: i32, weight: usize, count: i32,
  to: usize, toStride: usize, cosines: usize, length: usize
): void {
  const bias = weight + fanIn * count * 8
  if (fanIn == 1 && !cosines) {
    for (let j = 0; j < count; j++) {
      activateAffine(kind, from, load<f64>(weight + j * 8), load<f64>(bias + j * 8), to + j * toStride, length)
    }
    return
  }
  multiply(from, fromStride, fanIn, weight, count * 8, 8, bias, to, toStride, count, length)
  for (let j = 0; j < count; j++) {
    const row = to + j * toStride
    if (cosines) sinAndCosRow(row, cosines + j * toStride, length)
    else activateRow(kind, row, length)
  }
}

/**
 * Outputs of the points first .. first + count - 1 into net.outputs.
 * @param from     activations of layer `layer` of the first point, rows fromStride apart; layers behind it are computed
 * @returns where the weights of the output lie
 */
export function forwardChunk (
  net: Net, theta: usize, layer: i32, from: usize, fromStride: usize, length: usize, keepsCosines: bool
): usize {
  const chunkStride: usize = net.chunk * 8
  let to: usize = net.activations
  let cosines: usize = keepsCosines && net.activation == SIN ? net.cosines : 0
  let fanIn = units(net, 0)
  for (let l = 1; l <= net.depth; l++) {
    const count = units(net, l)
    if (l > layer) {
      forwardLayer(net.activation, from, fromStride, fanIn, theta, count, to, chunkStride, cosines, length)
      from = to
      fromStride = chunkStride
    }
    to += count * chunkStride
    if (cosines) cosines += count * chunkStride
    theta += (fanIn + 1) * count * 8
    fanIn = count
  }
  combine(load<f64>(theta + fanIn * 8), theta, 8, from, fromStride, fanIn, -1, net.outputs, length)
  return theta
}

/** Sum of squared residuals of the first `count` outputs. */
export function squaredResiduals (outputs: usize, targets: usize, count: i32): f64 {
  let s = f64x2.splat(0)
  let t = f64x2.splat(0)
  const whole: usize = (count & ~3) * 8
  for (let p: usize = 0; p < whole; p += 32) {
    const r = f64x2.sub(v128.load(outputs + p), v128.load(targets + p))
    const q = f64x2.sub(v128.load(outputs + p, 16), v128.load(targets + p, 16))
    s = f64x2.add(s, f64x2.mul(r, r))
    t = f64x2.add(t, f64x2.mul(q, q))
  }
  let result = total(f64x2.add(s, t))
  for (let p = whole; p < <usize>(count * 8); p += 8) {
    const r = load<f64>(outputs + p) - load<f64>(targets + p)
    result += r * r
  }
  return result
}

/** outputs = scale * (outputs - targets); 0 from `count` on, so that points that only fill up add nothing. */
function scaleResiduals (outputs: usize, targets: usize, scale: f64, count: i32, length: usize): void {
  const s = f64x2.splat(scale)
  for (let p: usize = 0; p < length; p += 16) {
    v128.store(outputs + p, f64x2.mul(s, f64x2.sub(v128.load(outputs + p), v128.load(targets + p))))
  }
  for (let p: usize = count * 8; p < length; p += 8) store<f64>(outputs + p, 0)
}

/**
 * Adds the gradient of a chunk whose activations and outputs forwardChunk left.
 * @param outputAt parameters of the output, counted in bytes from the first
 * @returns the chunk's sum of squared residuals
 */
export function backwardChunk (
  net: Net, theta: usize, into: usize, outputAt: usize, from: usize, targets: usize, scale: f64, count: i32, length: usize
): f64 {
  const stride: usize = net.chunk * 8
  const kind = net.activation
  const depth = net.depth
  const loss = squaredResiduals(net.outputs, targets, count)
  scaleResiduals(net.outputs, targets, scale, count, length)
  let rows: usize = net.activations
  for (let l = 1; l < depth; l++) rows += units(net, l) * stride
  let cosines: usize = net.cosines + (rows - net.activations)
  let width = units(net, depth)
  let at = outputAt
  addTo(into + at + width * 8, sum(net.outputs, length))
  if (depth == 0) {
    for (let i = 0; i < width; i++) addTo(into + at + i * 8, dot(from + i * net.stride * 8, net.outputs, length))
    return loss
  }
  if (depth == 1 && units(net, 0) == 1) {
    addShallow(kind, net, theta, into, from, length)
    return loss
  }
  let deltas: usize = net.deltas
  let other: usize = net.otherDeltas
  backOutput(kind, rows, cosines, stride, width, theta + at, into + at, net.outputs, deltas, length)
  for (let l = depth; l >= 1; l--) {
    const fanIn = units(net, l - 1)
    at -= (fanIn + 1) * width * 8
    if (l > 1) {
      rows -= fanIn * stride
      cosines -= fanIn * stride
    }
    addOuterProducts(l > 1 ? rows : from, l > 1 ? stride : net.stride * 8, fanIn, deltas, stride, width, into + at, length)
    const bias = into + at + fanIn * width * 8
    for (let j = 0; j < width; j++) addTo(bias + j * 8, sum(deltas + j * stride, length))
    if (l > 1) {
      multiply(deltas, stride, width, theta + at, 8, width * 8, 0, other, stride, fanIn, length)
      for (let i = 0; i < fanIn; i++) timesSlope(kind, rows + i * stride, cosines + i * stride, other + i * stride, length)
    }
    const swap = deltas
    deltas = other
    other = swap
    width = fanIn
  }
  return loss
}

/** One input, one hidden layer: all sums of a unit in one pass, no deltas are stored. */
function addShallow (kind: i32, net: Net, theta: usize, into: usize, x: usize, length: usize): void {
  const count = units(net, 1)
  const stride: usize = net.chunk * 8
  const output: usize = 2 * count * 8
  for (let j = 0; j < count; j++) {
    const row = net.activations + j * stride
    const cosine = net.cosines + j * stride
    const w = load<f64>(theta + output + j * 8)
    const at = into + j * 8
    switch (kind) {
      case TANH: shallowUnit<Tanh>(row, cosine, x, net.outputs, w, at, at + count * 8, at + output, length); break
      case RELU: shallowUnit<Relu>(row, cosine, x, net.outputs, w, at, at + count * 8, at + output, length); break
      case SIN: shallowUnit<Sin>(row, cosine, x, net.outputs, w, at, at + count * 8, at + output, length); break
      default: shallowUnit<Sigmoid>(row, cosine, x, net.outputs, w, at, at + count * 8, at + output, length)
    }
  }
}

function shallowUnit<Activation> (
  row: usize, cosine: usize, x: usize, delta: usize, w: f64, weightAt: usize, biasAt: usize, outputAt: usize, length: usize
): void {
  let products = f64x2.splat(0)
  let sums = f64x2.splat(0)
  let moments = f64x2.splat(0)
  let products1 = f64x2.splat(0)
  let sums1 = f64x2.splat(0)
  let moments1 = f64x2.splat(0)
  for (const end = row + length; row < end; row += 32, delta += 32, x += 32, cosine += 32) {
    let a = v128.load(row)
    let d = v128.load(delta)
    products = f64x2.add(products, f64x2.mul(a, d))
    let e = f64x2.mul(d, slope<Activation>(a, cosine))
    sums = f64x2.add(sums, e)
    moments = f64x2.add(moments, f64x2.mul(e, v128.load(x)))
    a = v128.load(row, 16)
    d = v128.load(delta, 16)
    products1 = f64x2.add(products1, f64x2.mul(a, d))
    e = f64x2.mul(d, slope<Activation>(a, cosine + 16))
    sums1 = f64x2.add(sums1, e)
    moments1 = f64x2.add(moments1, f64x2.mul(e, v128.load(x, 16)))
  }
  addTo(outputAt, total(f64x2.add(products, products1)))
  addTo(biasAt, w * total(f64x2.add(sums, sums1)))
  addTo(weightAt, w * total(f64x2.add(moments, moments1)))
}

/** Gradient of the output's weights and the deltas of the layer before it. */
function backOutput (
  kind: i32, rows: usize, cosines: usize, stride: usize, width: i32, weight: usize, into: usize, delta: usize, to: usize, length: usize
): void {
  for (let i = 0; i < width; i++) {
    addTo(into + i * 8, dot(rows + i * stride, delta, length))
    const w = v128.load_splat<f64>(weight + i * 8)
    const row = to + i * stride
    for (let p: usize = 0; p < length; p += 16) v128.store(row + p, f64x2.mul(w, v128.load(delta + p)))
    timesSlope(kind, rows + i * stride, cosines + i * stride, row, length)
  }
}

function timesSlope (kind: i32, row: usize, cosine: usize, to: usize, length: usize): void {
  switch (kind) {
    case TANH: return slopeRow<Tanh>(row, cosine, to, length)
    case RELU: return slopeRow<Relu>(row, cosine, to, length)
    case SIN: return slopeRow<Sin>(row, cosine, to, length)
    default: return slopeRow<Sigmoid>(row, cosine, to, length)
  }
}

function slopeRow<Activation> (row: usize, cosine: usize, to: usize, length: usize): void {
  for (const end = to + length; to < end; to += 32, row += 32, cosine += 32) {
    v128.store(to, f64x2.mul(v128.load(to), slope<Activation>(v128.load(row), cosine)))
    v128.store(to, f64x2.mul(v128.load(to, 16), slope<Activation>(v128.load(row, 16), cosine + 16)), 16)
  }
}

/** into = activation(sums + t * from) */
export function activateSum (kind: i32, sums: usize, from: usize, t: f64, into: usize, length: usize): void {
  const s = f64x2.splat(t)
  for (let p: usize = 0; p < length; p += 16) v128.store(into + p, f64x2.add(v128.load(sums + p), f64x2.mul(s, v128.load(from + p))))
  activateRow(kind, into, length)
}

/** Sum of squared residuals of outputs = rest + weight * activation(sums + t * from), point by point. */
export function unitLine (
  kind: i32, sums: usize, from: usize, t: f64, rest: usize, weight: f64, targets: usize, work: usize, count: i32, length: usize
): f64 {
  switch (kind) {
    case TANH: unitRow<Tanh>(sums, from, t, rest, weight, work, length); break
    case RELU: unitRow<Relu>(sums, from, t, rest, weight, work, length); break
    case SIN: unitRow<Sin>(sums, from, t, rest, weight, work, length); break
    default: unitRow<Sigmoid>(sums, from, t, rest, weight, work, length)
  }
  return squaredResiduals(work, targets, count)
}

function unitRow<Activation> (sums: usize, from: usize, t: f64, rest: usize, weight: f64, work: usize, length: usize): void {
  const s = f64x2.splat(t)
  const w = f64x2.splat(weight)
  for (const end = work + length; work < end; work += 32, sums += 32, from += 32, rest += 32) {
    const a = activate<Activation>(f64x2.add(v128.load(sums), f64x2.mul(s, v128.load(from))))
    const b = activate<Activation>(f64x2.add(v128.load(sums, 16), f64x2.mul(s, v128.load(from, 16))))
    v128.store(work, f64x2.add(v128.load(rest), f64x2.mul(w, a)))
    v128.store(work, f64x2.add(v128.load(rest, 16), f64x2.mul(w, b)), 16)
  }
}
