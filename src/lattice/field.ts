/** Mean field in the memory of its kernels (assembly/mean-field.ts): costs, q and messages. What is done with them: mean-field.ts. */
import { align } from '../math/web-assembly.js'
import type { DenseCrf } from './dense-crf.js'
import { loadKernels } from './kernels.js'

/** What a q is, and the largest change to it. */
export interface Step { change: number, unary: number, entropy: number }

/** q and what it hears, in the memory of the kernels (assembly/mean-field.ts), which with Potts take W 1 - W q_k for a message. */
export interface Field {
  /** [K, height, width] */
  q: Float32Array
  messages: Float32Array
  /** q = softmax(-U - messages), without messages at first. A label that must not be has q = 0, and adds nothing. */
  update (isFirst?: boolean): Step
  /** q . messages */
  product (): number
}

/** Lays out a problem, and q and messages that are 0. */
export function openField ({ pairwise, labels, unary, compatibilities }: DenseCrf): Field {
  const kernels = loadKernels()
  const { degrees } = pairwise
  const points = degrees.length
  const count = labels * points
  let free = kernels.heapBase()
  const sizes = [count + 3, count + 3, count + 3, points + 3, (2 * labels + 2) * ROW]
  const [costsAt, qAt, messagesAt, degreesAt, roomAt] = sizes.map(numbers => {
    const place = free
    free = align(free + 4 * numbers)
    return place
  }) as [number, number, number, number, number]
  kernels.reserve(free)
  const { buffer } = kernels.memory
  const least = writeExcess(unary, points, new Float32Array(buffer, costsAt, count))
  new Float32Array(buffer, degreesAt, points).set(degrees)
  const potts = compatibilities === undefined ? degreesAt : 0
  return {
    q: new Float32Array(buffer, qAt, count),
    messages: new Float32Array(buffer, messagesAt, count),
    update (isFirst = false) {
      kernels.update(points, labels, costsAt, messagesAt, isFirst ? 0 : potts, qAt, roomAt)
      return { change: kernels.changeOf(), unary: least + kernels.unaryOf(), entropy: kernels.entropyOf() }
    },
    product: () => kernels.product(points, labels, qAt, messagesAt, potts)
  }
}

/** Room of the kernels: numbers of a block. */
const ROW = 128

/** Costs above each pixel's least, which are near 0 where it matters, so that Float32 does. @returns the sum of the least ones */
function writeExcess (unary: DenseCrf['unary'], points: number, into: Float32Array): number {
  let sum = 0
  for (let from = 0; from < points; from += SOME) { // pixels by blocks: planes are often a power of two apart
    const to = Math.min(from + SOME, points)
    const least = new Float64Array(to - from).fill(Infinity)
    for (let plane = 0; plane < unary.length; plane += points) {
      const costs = unary.subarray(plane + from, plane + to)
      for (let p = 0; p < least.length; p++) if (costs[p]! < least[p]!) least[p] = costs[p]!
    }
    for (let plane = 0; plane < unary.length; plane += points) {
      const costs = unary.subarray(plane + from, plane + to)
      const excess = into.subarray(plane + from, plane + to)
      for (let p = 0; p < least.length; p++) excess[p] = costs[p]! - least[p]!
    }
    for (const cost of least) sum += cost
  }
  return sum
}

/** pixels */
const SOME = 4096
