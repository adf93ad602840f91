/** Draws a stored example as PNG, pixel by pixel. */
import { encode } from 'fast-png'
import { AppError } from '../errors.js'
import type { Example } from '../datasets/format.js'

/**
 * Draws an example. Values of 0 .. 255 are pixels as they are; others are stretched so that the least is black.
 * @throws AppError not_acceptable for what is no picture
 */
export function drawExample ({ shape, values }: Pick<Example, 'shape' | 'values'>): Buffer {
  const [height, width, channels] = shape
  if (shape.length !== 3 || ![1, 3, 4].includes(channels!)) {
    throw new AppError('not_acceptable', `only inputs of [height, width, 1, 3 or 4] have a picture, got [${shape.join(', ')}]`)
  }
  const least = values.reduce((a, b) => Math.min(a, b), Infinity)
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity)
  const isBytes = least >= 0 && most <= 255 && values.every(Number.isInteger)
  const scale = isBytes || most === least ? 1 : 255 / (most - least)
  const data = Uint8Array.from(values, value => isBytes ? value : Math.round((value - least) * scale))
  return Buffer.from(encode({ width: width!, height: height!, channels: channels!, depth: 8, data }))
}
