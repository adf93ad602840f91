/**
 * Where a regression network's data lies in the kernels' memory. A thread has one, and the network that was used last
 * owns it: making thousands of them takes no more than the largest one.
 */
import { loadKernels, type Kernels } from './kernels.js'

/** Points that are computed at once: their activations shall stay in the caches. */
const CHUNK = 128
/** so that no two rows share a cache line */
const ALIGNMENT = 64

const activations = ['tanh', 'relu', 'sin', 'sigmoid'] as const

/** A dense network with one linear output, as data. */
export interface RegressionNet {
  /** features of a point, 1 .. */
  inputs: number
  /** units of the hidden layers, first to last; one linear output follows */
  hidden: number[]
  /** of the hidden layers */
  activation: typeof activations[number]
}

/** Rows of `stride` numbers that a line keeps between its values; see line.ts. */
export interface LineSpace { theta: number, ones: number, sums: number, rest: number, saved: number, work: number, layers: number[] }

/** Pointers, in bytes. */
export interface Layout {
  net: number
  x: number
  y: number
  theta: number
  gradient: number
  outputs: number
  line: LineSpace
  /** where a swarm's vectors may begin: the end of all else */
  end: number
}

/** A network's description, its points, and their place in the memory. */
export interface Workspace {
  readonly kernels: Kernels
  readonly layout: Layout
  readonly sizes: readonly number[]
  /** points rounded up to a multiple of 4 */
  readonly stride: number
  readonly size: number
  /** numbers of the memory; only until the next attach or reserve */
  f64: Float64Array
  /** views into f64, [size] */
  theta: Float64Array
  gradient: Float64Array
  /** counts how often the memory came back from another network: what was kept in it is gone then */
  epoch: number
  /** Makes the memory this network's. Takes some nanoseconds when it is. */
  attach (): void
  /** Makes room for `bytes` behind layout.end. */
  reserve (bytes: number): void
}

let loaded: Kernels | undefined
/** by kernels the network that owns their memory */
const owners = new WeakMap<Kernels, Workspace>()

/** The kernels of all networks of this thread; loaded when first asked for. */
export function threadKernels (): Kernels {
  loaded ??= loadKernels()
  return loaded
}

/** @param x [n, inputs] by rows @param y [n] */
export function createWorkspace (net: RegressionNet, x: Float64Array, y: Float64Array, kernels: Kernels): Workspace {
  const sizes = [net.inputs, ...net.hidden, 1]
  const points = y.length
  const stride = Math.ceil(points / 4) * 4
  const size = sizes.slice(1).reduce((sum, units, l) => sum + (sizes[l]! + 1) * units, 0)
  const { layout, description } = plan(kernels.heapBase(), sizes, activations.indexOf(net.activation), points, stride, size)
  const columns = new Float64Array(net.inputs * stride)
  for (let p = 0; p < points; p++) for (let i = 0; i < net.inputs; i++) columns[i * stride + p] = x[p * net.inputs + i]!
  const targets = y.slice()
  const none = new Float64Array(0)

  const workspace: Workspace = {
    kernels,
    layout,
    sizes,
    stride,
    size,
    f64: none,
    theta: none,
    gradient: none,
    epoch: 0,
    attach () {
      if (owners.get(kernels) === workspace) return
      owners.set(kernels, workspace)
      workspace.epoch++
      workspace.reserve(0)
      const { f64 } = workspace
      new Int32Array(kernels.memory.buffer).set(description, layout.net / 4)
      f64.set(columns, layout.x / 8)
      f64.set(targets, layout.y / 8)
      f64.fill(0, layout.y / 8 + points, layout.y / 8 + stride)
      f64.fill(1, layout.line.ones / 8, layout.line.ones / 8 + stride)
    },
    reserve (bytes) {
      kernels.reserve(layout.end + bytes)
      if (workspace.f64.buffer === kernels.memory.buffer) return
      workspace.f64 = new Float64Array(kernels.memory.buffer)
      workspace.theta = workspace.f64.subarray(layout.theta / 8, layout.theta / 8 + size)
      workspace.gradient = workspace.f64.subarray(layout.gradient / 8, layout.gradient / 8 + size)
    }
  }
  return workspace
}

/** Gives everything its place. @returns the pointers, and what stands at layout.net (class Net of assembly/network.ts) */
function plan (
  base: number, sizes: number[], activation: number, points: number, stride: number, size: number
): { layout: Layout, description: Int32Array } {
  const hidden = sizes.slice(1, -1)
  const chunk = Math.min(CHUNK, stride)
  const widest = Math.max(0, ...hidden)
  const units = hidden.reduce((sum, count) => sum + count, 0)
  let end = base
  function take (numbers: number): number {
    const at = Math.ceil(end / ALIGNMENT) * ALIGNMENT
    end = at + numbers * 8
    return at
  }
  const net = take(Math.ceil((12 + sizes.length) / 2))
  const [x, y, theta, gradient, outputs] = [take(sizes[0]! * stride), take(stride), take(size), take(size), take(stride)] as const
  const cosines = activations[activation] === 'sin' ? units : 0
  const work = [units, cosines, widest, widest, 1].map(rows => take(rows * chunk))
  const [ones, sums, rest, saved, free] = [take(stride), take(stride), take(stride), take(stride), take(stride)] as const
  const line = { theta: take(size), ones, sums, rest, saved, work: free, layers: hidden.map(count => take(count * stride)) }
  return {
    layout: { net, x, y, theta, gradient, outputs, line, end: Math.ceil(end / ALIGNMENT) * ALIGNMENT },
    description: Int32Array.of(hidden.length, activation, points, stride, chunk, x, y, ...work, ...sizes)
  }
}
