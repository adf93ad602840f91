/**
 * Gaussian filters in linear time, on the permutohedral lattice: Adams, Baek, Davis 2010, "Fast High-Dimensional Filtering Using
 * the Permutohedral Lattice". Every point gives its values to the d + 1 vertices around it, these are blurred along the d + 1
 * axes, and the point takes from the same vertices. Vertices exist only near points. Next hop: assembly/.
 *
 * Differs: the blur is averaged over one order of the axes and the reverse, so that <u, F v> = <F u, v> to rounding, and a
 * gradient of v' F v is 2 F v. What a lattice sums has another scale than the exact filter (about half of it); what is
 * normalised is near it. Values are Float32, four or eight channels at once: the lattice's own error, a hundredth, is far
 * above rounding, and its time goes by the bytes. Points are embedded in Float64 as far as their nearest vertex, the rest in Float32.
 */
import { checkFeatures, checkValues, type Features, type GaussianFilter, type Normalisation } from './filter.js'
import { loadKernels } from './kernels.js'
import { layOut, MOST_CHANNELS, STRIDE, TILE } from './layout.js'

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
  const { tileAt, vertices, freeAt } = layOut(kernels, features)
  const tile = new Float32Array(kernels.memory.buffer, tileAt, MOST_CHANNELS * STRIDE)
  /** 1 / (1 + 2^-d), as in the authors' code */
  const scale = 1 / (1 + 2 ** -dimension)

  function apply (values: Float32Array, channels: number, into: Float32Array, weight = 1, isAdded = false): void {
    checkValues(points, channels, values, into)
    for (let channel = 0; channel < channels; channel += MOST_CHANNELS) {
      const count = Math.min(MOST_CHANNELS, channels - channel)
      const put = (of: Float32Array, from: number, to: number) => {
        for (let c = 0, at = channel * points; c < count; c++, at += points) tile.set(of.subarray(at + from, at + to), c * STRIDE)
      }
      const take = (from: number, to: number) => {
        for (let c = 0, at = channel * points; c < count; c++, at += points) {
          into.set(tile.subarray(c * STRIDE, c * STRIDE + to - from), at + from)
        }
      }
      kernels.open(count > MOST_CHANNELS / 2)
      tile.fill(0) // what was left there may be tiny, and slow to compute with
      eachTile((from, to) => {
        put(values, from, to)
        kernels.splat(from, to - from)
      })
      kernels.blur()
      eachTile((from, to) => {
        if (isAdded) put(into, from, to)
        kernels.slice(from, to - from, weight * scale, isAdded)
        take(from, to)
      })
    }
  }

  /** Filters ones, which gives degrees: a tile of them is used as it comes. */
  function normalise (): void {
    kernels.open(false)
    tile.fill(0).fill(1, 0, TILE)
    eachTile((from, to) => { kernels.splat(from, to - from) })
    kernels.blur()
    eachTile((from, to) => {
      kernels.slice(from, to - from, scale, false)
      if (normalisation === 'symmetric') kernels.scaleWeights(from, to - from)
      else factors.set(tile.subarray(0, to - from).map(degree => 1 / degree), from)
    })
  }

  function eachTile (visit: (from: number, to: number) => void): void {
    for (let from = 0; from < points; from += TILE) visit(from, Math.min(from + TILE, points))
  }

  const factors = new Float32Array(kernels.memory.buffer, freeAt, points)
  if (normalisation !== 'none') normalise()
  if (normalisation === 'mean') kernels.useFactors(freeAt)
  return { points, vertices, bytes: kernels.memory.buffer.byteLength, apply }
}

/** Those of 2048 x 2048 pixels. */
const MOST_POINTS = 2 ** 22
