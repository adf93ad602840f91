/** A data set as one sees it that learns its target: inputs of one shape, and a class or some numbers for every example. */
import { AppError } from '../errors.js'
import { findMisfit, type Accepts } from './accepts.js'
import type { Dataset, LabelledSplit, Split } from './dataset.js'
import type { Description, FieldOf } from './description.js'

/** What the data of one that learns a target must be, for `accepts` of a kind's inputs. */
export const labelled = { inputs: ['image', 'features', 'tokens'], target: ['classes', 'values'] } as const satisfies Accepts

/** Class of every example, or its values by rows. */
export type Labels = Int32Array | Float32Array

/** What is known of data with a target. */
export interface LabelledDescription {
  inputs: FieldOf<'image' | 'features' | 'tokens'>
  target: FieldOf<'classes' | 'values'>
  trainCount: number
  testCount: number
}

export interface LabelledDataset extends LabelledDescription {
  id: string
  train: LabelledSplit<Labels>
  test: LabelledSplit<Labels>
}

/**
 * Describes a data set for one that learns its target.
 * @param path    what names it, for the message
 * @param accepts what it takes, all of that when left out
 * @throws AppError unfit_dataset when its inputs or its target are others
 */
export function describeLabelled (description: Description, path = 'the data set', accepts: Accepts = labelled): LabelledDescription {
  const misfit = findMisfit(description, accepts)
  if (misfit !== undefined) throw new AppError('unfit_dataset', `${path} ${misfit.rule}, got ${misfit.got}`, { errors: [{ path, ...misfit }] })
  const { fields: { inputs, target }, counts: { train, test } } = description
  return {
    inputs: inputs as LabelledDescription['inputs'], target: target as LabelledDescription['target'], trainCount: train, testCount: test
  }
}

/** Gives a data set to one that learns its target; its arrays stay where they are. @throws AppError as describeLabelled */
export function openLabelled (dataset: Dataset, path?: string): LabelledDataset {
  return { id: dataset.id, ...describeLabelled(dataset, path), train: labelledSplit(dataset.train), test: labelledSplit(dataset.test) }
}

/** The examples of a split with their target. */
export function labelledSplit<Of extends Labels = Labels> ({ count, arrays }: Split): LabelledSplit<Of> {
  return { inputs: arrays.inputs!, labels: arrays.target as Of, count }
}

/** Numbers of a label: 1 for a class. */
export function labelWidth ({ target }: Pick<LabelledDescription, 'target'>): number {
  return target.type === 'classes' ? 1 : target.columns.length
}
