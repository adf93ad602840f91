/** What a data set is in memory, and what a model saw of it. Types only: a leaf that every layer may import. */
import type { Description } from './description.js'
import type { ScribbleOptions } from './scribbles/spec.js'

/** What is known of a stored data set. */
export interface DatasetDescription extends Description { id: string }

/** Examples of one split by field: arrays of [count, ...shape], in stored units, shared between threads: read only. */
export interface Split {
  count: number
  arrays: Record<string, FieldArray>
}

export type FieldArray = Uint8Array | Int32Array | Float32Array

export interface Dataset extends DatasetDescription {
  train: Split
  test: Split
  /** the words of the tokens from 2 on, where the file has them; made when they are first asked for */
  words?: string[]
}

/** Examples of one split with a label each, a class or some numbers: what a network learns from and is tested on. */
export interface LabelledSplit<Labels extends Int32Array | Float32Array = Int32Array> {
  /** [count, ...inputShape], in the data set's stored units */
  inputs: FieldArray
  /** class of every example, 0 .. classes - 1; or values by rows, [count, values] */
  labels: Labels
  count: number
}

/** A change of numbers: (x - offset) * scale, the same for all, or one for each of the last axis (columns, channels). */
export interface Scale { offset: number | number[], scale: number | number[] }

/** How stored units become what a network sees. */
export interface Preprocessing extends Scale {
  /** how its targets become what it is trained on, one of each for every value; none where they are as stored */
  target?: { offset: number[], scale: number[] }
}

/** What a model really saw. Indices count in the data set's split. */
export interface TrainingView {
  datasetId: string
  split: 'train'
  /** examples used: the first `count` after dropping */
  count: number
  dropped: number[]
  /** labels by rows: a class each, or as many values as the target has */
  relabelled: { indices: number[], labels: number[] }
  /** what was learned in the place of the data set's target; left out where that was */
  learned?: LearnedTarget
  /** weight of the loss with the labelling that checkpoints have beside it; left out where there is none */
  labelling?: { weight: number }
}

/**
 * What a network learned class maps from, where it was less than these.
 * field: another class map of the data set. scribbles: strokes that were drawn of the class maps (scribbles/draw-all.ts)
 */
export type LearnedTarget = { type: 'field', field: string } | ({ type: 'scribbles', seed: number } & ScribbleOptions)
