/** Several data sets one after the other, where their fields are equal; classes are matched by name. */
import { AppError } from '../../errors.js'
import { sortKeys } from '../../math/sort-keys.js'
import { concatenate } from '../concatenate.js'
import type { IncomingDataset, IncomingSplit } from '../dataset-file.js'
import { sayField, type Fields } from '../description.js'
import { changeLabels, withClasses } from './targets.js'

/** @throws AppError invalid_dataset naming the first field, or the words, that differ */
export function merge (parents: IncomingDataset[]): IncomingDataset {
  const [first, ...others] = parents as [IncomingDataset, ...IncomingDataset[]]
  others.forEach((other, i) => { checkEqual(first, other, i + 1) })
  const names = [...new Set(parents.flatMap(namesOf))]
  const fields = names.length > 0 ? withClasses(first.description.fields, names) : first.description.fields
  const join = (name: 'train' | 'test'): IncomingSplit => concatenate(parents.map(parent => renumber(parent, parent[name], names)))
  const train = join('train')
  const test = join('test')
  return { ...first, description: { fields, counts: { train: train.count, test: test.count } }, train, test }
}

function namesOf ({ description: { fields: { target } } }: IncomingDataset): string[] {
  return target?.type === 'classes' ? target.names : []
}

function renumber (parent: IncomingDataset, split: IncomingSplit, names: string[]): IncomingSplit {
  const own = namesOf(parent)
  if (own.every((name, label) => names[label] === name)) return split
  const codes = own.map(name => names.indexOf(name))
  return changeLabels(split, parent.description.fields, label => codes[label]!)
}

/** @param place of the other one in the list */
function checkEqual (first: IncomingDataset, other: IncomingDataset, place: number): void {
  const [ours, theirs] = [first.description.fields, other.description.fields]
  for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    if (shapeOf(ours, name) === shapeOf(theirs, name)) continue
    throw new AppError('invalid_dataset',
      `${name} of the data set of.${place} must be as that of the first, ${sayField(ours[name])}, got ${sayField(theirs[name])}${sayDetails(ours, theirs, name)}`)
  }
  if (JSON.stringify(first.words) !== JSON.stringify(other.words)) {
    throw new AppError('invalid_dataset', `the data set of.${place} must have the words of the first, so that equal tokens are equal words, got others`)
  }
}

function shapeOf (fields: Fields, name: string): string {
  const field = fields[name]
  return JSON.stringify(field?.type === 'classes' ? field.type : sortKeys(field ?? null))
}

/** Where two fields look alike in words. */
function sayDetails (ours: Fields, theirs: Fields, name: string): string {
  return sayField(ours[name]) === sayField(theirs[name]) ? ' with other columns or another way of coding' : ''
}
