/**
 * Answers which training pictures made a model read a region of a picture as it does: TracInCP over the last layer, whose
 * gradient of the region's mean loss is a sum over its labelled pixels (last-gradients.ts). A region is a target without labels
 * outside of it.
 */
import type { FieldArray } from '../../datasets/dataset.js'
import { UNLABELLED } from '../../datasets/unlabelled.js'
import type { Examples } from '../../tensor/batches.js'
import type { Engine } from '../../tensor/engine.js'
import { evaluate } from '../../tensor/evaluate.js'
import { requireHead } from '../../tensor/heads/index.js'
import { describeIndex } from '../answer-influence.js'
import { readQueries } from '../answer-predict.js'
import { outputsOf } from '../bundle.js'
import { coverageOf, type CoveredLayer } from '../coverage.js'
import { pullsOf, scorePulls } from '../gradient-scores.js'
import type { OpenModel } from '../open-model.js'
import type { Prediction } from '../schemas.js'
import { topK } from '../ranking.js'
import { checkFinite, refuse } from '../refusals.js'
import { total } from '../scoring.js'
import { weigh } from '../weighing.js'
import { checkLinear, pixelScores, type Pull } from './pixel-scores.js'
import { describeRegion, openRegion, partsOf, scoreParts } from './region.js'
import type { RegionInfluenceRequest, RegionInfluenceResponse, ScoredPicture } from './schema.js'

type Result = RegionInfluenceResponse['results'][number]

/**
 * Answers a request about regions.
 * @throws invalid_input for a query or region that does not fit, or a model of another head; index_missing, no_dataset, non_finite_output
 */
export function answerRegionInfluence (engine: Engine, model: OpenModel, request: RegionInfluenceRequest): RegionInfluenceResponse {
  const { topK: count = 10, regions: how } = request
  const { bundle } = model
  requireHead(bundle.architecture, 'class-map', 'a question about regions')
  if (how !== 'none') checkLinear(bundle.architecture, 'regions')
  const weighing = weigh(bundle, request)
  const coverage = coverageOf(bundle.architecture, 'last') as [CoveredLayer]
  const { queries, predictions, examples } = readQueries(engine, model, request.queries)
  const { examples: masked, regions } = maskTargets(model, { request, examples, predictions })
  const { losses } = evaluate<FieldArray>(engine, model.networkAt(bundle.checkpoints.at(-1)!), masked)
  checkFinite(0, 'losses', losses)
  const pulls = pullsOf(engine, model, masked, weighing)
  const scores = scorePulls(model, pulls, weighing)

  const results = queries.echoes.map((query, q): Result => {
    const all = scores.of(q)
    checkFinite(q, 'scores', all)
    const ranked = (sign: 1 | -1) => topK(all, count, sign)
      .map(position => ({ index: model.view.indices[position]!, shares: scores.shares(q, position) }))
      .map(({ index, shares }) => ({ index, score: total(shares), shares }))
    const [proponents, opponents] = [ranked(1), ranked(-1)]
    if (how !== 'none') {
      const pull = weighing.checkpoints.map((checkpoint, c): Pull =>
        ({ checkpoint, row: pulls[c]![q]!.map(value => weighing.values[c]! * value) }))
      addParts(engine, model, { pictures: [...proponents, ...opponents], pulls: pull, layer: coverage[0].layer, how })
    }
    return { query, labelFrom: queries.targetsFrom[q]!, region: { ...regions[q]!, loss: losses[q]! }, proponents, opponents }
  })
  return { results, method: weighing.method, index: describeIndex(model, { layers: 'last', coverage }, weighing) }
}

interface Asked { request: RegionInfluenceRequest, examples: Examples, predictions: readonly Prediction[] }

/** The queries with no label outside of their regions. @throws invalid_input */
function maskTargets (
  { bundle }: OpenModel, { request: { queries }, examples, predictions }: Asked
): { examples: Examples, regions: Omit<Result['region'], 'loss'>[] } {
  const [height, width, classes] = outputsOf(bundle).shape as [number, number, number]
  const size = height * width
  const target = Int32Array.from(examples.target)
  const regions = queries.map(({ region }, q) => {
    const path = `queries[${q}].region`
    const own = target.subarray(q * size, (q + 1) * size)
    const prediction = predictions[q]!
    const maps = { target: own, prediction: prediction.head === 'class-map' ? prediction.labels.flat() : [] }
    const inside = openRegion(region, [height, width], maps, { classes, path })
    own.forEach((_, p) => { if (inside[p] === 0) own[p] = UNLABELLED })
    const labelled = own.reduce((sum, label) => sum + Number(label !== UNLABELLED), 0)
    const described = describeRegion(Array.from(inside.keys()).filter(p => inside[p] === 1), width)
    if (labelled === 0) refuse(path, 'must have a pixel with a label', `${described.pixels} without`)
    return { ...described, labelled }
  })
  return { examples: { ...examples, target }, regions }
}

/** Adds the parts of pictures to what is said of them. */
function addParts (
  engine: Engine, model: OpenModel,
  { pictures, how, ...asked }: { pictures: ScoredPicture[], pulls: Pull[], layer: number, how: 'classes' | 'components' }
): void {
  const { shape: [height, width] } = outputsOf(model.bundle)
  const { target } = model.bundle.fields
  const names = target?.type === 'classMap' ? target.names : []
  const size = height! * width!
  const indices = Int32Array.from(new Set(pictures.map(({ index }) => index)))
  const scores = pixelScores(engine, model, { ...asked, indices })
  const parts = new Map(Array.from(indices, (index, i) => {
    const parts = partsOf(learnedOf(model, index, size), [height!, width!], how)
    return [index, scoreParts(parts, scores.subarray(i * size, (i + 1) * size), { names, width: width! })] as const
  }))
  for (const picture of pictures) Object.assign(picture, parts.get(picture.index))
}

/** What was learned of a training picture: its target, and where that has no label the last labelling that its training made. */
function learnedOf ({ view, bundle: { checkpoints } }: OpenModel, index: number, size: number): Uint8Array {
  const labelling = checkpoints.findLast(({ targets }) => targets?.labelling !== undefined)?.targets!.labelling
  const beside = labelling?.data.subarray(index * size, (index + 1) * size)
  const own = view.target.subarray(index * size, (index + 1) * size)
  return Uint8Array.from(own, (label, p) => label === UNLABELLED ? beside?.[p] ?? UNLABELLED : label)
}
