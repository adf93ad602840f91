/** Draws the errors of all bands over the records as the heat map of the F-Principle papers. */
import { encode } from 'fast-png'
import type { SpectralHistory } from './history.js'
import type { Band } from './probe.js'

/** Pixels. Records that do not fit in are left out evenly, the newest never. */
const width = 480
const rowHeight = 24

/** Colours end at these errors, as in the published code. */
const range = { min: 0.1, max: 1 }

/** ColorBrewer's RdBu in 11 classes, red for learned, blue for not learned; between them colours are mixed linearly. */
const colours = [
  [0x67, 0x00, 0x1f], [0xb2, 0x18, 0x2b], [0xd6, 0x60, 0x4d], [0xf4, 0xa5, 0x82], [0xfd, 0xdb, 0xc7], [0xf7, 0xf7, 0xf7],
  [0xd1, 0xe5, 0xf0], [0x92, 0xc5, 0xde], [0x43, 0x93, 0xc3], [0x21, 0x66, 0xac], [0x05, 0x30, 0x61]
]

/** An error that is no number, and a history without records. */
const grey = [0x80, 0x80, 0x80]

/** The colour of a relative error, [red, green, blue] 0 .. 255: red below 0.1, blue above 1. */
export function colourOf (error: number): number[] {
  if (Number.isNaN(error)) return grey
  const place = (Math.min(range.max, Math.max(range.min, error)) - range.min) / (range.max - range.min) * (colours.length - 1)
  const below = colours[Math.floor(place)]!
  const above = colours[Math.ceil(place)]!
  return below.map((value, i) => Math.round(value + (above[i]! - value) * (place % 1)))
}

/**
 * Draws the heat map: a row of 24 pixels per band, the lowest at the bottom; records from left to right over 480 pixels.
 * @param bands ascending by frequency @returns PNG
 */
export function drawHeatMap (bands: readonly Band[], { errors }: SpectralHistory): Uint8Array {
  const height = rowHeight * bands.length
  const data = new Uint8Array(height * width * 3)
  bands.forEach((_, band) => {
    const line = new Uint8Array(width * 3)
    for (let x = 0; x < width; x++) {
      const record = errors.length < width ? Math.floor(x * errors.length / width) : Math.round(x * (errors.length - 1) / (width - 1))
      line.set(colourOf(errors[record]?.[band] ?? NaN), 3 * x)
    }
    const top = (bands.length - 1 - band) * rowHeight
    for (let y = top; y < top + rowHeight; y++) data.set(line, y * width * 3)
  })
  return encode({ width, height, channels: 3, depth: 8, data })
}
