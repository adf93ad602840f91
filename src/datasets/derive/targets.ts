/** Classes of derived data sets: matched by name and numbered anew. */
import { AppError } from '../../errors.js'
import { inMemory, type IncomingSplit } from '../dataset-file.js'
import type { Fields } from '../description.js'
import { readClasses } from '../split.js'

/** Names of the classes of a data set. @throws AppError invalid_dataset where its target has none */
export function classNames ({ target }: Fields, what: string): string[] {
  if (target?.type === 'classes') return target.names
  throw new AppError('invalid_dataset', `${what} needs a target of classes, got ${target?.type ?? 'none'}`)
}

/** Fields with other classes. @throws AppError invalid_dataset for fewer than two */
export function withClasses (fields: Fields, names: string[]): Fields {
  if (names.length < 2) throw new AppError('invalid_dataset', `2 classes or more must be left, got ${names.length}`)
  return { ...fields, target: { type: 'classes', names } }
}

/** A split whose class numbers become others. @param change is given a number and the position of its example */
export function changeLabels (split: IncomingSplit, fields: Fields, change: (label: number, index: number) => number): IncomingSplit {
  return { ...split, fields: { ...split.fields, target: () => inMemory(readClasses(split, fields).map(change))() } }
}
