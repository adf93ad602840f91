/** A data set as a classifier sees it: inputs of one shape and a class for every example. */
import type { Accepts } from './accepts.js'
import type { Dataset, LabelledSplit } from './dataset.js'
import type { Description, FieldOf } from './description.js'
import { describeLabelled, labelledSplit, type LabelledDescription } from './labelled.js'

/** What a classifier needs to know of its data. */
export interface ClassesDescription extends LabelledDescription {
  inputs: FieldOf<'image' | 'features'>
  target: FieldOf<'classes'>
  /** [height, width, channels] or [features] */
  inputShape: number[]
  classes: number
  labelNames: string[]
}

export interface ClassesDataset extends ClassesDescription { id: string, train: LabelledSplit, test: LabelledSplit }

type Classified = Pick<ClassesDescription, keyof LabelledDescription>

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
export function describeClasses (description: Description, path?: string): ClassesDescription {
  const { inputs, target, ...counts } = describeLabelled(description, path, classifiable) as Classified
  return { inputs, target, inputShape: inputs.shape, classes: target.names.length, labelNames: target.names, ...counts }
}

/** Gives a data set to a classifier; its arrays stay where they are. @throws AppError unfit_dataset when it has no classes */
export function openClasses (dataset: Dataset, path?: string): ClassesDataset {
  const { id, train, test } = dataset
  return { id, ...describeClasses(dataset, path), train: labelledSplit<Int32Array>(train), test: labelledSplit<Int32Array>(test) }
}
