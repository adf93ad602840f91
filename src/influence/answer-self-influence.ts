/** Answers which training examples influence themselves most: the mislabelled, the odd and the memorised come first. */
import type { Engine } from '../tensor/engine.js'
import { describeExample, describeIndex } from './answer-influence.js'
import { MEASURED_SQUARES, partOf, type ModelCheckpoint } from './bundle.js'
import { coverageOf, hasLastFactors, type CoveredLayer } from './coverage.js'
import { fromGradientsPart, squaresOfGradients } from './last-gradients.js'
import type { OpenModel } from './open-model.js'
import { preconditionedSquares } from './preconditioned.js'
import { storedPreconditioner } from './preconditioner.js'
import { rankDescending } from './ranking.js'
import type { InfluenceMethod, Layers, SelfInfluenceRequest, SelfInfluenceResponse } from './schemas.js'
import { addSelfInfluence, total } from './scoring.js'
import { weigh } from './weighing.js'

/** Squared gradient norms by model, layers and step: a page needs them for all examples. */
const known = new WeakMap<OpenModel, Map<string, Float64Array>>()

/** Answers a self-influence request: one page of the ranking. @throws invalid_input, index_missing */
export function answerSelfInfluence (engine: Engine, model: OpenModel, request: SelfInfluenceRequest): SelfInfluenceResponse {
  const { limit = 50, offset = 0, order = 'desc', layers = 'last', show = false } = request
  const coverage = coverageOf(model.bundle.architecture, layers)
  const weighing = weigh(model.bundle, request)
  const squares = weighing.checkpoints.map(checkpoint => squaresOf(engine, model, layers, { method: weighing.method, checkpoint }))
  const sharesOf = (position: number) => weighing.values.map((weight, c) => weight * squares[c]![position]!)
  const totals = Float64Array.from(model.view.indices, (_, position) => total(sharesOf(position)))

  const ranked = rankDescending(totals)
  const n = ranked.length
  const ranks = Array.from({ length: Math.max(0, Math.min(limit, n - offset)) }, (_, i) =>
    order === 'desc' ? offset + i : n - 1 - offset - i)
  return {
    items: ranks.map(rank => ({ rank: rank + 1, ...describeExample(model, ranked[rank]!, { shares: sharesOf(ranked[rank]!), show }) })),
    total: n,
    nextOffset: offset + limit < n ? offset + limit : null,
    method: weighing.method,
    index: describeIndex(model, { layers, coverage }, weighing)
  }
}

interface Squared { method: InfluenceMethod, checkpoint: ModelCheckpoint }

function squaresOf (engine: Engine, model: OpenModel, layers: Layers, { method, checkpoint }: Squared): Float64Array {
  const kept = known.get(model) ?? new Map<string, Float64Array>()
  known.set(model, kept)
  const isMeasured = method === 'tracin-cp-adam'
  const key = `${layers} ${checkpoint.step} ${isMeasured}`
  let squares = kept.get(key)
  if (!squares) {
    const { squares: plain, [MEASURED_SQUARES]: measured } = partOf(model.bundle, layers, checkpoint.step)
    const stored = isMeasured ? measured : plain
    squares = stored ? Float64Array.from(stored.data) : sumLayers(engine, model, layers, { method, checkpoint })
    kept.set(key, squares)
  }
  return squares
}

function sumLayers (engine: Engine, model: OpenModel, layers: Layers, { method, checkpoint }: Squared): Float64Array {
  const { architecture, descent } = model.bundle
  if (layers === 'last' && !hasLastFactors(architecture)) {
    const [{ layer }] = coverageOf(architecture, 'last') as [CoveredLayer]
    const preconditioner = method === 'tracin-cp-adam' ? storedPreconditioner(descent, checkpoint) : undefined
    return squaresOfGradients(fromGradientsPart(partOf(model.bundle, layers, checkpoint.step)), layer, preconditioner)
  }
  const resident = model.residentFactors(layers, checkpoint.step)
  if (method === 'tracin-cp-adam') {
    return preconditionedSquares(engine, resident, storedPreconditioner(descent, checkpoint)!)
  }
  const squares = new Float64Array(model.view.indices.length)
  for (const { factors } of resident) addSelfInfluence(squares, factors, 1)
  return squares
}
