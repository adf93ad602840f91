/** The kernels of a network's first layer, and a picture of them. */
import { encode } from 'fast-png'
import type { NamedArray, NamedArrays } from '../../../src/math/arrays.js'

/** [height, width, channels, filters] */
export function firstKernels (arrays: NamedArrays): NamedArray {
  return arrays['layer0.weight']!
}

/** A PNG of the first channel of every filter side by side: grey is 0, white the largest magnitude. */
export function drawKernels ({ shape, data }: NamedArray): Uint8Array {
  const [height, width, channels, filters] = shape as [number, number, number, number]
  const largest = Math.max(...[...data].map(Math.abs)) || 1
  const pixels = new Uint8Array(height * width * filters)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let filter = 0; filter < filters; filter++) {
        const value = data[(y * width + x) * channels * filters + filter]!
        pixels[y * width * filters + filter * width + x] = Math.round(127.5 * (1 + value / largest))
      }
    }
  }
  return encode({ width: width * filters, height, channels: 1, data: pixels })
}
