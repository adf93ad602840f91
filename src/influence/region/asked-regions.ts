/** The regions that a question asks about, as the model reads them at its last checkpoint, and what pulls at each of them. */
import { UNLABELLED } from '../../datasets/unlabelled.js'
import { sizeOf } from '../../math/arrays.js'
import { crossEntropy } from '../../math/softmax.js'
import type { Engine } from '../../tensor/engine.js'
import { outputsOf } from '../bundle.js'
import { coverageOf, type CoveredLayer } from '../coverage.js'
import { rowOf } from '../last-gradients.js'
import type { OpenModel } from '../open-model.js'
import { storedPreconditioner } from '../preconditioner.js'
import { openQueries, type OpenQueries } from '../queries.js'
import { checkFinite, refuse } from '../refusals.js'
import { total } from '../scoring.js'
import type { Weighing } from '../weighing.js'
import { partGradients } from './part-gradients.js'
import { pixelReader, type Pixels } from './pixels.js'
import { describeRegion, openRegion } from './region.js'
import type { RegionInfluenceRequest, ScoredRegion } from './schema.js'

/** A region of a query's picture. */
export interface AskedRegion {
  /** numbers of the picture, in the data set's units */
  inputs: Float32Array
  /** what the loss is taken for, of the whole picture */
  target: Int32Array
  /** positions of the region's pixels that have a label, one at least */
  labelled: number[]
  described: Pick<ScoredRegion, 'pixels' | 'box'>
  /** mean over its labelled pixels at the last checkpoint */
  loss: number
}

/** Opens the regions of queries. @throws invalid_input, no_dataset, non_finite_output */
export function openRegions (
  engine: Engine, model: OpenModel, asked: RegionInfluenceRequest['queries']
): { queries: OpenQueries, regions: AskedRegion[] } {
  const { bundle } = model
  const { kind, shape, inputShape } = outputsOf(bundle)
  const [height, width, classes] = shape as [number, number, number]
  const queries = openQueries(asked, bundle, () => model.view)
  const read = pixelReader(engine, model.networkAt(bundle.checkpoints.at(-1)!), bundle.preprocessing)
  const size = sizeOf(inputShape)
  const regions = asked.map(({ region }, q): AskedRegion => {
    const path = `queries[${q}].region`
    const inputs = queries.data.inputs.subarray(q * size, (q + 1) * size)
    const seen = read(inputs)
    const prediction = kind.predict(seen.logits, shape) as Int32Array
    const target = Int32Array.from(queries.targets[q] ?? prediction)
    const inside = openRegion(region, [height, width], { target, prediction }, { classes, path })
    const pixels: number[] = []
    for (let p = 0; p < inside.length; p++) if (inside[p] === 1) pixels.push(p)
    const labelled = pixels.filter(p => target[p] !== UNLABELLED)
    if (labelled.length === 0) refuse(path, 'must have a pixel with a label', `${pixels.length} without`)
    const loss = meanLoss(seen, target, labelled)
    checkFinite(q, 'losses', [loss])
    return { inputs, target, labelled, described: describeRegion(pixels, width), loss }
  })
  return { queries, regions }
}

function meanLoss ({ logits, classes }: Pixels, target: Int32Array, pixels: readonly number[]): number {
  return total(pixels.map(p => crossEntropy(logits.subarray(p * classes, (p + 1) * classes), target[p]!))) / pixels.length
}

/**
 * Gradients of the regions' mean losses, in the measure of the method: D g for Adam, g for others. A region is one part of a
 * picture that has labels nowhere else.
 * @returns by checkpoint, then by region: the weight's numbers, then the bias's
 */
export function pullsOfRegions (
  engine: Engine, model: OpenModel, regions: readonly AskedRegion[], { method, checkpoints }: Pick<Weighing, 'method' | 'checkpoints'>
): Float64Array[][] {
  const { architecture, descent, preprocessing } = model.bundle
  const [{ layer }] = coverageOf(architecture, 'last') as [CoveredLayer]
  return checkpoints.map(checkpoint => {
    const read = pixelReader(engine, model.networkAt(checkpoint), preprocessing)
    const preconditioner = method === 'tracin-cp-adam' ? storedPreconditioner(descent, checkpoint, layer) : undefined
    return regions.map(({ inputs, target, labelled }) =>
      rowOf(partGradients(read(inputs), [{ labels: target, count: labelled.length, weight: 1 }], [labelled]), 0, layer, preconditioner))
  })
}
