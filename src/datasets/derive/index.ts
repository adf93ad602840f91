/** Makes data sets of others. Parents are read as streams; what is kept in memory is a mark and a class for every row. */
import { AppError } from '../../errors.js'
import { sizeOf } from '../../math/arrays.js'
import type { IncomingDataset } from '../dataset-file.js'
import { layoutOf } from '../description.js'
import type { UploadLimits } from '../limits.js'
import { fold, sample } from './draw.js'
import { filter } from './filter.js'
import { merge } from './merge.js'
import { relabel, rename } from './relabel.js'
import { scribble } from './scribbles.js'
import type { DeriveSpec } from './spec.js'

/**
 * Makes a data set of its parents, which come in the order in which the spec names them.
 * @throws AppError invalid_dataset saying what of the spec does not fit the parents
 */
export function deriveDataset (spec: DeriveSpec, parents: IncomingDataset[], limits: UploadLimits): IncomingDataset {
  const { report: _, ...derived } = apply(spec, parents)
  check(derived, limits)
  return derived
}

function apply (spec: DeriveSpec, parents: IncomingDataset[]): IncomingDataset {
  const [parent] = parents as [IncomingDataset]
  switch (spec.type) {
    case 'merge': return merge(parents)
    case 'filter': return filter(parent, spec)
    case 'relabel': return relabel(parent, spec)
    case 'rename': return rename(parent, spec)
    case 'fold': return fold(parent, spec)
    case 'sample': return sample(parent, spec)
    case 'scribbles': return scribble(parent, spec)
    default: throw new Error(`The derivation must be known, got ${JSON.stringify(spec satisfies never)}`)
  }
}

function check ({ description: { fields, counts } }: IncomingDataset, { maxRows, maxCells }: UploadLimits): void {
  const rows = counts.train + counts.test
  const cells = rows * sizeOf(layoutOf(fields.inputs).shape)
  for (const split of ['train', 'test'] as const) {
    if (counts[split] === 0) throw new AppError('invalid_dataset', `${split} must have 1 example or more left, got none`)
  }
  if (rows > maxRows) throw new AppError('invalid_dataset', `a data set must have at most ${maxRows} rows (MAX_ROWS), got ${rows}`)
  if (cells > maxCells) throw new AppError('invalid_dataset', `a data set must have at most ${maxCells} numbers (MAX_CELLS), got ${cells}`)
}
