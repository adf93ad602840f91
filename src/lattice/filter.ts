/** Gaussian filters of points in a space of features: (F v)_i = sum_j exp(-|f_i - f_j|^2 / 2) v_j, the point itself among them. */

/** Values are [channels, points], a plane for each channel, as labellings of src/graphcut have them. */
export interface GaussianFilter {
  readonly points: number
  /** what it keeps */
  readonly bytes: number
  /**
   * Filters.
   * @param values  [channels, points], finite
   * @param into    [channels, points]; may be `values` where nothing is added
   * @param weight  of the result; 1 when left out
   * @param isAdded to what is there, or put in its place (when left out)
   * @throws RangeError for lengths that are others
   */
  apply (values: Float32Array, channels: number, into: Float32Array, weight?: number, isAdded?: boolean): void
}

/**
 * With D = F 1: `none` is F, `mean` is D^-1 F, whose rows sum to 1, and `symmetric` is D^-1/2 F D^-1/2, which is equal to its
 * transpose, as F is.
 */
export const normalisations = ['none', 'mean', 'symmetric'] as const
export type Normalisation = typeof normalisations[number]

/** Where points lie, in standard deviations of the Gaussian. */
export interface Features {
  /** [points, dimension], finite, or what writes those of as many points from one on as there is room for */
  values: Float64Array | ((first: number, into: Float64Array) => void)
  points: number
  dimension: number
}

/** Checks how many features there are. @throws RangeError that says what */
export function checkFeatures ({ values, points, dimension }: Features, mostPoints: number): void {
  if (!(Number.isInteger(points) && points >= 1 && points <= mostPoints)) throw new RangeError(`points must be 1 .. ${mostPoints}, got ${points}`)
  if (!(Number.isInteger(dimension) && dimension >= 1 && dimension <= MOST_DIMENSIONS)) {
    throw new RangeError(`dimension must be 1 .. ${MOST_DIMENSIONS}, got ${dimension}`)
  }
  if (typeof values === 'object' && values.length !== points * dimension) {
    throw new RangeError(`features must have ${points} x ${dimension} numbers, got ${values.length}`)
  }
}

/**
 * Writes the features of points from one on.
 * @param into [some points, dimension]
 * @throws RangeError for one that is no number, or too far away
 */
export function writeFeatures ({ values, dimension }: Features, first: number, into: Float64Array): void {
  if (typeof values === 'function') values(first, into)
  else into.set(values.subarray(first * dimension, first * dimension + into.length))
  for (let i = 0; i < into.length; i++) {
    if (!(Math.abs(into[i]!) <= FARTHEST)) {
      const point = first + Math.floor(i / dimension)
      throw new RangeError(`feature ${i % dimension} of point ${point} must be within +-${FARTHEST}, got ${into[i]}`)
    }
  }
}

/** Checks what is filtered. @throws RangeError */
export function checkValues (points: number, channels: number, values: Float32Array, into: Float32Array): void {
  if (!(Number.isInteger(channels) && channels >= 1)) throw new RangeError(`channels must be a whole number >= 1, got ${channels}`)
  for (const [name, { length }] of [['values', values], ['into', into]] as const) {
    if (length !== channels * points) throw new RangeError(`${name} must have ${channels} x ${points} numbers, got ${length}`)
  }
}

const MOST_DIMENSIONS = 8
/** In standard deviations; a lattice's whole numbers are some times as large. */
const FARTHEST = 1e7
