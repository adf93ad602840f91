/**
 * Which pixels of a picture should have the same label, and how much so: W = sum_m w_m D_m^-1/2 F_m D_m^-1/2, with a Gaussian
 * filter F_m of the pixels' positions, or of positions and colours (bilateral), for each kernel. W is symmetric. A pixel is
 * its own neighbour, too: that adds nothing to the energy of labels, and keeps W of exact kernels positive semidefinite, for
 * which mean field never goes up (dense-crf.ts). Kraehenbuehl, Koltun 2011, "Efficient Inference in Fully Connected CRFs with
 * Gaussian Edge Potentials".
 */
import { createExactFilter } from './exact.js'
import type { Features, Normalisation } from './filter.js'
import { createLattice } from './lattice.js'

export interface DensePicture {
  /** pixels */
  width: number
  height: number
  /** grey: 1, colours: 3; others are taken likewise */
  channels: number
  /** [height, width, channels], grey levels (0 .. 255); finite */
  pixels: ArrayLike<number>
}

export interface PairwiseKernel {
  /** w: > 0, what a pixel that has the label of all that are like it is spared */
  weight: number
  /** standard deviation of positions, in pixels: > 0 */
  position: number
  /** standard deviation of every channel, in grey levels: > 0; positions alone when left out */
  colour?: number
}

export interface PairwiseOptions {
  /** `lattice` (the default), or `exact`: sums over all pairs, of at most 4,096 pixels */
  method?: 'lattice' | 'exact'
  /** `symmetric` when left out; the sums of `none` have another scale on a lattice than exact ones: about half of them */
  normalisation?: Exclude<Normalisation, 'mean'>
}

/** W of a picture: is made once, and applied to any number of values. */
export interface DensePairwise {
  readonly width: number
  readonly height: number
  /** what it keeps */
  readonly bytes: number
  /** W 1: [height, width] */
  readonly degrees: Float32Array
  /**
   * Writes W v.
   * @param values [channels, height, width], finite
   * @param into   [channels, height, width]; not `values`
   * @throws RangeError for lengths that are others
   */
  apply (values: Float32Array, channels: number, into: Float32Array): void
}

/** What to begin with on photographs: widths and weights of the dense CRFs that Marin, Tang, Ben Ayed, Boykov 2019 compare with. */
export const defaultKernels: readonly PairwiseKernel[] = [{ weight: 10, position: 80, colour: 13 }, { weight: 3, position: 3 }]

/**
 * Makes W of a picture.
 * @throws RangeError for a picture or a kernel that is none, and for a size that the method cannot have
 */
export function createDensePairwise (
  picture: DensePicture, kernels: readonly PairwiseKernel[], { method = 'lattice', normalisation = 'symmetric' }: PairwiseOptions = {}
): DensePairwise {
  checkPicture(picture)
  if (kernels.length === 0) throw new RangeError('kernels must be one or more, got none')
  kernels.forEach(checkKernel)
  const { width, height } = picture
  const points = width * height
  const create = method === 'exact' ? createExactFilter : createLattice
  const parts = kernels.map(kernel => ({ weight: kernel.weight, filter: create(featuresOf(picture, kernel), normalisation) }))

  function apply (values: Float32Array, channels: number, into: Float32Array): void {
    parts.forEach(({ weight, filter }, i) => { filter.apply(values, channels, into, weight, i > 0) })
  }

  const degrees = new Float32Array(points)
  apply(new Float32Array(points).fill(1), 1, degrees)
  const bytes = parts.reduce((sum, { filter }) => sum + filter.bytes, degrees.byteLength)
  return { width, height, bytes, degrees, apply }
}

/** Positions, and colours if the kernel looks at them, in its widths: some at a time, for all of them are as much as the lattice. */
function featuresOf ({ width, height, channels, pixels }: DensePicture, { position, colour }: PairwiseKernel): Features {
  const colours = colour === undefined ? 0 : channels
  const values = (first: number, into: Float64Array) => {
    for (let i = first, at = 0; at < into.length; i++) {
      into[at++] = i % width / position
      into[at++] = Math.floor(i / width) / position
      for (let c = 0; c < colours; c++) into[at++] = pixels[i * channels + c]! / colour!
    }
  }
  return { values, points: width * height, dimension: 2 + colours }
}

function checkPicture ({ width, height, channels, pixels }: DensePicture): void {
  const sizes = { width, height, channels }
  for (const [name, size] of Object.entries(sizes)) {
    if (!(Number.isInteger(size) && size >= 1)) throw new RangeError(`${name} must be a whole number >= 1, got ${size}`)
  }
  const length = width * height * channels
  if (pixels.length !== length) throw new RangeError(`pixels must be ${height} x ${width} x ${channels} numbers, got ${pixels.length}`)
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(pixels[i])) throw new RangeError(`pixel ${Math.floor(i / channels)} must have finite numbers, got ${pixels[i]}`)
  }
}

function checkKernel (kernel: PairwiseKernel, number: number): void {
  for (const name of ['weight', 'position', 'colour'] as const) {
    const value = kernel[name]
    if (name === 'colour' && value === undefined) continue
    if (!(value! > 0 && value! < Infinity)) throw new RangeError(`${name} of kernel ${number} must be a finite number > 0, got ${value}`)
  }
}
