/** What an adm-segmentation experiment asks for, and what it measures on the way. What a trial returns: result.ts. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed, taggedUnion } from '../../choices.js'
import { scribbleFields } from '../../datasets/scribbles/spec.js'
import { MAX_CREW, type MetricDescription } from '../contract.js'
import { CheckpointSchedule } from '../kit/checkpoints.js'
import { DataReference, limitField, Scaling } from '../kit/data.js'
import { optimizerField } from '../kit/descent.js'
import { seedsField } from '../kit/seeds.js'
import { SlotsField } from '../kit/slots.js'
import { claimNames } from './claim-names.js'
import { Method } from './methods.js'
import { SegmentationNetwork } from './networks.js'

const Scribbles = taggedUnion([
  Type.Object({ type: Type.Literal('stored', { description: 'The data set’s own' }) }, closed),
  Type.Object({
    type: Type.Literal('drawn', { description: 'Strokes drawn from the masks, by the trial’s seed' }),
    lengths: Type.Array(Type.Number({ minimum: 0, maximum: 1 }), { minItems: 1, maxItems: 16, uniqueItems: true, default: [1], description: 'Of a stroke, as a share of the way through the middle of its region; 0 is a click: an arm for each' }),
    width: scribbleFields.width,
    regions: scribbleFields.regions
  }, closed)
], { default: { type: 'stored' }, description: 'What is known of the training pictures' })
export type Scribbles = Static<typeof Scribbles>

/** Schema of the spec. */
export const SegmentationSpec = Type.Object({
  data: DataReference,
  trainExamples: limitField('training'),
  testExamples: limitField('test'),
  scribbles: Scribbles,
  scaling: Scaling,
  network: SegmentationNetwork,
  optimizer: optimizerField({ type: 'sgd, or adam', momentum: 'Of sgd', loss: 'Descent on the mean loss of a batch' }),
  warmup: Type.Integer({ minimum: 0, maximum: 100_000, default: 20, description: 'Passes on partial cross-entropy alone, the same for all methods (unit: epochs)' }),
  epochs: Type.Integer({ minimum: 1, maximum: 100_000, default: 20, description: 'Passes by the method (unit: epochs)' }),
  batchSize: Type.Integer({ minimum: 1, maximum: 512, default: 8, description: 'Pictures of a step' }),
  crop: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 4096 }), {
    minItems: 2, maxItems: 2, description: '[height, width] of the window that a step sees of each of its pictures, at random; all of them when left out (unit: pixels)'
  })),
  checkpoints: CheckpointSchedule,
  flip: Type.Boolean({ default: false, description: 'Whether pictures are mirrored left and right at random in training' }),
  methods: Type.Array(Method, {
    minItems: 1, maxItems: 24, default: [{ type: 'pce' }, { type: 'gd' }, { type: 'adm' }, { type: 'full' }], description: 'Ways to train, an arm each'
  }),
  claims: Type.Array(choice(claimNames, { description: 'One of the statements' }), {
    maxItems: claimNames.length, uniqueItems: true, default: [], description: 'What the verdict is held against, all of them; nothing is claimed when empty. The report says each in words'
  }),
  judged: choice(['test', 'train'], { default: 'test', description: 'Pictures that claims speak of; train: those whose scribbles are learned' }),
  slots: SlotsField,
  crew: Type.Integer({ minimum: 1, maximum: MAX_CREW, default: 1, description: 'Threads that find X of several pictures at a time, each with a thread of the tensor engine’s own: a trial takes so many times its slots. X is the same with any' }),
  seeds: seedsField('One trial per method, length and seed: first weights, order of pictures, strokes')
}, closed)
export type SegmentationSpec = Static<typeof SegmentationSpec>

/** The metrics of a trial. Energies are of the grid CRF with 8 neighbours and lambda 1, a mean over pictures. */
export const metrics = {
  loss: { description: 'Mean loss of the batches since the last point', unit: '1', better: 'lower' },
  learningRate: { description: 'In force', unit: '1', better: 'neither' },
  meanIoU: { description: 'Mean over classes of intersection over union, of all test pictures together', unit: '1', better: 'higher' },
  trainIoU: { description: 'The same of the training pictures, whose scribbles alone are learned', unit: '1', better: 'higher' },
  pixelAccuracy: { description: 'Part of the test pixels that are read rightly', unit: '1', better: 'higher' },
  boundaryF: { description: 'F-score of the boundaries within a pixel, mean over test pictures', unit: '1', better: 'higher' },
  scribbleAccuracy: { description: 'Part of the scribbles’ pixels that are read rightly', unit: '1', better: 'higher' },
  pottsEnergy: { description: 'Discrete energy of what is predicted of the training pictures', unit: '1', better: 'lower' },
  gap: { description: 'By how much that of the prediction is above that of X', unit: '1', better: 'lower' },
  disagreement: { description: 'Part of the training pixels where X and the prediction differ', unit: '1', better: 'lower' },
  offset: { description: 'Of a sweep: columns between the lowest position of a boundary and the true one, of a picture', unit: 'pixels', better: 'lower' },
  basin: { description: 'Of a sweep: positions from which descent ends at the true boundary, or a pixel beside it', unit: 'positions', better: 'higher' },
  minima: { description: 'Of a sweep: positions where descent ends', unit: 'positions', better: 'lower' },
  depth: { description: 'Of a sweep: by how much of the mean cost the true boundary is below it', unit: '1', better: 'higher' },
  halfWidth: { description: 'Of a sweep: positions around the true boundary that are at least half as deep', unit: 'positions', better: 'neither' },
  cutMilliseconds: { description: 'Mean time of one picture’s X-step', unit: 'ms', better: 'lower', timing: true }
} as const satisfies Record<string, MetricDescription>
