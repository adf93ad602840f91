/** One cell of a table and the numbers that stand for it: how every type of column is coded, and read back. */
import type { SourceColumn } from '../description.js'
import { formatDate, partsOfDate } from './dates.js'

type Refuse = (rule: string, got: unknown) => never
type ColumnOf<T extends SourceColumn['type']> = Extract<SourceColumn, { type: T }>

/** Puts what stands for a cell of JSON among the numbers of its row. @param into numbers of the row, all 0 so far */
export function readCell (column: SourceColumn, cell: unknown, into: Float32Array, refuse: Refuse): void {
  const isEmpty = cell === null || cell === ''
  const hasNone = column.type === 'category' ? column.missing : column.missing !== undefined
  if (isEmpty && !hasNone) refuse('must have a value: no row without one was learned from', cell)
  switch (column.type) {
    case 'number': {
      if (isEmpty) return putMissing(column, into)
      if (typeof cell !== 'number' || !Number.isFinite(Math.fround(cell))) refuse('must be a number that is finite in float32', cell)
      into[column.at] = cell
      return
    }
    case 'category': {
      const code = isEmpty ? codeOfMissing(column) : codeOf(column, cell, refuse)
      if (column.coding === 'ordinal') into[column.at] = code
      else into[column.at + code] = 1
      return
    }
    case 'date': {
      if (isEmpty) return putMissing(column, into)
      if (typeof cell !== 'string') refuse('must be a date as text, such as "2026-11-28"', cell)
      into.set(partsOfDate(cell, column.parts) ?? refuse(`must be a date as text, such as "${formatDate([2026, 11, 28, 6, 13, 45, 0], column.parts)}"`, cell), column.at)
    }
  }
}

/** The cell that some numbers of a row stand for. */
export function toCell (column: SourceColumn, values: ArrayLike<number>): number | string | null {
  switch (column.type) {
    case 'number': return isMissing(column, values) ? null : shortest(values[column.at]!)
    case 'category': return wordOf(column, column.coding === 'ordinal' ? Math.round(values[column.at]!) : largestOf(column, values))
    case 'date': return isMissing(column, values)
      ? null
      : formatDate(column.parts.map((_, i) => values[column.at + i]!), column.parts)
  }
}

/** Numbers that stand for a cell, its missing indicator left out. */
export function numbersOf (column: SourceColumn): number {
  switch (column.type) {
    case 'number': return 1
    case 'category': return column.coding === 'ordinal' ? 1 : codesOf(column)
    case 'date': return column.parts.length
  }
}

/** The shortest decimal number that is the same in float32: 0.1, not 0.10000000149011612. */
export function shortest (value: number): number {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 24) return value
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9)) // nine tell all of float32 apart
}

type WithMissing = ColumnOf<'number'> | ColumnOf<'date'>

/** The fill stands where a cell has no value, and the indicator says so. */
function putMissing ({ at, missing }: WithMissing, into: Float32Array): void {
  into.set([missing!.fill].flat(), at)
  into[missing!.at] = 1
}

function isMissing ({ missing }: WithMissing, values: ArrayLike<number>): boolean {
  return missing !== undefined && values[missing.at] === 1
}

/** Codes of a category: the words, then any other word, then none; those that there are. */
function codesOf ({ words, other, missing }: ColumnOf<'category'>): number {
  return words.length + Number(other) + Number(missing)
}

function codeOfMissing (column: ColumnOf<'category'>): number {
  return codesOf(column) - 1
}

/** A word may come as a number: 1 is the word 1. */
function codeOf ({ words, other }: ColumnOf<'category'>, cell: unknown, refuse: Refuse): number {
  if (!['string', 'number', 'boolean'].includes(typeof cell)) refuse('must be a word', cell)
  const code = words.indexOf(String(cell).trim())
  if (code >= 0) return code
  return other ? words.length : refuse(`must be one of ${listed(words)}`, cell)
}

function listed (words: readonly string[]): string {
  return words.length <= 50 ? words.join(', ') : `${words.slice(0, 50).join(', ')} and ${words.length - 50} more`
}

/** The code whose number is the largest: of what was encoded the one that is 1. */
function largestOf (column: ColumnOf<'category'>, values: ArrayLike<number>): number {
  let largest = 0
  for (let code = 1; code < codesOf(column); code++) {
    if (values[column.at + code]! > values[column.at + largest]!) largest = code
  }
  return largest
}

function wordOf (column: ColumnOf<'category'>, code: number): string | null {
  const { words, other, missing } = column
  if (missing && code >= codeOfMissing(column)) return null
  if (code < words.length) return words[Math.max(0, code)]!
  return other ? otherWord(words) : words.at(-1)!
}

/** A word for all that are not among the words: other, or (other) where that is one of them. */
function otherWord (words: readonly string[]): string {
  let word = 'other'
  while (words.includes(word)) word = `(${word})`
  return word
}
