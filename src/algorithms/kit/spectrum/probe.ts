/**
 * What every spectral measurement gives: bands of a target, and how far outputs of a model are from it in each of them.
 * dft.ts does it on a grid, image.ts on a picture, filter.ts and projection.ts on examples of any dimension.
 */
import type { Shuffled } from './nulls.js'

/**
 * How outputs H differ from the target F in a band.
 * complex: |H - F| / |F|, sees a wrong phase too.
 * magnitude: | |H| - |F| | / (1e-5 + |F|), the form of the published code of the F-Principle papers: blind to the phase.
 */
export type SpectralError = 'complex' | 'magnitude'

/** One row of the heat map. */
export interface Band {
  /** unique, short, goes into metric names: '1', '4-7', 'low 0.5' */
  key: string
  /** for axes */
  label: string
  /** for ordering: cycles per domain, middle of a range of radii, … */
  frequency: number
  /** of the target in this band, > 0 */
  amplitude: number
  /** of the same target with its rows shuffled over the examples; none on grids, whose points have an order */
  shuffled?: Shuffled
  /** the target has no more here than shuffled ones: it is measured, and no part of an order */
  isNoise?: boolean
}

/** One point of two spectra: amplitudes of the target and of a model's outputs. */
export interface SpectrumPoint {
  frequency: number
  target: number
  fit: number
  /** of the target, shuffled, where there is such a null */
  shuffled?: Shuffled
}

export interface Probe {
  /** ascending by frequency */
  readonly bands: Band[]
  /** @param outputs of the model at the probe's inputs, [n] or [n, outputs] by rows @returns relative error per band, [bands] */
  measure (outputs: Float64Array): Float64Array
  /** Amplitudes over all bins, radii or parts, not only those of the bands. */
  spectrum (outputs: Float64Array): SpectrumPoint[]
}

/** Parts of a target below this fraction of the largest are rounding noise, not signal. */
export const noiseFloor = 1e-6

/** The published code adds it to |F| before it divides. */
const magnitudeOffset = 1e-5

/**
 * Relative error of one band.
 * @param difference complex: norm of H - F over the band; magnitude: norm of |H| - |F|
 * @param target     norm of F over the band, not 0
 */
export function relativeError (error: SpectralError, difference: number, target: number): number {
  return error === 'complex' ? difference / target : difference / (magnitudeOffset + target)
}
