/** Answers what a stored model says of examples: in JSON, or the class map of one as a picture. */
import type { FieldArray } from '../datasets/dataset.js'
import { scaleTargets, unscaleTargets } from '../datasets/scaling.js'
import { AppError } from '../errors.js'
import { classPalette, encodeIndexed } from '../figures/indexed-png.js'
import type { Examples } from '../tensor/batches.js'
import type { Engine } from '../tensor/engine.js'
import { evaluateOutputs } from '../tensor/evaluate.js'
import { outputsOf, selectCheckpoints, type ModelBundle, type ModelCheckpoint } from './bundle.js'
import type { OpenModel } from './open-model.js'
import type { AnswerType } from './operation.js'
import { cutBack } from './own-size.js'
import { describePredictions, type Outcome } from './predictions.js'
import { joinInputs, openEach, openQueries, type Inputs, type OpenQueries, type OpenQuery } from './queries.js'
import { refuse } from './refusals.js'
import type { ModelQuery, Prediction, PredictRequest, PredictResponse } from './schemas.js'

/**
 * Answers a predict request.
 * @throws invalid_input for a query or checkpoint that does not fit, no_dataset, non_finite_output, not_acceptable
 */
export function answerPredict (
  engine: Engine, model: OpenModel, { queries, checkpoint }: PredictRequest, mediaType: AnswerType
): PredictResponse | Uint8Array {
  const [chosen] = selectCheckpoints(model.bundle, checkpoint === undefined ? undefined : [checkpoint]).slice(-1)
  if (mediaType === 'image/png') checkPicture(model, queries)
  const ownSize = outputsOf(model.bundle).head.type === 'class-map'
  const opened = openEach(queries, model.bundle, () => model.view, { ownSize })
  const predictions = predictEach(engine, model, opened, chosen!)
  if (mediaType === 'image/png') return drawMap(predictions[0]!)
  return {
    results: predictions.map((prediction, i) => ({ query: opened[i]!.echo, ...prediction })),
    checkpoint: chosen!.step
  }
}

/** Predicts queries of any shapes, in their order. */
function predictEach (engine: Engine, model: OpenModel, opened: readonly OpenQuery[], checkpoint: ModelCheckpoint): Prediction[] {
  const predictions: Prediction[] = []
  for (const positions of batchesOf(opened)) {
    const queries = positions.map(position => opened[position]!)
    const found = predict(engine, model, { data: joinInputs(queries), inputShape: queries[0]!.shape, positions }, checkpoint).predictions
    found.forEach((prediction, i) => {
      const { size } = queries[i]!
      predictions[positions[i]!] = size === undefined ? prediction : cutBack(prediction, size)
    })
  }
  return predictions
}

/** Pictures of a size of their own one by one, which bounds what the device holds, all others together. */
function batchesOf (opened: readonly OpenQuery[]): number[][] {
  const together = [...opened.keys()].filter(position => opened[position]!.size === undefined)
  const alone = [...opened.keys()].filter(position => opened[position]!.size !== undefined).map(position => [position])
  return together.length > 0 ? [together, ...alone] : alone
}

interface Batch { data: Inputs, inputShape: number[], positions: readonly number[] }

/** What a model says of queries of one shape at a checkpoint. @throws non_finite_output */
function predict (
  engine: Engine, { bundle, networkAt }: OpenModel, { data, inputShape, positions }: Batch, checkpoint: ModelCheckpoint
): { evaluation: Outcome, predictions: Prediction[], examples: Examples } {
  const outputs = outputsOf(bundle, inputShape)
  const target = new Int32Array(data.count * outputs.kind.targetSize(outputs.shape)) // the loss is not asked for
  const examples: Examples = { data, inputShape, preprocessing: bundle.preprocessing, target }
  const evaluation = evaluateOutputs<FieldArray>(engine, networkAt(checkpoint), { ...examples, probabilities: true })
  return { evaluation, predictions: describePredictions(bundle, outputs, evaluation, positions), examples }
}

/** Queries that were opened and predicted. */
export interface ReadQueries {
  queries: OpenQueries
  predictions: Prediction[]
  /** what the loss of each is taken for, in the data set's units */
  targets: FieldArray
  /** the queries with these targets, as the network sees them */
  examples: Examples
}

/** Opens queries of the shape that the model was trained on and predicts them at the last checkpoint. @throws as answerPredict */
export function readQueries (engine: Engine, model: OpenModel, queries: readonly ModelQuery[]): ReadQueries {
  const { bundle } = model
  const opened = openQueries(queries, bundle, () => model.view)
  const batch = { data: opened.data, inputShape: outputsOf(bundle).inputShape, positions: [...queries.keys()] }
  const { evaluation, predictions, examples } = predict(engine, model, batch, bundle.checkpoints.at(-1)!)
  const targets = targetsOf(opened, evaluation.predictions, bundle)
  return { queries: opened, predictions, targets, examples: { ...examples, target: scaleTargets(targets, bundle.preprocessing) } }
}

/** What the loss of each query is taken for: the prediction where nothing else is known. */
function targetsOf ({ targets }: OpenQueries, predictions: FieldArray, bundle: ModelBundle): FieldArray {
  const isValues = outputsOf(bundle).head.type === 'values'
  const chosen = isValues ? Float32Array.from(unscaleTargets(predictions, bundle.preprocessing)) : Int32Array.from(predictions)
  const size = chosen.length / targets.length
  targets.forEach((target, i) => { if (target) chosen.set(target, i * size) })
  return chosen
}

function checkPicture ({ bundle }: OpenModel, queries: readonly ModelQuery[]): void {
  const { head } = outputsOf(bundle)
  if (head.type !== 'class-map') throw new AppError('not_acceptable', `only predictions of head class-map have a picture, got ${head.type}`)
  if (queries.length > 1) refuse('queries', 'must be one for a picture', queries.length)
}

function drawMap (prediction: Prediction): Uint8Array {
  if (prediction.head !== 'class-map') throw new Error(`Only a class map is drawn, got ${prediction.head}`)
  const { labels } = prediction
  return encodeIndexed(Uint8Array.from(labels.flat()), [labels.length, labels[0]!.length], classPalette())
}
