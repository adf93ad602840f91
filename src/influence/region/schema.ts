/** The question about a region of a picture, and its answer, on the wire. No tensor import. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed, taggedUnion } from '../../choices.js'
import { InfluenceRequest, InfluenceResponse, ModelQuery, pngText, scoredFields } from '../schemas.js'

const pixels = (description: string, minimum = 0) => Type.Integer({ minimum, maximum: 65_535, description: `${description} (unit: pixels)` })

/** Which pixels of a picture are asked about. */
export const Region = taggedUnion([
  Type.Object({ type: Type.Literal('picture', { description: 'All of it' }) }, closed),
  Type.Object({
    type: Type.Literal('box', { description: 'A rectangle' }), left: pixels('Of its first column'), top: pixels('Of its first row'), width: pixels('Columns', 1), height: pixels('Rows', 1)
  }, closed),
  Type.Object({
    type: Type.Literal('class', { description: 'All pixels of one class' }),
    label: Type.Integer({ minimum: 0, description: 'The class' }),
    of: choice(['target', 'prediction'], { default: 'target', description: 'target: in what the loss is taken for; prediction: in what the model reads at its last checkpoint' })
  }, closed),
  Type.Object({
    type: Type.Literal('mask', { description: 'What a picture marks' }),
    png: pngText('A PNG of the picture’s size, grey or of a palette; its numbers other than 0 are the region')
  }, closed)
], { default: { type: 'picture' }, description: 'Which pixels are asked about' })
export type Region = Static<typeof Region>

const { split, index, input, png, target } = ModelQuery.properties
const { method, weights, checkpoints, topK } = InfluenceRequest.properties

export const RegionInfluenceRequest = Type.Object({
  queries: Type.Array(Type.Object({ split, index, input, png, target, region: Region }, { ...closed, description: 'Either {split, index}, {input} or {png}, and a region of it' }), {
    minItems: 1, maxItems: 100, description: 'Regions whose reading is to be explained'
  }),
  method,
  weights,
  checkpoints,
  topK,
  regions: choice(['none', 'classes', 'components'], {
    default: 'none', description: 'Which parts of the scored training pictures are told apart, in what was learned of them: their classes, or its connected regions (by sides and corners). Scores of all parts add up to the picture’s; takes a forward pass of each picture and checkpoint more, whose findings are kept for the next question'
  })
}, {
  ...closed,
  description: 'Regions of pictures that a model of head class-map reads',
  examples: [{ queries: [{ split: 'test', index: 0, region: { type: 'box', left: 4, top: 4, width: 8, height: 8 } }], regions: 'classes' }]
})
export type RegionInfluenceRequest = Static<typeof RegionInfluenceRequest>

const Box = Type.Object({ left: pixels('Of its first column'), top: pixels('Of its first row'), width: pixels('Columns', 1), height: pixels('Rows', 1) }, {
  ...closed, description: 'The least that holds it'
})
const regionFields = { pixels: Type.Integer({ minimum: 1, description: 'How many it has' }), box: Box }

const ScoredRegion = Type.Object({
  label: Type.Integer({ minimum: 0, description: 'The class that was learned there' }),
  labelName: Type.String({ description: 'Its name in the data set, or its number' }),
  ...regionFields,
  score: Type.Number({ description: 'What its pixels add to the picture’s score' })
}, closed)
export type ScoredRegion = Static<typeof ScoredRegion>

const { score, shares } = scoredFields

const ScoredPicture = Type.Object({
  index: scoredFields.index,
  score,
  shares,
  regions: Type.Optional(Type.Array(ScoredRegion, { description: 'Where they were asked for: its parts, those that add or take most first, 20 at most' })),
  otherRegions: Type.Optional(Type.Object({ count: Type.Integer({ minimum: 1 }), score: Type.Number({ description: 'Of all of them together' }) }, {
    ...closed, description: 'Parts that are not listed'
  }))
}, closed)
export type ScoredPicture = Static<typeof ScoredPicture>

const { query, labelFrom } = InfluenceResponse.properties.results.items.properties

export const RegionInfluenceResponse = Type.Object({
  results: Type.Array(Type.Object({
    query,
    labelFrom,
    region: Type.Object({
      ...regionFields,
      labelled: Type.Integer({ minimum: 1, description: 'Pixels of it that have a label: scores are of the mean loss over these' }),
      loss: Type.Number({ minimum: 0, description: 'That loss at the last checkpoint' })
    }, closed),
    proponents: Type.Array(ScoredPicture, { description: 'Highest scores first: training on them made the region’s loss smaller' }),
    opponents: Type.Array(ScoredPicture, { description: 'Lowest scores first: training on them made it larger' })
  }, closed)),
  method: InfluenceResponse.properties.method,
  index: InfluenceResponse.properties.index
}, closed)
export type RegionInfluenceResponse = Static<typeof RegionInfluenceResponse>
