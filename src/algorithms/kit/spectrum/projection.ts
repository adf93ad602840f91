/**
 * The projection method for data of any dimension: inputs are projected on their first principal direction p, scaled to
 * a range of 1, and F(gamma) = 1/n sum_i y_i exp(-2 pi i gamma p.x_i) is taken of every output (non-uniform DFT), less its
 * mean. Of n examples any target has amplitudes of about its deviation / sqrt(n) everywhere: a band is one of the target
 * only where it has more than 95 of 100 shuffles of its rows.
 */
import { AppError } from '../../../errors.js'
import { differenceOf, findPeaks, type Spectrum } from './dft.js'
import { columnMeans, entriesOf, shuffledOf, shuffleOf, withoutMeans, type Shuffled } from './nulls.js'
import { noiseFloor, relativeError, type Band, type Probe, type SpectralError } from './probe.js'
import { dotAt, norm } from '../../../math/vectors.js'

/** Shuffles of the target: the tenth largest of 199 is their 95th percentile, give or take 1.5 points; 2 n a frequency each. */
const shuffles = 199

export interface ProjectionProbeOptions {
  /** number of examples n */
  count: number
  /** numbers per example in target and outputs; amplitudes and errors are norms over them */
  outputs: number
  /** gamma to follow, > 0, cycles per range of the projection; the target's peaks among the integers when absent */
  frequencies?: number[]
  /** peaks are sought among gamma = 0 .. bins - 1, 40 by default */
  bins?: number
  error: SpectralError
}

/**
 * Opens the projection probe.
 * @param inputs [n, d] by rows
 * @param target [n, outputs] by rows; one-hot for classes, against probabilities
 * @throws AppError unmeasurable when all inputs are equal, there is no peak, or the target has nothing but its mean at a frequency given
 */
export function createProjectionProbe (
  inputs: Float64Array, target: Float64Array, { count, outputs, frequencies, bins = 40, error }: ProjectionProbeOptions
): Probe {
  const positions = project(inputs, count)
  const all = Array.from({ length: bins }, (_, k) => k)
  const transform = (values: Float64Array, wanted: readonly number[]) =>
    transformAt(positions, withoutMeans(values, outputs), outputs, wanted)
  const targetNorms = normsOf(transform(target, all), outputs)
  const wanted = [...frequencies ?? findPeaks(targetNorms)].sort((a, b) => a - b)
  if (wanted.length === 0) {
    throw new AppError('unmeasurable', `the target must have a peak within its first ${bins} bins, or frequencies be given, got none`)
  }
  const wrong = wanted.find((gamma, i) => !(gamma > 0) || gamma === wanted[i - 1])
  if (wrong !== undefined) throw new AppError('invalid_spec', `frequencies must be different and > 0, got ${wrong}`)
  const goal = transform(target, wanted)
  const goalNorms = normsOf(goal, outputs)
  const floor = noiseFloor * Math.max(...targetNorms, ...goalNorms)
  const empty = wanted.find((_, i) => !(goalNorms[i]! > floor))
  if (empty !== undefined) {
    throw new AppError('unmeasurable', `frequencies must be where the target has more than ${noiseFloor} of its largest amplitude, got ${empty}`)
  }

  const nulls = shuffledNorms(positions, target, outputs, [...wanted, ...all])

  return {
    bands: wanted.map((frequency, i): Band => {
      const [amplitude, shuffled] = [goalNorms[i]!, nulls[i]!]
      return { key: String(frequency), label: String(frequency), frequency, amplitude, shuffled, isNoise: amplitude <= shuffled.high }
    }),
    measure (values) {
      const fit = transform(values, wanted)
      const differences = normsOf(differenceOf(fit, goal, error), outputs)
      return goalNorms.map((goalNorm, i) => relativeError(error, differences[i]!, goalNorm))
    },
    spectrum (values) {
      const fit = normsOf(transform(values, all), outputs)
      return all.map(k => ({ frequency: k, target: targetNorms[k]!, fit: fit[k]!, shuffled: nulls[wanted.length + k]! }))
    }
  }
}

/**
 * Amplitudes of the target with its rows shuffled, per gamma. Their mean square is V / (n - 1) (1 - |P(gamma)|^2) with V the
 * variance of the target, summed over its outputs, and P the transform of the constant 1.
 */
