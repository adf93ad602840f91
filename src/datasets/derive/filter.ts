/** Some of the examples of a data set: by class, by position, by what stands in a column. */
import { AppError } from '../../errors.js'
import type { IncomingDataset, IncomingSplit } from '../dataset-file.js'
import type { Fields } from '../description.js'
import { pickRows, readClasses } from '../split.js'
import { findColumn, readRows, toTest } from './columns.js'
import type { Condition, DeriveOf, Rows } from './spec.js'
import { changeLabels, classNames, withClasses } from './targets.js'

/** @throws AppError invalid_dataset for classes, positions and columns that there are none of, and when a split would be empty */
export function filter (parent: IncomingDataset, { classes, train, test, where }: DeriveOf<'filter'>): IncomingDataset {
  const { fields } = parent.description
  const keeps = classes === undefined ? undefined : findClasses(fields, classes)
  const stay = (name: 'train' | 'test', rows: Rows | undefined): IncomingSplit => {
    const split = parent[name]
    const marks = markRows(split.count, rows, name)
    if (keeps !== undefined) readClasses(split, fields).forEach((label, row) => { if (!keeps.has(label)) marks[row] = 0 })
    for (const condition of where ?? []) markWhere(split, fields, condition, marks)
    const left = pickRows(split, fields, marks, 1)
    return keeps === undefined ? left : changeLabels(left, fields, label => keeps.get(label)!)
  }
  const left = { train: stay('train', train), test: stay('test', test) }
  const names = keeps && classNames(fields, 'classes').filter((_, label) => keeps.has(label))
  const counts = { train: left.train.count, test: left.test.count }
  return { ...parent, ...left, description: { fields: names ? withClasses(fields, names) : fields, counts } }
}

/** @returns the new number of each class that stays, by its old one */
function findClasses (fields: Fields, wanted: string[]): Map<number, number> {
  const names = classNames(fields, 'classes')
  const unknown = wanted.find(name => !names.includes(name))
  if (unknown !== undefined) throw new AppError('invalid_dataset', `classes must be of ${sayNames(names)}, got ${JSON.stringify(unknown)}`)
  const kept = names.flatMap((name, label) => wanted.includes(name) ? [label] : [])
  return new Map(kept.map((label, place) => [label, place]))
}

function markRows (count: number, rows: Rows | undefined, split: string): Uint8Array {
  const named = rows?.keep ?? rows?.drop ?? []
  checkIndices(named, count, split)
  const marks = new Uint8Array(count).fill(rows?.keep === undefined ? 1 : 0)
  for (const row of named) marks[row] = 1 - marks[row]!
  return marks
}

function markWhere (split: IncomingSplit, fields: Fields, condition: Condition, marks: Uint8Array): void {
  const column = findColumn(fields, condition.column)
  const isWanted = toTest(column, condition)
  let row = 0
  for (const numbers of readRows(split.fields[column.field]!(), fields[column.field]!)) {
    if (!isWanted(column.read(numbers))) marks[row] = 0
    row++
  }
}

/** @throws AppError invalid_dataset for a position beyond the split */
export function checkIndices (indices: number[], count: number, split: string): void {
  const beyond = indices.find(index => index >= count)
  if (beyond !== undefined) throw new AppError('invalid_dataset', `positions in ${split} must be 0 .. ${count - 1}, got ${beyond}`)
}

/** Names of classes as messages list them. */
export function sayNames (names: string[]): string {
  const shown = names.slice(0, 20).map(name => JSON.stringify(name)).join(', ')
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown
}
