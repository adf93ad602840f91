/**
 * Preprocessing in plain numbers, with the roundings of float32 that a device makes: what the tensor layer's preprocess()
 * computes, for what is computed beside it, and the units of targets. A leaf without framework.
 */
import type { FieldArray, Preprocessing, Scale } from './dataset.js'

/** The changes of the numbers of one example: those of the last axis, again and again. */
export interface NumberScales { offsets: Float64Array, scales: Float64Array }

/** Spells a scale out. @param width numbers of one example: a multiple of those of the last axis */
export function perNumber ({ offset, scale }: Scale, width: number): NumberScales {
  const spread = (values: number | number[]) =>
    Float64Array.from({ length: width }, (_, k) => typeof values === 'number' ? values : values[k % values.length]!)
  return { offsets: spread(offset), scales: spread(scale) }
}

/** How many numbers of the last axis have a scale of their own; 1 where one is for all. */
export function entriesOf ({ offset, scale }: Scale): number {
  return Math.max(...[offset, scale].map(values => typeof values === 'number' ? 1 : values.length))
}

/** One number as a device makes it of a stored one, in float32. @param k its place in its example */
export function seenNumber (value: number, { offsets, scales }: NumberScales, k: number): number {
  return Math.fround(Math.fround(value - Math.fround(offsets[k]!)) * Math.fround(scales[k]!))
}

/**
 * Targets of values as a network is trained on them: (target - offset) * scale; as they are where nothing is said.
 * @param values [examples, numbers of a target] by rows, in the data set's units
 */
export function scaleTargets<T extends FieldArray> (values: T, { target }: Pick<Preprocessing, 'target'>): T | Float32Array {
  if (target === undefined) return values
  const numbers = perNumber(target, target.offset.length)
  return Float32Array.from(values, (value, i) => seenNumber(value, numbers, i % target.offset.length))
}

/** What a network says of values, in the data set's units: the inverse of scaleTargets, in Float64. */
export function unscaleTargets (values: ArrayLike<number>, { target }: Pick<Preprocessing, 'target'>): number[] {
  if (target === undefined) return Array.from(values)
  const { offsets, scales } = perNumber(target, target.offset.length)
  return Array.from(values, (value, i) => value / scales[i % scales.length]! + offsets[i % offsets.length]!)
}
