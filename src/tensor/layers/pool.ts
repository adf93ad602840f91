/** What the pools share: disjoint squares of one size. */
import { Type } from '../../schema/type.js'
import { pictureOf, refuse, type Place } from './layer.js'

export const poolSize = Type.Integer({ description: 'Height and width of the window (unit: pixels)', minimum: 1, maximum: 31, default: 2 })

/** @throws invalid_spec when not one window fits */
export function pooledShape (type: string, size: number, place: Place): number[] {
  const [height, width, channels] = pictureOf(place, type)
  if (Math.min(height, width) < size) refuse(place.path, `needs a picture of at least ${size} pixels a side`, place.inputs[0])
  return [Math.floor(height / size), Math.floor(width / size), channels]
}
