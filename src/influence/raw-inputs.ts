/** Raw inputs of questions as the numbers that a data set would have stored: arrays, rows of a table, text. */
import type { Field } from '../datasets/description.js'
import { readRow } from '../datasets/table/rows.js'
import { indexWords, toTokens, type WordIndex } from '../datasets/words/tokens.js'
import { sizeOf } from '../math/arrays.js'
import type { ModelBundle } from './bundle.js'
import { refuse } from './refusals.js'

/** Numbers in stored units. @throws invalid_input */
export function readNumbers (input: unknown[], path: string, inputShape: readonly number[], field: Field): Float64Array {
  const values = readArray(input, path, inputShape, 'inputs')
  if (field.type !== 'tokens') return values
  const at = values.findIndex(token => !Number.isInteger(token) || token < 0 || token >= field.vocabulary)
  if (at >= 0) refuse(`${path}[${at}]`, `must be a token, 0 .. ${field.vocabulary - 1}`, values[at])
  return values
}

/** A row of the table that the model's data set was. @throws invalid_input naming the column */
export function readObject (row: Record<string, unknown>, field: Field, path: string): Float32Array {
  if (field.type !== 'features') refuse(path, `must be ${formOf(field)}, for the model’s inputs are no row of a table`, row)
  return readRow(field, row, (at, rule, got) => refuse(path + at, rule, got))
}

const indexes = new WeakMap<readonly string[], WordIndex>()

/** Text, by the words of the model's data set. @throws invalid_input */
export function readText (text: string, { fields, dataset }: Pick<ModelBundle, 'fields' | 'dataset'>, path: string): Int32Array {
  const { inputs } = fields
  if (inputs.type !== 'tokens') refuse(path, `must be ${formOf(inputs)}, for the model does not read text`, text)
  const { words } = dataset ?? {}
  if (words === undefined || inputs.text === undefined) refuse(path, `must be ${formOf(inputs)}, for it is not known which words they are`, text)
  const index = indexes.get(words) ?? indexWords(words)
  indexes.set(words, index)
  return toTokens(text, index, { length: inputs.shape[0]!, lowerCase: inputs.text.lowerCase })
}

/** What an input is instead. */
export function formOf (field: Field): string {
  const numbers = 'shape' in field ? `numbers of shape [${field.shape.join(', ')}]` : 'numbers'
  return field.type === 'features' ? `${numbers}, or a row of the table` : field.type === 'tokens' ? `tokens, an array of ${field.shape[0]}` : numbers
}

/** Reads numbers that are flat, or nested as the shape is; one channel may be left out. */
export function readArray (input: unknown[], path: string, shape: readonly number[], what: string): Float64Array {
  const isFlat = typeof input[0] === 'number'
  const nested = shape.at(-1) === 1 && shape.length > 1 && depthOf(input) === shape.length - 1 ? shape.slice(0, -1) : shape
  const values: number[] = []
  collect(input, path, isFlat ? [sizeOf(shape)] : nested, values, `${what} have shape [${shape}]`)
  return Float64Array.from(values)
}

function collect (value: unknown, path: string, shape: readonly number[], into: number[], why: string): void {
  if (shape.length === 0) {
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) refuse(path, 'must be a number that is finite in float32', value)
    into.push(value)
    return
  }
  if (!Array.isArray(value) || value.length !== shape[0]) {
    const got = Array.isArray(value) ? `an array of ${value.length}` : value
    refuse(path, `must be an array of ${shape[0]}, for ${why}`, got)
  }
  value.forEach((member, i) => collect(member, `${path}[${i}]`, shape.slice(1), into, why))
}

function depthOf (value: unknown): number {
  return Array.isArray(value) ? 1 + depthOf(value[0]) : 0
}
