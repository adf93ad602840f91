/**
 * What the models of the counted checkpoints say of every training example, on average. A model that has learned a wrong
 * label by heart repeats it; on the way there it still said what it took the example for.
 */
import type { Labels } from '../../../datasets/labelled.js'
import type { LastFactors } from '../../../influence/factors.js'

/** Sums over checkpoints; the arrays go into snapshots as they are. */
export interface Averages {
  /** sums of softmax(z) - onehot(label) of classes, [examples, classes]; of predicted values, [examples, values] */
  sums: Float64Array
  /** checkpoints in the sums */
  count: number
}

/** What is suggested for every training example. */
export interface Suggestions {
  /** classes, or values by rows */
  labels: Labels
  /** averaged probabilities [examples, classes]; undefined for values */
  probabilities: Float64Array | undefined
}

/** Adds a checkpoint. @param predictions of values, in the units of the data set @param isOfClasses whether its deltas tell probabilities */
export function addAverages (averages: Averages, { deltas }: Pick<LastFactors, 'deltas'>, predictions: Labels, isOfClasses: boolean): void {
  const added = isOfClasses ? deltas : predictions
  for (let i = 0; i < added.length; i++) averages.sums[i]! += added[i]!
  averages.count++
}

/**
 * Suggests the class with the largest averaged probability, the lowest of equals; of values their mean.
 * @param labels training labels, from which the deltas were made
 */
export function suggest ({ sums, count }: Averages, labels: Labels): Suggestions {
  const means = sums.map(sum => sum / count)
  if (!(labels instanceof Int32Array)) return { labels: Float32Array.from(means), probabilities: undefined }
  const classes = sums.length / labels.length
  labels.forEach((label, i) => { means[i * classes + label]! += 1 })
  const suggested = labels.map((_, i) => {
    let best = 0
    for (let c = 1; c < classes; c++) if (means[i * classes + c]! > means[i * classes + best]!) best = c
    return best
  })
  return { labels: suggested, probabilities: means.map(mean => Math.min(1, Math.max(0, mean))) }
}
