/** Answers what a stored model says of examples. */
import type { Examples } from '../tensor/batches.js'
import type { Engine } from '../tensor/engine.js'
import { evaluate } from '../tensor/evaluate.js'
import { selectCheckpoints, type ModelCheckpoint } from './bundle.js'
import type { OpenModel } from './open-model.js'
import { checkFinite, openQueries, type OpenQueries } from './queries.js'
import type { ModelQuery, PredictRequest, PredictResponse } from './schemas.js'

type Prediction = Omit<PredictResponse['results'][number], 'query'>

/** Answers a predict request. @throws invalid_input for a query or checkpoint that does not fit, non_finite_output */
export function answerPredict (engine: Engine, model: OpenModel, { queries, checkpoint }: PredictRequest): PredictResponse {
  const [chosen] = selectCheckpoints(model.bundle, checkpoint === undefined ? undefined : [checkpoint]).slice(-1)
  const { queries: opened, predictions } = readQueries(engine, model, queries, chosen)
  return {
    results: predictions.map((prediction, i) => ({ query: opened.echoes[i]!, ...prediction })),
    checkpoint: chosen!.step
  }
}

/** Opens queries and predicts them, at the last checkpoint when none is given. @throws invalid_input, non_finite_output */
export function readQueries (
  engine: Engine, model: OpenModel, queries: readonly ModelQuery[], checkpoint?: ModelCheckpoint
): { queries: OpenQueries, predictions: Prediction[] } {
  const { dataset, preprocessing, checkpoints } = model.bundle
  const opened = openQueries(queries, dataset)
  const { inputs, labels, count } = opened.examples
  const examples: Examples = {
    data: { inputs, count },
    inputShape: dataset.inputShape,
    preprocessing,
    target: labels.map(label => Math.max(0, label)) // the loss is not asked for, but every label must be a class
  }
  const network = model.networkAt(checkpoint ?? checkpoints.at(-1)!)
  const { predictions, probabilities } = evaluate(engine, network, { ...examples, probabilities: true })
  return {
    queries: opened,
    predictions: Array.from(predictions, (label, i) => {
      const own = probabilities!.subarray(i * dataset.classes, (i + 1) * dataset.classes)
      checkFinite(i, 'probabilities', own)
      return { label, labelName: dataset.labelNames[label] ?? String(label), probabilities: Array.from(own) }
    })
  }
}
