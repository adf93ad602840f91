/**
 * Rows of a table as people write them, {age: 39, workclass: 'Private'}, and the numbers that stand for them among the
 * inputs of an example: from one to the other and back, without loss. What is read here was read from a file before
 * (the encoding is told by SourceColumn); a column's coding: codings.ts.
 */
import { findClose } from '../../choices.js'
import type { FieldOf, SourceColumn } from '../description.js'
import { readCell, toCell } from './codings.js'

/** A row by the names of the table's columns; null where a cell has no value. */
export type Row = Record<string, number | string | null>

/** Says what is wrong with a row. @param path from the row on: '' the row itself, '.age', '["capital gain"]' */
export type RefuseRow = (path: string, rule: string, got: unknown) => never

/** The table's columns that the numbers of a field were made of; undefined where they have no names. */
export function sourceOf ({ source, columns }: FieldOf<'features'>): readonly SourceColumn[] | undefined {
  return source ?? columns?.map(({ name }, at) => ({ type: 'number' as const, name, at }))
}

/**
 * Reads a row: every column of the table, and no other.
 * @returns what stands for it among the inputs, as stored
 */
export function readRow (field: FieldOf<'features'>, row: Record<string, unknown>, refuse: RefuseRow): Float32Array {
  const [width] = field.shape as [number]
  const source = sourceOf(field)
  if (source === undefined) refuse('', `must be an array of ${width} numbers, for they have no names`, row)
  const names = source.map(({ name }) => name)
  for (const name of Object.keys(row)) {
    if (!names.includes(name)) refuse(memberPath(name), unknownRule(name, names), row[name])
  }
  const values = new Float32Array(width)
  for (const column of source) {
    const path = memberPath(column.name)
    const cell = Object.hasOwn(row, column.name) ? row[column.name] : refuse(path, `is required: a row has ${names.length} columns`, null)
    readCell(column, cell, values, (rule, got) => refuse(path, rule, got))
  }
  return values
}

/**
 * The row that numbers stand for: readRow() gives the same numbers back.
 * @param values numbers of one example, as stored
 * @returns undefined where they have no names
 */
export function toRow (field: FieldOf<'features'>, values: ArrayLike<number>): Row | undefined {
  const source = sourceOf(field)
  return source && Object.fromEntries(source.map(column => [column.name, toCell(column, values)]))
}

function unknownRule (name: string, names: readonly string[]): string {
  const close = findClose(name, names)
  return `is not a column of the table; ${close === undefined ? `those are ${names.join(', ')}` : `did you mean ${close}?`}`
}

/** How a member is reached from its object, as JavaScript has it. */
function memberPath (name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}
