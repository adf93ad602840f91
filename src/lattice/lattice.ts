/**
 * Gaussian filters in linear time, on the permutohedral lattice: Adams, Baek, Davis 2010, "Fast High-Dimensional Filtering Using
 * the Permutohedral Lattice". Every point gives its values to the d + 1 vertices around it, these are blurred along the d + 1
 * axes, and the point takes from the same vertices. Vertices exist only near points. Next hop: assembly/.
 *
 * Differs: the blur is averaged over one order of the axes and the reverse, so that <u, F v> = <F u, v> to rounding, and a
 * gradient of v' F v is 2 F v. What a lattice sums has another scale than the exact filter (about half of it); what is
 * normalised is near it. Values are Float32, four channels at once: the lattice's own error, a hundredth, is far above
 * rounding, and its time goes by the bytes. Points are embedded in Float64.
 */
import { align } from '../math/web-assembly.js'
import { checkFeatures, checkValues, type Features, type GaussianFilter, type Normalisation } from './filter.js'
import { loadKernels, type Kernels } from './kernels.js'

export interface Lattice extends GaussianFilter {
  readonly vertices: number
}

/**
 * Makes the lattice of points, which is kept: to filter is splat, blur and slice alone.
 * @throws RangeError for features that are none, and for a lattice of more than 4 GB
 */
export function createLattice (features: Features, normalisation: Normalisation = 'none'): Lattice {
  checkFeatures(features, MOST_POINTS)
  const { points, dimension } = features
  const kernels = loadKernels()
  const { planesAt, vertices, bytes } = build(kernels, features)
  /** 1 / (1 + 2^-d), as in the authors' code */
  const scale = 1 / (1 + 2 ** -dimension)
  let divisors: Float32Array | undefined

  function apply (values: Float32Array, channels: number, into: Float32Array): void {
    checkValues(points, channels, values, into)
    const planes = new Float32Array(kernels.memory.buffer, planesAt, 4 * points)
    for (let from = 0; from < values.length; from += planes.length) {
      const to = Math.min(from + planes.length, values.length)
      planes.set(values.subarray(from, to))
      planes.fill(0, to - from) // what was left there may be tiny, and slow to compute with
      kernels.filter(planesAt, scale)
      into.set(planes.subarray(0, to - from), from)
    }
    if (divisors !== undefined) for (let i = 0; i < into.length; i++) into[i]! /= divisors[i % points]!
  }

  if (normalisation !== 'none') {
    const degrees = new Float32Array(points)
    apply(new Float32Array(points).fill(1), 1, degrees)
    if (normalisation === 'mean') divisors = degrees
    else {
      new Float32Array(kernels.memory.buffer, planesAt, points).set(degrees.map(degree => 1 / Math.sqrt(degree)))
      kernels.scaleWeights(planesAt)
    }
  }
  return { points, vertices, bytes, apply }
}

/** Lays out the memory: rows and weights of points, then, once the table has done its work, neighbours and values in its place. */
function build (kernels: Kernels, features: Features): { planesAt: number, vertices: number, bytes: number } {
  const { points, dimension } = features
  const corners = dimension + 1
  const roomAt = kernels.heapBase()
  const rowsAt = roomAt + ROOM
  const weightsAt = align(rowsAt + 4 * points * corners)
  const freeAt = align(weightsAt + 4 * points * corners)
  kernels.reserve(freeAt + features.values.byteLength)
  new Float64Array(kernels.memory.buffer, freeAt, points * dimension).set(features.values)
  kernels.usePoints(points, dimension, freeAt, rowsAt, weightsAt, roomAt)
  const tableEnd = embedAll(kernels, features, align(freeAt + features.values.byteLength))
  const vertices = kernels.vertices()
  const links = 8 * corners * vertices
  kernels.reserve(tableEnd + links)
  kernels.findNeighbours(tableEnd, roomAt)
  new Uint8Array(kernels.memory.buffer).copyWithin(freeAt, tableEnd, tableEnd + links)
  const size = 16 * (vertices + 1)
  const valuesAt = align(freeAt + links)
  const planesAt = valuesAt + 3 * size
  kernels.reserve(planesAt + 16 * points)
  kernels.useRows(freeAt, vertices, valuesAt, valuesAt + size, valuesAt + 2 * size)
  return { planesAt, vertices, bytes: kernels.memory.buffer.byteLength }
}

/** Embeds all points; the table is made twice as large when it is half full. @returns where it ends */
function embedAll (kernels: Kernels, { points, dimension }: Features, keysAt: number): number {
  let capacity = 1 << 14
  let [done, end] = [0, 0]
  for (;;) {
    const slotsAt = align(keysAt + 4 * dimension * (capacity / 2 + 1))
    end = slotsAt + 4 * capacity
    kernels.reserve(end)
    kernels.useTable(dimension, keysAt, slotsAt, capacity, kernels.vertices())
    done = kernels.embed(done)
    if (done === points) return end
    capacity *= 2
  }
}

/** Those of 2048 x 2048 pixels. */
const MOST_POINTS = 2 ** 22
const ROOM = 512
