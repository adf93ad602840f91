/** What a row has in a named column: of the table as it was, of its numbers, or of the target. */
import { AppError } from '../../errors.js'
import { sizeOf } from '../../math/arrays.js'
import { layoutOf, type Field, type Fields } from '../description.js'
import { toCell } from '../table/codings.js'
import type { Condition } from './spec.js'

/** A value of a row: a number, a word, a date as 2026-11-28, or null where it has none. */
type Value = number | string | null

/** The numbers of a field of one example. */
type Row = Float32Array | Uint8Array

/** Reads one column of the rows of a field. */
export interface ColumnReader { field: 'inputs' | 'target', type: 'number' | 'category' | 'date', read (row: Row): Value }

/** Finds a column. @throws AppError invalid_dataset for one that there is none of */
export function findColumn ({ inputs, target }: Fields, name: string): ColumnReader {
  const source = inputs.type === 'features' ? inputs.source ?? [] : []
  const column = source.find(column => column.name === name)
  if (column !== undefined) return { field: 'inputs', type: column.type, read: row => toCell(column, row) }
  for (const [field, names] of [['inputs', namesOf(inputs)], ['target', namesOf(target)]] as const) {
    const at = names.indexOf(name)
    if (at >= 0) return { field, type: 'number', read: row => row[at]! }
  }
  const known = [...new Set([...source.map(({ name }) => name), ...namesOf(inputs), ...namesOf(target)])].slice(0, 100)
  throw new AppError('invalid_dataset',
    `column must be one of ${known.map(name => JSON.stringify(name)).join(', ') || 'none: there are no names'}, got ${JSON.stringify(name)}`)
}

/**
 * What says whether a value of a column is as a condition wants it; numbers are compared as float32, as they are stored.
 * @throws AppError invalid_dataset for bounds that its values have no order for
 */
export function toTest ({ type }: ColumnReader, { column, is, oneOf, atLeast, atMost, missing }: Condition): (value: Value) => boolean {
  const wanted = oneOf ?? (is === undefined ? undefined : [is])
  const bounds = [atLeast, atMost].filter(bound => bound !== undefined)
  const unfit = bounds.find(bound => type === 'category' || (typeof bound === 'number') !== (type === 'number'))
  if (unfit !== undefined) {
    const rule = { number: 'has numbers: a bound must be one', date: 'has dates: a bound must be one, as in "2026-11-28"', category: 'has words: say is or oneOf' }
    throw new AppError('invalid_dataset', `column ${JSON.stringify(column)} ${rule[type]}, got ${JSON.stringify(unfit)}`)
  }
  const isEqual = (value: number | string) => (one: number | string): boolean =>
    typeof value === 'number' ? Math.fround(value) === Math.fround(Number(one)) : value === String(one)
  const round = <T extends number | string>(value: T): T => typeof value === 'number' ? Math.fround(value) as T : value
  return value => {
    if (missing !== undefined && missing !== (value === null)) return false
    if (value === null) return wanted === undefined && bounds.length === 0
    if (wanted !== undefined && !wanted.some(isEqual(value))) return false
    if (is !== undefined && !isEqual(value)(is)) return false
    return (atLeast === undefined || round(value) >= round(atLeast)) && (atMost === undefined || round(value) <= round(atMost))
  }
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

function namesOf (field: Field | undefined): string[] {
  return field?.type === 'features' || field?.type === 'values' ? (field.columns ?? []).map(({ name }) => name) : []
}
