/** The loops over all pixels of a picture: WebAssembly (assembly/), an instance with a memory of its own for each use of a picture. */
import { readFileSync } from 'node:fs'
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { align, compileWasm, reserve, type Memory } from '../math/web-assembly.js'

/** Pointers are bytes of the memory; `way` is how many pixels on a neighbour is. */
export interface Kernels {
  /** @returns the sum of |I_p - I_q|^2 of the pixels p from one on */
  sumSquares (from: number, until: number, way: number): number
  /** Writes most exp(exponent |I_p - I_q|^2). @param into Float64 [pixels], of which those are written */
  weigh (from: number, until: number, way: number, most: number, exponent: number, into: number): void
  /** @param gaussians Float64 [components, 10] @param into Float64 [pixels + 3] @param likeliest Uint8 [pixels + 3] */
  costs (pixels: number, gaussians: number, components: number, into: number, likeliest: number): void
  /** @param labelling, seeds, likeliest Uint8 [pixels] @param own, found Float64 [components, 10], to which is added */
  addMoments (pixels: number, label: number, labelling: number, seeds: number, likeliest: number, own: number, found: number): void
}

interface Exports extends Kernels {
  readonly memory: Memory
  heapBase (): number
  usePlanes (at: number, size: number, channels: number): void
}

let instantiate: ReturnType<typeof compileWasm> | undefined

/**
 * Loads kernels with a picture.
 * @param bytes of further arrays
 * @returns where these begin, each at a multiple of 16 bytes, all zeros; the memory does not grow any more
 */
export function loadKernels (
  { channels, data }: Pixels, bytes: readonly number[]
): { kernels: Kernels, buffer: ArrayBuffer, places: number[] } {
  instantiate ??= compileWasm(readFileSync(new URL('kernels.wasm', import.meta.url)))
  const { memory, heapBase, usePlanes, ...kernels } = instantiate() as Exports
  const pixels = data.length / channels
  const size = align(pixels + SLACK)
  let free = heapBase() + channels * size
  const places = bytes.map(length => {
    const place = free
    free += align(length)
    return place
  })
  reserve(memory, free)
  usePlanes(heapBase(), size, channels)
  for (let channel = 0; channel < channels; channel++) {
    const plane = new Uint8Array(memory.buffer, heapBase() + channel * size, pixels)
    for (let p = 0, at = channel; p < pixels; p++, at += channels) plane[p] = data[at]!
  }
  return { kernels, buffer: memory.buffer, places }
}

/** Four samples are read at once. */
const SLACK = 3
