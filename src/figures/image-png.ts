/** Images as PNG, pixel by pixel. */
import { encode } from 'fast-png'

export interface Image { shape: readonly number[], values: ArrayLike<number> }

/** @returns whether a PNG can show an image of [height, width, channels] */
export function isShown ({ shape }: Pick<Image, 'shape'>): boolean {
  return [1, 3, 4].includes(shape[2]!)
}

/** Values of 0 .. 255 are pixels as they are; others are stretched so that the least is black. */
export function toBytes (values: ArrayLike<number>): Uint8Array {
  let [min, max, isBytes] = [Infinity, -Infinity, true]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    min = Math.min(min, value)
    max = Math.max(max, value)
    isBytes &&= Number.isInteger(value)
  }
  if (isBytes && min >= 0 && max <= 255) return Uint8Array.from(values)
  const scale = max === min ? 1 : 255 / (max - min)
  return Uint8Array.from(values, value => Math.round((value - min) * scale))
}

/** Encodes an image that a PNG can show. */
export function encodeImage ({ shape: [height, width, channels], values }: Image): Buffer {
  return Buffer.from(encode({ width: width!, height: height!, channels: channels!, depth: 8, data: toBytes(values) }))
}
