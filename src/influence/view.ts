/** Which examples a model saw, in which order, with which labels: what a training view says, spelt out. */
import type { Dataset, TrainingView } from '../dataset.js'

/** The examples of a training view, in the order in which an influence index holds them. */
export interface ViewExamples {
  /** index in the data set's training split of every example of the view */
  indices: Uint32Array
  /** labels the model was trained on, in the view's order */
  labels: Int32Array
  /** position in the view by index in the split; -1 where the model did not see the example */
  positions: Int32Array
}

/** Spells out a training view: the first `count` examples that were not dropped, relabelled where it says so. */
export function openView (view: TrainingView, dataset: Dataset): ViewExamples {
  const dropped = new Set(view.dropped)
  const indices = new Uint32Array(view.count)
  const positions = new Int32Array(dataset.train.count).fill(-1)
  for (let index = 0, at = 0; at < view.count && index < dataset.train.count; index++) {
    if (dropped.has(index)) continue
    positions[index] = at
    indices[at++] = index
  }
  const labels = Int32Array.from(indices, index => dataset.train.labels[index]!)
  view.relabelled.indices.forEach((index, i) => {
    if (positions[index]! >= 0) labels[positions[index]!] = view.relabelled.labels[i]!
  })
  return { indices, labels, positions }
}
