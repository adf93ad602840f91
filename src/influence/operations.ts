/**
 * What can be asked of every stored network, by the name that stands in the URL. A new one is one line here; what only a
 * kind's own models can be asked stands in the kind's contract.
 */
import { attack } from './attack/operation.js'
import { defineOperation, type Operation } from './operation.js'
import { regionInfluence } from './region/operation.js'
import {
  InfluenceRequest, InfluenceResponse, PredictRequest, PredictResponse, SelfInfluenceRequest, SelfInfluenceResponse
} from './schemas.js'

const json = ['application/json'] as const

const predict = defineOperation({
  title: 'Ask what the model reads',
  description: 'Examples by split and index, or raw inputs in the data set’s stored units. What a prediction is depends on the head of the model; a class map is also a picture, with Accept: image/png and one query. Where its network is convolutional throughout, a raw picture has any size (at most 4096 pixels a side, 1,048,576 a picture and 4,194,304 a request) and is answered at that size: black stands at its right and lower edge as far as strides need it. Answered within 2 s, or 202 with the place of the answer.',
  request: PredictRequest,
  response: PredictResponse,
  maxBytes: 8 * 2 ** 20, // a picture of 2^20 pixels that PNG hardly compresses, in base64
  mediaTypes: ['application/json', 'image/png'],
  codes: ['invalid_input', 'no_dataset', 'non_finite_output', 'not_acceptable'],
  load: async () => ({ run: (await import('./answer-predict.js')).answerPredict })
})

const influence = defineOperation({
  title: 'Ask which training examples made the model read an example as it does',
  description: 'Proponents made the loss of the query smaller when they were trained on, opponents larger; shares say what each checkpoint adds. Needs an influence index: 409 index_missing says how to build it.',
  request: InfluenceRequest,
  response: InfluenceResponse,
  mediaTypes: json,
  codes: ['index_missing', 'invalid_input', 'no_dataset', 'non_finite_output'],
  indexOf: ({ layers = 'last' }) => layers,
  load: async () => ({ run: (await import('./answer-influence.js')).answerInfluence })
})

const selfInfluence = defineOperation({
  title: 'Rank the training examples by their influence on themselves',
  description: 'At the top stand examples that the model had to memorise: mislabelled or unusual ones.',
  request: SelfInfluenceRequest,
  response: SelfInfluenceResponse,
  mediaTypes: json,
  codes: ['index_missing', 'invalid_input', 'no_dataset', 'invalid_cursor'],
  isPaged: true,
  indexOf: ({ layers = 'last' }) => layers,
  load: async () => ({ run: (await import('./answer-self-influence.js')).answerSelfInfluence })
})

/** In the order of the documentation. */
export const operations = { predict, influence, 'region-influence': regionInfluence, 'self-influence': selfInfluence, attack } as const satisfies Record<string, Operation>
