/** Draws a field of a stored example as PNG, pixel by pixel. */
import { AppError } from '../errors.js'
import type { Example, ExampleField } from '../datasets/dataset-file.js'
import { encodeImage, isShown } from '../figures/image-png.js'
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

function drawImage (field: Extract<ExampleField, { type: 'image' }>): Buffer {
  if (!isShown(field)) {
    throw new AppError('not_acceptable', `only images of [height, width, 1, 3 or 4] have a picture, got [${field.shape.join(', ')}]`)
  }
  return encodeImage(field)
}
