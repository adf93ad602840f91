/** What a data set is in memory, and what a model saw of it. Types only: a leaf that every layer may import. */

export interface DatasetDescription {
  id: string
  inputShape: number[]
  classes: number
  trainCount: number
  testCount: number
}

/** Examples of one split; the arrays are shared between threads: read only. */
export interface Split {
  /** [count, ...inputShape], in the data set's stored units */
  inputs: Uint8Array | Float32Array
  /** class of every example, 0 .. classes - 1 */
  labels: Int32Array
  count: number
}

export interface Dataset extends DatasetDescription {
  labelNames: string[]
  train: Split
  test: Split
}

/** How stored units become what a network sees: (x - offset) * scale, the same for every feature. */
export interface Preprocessing { offset: number, scale: number }

/** What a model really saw. Indices count in the data set's split. */
export interface TrainingView {
  split: 'train'
  /** examples used: the first `count` after dropping */
  count: number
  dropped: number[]
  relabelled: { indices: number[], labels: number[] }
}
