/** How stored units become what a network sees: measured on the examples that it is trained on. */
import type { Dataset, FieldArray, Preprocessing, Scale } from '../../datasets/dataset.js'
import type { Field } from '../../datasets/description.js'
import type { Head } from '../../tensor/heads/index.js'
import type { Scaling } from './data.js'

export interface PreprocessingOptions {
  /** examples that are trained on, the first so many; all when left out */
  count?: number
  /** targets of values have a scale of their own; those of other heads never */
  head?: Head['type']
}

/** What float32 can multiply by without becoming infinite, or a number so small that devices take it for 0. */
const leastScale = 1e-37
const largestScale = 1e37

/** Measures the preprocessing of a scaling on the training examples of a data set. */
export function preprocessingOf (
  scaling: Scaling, { fields, train }: Pick<Dataset, 'fields' | 'train'>, { count = train.count, head = 'classes' }: PreprocessingOptions = {}
): Preprocessing {
  const measured = (field: Field, values: FieldArray, chosen: Scaling): Scale =>
    measure(chosen === 'auto' ? automatic(field) : chosen, values.subarray(0, count * (values.length / train.count)), entriesOf(field))
  const { inputs, target } = fields
  const scale = inputs.type === 'tokens' ? asStored : measured(inputs, train.arrays.inputs!, scaling)
  if (head !== 'values' || target?.type !== 'values' || scaling === 'none') return scale
  const { offset, scale: by } = measured(target, train.arrays.target!, scaling)
  const each = (values: number | number[]) => typeof values === 'number' ? target.columns.map(() => values) : values
  return { ...scale, target: { offset: each(offset), scale: each(by) } }
}

const asStored: Scale = { offset: 0, scale: 1 }

function automatic ({ type }: Field): Scaling {
  return type === 'image' ? 'unit' : 'standard'
}

/** Numbers that have a mean of their own: columns, or channels of a picture. */
function entriesOf (field: Field): number {
  switch (field.type) {
    case 'image': case 'features': return field.shape.at(-1)!
    case 'values': return field.columns.length
    default: return 1
  }
}

/** @param values [count, ..., entries] by rows */
function measure (scaling: Scaling, values: FieldArray, entries: number): Scale {
  switch (scaling) {
    case 'none': return asStored
    case 'unit': return { offset: 0, scale: values instanceof Uint8Array ? 1 / 255 : reciprocal(largestOf(values)) }
    default: return standardOf(values, entries)
  }
}

function largestOf (values: FieldArray): number {
  let largest = 0
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!))
  return largest
}

/**
 * Means and reciprocals of standard deviations, in Float64 and in two passes: a mean far from 0 costs no digits. What is
 * constant has no deviation: it becomes 0, and another value, once it comes, counts by its share of the constant.
 */
function standardOf (values: FieldArray, entries: number): { offset: number[], scale: number[] } {
  const count = Math.max(1, values.length / entries)
  const offset = sums(values, entries, value => value).map(sum => sum / count)
  const squares = sums(values, entries, (value, k) => (value - offset[k]!) ** 2)
  const varies = new Array<boolean>(entries).fill(false)
  for (let i = entries; i < values.length; i++) if (values[i] !== values[i - entries]) varies[i % entries] = true
  return { offset, scale: offset.map((mean, k) => reciprocal(varies[k] ? Math.sqrt(squares[k]! / count) : Math.abs(mean))) }
}

function sums (values: FieldArray, entries: number, of: (value: number, k: number) => number): number[] {
  const totals = new Float64Array(entries)
  for (let i = 0, k = 0; i < values.length; i++, k = k + 1 === entries ? 0 : k + 1) totals[k]! += of(values[i]!, k)
  return Array.from(totals)
}

function reciprocal (size: number): number {
  return size > 0 ? Math.min(largestScale, Math.max(leastScale, 1 / size)) : 1
}
