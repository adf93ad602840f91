/** Stored models on the wire, and the life of a question to one. What is asked: src/influence/schemas.ts. */
import { Type } from '../../schema/type.js'
import { choice, taggedUnion } from '../../choices.js'
import { Description, type Fields } from '../../datasets/description.js'
import { scribbleFields } from '../../datasets/scribbles/spec.js'
import { Descent } from '../../influence/descent.js'
import { Layers, SelfInfluenceRequest, SelfInfluenceResponse } from '../../influence/schemas.js'
import { Architecture } from '../../tensor/architecture.js'
import { closed, Id, Json, nullable, pageFields, StoredFailure, Timestamp } from './common.js'
import { checkpointWeights } from './trials.js'

const numbers = Type.Array(Type.Number(), { minItems: 1 })
const forAllOrEach = Type.Union([Type.Number(), numbers], { description: 'One for all numbers, or one for each of the last axis: columns, channels' })

const summaryFields = {
  id: Id,
  experimentId: Id,
  trialId: Id,
  kind: Type.String({ description: 'of the experiment that trained it' }),
  name: Type.String(),
  architecture: Architecture,
  preprocessing: Type.Object({
    offset: forAllOrEach,
    scale: forAllOrEach,
    target: Type.Optional(Type.Object({ offset: numbers, scale: numbers }, {
      ...closed, description: 'It was trained on (target - offset) * scale, one of each for every value; answers are in the target’s units. Left out where targets are as stored'
    }))
  }, { ...closed, description: 'A network sees (x - offset) * scale of the stored units' }),
  fields: Type.Unsafe<Fields>({
    ...Description.properties.fields, description: 'What it reads and predicts: inputs in stored units, and target where that has names'
  }),
  datasetId: nullable(Id),
  descent: Type.Union([Descent, Type.Null()], { description: 'How its weights were moved; null for models of before this was stored' }),
  details: nullable(Type.Unsafe<Record<string, unknown>>({ ...Json, description: 'What the operations of its kind know of it, beyond weights; null where they need nothing' })),
  checkpoints: Type.Array(Type.Object({ id: Id, step: Type.Integer(), ...checkpointWeights }, closed)),
  createdAt: Timestamp
}

export const ModelSummary = Type.Object(summaryFields, { ...closed, description: 'A trained network' })

const TrainingView = Type.Object({
  datasetId: Id,
  split: Type.Literal('train'),
  count: Type.Integer(),
  dropped: Type.Array(Type.Integer()),
  relabelled: Type.Object({ indices: Type.Array(Type.Integer()), labels: Type.Array(Type.Number(), { description: 'By rows: a class each, or as many values as the target has' }) }, closed),
  learned: Type.Optional(taggedUnion([
    Type.Object({ type: Type.Literal('field'), field: Type.String({ description: 'Its name in the data set' }) }, closed),
    Type.Object({ type: Type.Literal('scribbles'), seed: Type.Integer(), ...scribbleFields }, closed)
  ], { description: 'What it learned in the place of the data set’s target: another field, or scribbles drawn of the class maps; left out where it learned the target' })),
  labelling: Type.Optional(Type.Object({ weight: Type.Number() }, {
    ...closed, description: 'Weight of the loss with the labelling that its training made: targets/labelling in the file of each checkpoint that has one, by index in the split'
  }))
}, { ...closed, description: 'What it really saw of the data set' })

export const Model = Type.Object({
  ...summaryFields,
  operations: Type.Array(Type.String(), { description: 'What it can be asked: POST /v1/models/{id}/{operation}; its kind in /v1/kinds describes them' }),
  trainingView: Type.Union([TrainingView, Type.Null()], { description: 'Null when it was not trained on a stored data set' })
}, { ...closed, description: 'A trained network with what it was trained on' })

export const ModelQueryString = Type.Object({
  ...pageFields, experimentId: Type.Optional(Id), trialId: Type.Optional(Id), datasetId: Type.Optional(Id)
}, closed)

export const InfluenceIndex = Type.Object({
  id: Id,
  modelId: Id,
  layers: Layers,
  state: choice(['building', 'ready', 'failed']),
  failure: nullable(StoredFailure),
  progress: Type.Object({ done: Type.Integer(), of: Type.Integer() }, { ...closed, description: 'checkpoints' }),
  sizeBytes: Type.Integer(),
  createdAt: Timestamp,
  finishedAt: nullable(Timestamp)
}, { ...closed, description: 'Per-example gradient factors of a model’s training view: built once, queried many times' })

export const QueryAccepted = Type.Object({
  queryId: Id,
  state: choice(['queued', 'running'])
}, { ...closed, description: 'The answer will be at /v1/queries/{queryId}' })

export const Query = Type.Object({
  id: Id,
  modelId: Id,
  operation: Type.String(),
  request: Json,
  state: choice(['queued', 'running', 'succeeded', 'failed']),
  mediaType: Type.String({ description: 'What the answer is. A picture is had from here too, by Accept' }),
  response: Type.Unknown({ description: 'What the operation answers; null until then, and for a picture' }),
  failure: nullable(StoredFailure),
  createdAt: Timestamp,
  finishedAt: nullable(Timestamp)
}, { ...closed, description: 'A question to a model and, in time, its answer' })

const { limit, order, method, weights, layers, show } = SelfInfluenceRequest.properties

/** Of the query string; the checkpoints are steps, repeated or with commas. */
export const SelfInfluenceQuery = Type.Object({
  limit,
  cursor: pageFields.cursor,
  order,
  method,
  weights,
  layers,
  show,
  checkpoints: Type.Optional(Type.Array(Type.String({ pattern: '^\\d+(,\\d+)*$' }), { maxItems: 1000, description: 'Steps, repeated or with commas; those of the model that count when left out' }))
}, closed)

const { items, total, method: used, index } = SelfInfluenceResponse.properties

export const SelfInfluencePage = Type.Object({ items, nextCursor: nullable(Type.String()), total, method: used, index }, closed)
