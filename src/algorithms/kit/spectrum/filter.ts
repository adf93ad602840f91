/**
 * The filtering method for data of any dimension: a Gaussian kernel over the inputs splits target and outputs in a low
 * and a high part. K_ij = exp(-|x_i - x_j|^2 / (2 delta)), rows scaled to sum 1; y_low = K y; y_high = y - y_low, of y and h
 * less the means of their columns; e_low = |h_low - y_low| / |y_low|, e_high likewise. Low frequencies come first when
 * e_low < e_high during training. A low part is one of the target only where it is larger than that of shuffled targets.
 */
import { AppError } from '../../../errors.js'
import { columnMeans, entriesOf, shuffledOf, shuffleOf, withoutMeans, type Shuffled } from './nulls.js'
import { noiseFloor, type Band, type Probe } from './probe.js'
import { dotAt, norm, squaredDistanceAt } from '../../../math/vectors.js'

export interface FilterProbeOptions {
  /** delta of every kernel, in units of the mean squared distance between two inputs, > 0 and different */
  widths: number[]
  /** numbers per example in target and outputs */
  outputs: number
}

/** Shuffles of the target: n^2 additions each, so the fewest whose largest is their 95th percentile. */
const shuffles = 19

/** Of a target, relatively, what its means leave behind when they are taken off a constant. */
const rounding = 1e-12

/** All kernels together; 8 n^2 bytes each. */
const maxBytes = 256 * 2 ** 20

/**
 * Opens the filtering probe: two bands per width, 'low W' and 'high W'. A part in which the target has nothing is left
 * out: a kernel that is narrower than the distance to every neighbour has no high part. A low part that is not above those
 * of shuffled targets is noise; a high part has no such test, for shuffling makes it larger.
 * The kernels are made once, n^2 d operations, and shuffled targets filtered, 19 n^2 per width; measuring costs n^2 x outputs
 * per width.
 * @param inputs [n, d] by rows
 * @param target [n, outputs] by rows; one-hot for classes, against probabilities
 * @throws AppError invalid_spec when the kernels take more than 256 MiB, unmeasurable when all inputs or all rows of the target are equal
 */
export function createFilterProbe (inputs: Float64Array, target: Float64Array, { widths, outputs }: FilterProbeOptions): Probe {
  const count = target.length / outputs
  const bytes = 8 * count ** 2 * widths.length
  if (bytes > maxBytes) {
    throw new AppError('invalid_spec', `${widths.length} kernels of ${count} x ${count} examples must take at most ${maxBytes} bytes, got ${bytes}`)
  }
  const distances = squaredDistances(inputs, count)
  const mean = distances.reduce((sum, value) => sum + value, 0) / (count * (count - 1))
  if (!(mean > 0)) throw new AppError('unmeasurable', 'inputs must differ to be filtered, got equal ones')
  const kernels = widths.map(width => kernelOf(distances, count, width * mean))
  const split = (values: Float64Array) => {
    const centred = withoutMeans(values, outputs)
    return kernels.map(kernel => partsOf(kernel, centred, outputs))
  }
  const goal = split(target)
  const nulls = kernels.map(kernel => shuffledNorms(kernel, target, outputs))

  // A kernel of width delta lets frequencies below about 1 / sqrt(delta) pass. Bands stand at the middle of their
  // range, where the high parts are taken to end at twice the highest cutoff: so every low part is below every high one.
  const cutoffs = widths.map(width => 1 / Math.sqrt(width))
  const top = 2 * Math.max(...cutoffs)
  const size = Math.sqrt(count)
  const floor = Math.max(noiseFloor * norm(withoutMeans(target, outputs)), rounding * norm(target))
  const rows = widths.flatMap((width, i) => (['low', 'high'] as const).map(part => {
    const goalNorm = norm(goal[i]![part])
    const key = `${part} ${width}`
    const frequency = part === 'low' ? cutoffs[i]! / 2 : (cutoffs[i]! + top) / 2
    const { median, high } = nulls[i]![part]
    const isNoise = part === 'low' && goalNorm <= high
    const shuffled = { median: median / size, high: high / size }
    const band: Band = { key, label: key, frequency, amplitude: goalNorm / size, shuffled, isNoise }
    return { band, part, index: i, goalNorm }
  })).filter(({ goalNorm }) => goalNorm > floor).sort((a, b) => a.band.frequency - b.band.frequency)
  if (rows.length === 0) throw new AppError('unmeasurable', 'rows of the target must differ, got equal ones')

  return {
    bands: rows.map(({ band }) => band),
    measure (values) {
      const fit = split(values)
      return Float64Array.from(rows, ({ part, index, goalNorm }) => norm(subtract(fit[index]![part], goal[index]![part])) / goalNorm)
    },
    spectrum (values) {
      const fit = split(values)
      return rows.map(({ band, part, index }) => (
        { frequency: band.frequency, target: band.amplitude, fit: norm(fit[index]![part]) / size, shuffled: band.shuffled! }
      ))
    }
  }
}

