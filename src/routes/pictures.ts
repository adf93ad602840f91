/** Draws a field of a stored example as PNG, pixel by pixel. */
import { encode } from 'fast-png'
import { AppError } from '../errors.js'
import type { Example, ExampleField } from '../datasets/dataset-file.js'
import { classPalette, encodeIndexed } from '../figures/indexed-png.js'

/** @throws AppError not_found for a field that there is not, not_acceptable for what is no picture */
export function drawField ({ fields }: Pick<Example, 'fields'>, name: string): Buffer {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (field === undefined) throw new AppError('not_found', `field must be one of ${Object.keys(fields).join(', ')}, got ${JSON.stringify(name)}`)
  switch (field.type) {
    case 'image': return drawImage(field)
    case 'classMap': return encodeIndexed(Uint8Array.from(field.values), field.shape as [number, number], classPalette())
    default: throw new AppError('not_acceptable', `only an image and a classMap have a picture, got ${field.type} in ${name}`)
  }
}

/** Values of 0 .. 255 are pixels as they are; others are stretched so that the least is black. */
function drawImage ({ shape, values }: Extract<ExampleField, { type: 'image' }>): Buffer {
  const [height, width, channels] = shape
  if (![1, 3, 4].includes(channels!)) {
    throw new AppError('not_acceptable', `only images of [height, width, 1, 3 or 4] have a picture, got [${shape.join(', ')}]`)
  }
  const min = values.reduce((a, b) => Math.min(a, b), Infinity)
  const max = values.reduce((a, b) => Math.max(a, b), -Infinity)
  const isBytes = min >= 0 && max <= 255 && values.every(Number.isInteger)
  const scale = isBytes || max === min ? 1 : 255 / (max - min)
  const data = Uint8Array.from(values, value => isBytes ? value : Math.round((value - min) * scale))
  return Buffer.from(encode({ width: width!, height: height!, channels: channels!, depth: 8, data }))
}
