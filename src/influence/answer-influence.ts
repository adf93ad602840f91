/** Answers whose influence on an example was the greatest: sums of gradient products over an index, or formed on demand. */
import type { FieldArray } from '../datasets/dataset.js'
import { createFed, type Batch, type Examples } from '../tensor/batches.js'
import type { Engine } from '../tensor/engine.js'
import { allOf } from '../tensor/forward.js'
import type { Head } from '../tensor/heads/index.js'
import { makeTensor } from '../tensor/step.js'
import { readQueries } from './answer-predict.js'
import { outputsOf, trainedOn } from './bundle.js'
import { coverageOf, hasLastFactors, isDense, type CoveredLayer } from './coverage.js'
import { allDenseFactors, lastLayerFactors } from './factors.js'
import { drain } from './drain.js'
import { scoreByGradients } from './gradient-scores.js'
import { batchSizeOf, openQueryGradients } from './gradients.js'
import { preprocessRows, splitByLayer, type OpenModel } from './open-model.js'
import { checkFinite, refuse } from './refusals.js'
import { preconditionedProducts, sumProducts } from './preconditioned.js'
import { storedPreconditioner } from './preconditioner.js'
import { topK } from './ranking.js'
import type { InfluenceRequest, InfluenceResponse, Layers, ScoredExample } from './schemas.js'
import { showExample } from './shown.js'
import { influenceShares, total, type DenseFactors } from './scoring.js'
import { weigh, type Weighing } from './weighing.js'

/** What is known of all pairs of queries and training examples. */
interface Scores {
  /** scores of one query against all training examples, to float32's digits: what they are ranked by, up to a factor of the query's own */
  of (query: number): Float32Array | Float64Array
  /** what every checkpoint adds to one score */
  shares (query: number, position: number): number[]
}

/** Scores that are on the host at once, in float32: what bounds the memory of a request. */
const blockScores = 2 ** 24

/**
 * Answers an influence request.
 * @throws invalid_input for a query that does not fit, index_missing, non_finite_output
 */
export function answerInfluence (engine: Engine, model: OpenModel, request: InfluenceRequest): InfluenceResponse {
  const { layers = 'last', topK: count = 10, show = false } = request
  const { bundle } = model
  const weighing = weigh(bundle, request)
  const coverage = coverageOf(bundle.architecture, layers)
  const { queries, predictions, targets, examples } = readQueries(engine, model, request.queries)
  const { head, kind, shape } = outputsOf(bundle)
  if (head.type === 'values') queries.targets.forEach((target, i) => { if (!target) refuseTarget(i) })
  const size = kind.targetSize(shape)
  const byFactors = weighing.method === 'tracin-cp-adam' ? scoreMeasured : scoreByIndex
  const byIndex = hasLastFactors(bundle.architecture) ? byFactors : scoreByGradients
  const score = layers === 'last' || isDense(bundle.architecture) ? byIndex : scoreOnDemand
  const scores = score(engine, model, examples, weighing, layers)

  const results = queries.echoes.map((query, q) => {
    const all = scores.of(q)
    checkFinite(q, 'scores', all)
    const describe = (sign: 1 | -1) => topK(all, count, sign)
      .map(position => describeExample(model, position, { shares: scores.shares(q, position), show }))
      .sort((a, b) => sign * (b.score - a.score)) // shares are summed in Float64 and may reorder near ties
    return {
      query,
      ...sayTarget(head, targets.subarray(q * size, (q + 1) * size)),
      labelFrom: queries.targetsFrom[q]!,
      prediction: predictions[q]!,
      proponents: describe(1),
      opponents: describe(-1)
    }
  })
  return { results, method: weighing.method, index: describeIndex(model, { layers, coverage }, weighing) }
}

/** At its own prediction the loss of values is least: no example has an influence on it. */
function refuseTarget (query: number): never {
  refuse(`queries[${query}].target`, 'must be given, for a raw input of a model of head values has none', null)
}

/** A target as answers have it: a class as label, numbers as target; a class map only where the examples of the data set are shown. */
function sayTarget ({ type }: Head, target: FieldArray): { label?: number, target?: number[] } {
  if (type === 'classes') return { label: target[0]! }
  return type === 'class-map' ? {} : { target: Array.from(target) }
}

/** A training example by its position in the view, with its score. @param show also what it is */
export function describeExample (
  { view, bundle }: OpenModel, position: number, { shares, show }: { shares: number[], show: boolean }
): ScoredExample {
  const index = view.indices[position]!
  const { head, kind, shape } = outputsOf(bundle)
  const size = kind.targetSize(shape)
  const said = sayTarget(head, view.target.subarray(index * size, (index + 1) * size))
  const { dataset } = trainedOn(bundle)
  const trueLabel = dataset.train.arrays.target![index]!
  const example = show ? showExample(dataset, index) : undefined
  return {
    index,
    ...said,
    ...(said.label === undefined || trueLabel === said.label ? {} : { trueLabel }),
    ...(example ? { example } : {}),
    score: total(shares),
    shares
  }
}

/** What an answer was computed from. */
export function describeIndex (
  { view }: OpenModel, { layers, coverage }: { layers: Layers, coverage: CoveredLayer[] }, weighing: Weighing
): InfluenceResponse['index'] {
  const { method, weights, checkpoints, values, unit, notes } = weighing
  return {
    layers,
    examples: view.indices.length,
    checkpoints: checkpoints.map(({ step, learningRate }, c) => ({ step, learningRate, weight: values[c]! })),
    coverage,
    exact: method !== 'gradient-product',
    weights,
    unit,
    notes
  }
}

