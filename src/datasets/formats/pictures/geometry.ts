/** How a picture of one size becomes one of another: a part of it is resized, and laid on an empty ground. */
import type { Pixels } from './picture.js'

export const fits = ['stretch', 'crop', 'pad', 'keep'] as const
export type Fit = typeof fits[number]

/** [height, width] */
export type Size = readonly [number, number]

export interface Geometry {
  /** the part of the picture that is seen */
  box: { top: number, left: number, height: number, width: number }
  /** what it is resized to */
  inner: Size
  /** where that lies */
  top: number
  left: number
  /** the whole */
  size: Size
}

/**
 * Says where the pixels of a picture go. crop keeps its middle, pad all of it; both keep its proportions. keep also keeps its pixels: it
 * must be no larger than the size.
 */
export function findGeometry ([height, width]: Size, size: Size, fit: Fit): Geometry {
  const whole = { top: 0, left: 0, height, width }
  switch (fit) {
    case 'stretch': return { box: whole, inner: size, top: 0, left: 0, size }
    case 'crop': {
      const scale = Math.max(size[0] / height, size[1] / width)
      const box = { height: within(size[0] / scale, height), width: within(size[1] / scale, width) }
      return { box: { ...box, top: (height - box.height) >> 1, left: (width - box.width) >> 1 }, inner: size, top: 0, left: 0, size }
    }
    case 'pad': {
      const scale = Math.min(size[0] / height, size[1] / width)
      return layInside(whole, [within(height * scale, size[0]), within(width * scale, size[1])], size)
    }
    case 'keep': return layInside(whole, [height, width], size)
  }
}

function layInside (box: Geometry['box'], inner: Size, size: Size): Geometry {
  return { box, inner, top: (size[0] - inner[0]) >> 1, left: (size[1] - inner[1]) >> 1, size }
}

function within (length: number, max: number): number {
  return Math.min(max, Math.max(1, Math.round(length)))
}

/** Says whether the part that is seen keeps its pixels as they are. */
export function keepsPixels ({ box, inner }: Geometry): boolean {
  return box.height === inner[0] && box.width === inner[1]
}

/** Says whether pixels are made up between those of the picture. */
export function isEnlarged ({ box, inner }: Geometry): boolean {
  return inner[0] > box.height || inner[1] > box.width
}

/** Cuts the part out. */
export function cut ({ width, channels, data }: Pixels, { box }: Geometry): Pixels {
  const out = new Uint8Array(box.height * box.width * channels)
  for (let row = 0; row < box.height; row++) {
    const from = ((box.top + row) * width + box.left) * channels
    out.set(data.subarray(from, from + box.width * channels), row * box.width * channels)
  }
  return { height: box.height, width: box.width, channels, data: out }
}

/** Lays a part of the inner size on its ground. @param ground what the rest is filled with */
export function lay ({ channels, data }: Pixels, { inner, top, left, size: [height, width] }: Geometry, ground: number): Pixels {
  if (inner[0] === height && inner[1] === width) return { height, width, channels, data }
  const out = new Uint8Array(height * width * channels).fill(ground)
  const rowBytes = inner[1] * channels
  for (let row = 0; row < inner[0]; row++) {
    out.set(data.subarray(row * rowBytes, (row + 1) * rowBytes), ((top + row) * width + left) * channels)
  }
  return { height, width, channels, data: out }
}

/** Resizes numbers of classes: each takes that of the nearest pixel, so that there is no new one. @param map [height, width] */
export function resizeNearest (map: Pixels, geometry: Geometry, ground: number): Pixels {
  const { box, inner } = geometry
  const part = cut(map, geometry)
  const data = new Uint8Array(inner[0] * inner[1])
  for (let row = 0; row < inner[0]; row++) {
    const from = Math.floor((row + 0.5) * box.height / inner[0]) * box.width
    for (let column = 0; column < inner[1]; column++) {
      data[row * inner[1] + column] = part.data[from + Math.floor((column + 0.5) * box.width / inner[1])]!
    }
  }
  return lay({ height: inner[0], width: inner[1], channels: 1, data }, geometry, ground)
}
