/**
 * What may be asked of a stored model, and what comes back: the wire's shapes of predict, influence, self-influence
 * and index building, declared once. No tensor import: routes validate with them, responder.ts answers in them.
 */
import { Type, type Static } from '../schema/type.js'
import { choice, closed } from '../choices.js'

const label = (description: string) => Type.Integer({ minimum: 0, description })

const layersText = 'last: the final layer, dense but for head class-map, as the paper does at scale; all: every parameter of the network'

/** Which layers' gradients are compared. */
export const Layers = choice(['last', 'all'], { description: layersText })
export type Layers = Static<typeof Layers>

const LayersField = Type.Optional(choice(['last', 'all'], { default: 'last', description: layersText }))
/** A step as the database holds it; larger numbers of JSON may be equal though they are written otherwise. */
const step = { minimum: 0, maximum: 2_147_483_647 }

/** What checkpoints count in a sum, on the wire of specs and of questions. */
export const weightsText = 'interval: the sum over the steps of its interval of learning rate / examples, so that scores estimate a change of the loss; rate: the learning rate in force, as the paper writes it, which counts unequal intervals alike'

const AskedWeights = Type.Optional(choice(['interval', 'rate'], {
  description: `What every checkpoint counts. ${weightsText}. interval when left out, rate where checkpoints stand for no intervals; gradient-product has none`
}))

const methods = ['tracin-cp', 'tracin-cp-adam', 'gradient-product'] as const
const methodsText = 'tracin-cp: gradient dot products summed over checkpoints with weights that follow from the steps of gradient descent; tracin-cp-adam: the same for steps of Adam, with gradients in the measure of the checkpoint’s second moments; gradient-product: the same without weights, for models that were moved by something else'
export type InfluenceMethod = typeof methods[number]

const AskedMethod = Type.Optional(choice(methods, { description: `${methodsText}. What follows from how the model was trained, when left out` }))

/** What every checkpoint counted in an answer. */
const usedWeights = ['interval', 'rate', 'none'] as const
export type Weights = typeof usedWeights[number]

const Show = Type.Optional(Type.Boolean({
  default: false, description: 'Whether scored examples say what they are: the row of a table, or text; pictures are had from the examples of the data set'
}))

const Checkpoints = Type.Optional(Type.Array(Type.Integer(step), {
  minItems: 1, maxItems: 1000, uniqueItems: true, description: 'Steps of the checkpoints to sum over; those of the model that count when left out'
}))

/** A PNG in a request. */
export const pngText = (description: string) => Type.String({ minLength: 1, pattern: '^[A-Za-z0-9+/]+={0,2}$', contentEncoding: 'base64', description })

/** An example of the data set, or a raw input: numbers in its stored units, a row of its table, text, or a picture. */
export const ModelQuery = Type.Object({
  split: Type.Optional(choice(['train', 'test'], { description: 'Split of the model’s data set' })),
  index: Type.Optional(Type.Integer({ minimum: 0, description: 'Position in the split' })),
  input: Type.Optional(Type.Union([
    Type.Array(Type.Unknown(), {
      minItems: 1,
      description: 'Numbers in the data set’s stored units (pixels 0 .. 255), nested as the input’s shape or flat, row by row; for predict of a model of head class-map nested as a picture of any size'
    }),
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'A row by the columns of the table: {"age": 39, "workclass": "Private"}; words as words, dates as ISO 8601 text, null where there is no value'
    }),
    Type.String({ description: 'Text, for a model whose inputs are words' })
  ], { description: 'A raw input' })),
  png: Type.Optional(pngText('A raw input as PNG, for a model whose inputs are pictures of bytes with one or three channels: read as those of a data set are (16 bits as 8, laid over black where it is transparent, not turned), grey ones with three equal channels where the model wants three. For predict of a model of head class-map a picture of any size')),
  label: Type.Optional(label('Of head classes: the class that the loss is taken for; when left out the one that the model was trained with, for a test example the data set’s, for a raw input the predicted class')),
  target: Type.Optional(Type.Union([Type.Number(), Type.Array(Type.Unknown(), { minItems: 1 })], {
    description: 'Of other heads: what the loss is taken for, in the data set’s units: a value or several, 0 or 1, a class per pixel nested or flat (255 has no label); when left out the one that the model was trained with, for a test example the data set’s, for a raw input the prediction, which head values does not take'
  }))
}, { ...closed, description: 'Either {split, index}, {input} or {png}' })
export type ModelQuery = Static<typeof ModelQuery>

