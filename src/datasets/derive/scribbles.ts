/** Weak labels for a data set that has a class for every pixel. How they are drawn: src/datasets/scribbles. */
import { AppError } from '../../errors.js'
import { openStream } from '../../math/random.js'
import type { IncomingDataset, IncomingSplit } from '../dataset-file.js'
import type { FieldOf } from '../description.js'
import { drawScribbles } from '../scribbles/scribble.js'
import { readRows } from './columns.js'
import type { DeriveOf } from './spec.js'

/** Adds the field `scribbles`, in place of one that there is. @throws AppError invalid_dataset where the target is no class map */
export function scribble (parent: IncomingDataset, spec: DeriveOf<'scribbles'>): IncomingDataset {
  const { fields, counts } = parent.description
  const { target } = fields
  if (target?.type !== 'classMap') throw new AppError('invalid_dataset', `scribbles needs a target of classMap, got ${target?.type ?? 'none'}`)
  const withScribbles = (name: 'train' | 'test'): IncomingSplit => (
    { ...parent[name], fields: { ...parent[name].fields, scribbles: () => draw(parent[name], name, target, spec) } })
  return {
    ...parent,
    description: { fields: { ...fields, scribbles: { ...target } }, counts },
    train: withScribbles('train'),
    test: withScribbles('test')
  }
}

/** Draws them example by example, each from a stream of its own. */
function * draw (split: IncomingSplit, name: string, field: FieldOf<'classMap'>, { seed, ...options }: DeriveOf<'scribbles'>): Generator<Buffer> {
  const [height, width] = field.shape as [number, number]
  let example = 0
  for (const map of readRows(split.fields.target!(), field)) {
    yield Buffer.from(drawScribbles(map as Uint8Array, [height, width], options, openStream(seed, `scribbles ${name}`, example)).buffer)
    example++
  }
}
