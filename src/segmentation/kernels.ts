/**
 * The loops over all pixels of a picture: WebAssembly (assembly/), an instance with a memory of its own for each picture at work.
 * A thread keeps one that is given back: fresh memory of the system takes longer to write than what is computed there.
 */
import { readFileSync } from 'node:fs'
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { align, createLender, type Memory } from '../math/web-assembly.js'

/** Pointers are bytes of the memory; `way` is how many pixels on a neighbour is. */
export interface Kernels {
  /** @returns the sum of |I_p - I_q|^2 of the pixels p from one on */
  sumSquares (from: number, until: number, way: number): number
  /** Writes most exp(exponent |I_p - I_q|^2) of the same. @param into Float64 [pixels] */
  weigh (from: number, until: number, way: number, most: number, exponent: number, into: number): void
  /** @param gaussians Float64 [components, 10] @param into Float64 [pixels + 3] @param likeliest Uint8 [pixels + 3] */
  costs (pixels: number, gaussians: number, components: number, into: number, likeliest: number): void
  /** Writes the colours of a label's pixels. @param labelling Uint8 [pixels + 15] @param into Uint8 [count, channels] @returns count */
  gather (pixels: number, label: number, labelling: number, into: number): number
  /** @param labelling, seeds, likeliest Uint8 [pixels] @param own, found Float64 [components, 10], to which is added */
  addMoments (pixels: number, label: number, labelling: number, seeds: number, likeliest: number, own: number, found: number): void
  /** colours/interior.ts. @param labelling, seeds, flat, into Uint8 [pixels + 15]; flat is scratch */
  writeInterior (width: number, height: number, labelling: number, seeds: number, flat: number, into: number): void
  /** Writes 0 as what the label of a seed costs, Infinity for others. @param unary Float64 [labels, pixels] */
  fixSeeds (pixels: number, labels: number, seeds: number, unary: number): void
  /** Writes by how much each of two labels costs more than the cheaper one. @param zero, one Float64 [pixels + 1] */
  writeExcesses (pixels: number, unary: number, zero: number, one: number): void
  /** @returns the sum of what the labels of pixels cost. @param labelling Uint8 [pixels] */
  sumUnary (pixels: number, labelling: number, unary: number): number
  /** @returns the sum and the weights of those pairs that have different labels. @param labelling Uint8 [pixels + 15] */
  addPairs (sum: number, from: number, until: number, way: number, labelling: number, weights: number): number
}

interface Exports extends Kernels {
  readonly memory: Memory
  heapBase (): number
  usePicture (samples: number, pixels: number, channels: number, at: number, size: number): void
}

/** A picture in the memory of its kernels, beside which more can be laid. */
export interface KernelPicture {
  kernels: Kernels
  height: number
  width: number
  channels: 1 | 3
  /** of the picture itself */
  pixels: number
  /** Lays an array behind the others; what is there is what another picture left. @returns its place, a multiple of 16 */
  lay (bytes: number): number
  /** What lies at a place, until more is laid: then the memory may be another one. */
  bytesAt (place: number, length: number): Uint8Array
  numbersAt (place: number, length: number): Float64Array
  /** @returns where an array lies @throws RangeError for one that does not lie here */
  placeOf (array: Float64Array): number
  /** Gives the memory to the next picture; nothing of it is used any more. */
  close (): void
}

/** Kernels read and write up to so many bytes, or numbers, more than there are. */
export const SLACK = 15

/** Kept is that of one picture of up to a million pixels with two labels and 8 neighbours. */
const { borrow, giveBack } = createLender<Exports>(
  () => readFileSync(new URL('kernels.wasm', import.meta.url)), { spare: 1, bytes: 80 * 1024 * 1024 }
)

/** Opens a picture. */
export function openPicture ({ height, width, channels, data }: Pixels): KernelPicture {
  const exports = borrow()
  const pixels = height * width
  let free = exports.heapBase()
  const lay = (bytes: number): number => {
    const place = free
    free = align(free + bytes)
    exports.reserve(free)
    return place
  }
  const bytesAt = (place: number, length: number): Uint8Array => new Uint8Array(exports.memory.buffer, place, length)
  const size = align(pixels + SLACK)
  const planes = lay(channels * size)
  const samples = lay(data.length)
  bytesAt(samples, data.length).set(data)
  exports.usePicture(samples, pixels, channels, planes, size)
  return {
    kernels: exports,
    height,
    width,
    channels,
    pixels,
    lay,
    bytesAt,
    numbersAt: (place, length) => new Float64Array(exports.memory.buffer, place, length),
    placeOf (array) {
      if (array.buffer === exports.memory.buffer) return array.byteOffset
      throw new RangeError('an array must lie in the memory of the picture')
    },
    close: () => { giveBack(exports) }
  }
}
