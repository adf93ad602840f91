/**
 * Answers which training pictures made a model read a region of a picture as it does: TracInCP over the last layer, whose
 * gradient of the region's mean loss is a sum over its labelled pixels. A region is a target without labels outside of it.
 */
import type { Engine } from '../../tensor/engine.js'
import { describeIndex } from '../answer-influence.js'
import { coverageOf } from '../coverage.js'
import { scorePulls } from '../gradient-scores.js'
import { productsWith } from '../last-gradients.js'
import type { OpenModel } from '../open-model.js'
import { topK } from '../ranking.js'
import { checkFinite } from '../refusals.js'
import { total } from '../scoring.js'
import { weigh, type Weighing } from '../weighing.js'
import { openRegions, pullsOfRegions } from './asked-regions.js'
import { partedPictures, type Parting } from './parted-pictures.js'
import { checkPixelwise } from './pixelwise.js'
import { listParts } from './region.js'
import type { RegionInfluenceRequest, RegionInfluenceResponse, ScoredPicture } from './schema.js'

type Result = RegionInfluenceResponse['results'][number]

/**
 * Answers a request about regions.
 * @throws invalid_input for a query or region that does not fit, or a model of another head; index_missing, no_dataset, non_finite_output
 */
export function answerRegionInfluence (engine: Engine, model: OpenModel, request: RegionInfluenceRequest): RegionInfluenceResponse {
  const { topK: count = 10, regions: how } = request
  const { bundle } = model
  checkPixelwise(bundle.architecture)
  const weighing = weigh(bundle, request)
  const { queries, regions } = openRegions(engine, model, request.queries)
  const pulls = pullsOfRegions(engine, model, regions, weighing)
  const scores = scorePulls(model, pulls, weighing)

  const results = queries.echoes.map((query, q): Result => {
    const all = scores.of(q)
    checkFinite(q, 'scores', all)
    const ranked = (sign: 1 | -1) => topK(all, count, sign)
      .map(position => ({ index: model.view.indices[position]!, shares: scores.shares(q, position) }))
      .map(({ index, shares }) => ({ index, score: total(shares), shares }))
    const [proponents, opponents] = [ranked(1), ranked(-1)]
    if (how !== 'none') addParts(engine, model, { pictures: [...proponents, ...opponents], pulls: pulls.map(rows => rows[q]!), how }, weighing)
    const { described, labelled, loss } = regions[q]!
    return { query, labelFrom: queries.targetsFrom[q]!, region: { ...described, labelled: labelled.length, loss }, proponents, opponents }
  })
  const coverage = coverageOf(bundle.architecture, 'last')
  return { results, method: weighing.method, index: describeIndex(model, { layers: 'last', coverage }, weighing) }
}

/** Adds the parts of pictures to what is said of them. @param pulls of one query, by checkpoint */
function addParts (
  engine: Engine, model: OpenModel,
  { pictures, pulls, how }: { pictures: ScoredPicture[], pulls: Float64Array[], how: Parting }, { checkpoints, values }: Weighing
): void {
  const indices = Array.from(new Set(pictures.map(({ index }) => index)))
  const listed = new Map(partedPictures(engine, model, { indices, how, checkpoints }).map(({ index, parts, gradients }) => {
    const shares = checkpoints.map(({ step }, c) => productsWith(pulls[c]!, gradients.get(step)!).map(product => values[c]! * product))
    return [index, listParts(parts, parts.map((_, part) => total(shares.map(share => share[part]!))))] as const
  }))
  for (const picture of pictures) Object.assign(picture, listed.get(picture.index))
}