export const PredictRequest = Type.Object({
  queries: Type.Array(ModelQuery, { minItems: 1, maxItems: 1000, description: 'Examples to read' }),
  checkpoint: Type.Optional(Type.Integer({ ...step, description: 'Step of the checkpoint that answers; the last one when left out' }))
}, closed)
export type PredictRequest = Static<typeof PredictRequest>

/** How a query is told apart in an answer: a raw input is not sent back. */
const QueryEcho = Type.Union([
  Type.Object({ split: choice(['train', 'test']), index: Type.Integer({ minimum: 0 }) }, closed),
  Type.Object({ input: Type.Literal('raw') }, closed)
], { description: 'The example asked about' })

const probability = { minimum: 0, maximum: 1 }
const name = Type.String({ description: 'Its name in the data set, or its number' })

/** What a network says of one example, by its head. */
const predictions = [
  {
    head: Type.Literal('classes', { description: 'One of several classes' }),
    label: label('Class of the highest probability'),
    labelName: Type.String({ description: 'Its name in the data set' }),
    probabilities: Type.Array(Type.Number(probability), { description: 'One per class' })
  },
  {
    head: Type.Literal('binary', { description: 'Yes or no' }),
    outputs: Type.Array(Type.Object({
      name,
      value: Type.Integer({ ...probability, description: '1 where the probability is above one half' }),
      probability: Type.Number({ ...probability, description: 'Of 1' })
    }, closed))
  },
  {
    head: Type.Literal('values', { description: 'Numbers' }),
    values: Type.Array(Type.Object({
      name, unit: Type.Optional(Type.String({ description: 'Left out where it is not known' })), value: Type.Number({ description: 'In this unit' })
    }, closed))
  },
  {
    head: Type.Literal('class-map', { description: 'A class per pixel' }),
    labels: Type.Array(Type.Array(label('Class of a pixel')), { description: 'Row by row' }),
    labelNames: Type.Array(Type.String(), { description: 'Names of the classes in the data set, by their number' })
  }
] as const

const [ofClasses, ofBinary, ofValues, ofClassMap] = predictions
const options = { ...closed, description: 'What the model says of an example' }

/** What a network says of one example. */
export const predictionSchemas = {
  ClassesPrediction: Type.Object(ofClasses, options),
  BinaryPrediction: Type.Object(ofBinary, options),
  ValuesPrediction: Type.Object(ofValues, options),
  ClassMapPrediction: Type.Object(ofClassMap, options)
}
const { ClassesPrediction, BinaryPrediction, ValuesPrediction, ClassMapPrediction } = predictionSchemas
const Prediction = Type.Union([ClassesPrediction, BinaryPrediction, ValuesPrediction, ClassMapPrediction], {
  discriminator: { propertyName: 'head' }, description: 'By the head of the model'
})
export type Prediction = Static<typeof Prediction>

/** The same with the query that was asked. */
const query = { query: QueryEcho }
export const predictedSchemas = {
  PredictedClass: Type.Object({ ...query, ...ofClasses }, options),
  PredictedBinary: Type.Object({ ...query, ...ofBinary }, options),
  PredictedValues: Type.Object({ ...query, ...ofValues }, options),
  PredictedClassMap: Type.Object({ ...query, ...ofClassMap }, options)
}
const { PredictedClass, PredictedBinary, PredictedValues, PredictedClassMap } = predictedSchemas

export const PredictResponse = Type.Object({
  results: Type.Array(Type.Union([PredictedClass, PredictedBinary, PredictedValues, PredictedClassMap], {
    discriminator: { propertyName: 'head' }, description: 'By the head of the model'
  })),
  checkpoint: Type.Integer({ description: 'Step of the checkpoint that answered' })
}, closed)
export type PredictResponse = Static<typeof PredictResponse>

export const InfluenceRequest = Type.Object({
  queries: Type.Array(ModelQuery, { minItems: 1, maxItems: 100, description: 'Examples whose reading is to be explained' }),
  method: AskedMethod,
  weights: AskedWeights,
  layers: LayersField,
  checkpoints: Checkpoints,
  topK: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 10, description: 'Proponents and opponents per query; all training examples when there are fewer' })),
  show: Show
}, closed)
export type InfluenceRequest = Static<typeof InfluenceRequest>

