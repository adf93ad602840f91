/** The Float64 kernels in plain TypeScript: what src/tensor/float64/assembly computes, without vectors. Its oracle. */
import { philox } from '../../../src/math/random.js'
import type { Kernels } from '../../../src/tensor/float64/kernels.js'

const TANH = 0
const RELU = 1
const SIN = 2

/** What stands at `net` (class Net of assembly/network.ts); pointers count numbers here. */
interface Net {
  /** inputs, units of the hidden layers, 1 */
  sizes: number[]
  kind: number
  points: number
  stride: number
  chunk: number
  x: number
  y: number
  activations: number
  cosines: number
  deltas: number
  otherDeltas: number
  outputs: number
}

/** Makes them, with a memory of their own. */
export function createPlainKernels (): Kernels {
  const memory = { buffer: new ArrayBuffer(0) }
  let f = new Float64Array(memory.buffer)
  let descriptions = new Int32Array(memory.buffer)

  function reserve (bytes: number): void {
    if (bytes <= memory.buffer.byteLength) return
    const larger = new Uint8Array(Math.ceil(bytes / 8) * 8)
    larger.set(new Uint8Array(memory.buffer))
    memory.buffer = larger.buffer
    f = new Float64Array(memory.buffer)
    descriptions = new Int32Array(memory.buffer)
  }

  function read (at: number): Net {
    const word = (i: number) => descriptions[at / 4 + i]!
    const pointer = (i: number) => word(i) / 8
    return {
      kind: word(1),
      points: word(2),
      stride: word(3),
      chunk: word(4),
      x: pointer(5),
      y: pointer(6),
      activations: pointer(7),
      cosines: pointer(8),
      deltas: pointer(9),
      otherDeltas: pointer(10),
      outputs: pointer(11),
      sizes: Array.from({ length: word(0) + 2 }, (_, l) => word(12 + l))
    }
  }

  function activation (kind: number, z: number): number {
    if (kind === TANH) return Math.tanh(z)
    if (kind === RELU) return z < 0 ? 0 : z // NaN stays
    if (kind === SIN) return Math.sin(z)
    return 1 / (1 + Math.exp(-z))
  }

  function slope (kind: number, a: number, cosine: number): number {
    if (kind === TANH) return 1 - a * a
    if (kind === RELU) return a > 0 ? 1 : 0
    if (kind === SIN) return f[cosine]!
    return a * (1 - a)
  }

  function combine (
    bias: number, weight: number, weightStride: number, rows: number, rowStride: number, count: number, skip: number,
    into: number, length: number
  ): void {
    f.fill(bias, into, into + length)
    for (let i = 0; i < count; i++) {
      if (i === skip) continue
      const w = f[weight + i * weightStride]!
      const row = rows + i * rowStride
      for (let p = 0; p < length; p++) f[into + p]! += w * f[row + p]!
    }
  }

  function layer (
    kind: number, from: number, fromStride: number, fanIn: number, weight: number, units: number,
    to: number, toStride: number, cosines: number, length: number
  ): void {
    for (let j = 0; j < units; j++) {
      const row = to + j * toStride
      combine(f[weight + fanIn * units + j]!, weight + j, units, from, fromStride, fanIn, -1, row, length)
      for (let p = 0; p < length; p++) {
        if (cosines > 0) f[cosines + j * toStride + p] = Math.cos(f[row + p]!)
        f[row + p] = activation(kind, f[row + p]!)
      }
    }
  }

  /** Outputs of one chunk into net.outputs, from the activations of layer `l`. @returns where the output's weights lie */
  function forward (net: Net, theta: number, l: number, from: number, fromStride: number, length: number, keepsCosines: boolean): number {
    const { sizes, kind, chunk } = net
    const last = sizes.length - 2
    let to = net.activations
    let cosines = keepsCosines && kind === SIN ? net.cosines : 0
    for (let k = 1; k <= last; k++) {
      const [fanIn, units] = [sizes[k - 1]!, sizes[k]!]
      if (k > l) {
        layer(kind, from, fromStride, fanIn, theta, units, to, chunk, cosines, length)
        from = to
        fromStride = chunk
      }
      to += units * chunk
      if (cosines > 0) cosines += units * chunk
      theta += (fanIn + 1) * units
    }
    combine(f[theta + sizes[last]!]!, theta, 1, from, fromStride, sizes[last]!, -1, net.outputs, length)
    return theta
  }

  function squaredResiduals (outputs: number, targets: number, count: number): number {
    let sum = 0
    for (let p = 0; p < count; p++) sum += (f[outputs + p]! - f[targets + p]!) ** 2
    return sum
  }

  function dot (a: number, b: number, length: number): number {
    let sum = 0
    for (let p = 0; p < length; p++) sum += f[a + p]! * f[b + p]!
    return sum
  }

  /** Adds the gradient of a chunk whose activations and outputs `forward` left. @param at where the output's parameters begin */
  function backward (net: Net, theta: number, into: number, at: number, first: number, count: number): number {
    const { sizes, kind, chunk } = net
    const loss = squaredResiduals(net.outputs, net.y + first, count)
    for (let p = 0; p < count; p++) f[net.outputs + p] = 2 / net.points * (f[net.outputs + p]! - f[net.y + first + p]!)
    let [deltas, before] = [net.outputs, net.deltas]
    let rows = net.activations
    for (const units of sizes.slice(1, -1)) rows += units * chunk
    for (let l = sizes.length - 1; l >= 1; l--) {
      const [fanIn, units] = [sizes[l - 1]!, sizes[l]!]
      const [from, stride] = l > 1 ? [rows -= fanIn * chunk, chunk] : [net.x + first, net.stride]
      for (let j = 0; j < units; j++) {
        const delta = deltas + j * chunk
        for (let i = 0; i < fanIn; i++) f[into + at + i * units + j]! += dot(from + i * stride, delta, count)
        for (let p = 0; p < count; p++) f[into + at + fanIn * units + j]! += f[delta + p]!
      }
      if (l === 1) break
      for (let i = 0; i < fanIn; i++) {
        const row = before + i * chunk
        combine(0, theta + at + i * units, 1, deltas, chunk, units, -1, row, count)
        const cosines = net.cosines + from - net.activations + i * chunk
        for (let p = 0; p < count; p++) f[row + p]! *= slope(kind, f[from + i * chunk + p]!, cosines + p)
      }
      deltas = before
      before = deltas === net.deltas ? net.otherDeltas : net.deltas
      at -= (sizes[l - 2]! + 1) * fanIn
    }
    return loss
  }

  /** Calls with the first point and the number of points of every chunk. */
  function forChunks ({ points, chunk }: Net, work: (first: number, count: number) => void): void {
    for (let first = 0; first < points; first += chunk) work(first, Math.min(chunk, points - first))
  }

  function valueFrom (net: Net, theta: number, l: number, from: number): number {
    let sum = 0
    forChunks(net, (first, count) => {
      forward(net, theta, l, from + first, net.stride, count, false)
      sum += squaredResiduals(net.outputs, net.y + first, count)
    })
    return sum / net.points
  }

  const parameters = ({ sizes }: Net) => sizes.slice(1).reduce((sum, units, l) => sum + (sizes[l]! + 1) * units, 0)

  return {
    memory,
    reserve,
    heapBase: () => 8, // 0 means "none"
    value (at, theta) {
      const net = read(at)
      return valueFrom(net, theta / 8, 0, net.x)
    },
    gradient (at, theta, into) {
      const net = read(at)
      f.fill(0, into / 8, into / 8 + parameters(net))
      let sum = 0
      forChunks(net, (first, count) => {
        const output = forward(net, theta / 8, 0, net.x + first, net.stride, count, true)
        sum += backward(net, theta / 8, into / 8, output - theta / 8, first, count)
      })
      return sum / net.points
    },
    predict (at, theta, into) {
      const net = read(at)
      forChunks(net, (first, count) => {
        forward(net, theta / 8, 0, net.x + first, net.stride, count, false)
        f.copyWithin(into / 8 + first, net.outputs, net.outputs + count)
      })
    },
    values (at, points, count, into) {
      const net = read(at)
      for (let k = 0; k < count; k++) f[into / 8 + k] = valueFrom(net, points / 8 + k * parameters(net), 0, net.x)
    },
    layer (at, fanIn, units, weight, from, to) {
      const { kind, stride } = read(at)
      layer(kind, from / 8, stride, fanIn, weight / 8, units, to / 8, stride, 0, stride)
    },
    combine (at, bias, weight, weightStride, rows, count, skip, into) {
      const { stride } = read(at)
      combine(bias, weight / 8, weightStride / 8, rows / 8, stride, count, skip, into / 8, stride)
    },
    activate (at, row) {
      const { kind, stride } = read(at)
      for (let p = row / 8; p < row / 8 + stride; p++) f[p] = activation(kind, f[p]!)
    },
    movedUnit (at, sums, from, t, into) {
      const { kind, stride } = read(at)
      for (let p = 0; p < stride; p++) f[into / 8 + p] = activation(kind, f[sums / 8 + p]! + t * f[from / 8 + p]!)
    },
    unitLine (at, sums, from, t, rest, weight, work) {
      const { kind, points, y } = read(at)
      for (let p = 0; p < points; p++) {
        f[work / 8 + p] = f[rest / 8 + p]! + weight * activation(kind, f[sums / 8 + p]! + t * f[from / 8 + p]!)
      }
      return squaredResiduals(work / 8, y, points) / points
    },
    outputLine (at, rest, row, t, work) {
      const { points, y } = read(at)
      for (let p = 0; p < points; p++) f[work / 8 + p] = f[rest / 8 + p]! + t * f[row / 8 + p]!
      return squaredResiduals(work / 8, y, points) / points
    },
    valueFrom: (at, theta, l, from) => valueFrom(read(at), theta / 8, l, from / 8),
    fillUniform (key0, key1, counter, count, into) {
      const block = new Uint32Array(4)
      for (let i = 0; i < count; i += 4) {
        block.set([(counter + i / 4) >>> 0, Math.floor((counter + i / 4) / 4294967296), 0, 0])
        philox(block, key0, key1)
        for (let k = 0; k < 4; k++) f[into / 8 + i + k] = block[k]! / 4294967296
      }
    }
  }
}
