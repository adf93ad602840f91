/**
 * What JavaScript calls of the Float64 kernels (AssemblyScript, compiled to kernels.wasm by scripts/setup/build.mjs).
 * All pointers are bytes of the exported memory, which JavaScript lays out and grows; ../kernels.ts has the contracts.
 */
import { fillTable } from './activations'
import {
  activateRow, activateSum, backwardChunk, forwardChunk, forwardLayer, Net, squaredResiduals, units, unitLine as lineOfUnit
} from './network'
import { combine as combineRows } from './products'

export { fillUniform } from './random'

fillTable()

/** The first free byte. */
export function heapBase (): usize {
  return (__heap_base + 15) & ~15
}

export function value (net: Net, theta: usize): f64 {
  return sumFrom(net, theta, 0, net.x) / <f64>net.points
}

export function gradient (net: Net, theta: usize, into: usize): f64 {
  memory.fill(into, 0, parameterBytes(net))
  const scale = 2 / <f64>net.points
  let sum: f64 = 0
  for (let first = 0; first < net.points; first += net.chunk) {
    const length = chunkBytes(net, first)
    const from: usize = net.x + first * 8
    const output = forwardChunk(net, theta, 0, from, net.stride * 8, length, true)
    sum += backwardChunk(net, theta, into, output - theta, from, net.y + first * 8, scale, min(net.chunk, net.points - first), length)
  }
  return sum / <f64>net.points
}

export function predict (net: Net, theta: usize, into: usize): void {
  for (let first = 0; first < net.points; first += net.chunk) {
    const length = chunkBytes(net, first)
    forwardChunk(net, theta, 0, net.x + first * 8, net.stride * 8, length, false)
    memory.copy(into + first * 8, net.outputs, length)
  }
}

export function values (net: Net, points: usize, count: i32, into: usize): void {
  const bytes = parameterBytes(net)
  for (let k = 0; k < count; k++) store<f64>(into + k * 8, value(net, points + k * bytes))
}

/** Activations of hidden layer l for all points, from those of the layer before, [units, stride] both. */
export function layer (net: Net, fanIn: i32, count: i32, weight: usize, from: usize, to: usize): void {
  const stride: usize = net.stride * 8
  forwardLayer(net.activation, from, stride, fanIn, weight, count, to, stride, 0, stride)
}

/** into = bias + sum of weight_i row_i without the row `skip` (-1: none), rows [count, stride] */
export function combine (net: Net, bias: f64, weight: usize, weightStride: i32, rows: usize, count: i32, skip: i32, into: usize): void {
  combineRows(bias, weight, weightStride, rows, net.stride * 8, count, skip, into, net.stride * 8)
}

/** row = activation(row), [stride] */
export function activate (net: Net, row: usize): void {
  activateRow(net.activation, row, net.stride * 8)
}

/** into = activation(sums + t * from), [stride] */
export function movedUnit (net: Net, sums: usize, from: usize, t: f64, into: usize): void {
  activateSum(net.activation, sums, from, t, into, net.stride * 8)
}

/** Value when the output is rest + weight * activation(sums + t * from). */
export function unitLine (net: Net, sums: usize, from: usize, t: f64, rest: usize, weight: f64, work: usize): f64 {
  return lineOfUnit(net.activation, sums, from, t, rest, weight, net.y, work, net.points, net.stride * 8) / <f64>net.points
}

/** Value when the output is rest + t * row. */
export function outputLine (net: Net, rest: usize, row: usize, t: f64, work: usize): f64 {
  const s = f64x2.splat(t)
  const length: usize = net.stride * 8
  for (let p: usize = 0; p < length; p += 16) v128.store(work + p, f64x2.add(v128.load(rest + p), f64x2.mul(s, v128.load(row + p))))
  return squaredResiduals(work, net.y, net.points) / <f64>net.points
}

/** Value from the activations of hidden layer l, [units, stride]. */
export function valueFrom (net: Net, theta: usize, l: i32, from: usize): f64 {
  return sumFrom(net, theta, l, from) / <f64>net.points
}

function sumFrom (net: Net, theta: usize, l: i32, from: usize): f64 {
  let sum: f64 = 0
  for (let first = 0; first < net.points; first += net.chunk) {
    const count = min(net.chunk, net.points - first)
    forwardChunk(net, theta, l, from + first * 8, net.stride * 8, chunkBytes(net, first), false)
    sum += squaredResiduals(net.outputs, net.y + first * 8, count)
  }
  return sum
}

// @ts-ignore: decorator
@inline
function chunkBytes (net: Net, first: i32): usize {
  return min(net.chunk, net.stride - first) * 8
}

function parameterBytes (net: Net): usize {
  let count = 0
  for (let l = 0; l <= net.depth; l++) count += (units(net, l) + 1) * units(net, l + 1)
  return count * 8
}
