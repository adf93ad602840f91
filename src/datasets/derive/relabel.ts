/** Other classes for some examples, and other names for classes. */
import { AppError } from '../../errors.js'
import type { IncomingDataset } from '../dataset-file.js'
import { checkIndices, sayNames } from './filter.js'
import type { DeriveOf } from './spec.js'
import { changeLabels, classNames, withClasses } from './targets.js'

/** @throws AppError invalid_dataset for positions and classes that there are none of */
export function relabel (parent: IncomingDataset, { split, indices, labels }: DeriveOf<'relabel'>): IncomingDataset {
  const { fields } = parent.description
  const names = classNames(fields, 'relabel')
  if (labels.length !== indices.length) {
    throw new AppError('invalid_dataset', `labels must have a class for each of the ${indices.length} indices, got ${labels.length}`)
  }
  checkIndices(indices, parent[split].count, split)
  const codes = new Map(names.map((name, label) => [name, label]))
  const given = new Map(labels.map((label, i) => {
    const code = typeof label === 'number' ? label : codes.get(label)
    if (code === undefined || code >= names.length) {
      throw new AppError('invalid_dataset', `labels must be 0 .. ${names.length - 1} or of ${sayNames(names)}, got ${JSON.stringify(label)}`)
    }
    return [indices[i]!, code]
  }))
  return { ...parent, [split]: changeLabels(parent[split], fields, (label, index) => given.get(index) ?? label) }
}

/** @throws AppError invalid_dataset for classes that there are none of, and when fewer than two are left */
export function rename (parent: IncomingDataset, { classes }: DeriveOf<'rename'>): IncomingDataset {
  const { fields, counts } = parent.description
  const names = classNames(fields, 'rename')
  const unknown = Object.keys(classes).find(name => !names.includes(name))
  if (unknown !== undefined) throw new AppError('invalid_dataset', `classes must name some of ${sayNames(names)}, got ${JSON.stringify(unknown)}`)
  const renamed = names.map(name => classes[name] ?? name)
  const left = [...new Set(renamed)]
  const codes = renamed.map(name => left.indexOf(name))
  const change = (label: number): number => codes[label]!
  return {
    ...parent,
    description: { fields: withClasses(fields, left), counts },
    train: changeLabels(parent.train, fields, change),
    test: changeLabels(parent.test, fields, change)
  }
}
