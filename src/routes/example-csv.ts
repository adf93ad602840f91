/** Examples as lines of CSV (RFC 4180): the inputs by their columns, then the target. */
import { AppError } from '../errors.js'
import type { Example, ExampleField } from '../datasets/dataset-file.js'
import type { Field, Fields } from '../datasets/description.js'
import { shortest } from '../datasets/table/codings.js'

type Cell = string | number | null

/** @throws AppError not_acceptable when a field has more than a row can show */
export function examplesToCsv (fields: Fields, examples: Example[]): string {
  const shown = Object.entries(fields)
  const columns = shown.map(([name, field]) => nameCells(name, field))
  const rows = examples.map(({ index, fields }) => [index, ...shown.flatMap(([name], i) => toCells(fields[name]!, columns[i]!))])
  return [['index', ...columns.flat()], ...rows].map(cells => cells.map(quote).join(',')).join('\r\n') + '\r\n'
}

function nameCells (name: string, field: Field): string[] {
  switch (field.type) {
    case 'features': return (field.source ?? field.columns)?.map(({ name }) => name) ?? Array.from({ length: field.shape[0]! }, (_, i) => `${i}`)
    case 'tokens': return field.text ? ['text'] : Array.from({ length: field.shape[0]! }, (_, i) => `${i}`)
    case 'values': return field.columns.map(({ name }) => name)
    case 'classes': return [name]
    default: throw new AppError('not_acceptable', `${name} must be features, tokens, classes or values to be CSV, got ${field.type}`)
  }
}

function toCells (field: ExampleField, names: string[]): Cell[] {
  switch (field.type) {
    case 'features': return field.row ? names.map(name => field.row![name] ?? null) : field.values.map(shortest) // an object has its own order of names that are numbers
    case 'tokens': return field.text === undefined ? field.values : [field.text]
    case 'classes': return [field.name]
    default: return field.values.map(shortest)
  }
}

function quote (cell: Cell): string {
  const text = String(cell ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
