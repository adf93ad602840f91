/** Gradients of regions' mean losses, and these losses: a region is one part of a picture that has labels nowhere else. */
import { crossEntropy } from '../../math/softmax.js'
import type { FieldArray } from '../../datasets/dataset.js'
import type { Engine } from '../../tensor/engine.js'
import { coverageOf, type CoveredLayer } from '../coverage.js'
import { rowOf } from '../last-gradients.js'
import type { OpenModel } from '../open-model.js'
import { storedPreconditioner } from '../preconditioner.js'
import type { Weighing } from '../weighing.js'
import { partGradients } from './part-gradients.js'
import { pixelReader, type Pixels } from './pixels.js'

export interface AskedRegion {
  /** of the whole picture, [pixels] */
  target: Int32Array
  /** positions of its pixels that have a label, one at least */
  labelled: number[]
}

/**
 * Reads the queries at the checkpoints of a sum, and at the last one.
 * @param inputs  of the queries, in the data set's units
 * @returns       pulls: gradients in the measure of the method (D g for Adam), by checkpoint, then by query; losses at the last checkpoint
 */
export function pullRegions (
  engine: Engine, model: OpenModel, { inputs, regions }: { inputs: FieldArray, regions: readonly AskedRegion[] },
  { method, checkpoints }: Pick<Weighing, 'method' | 'checkpoints'>
): { pulls: Float64Array[][], losses: number[] } {
  const { architecture, descent, preprocessing, checkpoints: all } = model.bundle
  const [{ layer }] = coverageOf(architecture, 'last') as [CoveredLayer]
  const width = inputs.length / regions.length
  const readAt = (checkpoint: Weighing['checkpoints'][number]) => {
    const read = pixelReader(engine, model.networkAt(checkpoint), preprocessing)
    return regions.map((_, q) => read(inputs.subarray(q * width, (q + 1) * width)))
  }
  const last = all.at(-1)!
  let losses: number[] | undefined
  const pulls = checkpoints.map(checkpoint => {
    const pictures = readAt(checkpoint)
    if (checkpoint === last) losses = regions.map((region, q) => meanLoss(pictures[q]!, region))
    const preconditioner = method === 'tracin-cp-adam' ? storedPreconditioner(descent, checkpoint) : undefined
    return regions.map(({ target, labelled }, q) =>
      rowOf(partGradients(pictures[q]!, [{ labels: target, count: labelled.length, weight: 1 }], [labelled]), 0, layer, preconditioner))
  })
  losses ??= readAt(last).map((picture, q) => meanLoss(picture, regions[q]!))
  return { pulls, losses }
}

function meanLoss ({ logits, classes }: Pixels, { target, labelled }: AskedRegion): number {
  const sum = labelled.reduce((loss, p) => loss + crossEntropy(logits.subarray(p * classes, (p + 1) * classes), target[p]!), 0)
  return sum / labelled.length
}