function shuffledNorms (positions: Float64Array, target: Float64Array, outputs: number, gammas: readonly number[]): Shuffled[] {
  const count = positions.length
  const means = columnMeans(target, outputs)
  const { rows, columns, values } = entriesOf(target, outputs)
  const waves = gammas.map(gamma => ({
    cos: positions.map(at => Math.cos(2 * Math.PI * gamma * at)),
    sin: positions.map(at => Math.sin(2 * Math.PI * gamma * at))
  }))
  const shuffled = Array.from({ length: shuffles }, (_, s) => {
    const order = shuffleOf(s, count)
    return rows.map(row => order[row]!)
  })
  return waves.map(({ cos, sin }) => {
    const [wholeRe, wholeIm] = [sumOf(cos), sumOf(sin)]
    return shuffledOf(shuffled.map(places => {
      const re = means.map(mean => -mean * wholeRe)
      const im = means.map(mean => -mean * wholeIm)
      for (let e = 0; e < places.length; e++) {
        re[columns[e]!]! += values[e]! * cos[places[e]!]!
        im[columns[e]!]! += values[e]! * sin[places[e]!]!
      }
      return Math.hypot(norm(re), norm(im)) / count
    }))
  })
}

function sumOf (values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/**
 * Non-uniform DFT: F(gamma) = 1/n sum_i y_i exp(-2 pi i gamma x_i), of each output.
 * @param positions x, [n] @param values y, [n, outputs] by rows @returns [gammas, outputs] by rows
 */
export function transformAt (
  positions: Float64Array, values: Float64Array, outputs: number, gammas: readonly number[]
): Spectrum {
  const re = new Float64Array(gammas.length * outputs)
  const im = new Float64Array(gammas.length * outputs)
  const count = positions.length
  gammas.forEach((gamma, k) => {
    for (let i = 0; i < count; i++) {
      const angle = 2 * Math.PI * gamma * positions[i]!
      const cos = Math.cos(angle) / count
      const sin = Math.sin(angle) / count
      for (let o = 0; o < outputs; o++) {
        re[k * outputs + o]! += values[i * outputs + o]! * cos
        im[k * outputs + o]! -= values[i * outputs + o]! * sin
      }
    }
  })
  return { re, im }
}

/** p.x_i, moved and scaled to 0 .. 1, [n]. @throws AppError unmeasurable when all are equal */
function project (inputs: Float64Array, count: number): Float64Array {
  const direction = principalDirection(inputs, count)
  const dimension = direction.length
  const along = Float64Array.from({ length: count }, (_, i) => dotAt(inputs, i * dimension, direction, 0, dimension))
  const min = along.reduce((a, b) => Math.min(a, b))
  const range = along.reduce((a, b) => Math.max(a, b)) - min
  if (!(range > 0)) throw new AppError('unmeasurable', 'inputs must differ to be projected, got equal ones')
  return along.map(value => (value - min) / range)
}

/** Power iterations at most; where two variances are so near that more were needed, any mix of their directions is as good. */
const maxIterations = 200
/** 1 - cosine between two iterates: a few roundings. */
const tolerance = 1e-15

/**
 * First principal direction of examples: the unit vector along which they vary most. Power iteration on the covariance,
 * which is never formed: 4 n d operations each. Its component of largest magnitude is positive.
 * @param inputs [n, d] by rows @returns [d]
 */
export function principalDirection (inputs: Float64Array, count: number): Float64Array {
  const dimension = inputs.length / count
  const mean = new Float64Array(dimension)
  inputs.forEach((value, i) => { mean[i % dimension]! += value / count })
  // fractional parts of multiples of the golden ratio: a fixed start that no structure of the data is orthogonal to
  let direction = normalise(Float64Array.from({ length: dimension }, (_, k) => 0.5 + (k * 0.6180339887498949) % 1))
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const offset = dotAt(mean, 0, direction, 0, dimension)
    const next = new Float64Array(dimension)
    for (let i = 0; i < count; i++) {
      const along = dotAt(inputs, i * dimension, direction, 0, dimension) - offset
      for (let k = 0; k < dimension; k++) next[k]! += along * (inputs[i * dimension + k]! - mean[k]!)
    }
    if (norm(next) === 0) break
    normalise(next)
    const change = 1 - dotAt(next, 0, direction, 0, dimension)
    direction = next
    if (change < tolerance) break
  }
  const largest = direction.reduce((best, value) => Math.abs(value) > Math.abs(best) ? value : best, 0)
  return largest < 0 ? direction.map(value => -value) : direction
}

/** Scales to length 1, in place. */
function normalise (vector: Float64Array): Float64Array {
  const length = norm(vector)
  for (let k = 0; k < vector.length; k++) vector[k]! /= length
  return vector
}

/** Norm over the outputs, per gamma. */
function normsOf ({ re, im }: Spectrum, outputs: number): Float64Array {
  return Float64Array.from({ length: re.length / outputs }, (_, k) => {
    let sum = 0
    for (let i = k * outputs; i < (k + 1) * outputs; i++) sum += re[i]! ** 2 + im[i]! ** 2
    return Math.sqrt(sum)
  })
}
