/** Which examples a model saw, in which order, with which target: what a training view says, spelt out. */
import type { Dataset, FieldArray, TrainingView } from '../datasets/dataset.js'

/** The examples of a training view, in the order in which an influence index holds them. */
export interface ViewExamples {
  /** index in the data set's training split of every example of the view */
  indices: Int32Array
  /** what the model was trained to say, by index in the split: the data set's target where it was not relabelled */
  target: FieldArray
}

/** Spells out a training view: the first `count` examples that were not dropped, relabelled where it says so. */
export function openView ({ count, dropped, relabelled }: TrainingView, { train }: Pick<Dataset, 'train'>): ViewExamples {
  const gone = new Set(dropped)
  const indices = new Int32Array(Math.min(count, train.count - gone.size))
  for (let index = 0, at = 0; at < indices.length; index++) {
    if (!gone.has(index)) indices[at++] = index
  }
  const target = train.arrays.target!
  if (relabelled.indices.length === 0) return { indices, target }
  const changed = target.slice()
  const width = target.length / train.count
  relabelled.indices.forEach((index, i) => changed.set(relabelled.labels.slice(i * width, (i + 1) * width), index * width))
  return { indices, target: changed }
}