/** Scores from stored factors: two thin matrix products per layer and checkpoint. */
function scoreByIndex (
  engine: Engine, model: OpenModel, examples: Examples, { checkpoints, values: weights }: Weighing, layers: Layers
): Scores {
  const { tf } = engine
  const train = checkpoints.map(({ step }) => model.residentFactors(layers, step))
  const query = checkpoints.map(checkpoint => queryFactors(engine, model, examples, checkpoint, layers))
  const n = model.view.indices.length
  const perBlock = Math.max(1, Math.floor(blockScores / n))
  // Products of deltas as small as 1e-19 would be none in float32: those of a query come in units of its largest.
  const units = Array.from(allOf(examples.data.count), q => 1 / largestDelta(query.flat(), q))
  let block: { from: number, values: Float32Array } = { from: -1, values: new Float32Array(0) }

  function compute (from: number): Float32Array {
    const size = Math.min(perBlock, examples.data.count - from)
    const scores = tf.tidy(() => tf.addN(checkpoints.flatMap((_, c) => train[c]!.map(({ activations, deltas }, layer) => {
      const { activations: a, deltas: delta, fanIn, fanOut } = query[c]![layer]!
      const rows = (values: DenseFactors['deltas'], width: number) =>
        tf.tensor2d(values.slice(from * width, (from + size) * width) as Float32Array, [size, width])
      const encodings = tf.add(tf.matMul(rows(a, fanIn), activations, false, true), 1)
      const scaled = Float32Array.from(delta, (value, k) => value * units[Math.floor(k / fanOut)]! * weights[c]!)
      const errors = tf.matMul(rows(scaled, fanOut), deltas, false, true)
      return tf.mul(encodings, errors) // [size, n]
    }))))
    const values = scores.dataSync<'float32'>()
    scores.dispose()
    return values
  }

  return {
    of (q) {
      const from = q - q % perBlock
      if (block.from !== from) block = { from, values: compute(from) }
      return block.values.subarray((q - from) * n, (q - from + 1) * n)
    },
    shares: (q, position) =>
      influenceShares(train.map(layer => layer.map(({ factors }) => factors)), position, query, q, weights)
  }
}

/** Of a query in all layers and checkpoints; 1 where all are 0. */
function largestDelta (factors: readonly DenseFactors[], q: number): number {
  let largest = 0
  for (const { deltas, fanOut } of factors) {
    for (let k = q * fanOut; k < (q + 1) * fanOut; k++) largest = Math.max(largest, Math.abs(deltas[k]!))
  }
  return largest || 1
}

/** Scores from stored factors in the measure of Adam's second moments. */
function scoreMeasured (
  engine: Engine, model: OpenModel, examples: Examples, { checkpoints, values: weights }: Weighing, layers: Layers
): Scores {
  return sumProducts(checkpoints.map((checkpoint, c) => {
    const query = queryFactors(engine, model, examples, checkpoint, layers)
    const train = model.residentFactors(layers, checkpoint.step)
    const preconditioner = storedPreconditioner(model.bundle.descent, checkpoint)!
    return { weight: weights[c]!, products: q => preconditionedProducts(engine, train, query, q, preconditioner) }
  }))
}

function queryFactors (
  engine: Engine, model: OpenModel, examples: Examples, checkpoint: Weighing['checkpoints'][number], layers: Layers
): DenseFactors[] {
  const network = model.networkAt(checkpoint)
  const all = allOf(examples.data.count)
  if (layers === 'last') return [drain(lastLayerFactors(engine, network, examples, all, all.length))]
  const { data: { inputs, count }, preprocessing } = examples
  const preprocessed = preprocessRows(inputs, inputs.length / count, all, preprocessing)
  return splitByLayer(drain(allDenseFactors(engine, network, examples, all, all.length)), () => preprocessed)
}

/** Scores of all parameters of a network with convolutions: every training example's gradient is formed again. */
function scoreOnDemand (
  engine: Engine, model: OpenModel, examples: Examples, { method, checkpoints, values: weights }: Weighing
): Scores {
  const count = examples.data.count
  const { indices } = model.view
  const size = batchSizeOf(model.bundle.architecture)
  const perCheckpoint = checkpoints.map(checkpoint => {
    const scores = new Float64Array(count * indices.length) // [queries, examples]
    const network = model.networkAt(checkpoint)
    const preconditioner = method === 'tracin-cp-adam' ? storedPreconditioner(model.bundle.descent, checkpoint) : undefined
    for (let first = 0; first < count; first += size) {
      const some = allOf(count).subarray(first, first + size)
      const gradients = withBatch(engine, examples, some, batch => openQueryGradients(engine, network, batch, preconditioner))
      for (let at = 0; at < indices.length; at += size) {
        const part = indices.subarray(at, at + size)
        const dots = withBatch(engine, model.examplesAt(checkpoint), part, batch => gradients.dot(batch))
        dots.forEach((dot, i) => {
          scores[(first + i % some.length) * indices.length + at + Math.floor(i / some.length)] = dot
        })
      }
      gradients.close()
    }
    return scores
  })
  const shares = (q: number, position: number) => weights.map((weight, c) =>
    weight * perCheckpoint[c]![q * indices.length + position]!)
  return { of: q => Float64Array.from(indices, (_, position) => total(shares(q, position))), shares }
}

function withBatch<T> (engine: Engine, examples: Examples, indices: Int32Array, use: (batch: Batch) => T): T {
  const source = createFed(engine, examples)
  const specs = source.inputs(indices.length)
  const fed = source.feed(indices).map((values, i) => makeTensor(engine, specs[i]!, values))
  const batch = source.batch(fed)
  const result = use(batch)
  engine.tf.dispose([...fed, batch.x, batch.target])
  return result
}
