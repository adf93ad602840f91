/**
 * Discrete Fourier transform of real samples on a half-open periodic grid, and the probe of one-dimensional targets.
 * F(k) = sum_j f(x_j) exp(-2 pi i j k / N). Direct sums: N is at most some thousands, and few bins are wanted at a time.
 */
import { AppError } from '../../../errors.js'
import { noiseFloor, relativeError, type Band, type Probe, type SpectralError } from './probe.js'

/** Complex numbers, bin by bin. */
export interface Spectrum { re: Float64Array, im: Float64Array }

export interface GridProbeOptions {
  /** bins to follow, integers 0 .. N/2, cycles per domain; the target's peaks when absent */
  frequencies?: number[]
  /** peaks are sought in the first so many bins, 40 by default, at most N/2 + 1 */
  bins?: number
  error: SpectralError
}

/**
 * Computes F(k) for the wanted bins.
 * @param samples [N] @param frequencies integers 0 .. N - 1
 */
export function transform (samples: Float64Array, frequencies: readonly number[]): Spectrum {
  return transformWith(twiddlesOf(samples.length), samples, frequencies)
}

/** cos and sin of 2 pi j / N, [N]; every product j k is looked up modulo N, so no angle grows. */
interface Twiddles { cos: Float64Array, sin: Float64Array }

function twiddlesOf (count: number): Twiddles {
  const angle = (_: unknown, j: number) => 2 * Math.PI * j / count
  const angles = Float64Array.from({ length: count }, angle)
  return { cos: angles.map(Math.cos), sin: angles.map(Math.sin) }
}

function transformWith ({ cos, sin }: Twiddles, samples: Float64Array, frequencies: readonly number[]): Spectrum {
  const count = samples.length
  const re = new Float64Array(frequencies.length)
  const im = new Float64Array(frequencies.length)
  frequencies.forEach((frequency, k) => {
    let at = 0
    let real = 0
    let imaginary = 0
    for (let j = 0; j < count; j++) {
      real += samples[j]! * cos[at]!
      imaginary -= samples[j]! * sin[at]!
      at += frequency
      if (at >= count) at -= count
    }
    re[k] = real
    im[k] = imaginary
  })
  return { re, im }
}

/** |F(k)| of every bin. */
export function magnitudesOf ({ re, im }: Spectrum): Float64Array {
  return re.map((real, k) => Math.hypot(real, im[k]!))
}

/** What the error of a band is the norm of: H - F, or |H| - |F| as a real part. */
export function differenceOf (fit: Spectrum, goal: Spectrum, error: SpectralError): Spectrum {
  if (error === 'complex') {
    return { re: fit.re.map((value, i) => value - goal.re[i]!), im: fit.im.map((value, i) => value - goal.im[i]!) }
  }
  const goalSizes = magnitudesOf(goal)
  return { re: magnitudesOf(fit).map((size, i) => size - goalSizes[i]!), im: new Float64Array(fit.im.length) }
}

/** Neighbours that differ by less than this, relatively, are equal: which of them is larger is rounding. */
const tie = 1e-9

/**
 * Positions of strict local maxima, the first and the last position excluded, none below 1e-6 of the largest value.
 * Of neighbours that are equal none is a maximum.
 */
export function findPeaks (magnitudes: Float64Array): number[] {
  const floor = noiseFloor * magnitudes.reduce((max, value) => Math.max(max, value), 0)
  const peaks: number[] = []
  for (let k = 1; k < magnitudes.length - 1; k++) {
    const here = magnitudes[k]! * (1 - tie)
    if (magnitudes[k]! > floor && here > magnitudes[k - 1]! && here > magnitudes[k + 1]!) peaks.push(k)
  }
  return peaks
}

/**
 * Opens the probe of a target on a grid. Band amplitudes are those of sines: 2 |F(k)| / N (|F(k)| / N for k = 0 and N/2).
 * @param target [N] samples on a half-open periodic grid
 * @throws AppError invalid_spec when a frequency is no bin, unmeasurable when the target has nothing there or no peak
 */
export function createGridProbe (target: Float64Array, { frequencies, bins = 40, error }: GridProbeOptions): Probe {
  const count = target.length
  const nyquist = Math.floor(count / 2)
  const twiddles = twiddlesOf(count)
  const all = Array.from({ length: Math.min(bins, nyquist + 1) }, (_, k) => k)
  const amplitude = (magnitude: number, k: number) => magnitude * (k === 0 || 2 * k === count ? 1 : 2) / count
  const targetMagnitudes = magnitudesOf(transformWith(twiddles, target, all))
  const chosen = frequencies ?? findPeaks(targetMagnitudes)
  if (chosen.length === 0) {
    throw new AppError('unmeasurable', `the target must have a peak within its first ${all.length} bins, or frequencies be given, got none`)
  }
  const wanted = [...chosen].sort((a, b) => a - b)
  const wrong = wanted.find((k, i) => !Number.isInteger(k) || k < 0 || k > nyquist || k === wanted[i - 1])
  if (wrong !== undefined) throw new AppError('invalid_spec', `frequencies must be different integers from 0 to ${nyquist}, got ${wrong}`)
  const goal = transformWith(twiddles, target, wanted)
  const goalMagnitudes = magnitudesOf(goal)
  const floor = noiseFloor * Math.max(...targetMagnitudes, ...goalMagnitudes)
  const empty = wanted.find((_, i) => !(goalMagnitudes[i]! > floor))
  if (empty !== undefined) {
    throw new AppError('unmeasurable', `frequencies must be bins in which the target has more than ${noiseFloor} of its largest amplitude, got ${empty}`)
  }

  return {
    bands: wanted.map((frequency, i): Band => (
      { key: String(frequency), label: String(frequency), frequency, amplitude: amplitude(goalMagnitudes[i]!, frequency) }
    )),
    measure (outputs) {
      const differences = magnitudesOf(differenceOf(transformWith(twiddles, outputs, wanted), goal, error))
      return goalMagnitudes.map((size, i) => relativeError(error, differences[i]!, size))
    },
    spectrum (outputs) {
      const fit = magnitudesOf(transformWith(twiddles, outputs, all))
      return all.map(k => ({ frequency: k, target: amplitude(targetMagnitudes[k]!, k), fit: amplitude(fit[k]!, k) }))
    }
  }
}
