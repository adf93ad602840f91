/** Gaussian filters as they are defined, all pairs one by one: the oracle of lattice.ts, and a choice for small pictures. */
import { checkFeatures, checkValues, type Features, type GaussianFilter, type Normalisation, writeFeatures } from './filter.js'

/** Those of a picture of 64 x 64: 134 MB. */
const MOST_POINTS = 4096

/** Makes a filter whose kernel is kept, in Float64. @throws RangeError for features that are none, or of more than 4,096 points */
export function createExactFilter (features: Features, normalisation: Normalisation = 'none'): GaussianFilter {
  checkFeatures(features, MOST_POINTS)
  const { points } = features
  const kernel = kernelOf(features)
  normalise(kernel, points, normalisation)
  const row = new Float64Array(points)
  return {
    points,
    bytes: kernel.byteLength + row.byteLength,
    apply (values, channels, into, weight = 1, isAdded = false) {
      checkValues(points, channels, values, into)
      for (let channel = 0; channel < channels; channel++) {
        const [from, to] = [channel * points, (channel + 1) * points]
        const plane = values.subarray(from, to)
        for (let i = 0; i < points; i++) row[i] = (isAdded ? into[from + i]! : 0) + weight * product(kernel, i * points, plane)
        into.set(row, from)
      }
    }
  }
}

/** exp(-|f_i - f_j|^2 / 2): [points, points]. */
function kernelOf (features: Features): Float64Array {
  const { points, dimension } = features
  const values = new Float64Array(points * dimension)
  writeFeatures(features, 0, values)
  const kernel = new Float64Array(points * points)
  for (let i = 0; i < points; i++) {
    for (let j = 0; j <= i; j++) {
      let square = 0
      for (let k = 0; k < dimension; k++) square += (values[i * dimension + k]! - values[j * dimension + k]!) ** 2
      kernel[i * points + j] = kernel[j * points + i] = Math.exp(-square / 2)
    }
  }
  return kernel
}

function normalise (kernel: Float64Array, points: number, normalisation: Normalisation): void {
  if (normalisation === 'none') return
  const ones = new Float32Array(points).fill(1)
  const degrees = Float64Array.from({ length: points }, (_, i) => product(kernel, i * points, ones))
  for (let i = 0; i < points; i++) {
    for (let j = 0; j < points; j++) {
      kernel[i * points + j]! /= normalisation === 'mean' ? degrees[i]! : Math.sqrt(degrees[i]! * degrees[j]!)
    }
  }
}

function product (kernel: Float64Array, from: number, plane: Float32Array): number {
  let sum = 0
  for (let j = 0; j < plane.length; j++) sum += kernel[from + j]! * plane[j]!
  return sum
}
