/** What a row has in a named column: of the table as it was, of its numbers, or of the target. */
import { AppError } from '../../errors.js'
import { sizeOf } from '../../math/arrays.js'
import { layoutOf, type Field, type Fields, type SourceColumn } from '../description.js'
import type { Condition } from './spec.js'

/** A value of a row: a number, a word, or undefined where it has none. */
type Value = number | string | undefined

/** The numbers of a field of one example. */
type Row = Float32Array | Uint8Array

/** Reads one column of a row of numbers of a field. */
export interface ColumnReader { field: 'inputs' | 'target', read (row: Row): Value }

/** Finds a column. @throws AppError invalid_dataset for one that there is none of, or that has no value to compare */
export function findColumn ({ inputs, target }: Fields, name: string): ColumnReader {
  const source = inputs.type === 'features' ? inputs.source?.find(column => column.name === name) : undefined
  if (source !== undefined) return { field: 'inputs', read: readerOf(source, inputs) }
  for (const [field, { columns = [] }] of [['inputs', columnsOf(inputs)], ['target', columnsOf(target)]] as const) {
    const at = columns.findIndex(column => column.name === name)
    if (at >= 0) return { field, read: row => row[at] }
  }
  const known = [...inputs.type === 'features' ? inputs.source ?? [] : [], ...columnsOf(inputs).columns ?? [], ...columnsOf(target).columns ?? []]
  throw new AppError('invalid_dataset', `column must be one of ${[...new Set(known.map(column => JSON.stringify(column.name)))].slice(0, 100).join(', ') || 'none: there are no names'}, got ${JSON.stringify(name)}`)
}

/** Says whether a value is what a condition wants; numbers as float32, as they are stored. */
export function meets (value: Value, { is, oneOf, atLeast, atMost, missing }: Condition): boolean {
  if (missing !== undefined && missing !== (value === undefined)) return false
  if (is === undefined && oneOf === undefined && atLeast === undefined && atMost === undefined) return true
  if (value === undefined) return false
  const equals = (wanted: number | string): boolean => value === (typeof value === 'number' ? Math.fround(Number(wanted)) : String(wanted))
  if (is !== undefined && !equals(is)) return false
  if (oneOf !== undefined && !oneOf.some(equals)) return false
  if (typeof value === 'string') return atLeast === undefined && atMost === undefined
  return value >= Math.fround(atLeast ?? -Infinity) && value <= Math.fround(atMost ?? Infinity)
}

/** Reads rows of numbers one by one; a row is the reader's only until the next one. */
export function * readRows (pieces: Iterable<Buffer>, field: Field): Generator<Row> {
  const { dtype, shape } = layoutOf(field)
  const row = new (dtype === 'U8' ? Uint8Array : Float32Array)(sizeOf(shape))
  const bytes = Buffer.from(row.buffer)
  let filled = 0
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const copied = piece.copy(bytes, filled, at)
      at += copied
      filled += copied
      if (filled < bytes.length) continue
      filled = 0
      yield row
    }
  }
}

function columnsOf (field: Field | undefined) {
  return field?.type === 'features' || field?.type === 'values' ? field : { columns: undefined }
}

function readerOf (column: SourceColumn, inputs: Field): (row: Row) => Value {
  switch (column.type) {
    case 'number': {
      const { at, missing } = column
      return row => missing !== undefined && row[missing.at] === 1 ? undefined : row[at]
    }
    case 'category': {
      const { at, words, coding, other } = column
      // What stands behind the words: rarer ones, which are no word that could be asked for, then no value.
      const toValue = (position: number): Value => words[position] ?? (other && position === words.length ? '' : undefined)
      if (coding === 'ordinal') return row => toValue(row[at]!)
      const width = words.length + Number(other) + Number(column.missing)
      return row => toValue(row.subarray(at, at + width).indexOf(1))
    }
    case 'date': {
      const names = columnsOf(inputs).columns?.slice(column.at, column.at + column.parts.length).map(({ name }) => JSON.stringify(name))
      throw new AppError('invalid_dataset', `column ${JSON.stringify(column.name)} is a date: name one of its numbers, ${names?.join(', ')}`)
    }
  }
}
