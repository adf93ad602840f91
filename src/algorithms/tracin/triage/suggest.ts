/**
 * What a trial's models take its training examples for: the class with the largest probability averaged over the counted
 * checkpoints, of values the mean prediction. A model that has learned a wrong label by heart repeats it; on the way there
 * it still said what it saw.
 */
import type { Labels } from '../../../datasets/labelled.js'
import { unscaleTargets } from '../../../datasets/scaling.js'
import type { Preprocessing } from '../../../datasets/dataset.js'
import type { Averages } from '../baselines/averages.js'

/** What is suggested for every training example. */
export interface Suggestions {
  /** classes, or values by rows in their units */
  labels: Labels
  /** averaged probability of a class for an example; null for values, and where there are too many numbers to average */
  probabilityOf (example: number, label: number | number[]): number | null
}

/**
 * Suggests labels. Of equal probabilities the lowest class is taken.
 * @param predictions at the end, which stand in where probabilities are too many to be averaged
 */
export function suggestLabels (
  averages: Pick<Averages, 'probabilities' | 'outputs'>, predictions: Labels, preprocessing: Pick<Preprocessing, 'target'>
): Suggestions {
  const outputs = averages.outputs()
  if (outputs !== undefined) return { labels: Float32Array.from(unscaleTargets(outputs, preprocessing)), probabilityOf: () => null }
  const means = averages.probabilities()
  if (means === undefined) return { labels: predictions, probabilityOf: () => null }
  const classes = means.length / predictions.length
  const labels = Int32Array.from(predictions, (_, i) => {
    let best = 0
    for (let c = 1; c < classes; c++) if (means[i * classes + c]! > means[i * classes + best]!) best = c
    return best
  })
  return { labels, probabilityOf: (example, label) => Math.min(1, Math.max(0, means[example * classes + (label as number)]!)) }
}
