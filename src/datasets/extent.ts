/**
 * Where in their common frame pictures of several sizes lie: the field `extent`, four numbers of each. What is outside is no part of
 * the picture: it has no label, and takes no part in what is computed of it. Unlabelled pixels inside do.
 */
import type { Window } from '../math/windows.js'
import type { Split } from './dataset.js'
import type { Field, FieldOf } from './description.js'

/** Name of the field. Without it all pictures fill their frame. */
export const EXTENT = 'extent'

const names = ['top', 'left', 'height', 'width'] as const

export const extentField: FieldOf<'values'> = { type: 'values', columns: names.map(name => ({ name, unit: 'px' })) }

/** Whether a field of this name is one. */
export function isExtent (field: Field): boolean {
  return field.type === 'values' && field.columns.map(({ name }) => name).join() === names.join()
}

/** Writes windows as the field has them. */
export function toExtents (windows: readonly Window[]): Float32Array {
  return Float32Array.from(windows.flatMap(window => names.map(name => window[name])))
}

/** Reads the first ones of a split. @param frame [height, width], that of pictures without the field */
export function readExtents ({ arrays }: Pick<Split, 'arrays'>, count: number, [height, width]: readonly [number, number]): Window[] {
  const values = arrays[EXTENT]
  return Array.from({ length: count }, (_, i) => values === undefined
    ? { top: 0, left: 0, height, width }
    : { top: values[4 * i]!, left: values[4 * i + 1]!, height: values[4 * i + 2]!, width: values[4 * i + 3]! })
}
