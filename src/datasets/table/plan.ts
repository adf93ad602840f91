/** What every column of a table becomes among the inputs, and which numbers stand where. */
import type { Column, SourceColumn } from '../description.js'
import { broken, show, type UploadedFile } from '../limits.js'
import { dateParts } from '../description.js'
import type { DateOrder } from './date-cells.js'
import type { TypedColumn } from './find-types.js'
import { nameColumn, type Header } from './header.js'
import { MOST_WORDS, type DetailedType, type TableOptions } from './options.js'
import type { ColumnProfile } from './profile.js'
import { sortWords } from './targets.js'

type Part = typeof dateParts[number]

/** A column that becomes numbers: from `at` on, `width` of them; the one for missing cells is the last. */
export type PlannedColumn = { profile: ColumnProfile, name: string, at: number, width: number, missing: boolean } & (
  | { type: 'number' }
  | { type: 'category', words: string[], coding: 'one-hot' | 'ordinal', other: boolean }
  | { type: 'date', parts: Part[], order: DateOrder, /** found while rows are encoded */ range?: [string, string] })

/** What the inputs of a table are made of. */
export interface InputPlan { columns: PlannedColumn[], width: number }

/** Plans the inputs. @throws AppError invalid_dataset where cells have no value and nobody said what to do */
export function planInputs (columns: TypedColumn[], header: Header, { missingCells = 'refuse' }: TableOptions): InputPlan {
  let width = 0
  const planned = columns.map(column => {
    const { profile } = column
    if (missingCells === 'refuse' && profile.firstMissing !== undefined) throw refuseMissing(profile, header)
    const one = planColumn(column, String(header.names?.[profile.position] ?? profile.position), width)
    width += one.width
    return one
  })
  return { columns: planned, width }
}

/** Names of the numbers among the inputs: age, workclass=Private, when.year, age missing. */
export function nameInputs ({ columns }: InputPlan): Column[] {
  return columns.flatMap(column => [...nameNumbers(column), ...(column.missing && !isOrdinal(column) ? [`${column.name} missing`] : [])].map(name => ({ name })))
}

/** Says how columns became numbers. @param fills  what stands where a cell has no value, by position among the inputs */
export function describeSource ({ columns }: InputPlan, fills: ReadonlyMap<number, number>): SourceColumn[] {
  return columns.map((column): SourceColumn => {
    const { name, at, width, missing } = column
    const fill = (count: number): number[] => Array.from({ length: count }, (_, i) => fills.get(at + i) ?? 0)
    switch (column.type) {
      case 'number': return { type: 'number', name, at, ...(missing ? { missing: { fill: fill(1)[0]!, at: at + width - 1 } } : {}) }
      case 'category': return { type: 'category', name, at, words: column.words, coding: column.coding, other: column.other, missing }
      case 'date': return {
        type: 'date', name, at, parts: column.parts, ...(missing ? { missing: { fill: fill(column.parts.length), at: at + width - 1 } } : {})
      }
    }
  })
}

/** Whether every input is a number as it stands in the file. */
export function isPlain ({ columns }: InputPlan): boolean {
  return columns.every(({ type, missing }) => type === 'number' && !missing)
}

/** Whether one number stands for the word. */
export function isOrdinal (column: PlannedColumn): boolean {
  return column.type === 'category' && column.coding === 'ordinal'
}

function planColumn ({ profile, type, told, order }: TypedColumn, name: string, at: number): PlannedColumn {
  const missing = profile.firstMissing !== undefined
  const common = { profile, name, at, missing }
  switch (type) {
    case 'number': return { ...common, type, width: missing ? 2 : 1 }
    case 'date': {
      const { has } = profile.dates
      const parts = dateParts.slice(0, has === 'day' ? 4 : has === 'minute' ? 6 : 7)
      return { ...common, type, parts, order: order!, width: parts.length + (missing ? 1 : 0) }
    }
    case 'category': {
      const { words, other, coding } = chooseWords(profile, told?.detail?.type === 'category' ? told.detail : undefined)
      return { ...common, type, words, other, coding, width: coding === 'ordinal' ? 1 : words.length + (other ? 1 : 0) + (missing ? 1 : 0) }
    }
    default: throw new Error(`A column of ${type} must be no input`)
  }
}

/** Words with a number of their own: those that are told, or the most frequent ones of the training file, sorted. */
function chooseWords ({ words: { counts, isFull } }: ColumnProfile, told: Extract<DetailedType, { type: 'category' }> | undefined) {
  const coding = told?.coding ?? 'one-hot'
  const trained = [...counts].filter(([, { train }]) => train > 0)
  if (told?.words !== undefined) {
    const known = new Set(told.words)
    return { coding, words: told.words, other: isFull || [...counts.keys()].some(word => !known.has(word)) }
  }
  const most = told?.most ?? (coding === 'ordinal' ? Infinity : MOST_WORDS)
  trained.sort(([a, one], [b, two]) => two.train - one.train || (a < b ? -1 : 1))
  const words = sortWords(trained.slice(0, most).map(([word]) => word))
  return { coding, words, other: isFull || counts.size > words.length }
}

function nameNumbers (column: PlannedColumn): string[] {
  const { name } = column
  switch (column.type) {
    case 'number': return [name]
    case 'date': return column.parts.map(part => `${name}.${part}`)
    case 'category': return column.coding === 'ordinal' ? [name] : [...column.words.map(word => `${name}=${word}`), ...(column.other ? [`${name} other`] : [])]
  }
}

/** The error for a column whose cells have no value, where nobody said what to do. */
export function refuseMissing ({ firstMissing, position, missing }: ColumnProfile, header: Header) {
  const { file, line, text }: { file: UploadedFile, line: number, text: string } = firstMissing!
  return broken(file, `line ${line}, ${nameColumn(position, header)} must have a value, got ${show(text)}, as ${missing.train + missing.test} of the column's cells; ` +
    'say missingCells=mean or missingCells=median to fill them, or let columns say that it is to be ignored')
}