const ShownExample = Type.Union([
  Type.Object({
    row: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Null()]), { description: 'By the columns of the table; null where there is no value' })
  }, closed),
  Type.Object({ text: Type.String({ description: 'Its words; [?] for one that is not in the vocabulary' }) }, closed)
], { description: 'What it is, where it was asked for and inputs have names or words' })
export type ShownExample = Static<typeof ShownExample>

export const scoredFields = {
  index: Type.Integer({ minimum: 0, description: 'Position in the training split' }),
  label: Type.Optional(label('Of head classes: the class that the model was trained to say')),
  trueLabel: Type.Optional(label('The data set’s class, where the model was trained to say another')),
  target: Type.Optional(Type.Array(Type.Number(), { description: 'Of heads binary and values: the numbers that the model was trained to say, in the data set’s units' })),
  example: Type.Optional(ShownExample),
  score: Type.Number({ description: 'In the unit of index.unit' }),
  shares: Type.Array(Type.Number(), { description: 'What every checkpoint adds to the score, in the order of index.checkpoints' })
}

/** A training example with its score. */
export const ScoredExample = Type.Object(scoredFields, closed)
export type ScoredExample = Static<typeof ScoredExample>

const Method = choice(methods, { description: methodsText })

const indexUsed = Type.Object({
  layers: Layers,
  examples: Type.Integer({ minimum: 1, description: 'Training examples that were compared' }),
  checkpoints: Type.Array(Type.Object({
    step: Type.Integer({ minimum: 0 }),
    learningRate: Type.Number({ minimum: 0, description: 'In force when it was taken' }),
    weight: Type.Number({ minimum: 0, description: 'What it counts in the sum' })
  }, closed)),
  coverage: Type.Array(Type.Object({
    layer: Type.Integer({ minimum: 0, description: 'Position among the layers of the architecture' }),
    type: Type.String({ description: 'Of the layer' }),
    parameters: Type.Array(Type.String(), { description: 'Its trained arrays, all of them' })
  }, closed), { description: 'Whose gradients were compared; a model with a layer that cannot be is refused for layers=all' }),
  exact: Type.Boolean({ description: 'Whether the sum is the method’s own, with gradients neither projected nor otherwise approximated; false for gradient-product, which stands for no method' }),
  weights: choice(usedWeights, { description: 'What the checkpoints count' }),
  unit: Type.String({ description: 'Of scores and shares' }),
  notes: Type.Array(Type.String(), { description: 'What the formula does not cover, in plain words' })
}, { ...closed, description: 'What the answer was computed from' })

export const InfluenceResponse = Type.Object({
  results: Type.Array(Type.Object({
    query: QueryEcho,
    label: Type.Optional(label('Of head classes: the class that the loss was taken for')),
    target: Type.Optional(Type.Array(Type.Number(), { description: 'Of heads binary and values: the numbers that the loss was taken for' })),
    labelFrom: choice(['request', 'training', 'dataset', 'prediction'], { description: 'Where that class, or target, came from. training: what the model was trained to say of an example of its training, be it wrong; dataset: an example that it was not trained on' }),
    prediction: Prediction,
    proponents: Type.Array(ScoredExample, { description: 'Highest scores first: training on them made the query’s loss smaller' }),
    opponents: Type.Array(ScoredExample, { description: 'Lowest scores first: training on them made it larger' })
  }, closed)),
  method: Method,
  index: indexUsed
}, closed)
export type InfluenceResponse = Static<typeof InfluenceResponse>

export const SelfInfluenceRequest = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50, description: 'Examples per page' })),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Examples to skip' })),
  order: Type.Optional(choice(['desc', 'asc'], { default: 'desc', description: 'desc: the most self-influential first' })),
  method: AskedMethod,
  weights: AskedWeights,
  layers: LayersField,
  checkpoints: Checkpoints,
  show: Show
}, closed)
export type SelfInfluenceRequest = Static<typeof SelfInfluenceRequest>

export const SelfInfluenceResponse = Type.Object({
  items: Type.Array(Type.Object({ rank: Type.Integer({ minimum: 1, description: '1 is the most self-influential example' }), ...scoredFields }, closed)),
  total: Type.Integer({ minimum: 1, description: 'Examples in the ranking' }),
  method: Method,
  nextOffset: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { description: 'offset of the next page; null at the end' }),
  index: indexUsed
}, closed)
export type SelfInfluenceResponse = Static<typeof SelfInfluenceResponse>

export const BuildIndexRequest = Type.Object({
  layers: LayersField
}, closed)
export type BuildIndexRequest = Static<typeof BuildIndexRequest>