/** |x_i - x_j|^2, [n, n]. */
function squaredDistances (inputs: Float64Array, count: number): Float64Array {
  const dimension = inputs.length / count
  const distances = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const sum = squaredDistanceAt(inputs, i * dimension, j * dimension, dimension)
      distances[i * count + j] = sum
      distances[j * count + i] = sum
    }
  }
  return distances
}

/** K of one width, its rows scaled to sum 1, [n, n]. */
function kernelOf (distances: Float64Array, count: number, delta: number): Float64Array {
  const kernel = distances.map(distance => Math.exp(-distance / (2 * delta)))
  for (let i = 0; i < count; i++) {
    const row = kernel.subarray(i * count, (i + 1) * count)
    const sum = row.reduce((total, value) => total + value, 0)
    for (let j = 0; j < count; j++) row[j]! /= sum
  }
  return kernel
}

interface Parts { low: Float64Array, high: Float64Array }

/** low = K values, high = values - low, [n, outputs]. */
function partsOf (kernel: Float64Array, values: Float64Array, outputs: number): Parts {
  const count = values.length / outputs
  const low = new Float64Array(values.length)
  for (let o = 0; o < outputs; o++) {
    const column = Float64Array.from({ length: count }, (_, j) => values[j * outputs + o]!)
    for (let i = 0; i < count; i++) low[i * outputs + o] = dotAt(kernel, i * count, column, 0, count)
  }
  return { low, high: subtract(values, low) }
}

/** Norms of the parts of the target with its rows shuffled: K y = K (y - mean) + mean, since its rows sum to 1. */
function shuffledNorms (kernel: Float64Array, target: Float64Array, outputs: number): Record<'low' | 'high', Shuffled> {
  const count = target.length / outputs
  const means = columnMeans(target, outputs)
  const { rows, columns, values } = entriesOf(target, outputs)
  const low = new Float64Array(outputs)
  const norms = Array.from({ length: shuffles }, (_, s) => {
    const order = shuffleOf(s, count)
    const places = rows.map(row => order[row]!)
    const sums = { low: 0, high: 0 }
    for (let row = 0; row < count; row++) {
      const at = order[row]! * count
      low.fill(0)
      for (let e = 0; e < places.length; e++) low[columns[e]!]! += values[e]! * kernel[at + places[e]!]!
      for (let o = 0; o < outputs; o++) {
        sums.low += (low[o]! - means[o]!) ** 2
        sums.high += (target[row * outputs + o]! - low[o]!) ** 2
      }
    }
    return sums
  })
  return { low: shuffledOf(norms.map(({ low }) => Math.sqrt(low))), high: shuffledOf(norms.map(({ high }) => Math.sqrt(high))) }
}

function subtract (a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!)
}
