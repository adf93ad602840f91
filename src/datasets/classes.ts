/** A data set as a classifier sees it: inputs of one shape and a class for every example. */
import { AppError } from '../errors.js'
import type { Dataset, LabelledSplit, Split } from './dataset.js'
import { findMisfit, type Accepts } from './accepts.js'
import type { Description, FieldOf } from './description.js'

/** What a classifier needs to know of its data. */
export interface ClassesDescription {
  /** [height, width, channels] or [features] */
  inputShape: number[]
  classes: number
  labelNames: string[]
  trainCount: number
  testCount: number
}

export interface ClassesDataset extends ClassesDescription { id: string, train: LabelledSplit, test: LabelledSplit }

/** What the data of a classifier must be, for `accepts` of a kind's inputs. */
export const classifiable = { inputs: ['image', 'features'], target: ['classes'] } as const satisfies Accepts

/** The target of classes whose names are their numbers. */
export function numberedClasses (classes: number): FieldOf<'classes'> {
  return { type: 'classes', names: Array.from({ length: classes }, (_, label) => String(label)) }
}

/**
 * Describes a data set for a classifier.
 * @param path what names it, for the message
 * @throws AppError unfit_dataset when it has no classes
 */
export function describeClasses (description: Description, path = 'the data set'): ClassesDescription {
  const misfit = findMisfit(description, classifiable)
  if (misfit !== undefined) throw new AppError('unfit_dataset', `${path} ${misfit.rule}, got ${misfit.got}`, { errors: [{ path, ...misfit }] })
  const { fields, counts } = description
  const { names } = fields.target as FieldOf<'classes'>
  const { shape } = fields.inputs as FieldOf<'image' | 'features'>
  return { inputShape: shape, classes: names.length, labelNames: names, trainCount: counts.train, testCount: counts.test }
}

/** Gives a data set to a classifier; its arrays stay where they are. @throws AppError unfit_dataset when it has no classes */
export function openClasses (dataset: Dataset, path?: string): ClassesDataset {
  const split = ({ count, arrays }: Split): LabelledSplit => (
    { inputs: arrays.inputs as LabelledSplit['inputs'], labels: arrays.target as Int32Array, count })
  return { id: dataset.id, ...describeClasses(dataset, path), train: split(dataset.train), test: split(dataset.test) }
}
