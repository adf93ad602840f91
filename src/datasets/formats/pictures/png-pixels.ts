/** What the samples of a PNG look like: grey or red, green, blue in 8 bits, over black where they are transparent. */
import type { Pixels } from './picture.js'
import type { Png } from './png.js'

/** @returns the pixels, and whether any of them was transparent */
export function toPixels (png: Png): { pixels: Pixels, isTransparent: boolean } {
  const { height, width, samples, depth } = png
  const channels = hasColour(png) ? 3 : 1
  const alpha = readAlpha(png)
  // as they stand: most pictures are so
  if (alpha === undefined && depth === 8 && png.type !== 3) {
    return { pixels: { height, width, channels, data: samples as Uint8Array }, isTransparent: false }
  }
  const data = new Uint8Array(height * width * channels)
  // the colours of a picture whose palette is grey are taken once each
  const step = png.type === 3 ? 1 : png.channels
  const own = png.type === 3 ? 3 : channels // samples of a colour
  const source = png.type === 3 ? png.palette : samples
  const scale = png.type === 3 || depth === 8 ? 1 : 255 / (2 ** depth - 1)
  let isTransparent = false
  for (let pixel = 0; pixel < height * width; pixel++) {
    const opacity = alpha?.(pixel) ?? 255
    if (opacity !== 255) isTransparent = true
    const from = png.type === 3 ? samples[pixel]! * own : pixel * step
    for (let channel = 0; channel < channels; channel++) {
      const sample = source[from + channel] ?? 0
      const value = png.type !== 3 && depth === 16 ? sample >> 8 : sample * scale
      data[pixel * channels + channel] = opacity === 255 ? value : Math.round(value * opacity / 255)
    }
  }
  return { pixels: { height, width, channels, data }, isTransparent }
}

/** A picture has colour where its file has channels for it, or a palette that is not grey. */
function hasColour ({ type, palette }: Png): boolean {
  if (type !== 3) return type === 2 || type === 6
  for (let i = 0; i < palette.length; i += 3) {
    if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) return true
  }
  return false
}

/** @returns what gives the opacity of a pixel, 0 .. 255; undefined where all of them are opaque */
export function readAlpha ({ type, channels, depth, samples, transparency }: Png): ((pixel: number) => number) | undefined {
  if (type === 4 || type === 6) {
    const shift = depth - 8
    return pixel => samples[pixel * channels + channels - 1]! >> shift
  }
  if (transparency === undefined) return undefined
  if (type === 3) return pixel => transparency[samples[pixel]!] ?? 255
  if (transparency.length < 2 * channels) return undefined
  const key = Array.from({ length: channels }, (_, channel) => transparency.readUInt16BE(2 * channel))
  return pixel => key.every((sample, channel) => samples[pixel * channels + channel] === sample) ? 0 : 255
}
