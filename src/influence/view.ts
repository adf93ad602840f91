/** Which examples a model saw, in which order, with which target: what a training view says, spelt out. */
import type { Dataset, FieldArray, TrainingView } from '../datasets/dataset.js'
import type { FieldOf } from '../datasets/description.js'
import { drawAll, STROKES } from '../datasets/scribbles/draw-all.js'
import { openStream } from '../math/random.js'

/** The examples of a training view, in the order in which an influence index holds them. */
export interface ViewExamples {
  /** index in the data set's training split of every example of the view */
  indices: Int32Array
  /** what the model was trained to say, by index in the split: the data set's target where nothing else was learned */
  target: FieldArray
}

/** Spells out a training view: the first `count` examples that were not dropped, with what was learned, relabelled where it says so. */
export function openView (
  { count, dropped, relabelled, learned }: TrainingView, { train, fields }: Pick<Dataset, 'train' | 'fields'>
): ViewExamples {
  const gone = new Set(dropped)
  const indices = new Int32Array(Math.min(count, train.count - gone.size))
  for (let index = 0, at = 0; at < indices.length; index++) {
    if (!gone.has(index)) indices[at++] = index
  }
  const target = targetOf(learned, { train, fields }, indices)
  if (relabelled.indices.length === 0) return { indices, target }
  const changed = target.slice()
  const width = target.length / train.count
  relabelled.indices.forEach((index, i) => changed.set(relabelled.labels.slice(i * width, (i + 1) * width), index * width))
  return { indices, target: changed }
}

/** By index in the split. Scribbles are drawn of the view's examples alone. */
function targetOf (
  learned: TrainingView['learned'], { train: { arrays }, fields }: Pick<Dataset, 'train' | 'fields'>, indices: Int32Array
): FieldArray {
  switch (learned?.type) {
    case undefined: return arrays.target!
    case 'field': return arrays[learned.field]!
    case 'scribbles': {
      const { seed, ...options } = learned
      const { shape } = fields.target as FieldOf<'classMap'>
      return drawAll(arrays.target as Uint8Array, shape as [number, number], options, i => openStream(seed, STROKES, i), indices)
    }
  }
}
