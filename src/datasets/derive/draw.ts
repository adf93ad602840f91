/** Examples drawn from a seed: a fold to test on, a sample. */
import { AppError } from '../../errors.js'
import { chooseRows, dealFolds } from '../choose-rows.js'
import type { IncomingDataset, IncomingSplit } from '../dataset-file.js'
import { pickRows, readClasses } from '../split.js'
import type { DeriveOf } from './spec.js'

/** Fold `fold` of the training split to test on, the others to train on. @throws AppError invalid_dataset for folds that would be empty */
export function fold (parent: IncomingDataset, { folds, fold, seed, stratify }: DeriveOf<'fold'>): IncomingDataset {
  const { description: { fields }, train: all } = parent
  if (folds > all.count) throw new AppError('invalid_dataset', `folds must be at most the ${all.count} training examples, got ${folds}`)
  if (fold >= folds) throw new AppError('invalid_dataset', `fold must be 0 .. ${folds - 1}, got ${fold}`)
  const dealt = dealFolds(all.count, folds, { seed, classes: stratify ? readClasses(all, fields) : undefined })
  const isTest = Uint8Array.from(dealt, one => one === fold ? 1 : 0)
  const [train, test] = [pickRows(all, fields, isTest, 0), pickRows(all, fields, isTest, 1)]
  return { ...parent, description: { fields, counts: { train: train.count, test: test.count } }, train, test }
}

/** @throws AppError invalid_dataset for more examples than there are */
export function sample (parent: IncomingDataset, { seed, ...wanted }: DeriveOf<'sample'>): IncomingDataset {
  const { fields } = parent.description
  const draw = (name: 'train' | 'test'): IncomingSplit => {
    const all = parent[name]
    const count = wanted[name]
    if (count === undefined || count === all.count) return all
    if (count > all.count) throw new AppError('invalid_dataset', `${name} must be at most the ${all.count} examples of the split, got ${count}`)
    return pickRows(all, fields, chooseRows(all.count, count, { seed }), 1)
  }
  const [train, test] = [draw('train'), draw('test')]
  return { ...parent, description: { fields, counts: { train: train.count, test: test.count } }, train, test }
}
