/** Which examples a model saw, in which order, with which labels: what a training view says, spelt out. */
import type { ClassesDataset } from '../datasets/classes.js'
import type { TrainingView } from '../datasets/dataset.js'

/** The examples of a training view, in the order in which an influence index holds them. */
export interface ViewExamples {
  /** index in the data set's training split of every example of the view */
  indices: Int32Array
  /** label that the model was told, by index in the split */
  told: Int32Array
}

/** Spells out a training view: the first `count` examples that were not dropped, relabelled where it says so. */
export function openView ({ count, dropped, relabelled }: TrainingView, { train }: Pick<ClassesDataset, 'train'>): ViewExamples {
  const gone = new Set(dropped)
  const indices = new Int32Array(Math.min(count, train.count - gone.size))
  for (let index = 0, at = 0; at < indices.length; index++) {
    if (!gone.has(index)) indices[at++] = index
  }
  const told = Int32Array.from(train.labels)
  relabelled.indices.forEach((index, i) => { told[index] = relabelled.labels[i]! })
  return { indices, told }
}
