/** The regions that a question asks about, as the model reads them at its last checkpoint, and what pulls at each of them. */
import { UNLABELLED } from '../../datasets/unlabelled.js'
import { sizeOf } from '../../math/arrays.js'
import { crossEntropy } from '../../math/softmax.js'
import type { Engine } from '../../tensor/engine.js'
import { outputsOf, type ModelCheckpoint } from '../bundle.js'
import { coverageOf, type CoveredLayer } from '../coverage.js'
import { rowOf, type Gradients } from '../last-gradients.js'
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
  /** what the loss is taken for, [pixels]: nothing outside of the region */
  target: Int32Array
  /** positions of the region's pixels that have a label, one at least */
  labelled: number[]
  described: Pick<ScoredRegion, 'pixels' | 'box'>
  /** mean over its labelled pixels at the last checkpoint */
  loss: number
  /** of that loss */
  gradient: Gradients
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
    for (let p = 0; p < inside.length; p++) {
      if (inside[p] === 1) pixels.push(p)
      else target[p] = UNLABELLED
    }
    const labelled = pixels.filter(p => target[p] !== UNLABELLED)
    if (labelled.length === 0) refuse(path, 'must have a pixel with a label', `${pixels.length} without`)
    const loss = meanLoss(seen, target, labelled)
    checkFinite(q, 'losses', [loss])
    const gradient = gradientOf(seen, { target, labelled })
    return { inputs, target, labelled, described: describeRegion(pixels, width), loss, gradient }
  })
  return { queries, regions }
}

function meanLoss ({ logits, classes }: Pixels, target: Int32Array, pixels: readonly number[]): number {
  return total(pixels.map(p => crossEntropy(logits.subarray(p * classes, (p + 1) * classes), target[p]!))) / pixels.length
}

/** Of the mean loss: a region is one part of a picture that has labels nowhere else. */
function gradientOf (seen: Pixels, { target, labelled }: Pick<AskedRegion, 'target' | 'labelled'>): Gradients {
  return partGradients(seen, [{ labels: target, count: labelled.length, weight: 1 }], [labelled])
}

/**
 * Gradients of the regions' mean losses, in the measure of the method: D g for Adam, g for others.
 * @returns by checkpoint, then by region: the weight's numbers, then the bias's
 */
export function pullsOfRegions (
  engine: Engine, model: OpenModel, regions: readonly AskedRegion[], { method, checkpoints }: Pick<Weighing, 'method' | 'checkpoints'>
): Float64Array[][] {
  const { architecture, descent, preprocessing, checkpoints: all } = model.bundle
  const [{ layer }] = coverageOf(architecture, 'last') as [CoveredLayer]
  const gradientsAt = (checkpoint: ModelCheckpoint): Gradients[] => {
    if (checkpoint === all.at(-1)) return regions.map(({ gradient }) => gradient)
    const read = pixelReader(engine, model.networkAt(checkpoint), preprocessing)
    return regions.map(region => gradientOf(read(region.inputs), region))
  }
  return checkpoints.map(checkpoint => {
    const preconditioner = method === 'tracin-cp-adam' ? storedPreconditioner(descent, checkpoint, layer) : undefined
    return gradientsAt(checkpoint).map(gradient => rowOf(gradient, 0, layer, preconditioner))
  })
}
