/** What a tracin experiment asks for, what a trial of it returns, and what it measures on the way. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed } from '../../choices.js'
import { Column } from '../../datasets/description.js'
import { weightsText } from '../../influence/schemas.js'
import { CheckpointSchedule } from '../kit/checkpoints.js'
import { DataReference, limitField, Scaling } from '../kit/data.js'
import { optimizerField } from '../kit/descent.js'
import { NetworkSpec } from '../kit/network.js'
import { seedsField } from '../kit/seeds.js'
import { SlotsField } from '../kit/slots.js'
import { FrequencyProbeSpec, probeMetrics, ProbeResult } from '../kit/spectrum/spec.js'
import type { MetricDescription } from '../contract.js'
import { ExplainField, Explained } from './explained/schema.js'
import { BaselinesSpec, LeftOut } from './baselines/spec.js'
import { methodNames } from './methods.js'
import { Predictions } from './predictions/schema.js'
import { EditsField } from './retrain/spec.js'
import { label, suspectFields, triageOf } from './triage/spec.js'

/** What can be done to labels. */
export const noiseKinds = ['none', 'random', 'hardest'] as const
export type NoiseKind = typeof noiseKinds[number]

/** What checkpoints count in self-influence. */
const Weights = Type.Optional(choice(['interval', 'rate'], { default: 'interval', description: weightsText }))

/** Schema of the spec. */
export const TracinSpec = Type.Object({
  data: DataReference,
  trainExamples: limitField('training'),
  testExamples: limitField('test'),
  scaling: Scaling,
  network: NetworkSpec,
  optimizer: optimizerField({
    type: 'sgd: TracInCP is derived for it; adam: for tables of embeddings, whose rare words sgd hardly moves. Its gradients are measured by the second moments at the checkpoint',
    momentum: 'Momentum of sgd; the weights of intervals hold what it adds to a step, those of weights=rate do not',
    loss: 'Descent on the mean loss of a batch'
  }),
  epochs: Type.Integer({ minimum: 1, maximum: 10_000, default: 30, description: 'Passes over the training examples' }),
  batchSize: Type.Integer({ minimum: 1, maximum: 4096, default: 32, description: 'Examples per step; the last batch of an epoch may be smaller' }),
  checkpoints: CheckpointSchedule,
  weights: Weights,
  labelNoise: Type.Object({
    kind: choice(['auto', ...noiseKinds], {
      default: 'auto',
      description: 'none: labels as they are; random: another class by chance, or the values of another example; hardest: the wrong class that a model trained on clean labels finds most probable, for classes only; auto: hardest for classes, random for values'
    }),
    fraction: Type.Number({ exclusiveMinimum: 0, maximum: 0.5, default: 0.1, description: 'Part of the training examples that gets a wrong label; ignored when kind is none' })
  }, { ...closed, default: {}, description: 'Labels (classes or values) that are made wrong on purpose, to be found again' }),
  selfInfluence: Type.Array(choice(['last', 'all'], { description: 'last: the output layer; all: every parameter' }), {
    minItems: 1, maxItems: 2, uniqueItems: true, default: ['last', 'all'], description: 'Whose gradients score the training examples'
  }),
  explain: ExplainField,
  baselines: BaselinesSpec,
  predictions: Type.Optional(Predictions),
  frequencyProbe: Type.Optional(FrequencyProbeSpec),
  edits: Type.Optional(EditsField),
  seeds: seedsField('One trial per seed: initial weights, order of batches, choice of wrong labels'),
  slots: SlotsField
}, closed)
export type TracinSpec = Static<typeof TracinSpec>

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })

const Method = Type.Object({
  name: choice(methodNames, { description: 'How the examples were ordered' }),
  foundAt: Type.Object({
    5: share('Fraction of the wrong labels among the first 5 %'),
    10: share('… 10 %'),
    20: share('… 20 %'),
    30: share('… 30 %')
  }, closed),
  auc: share('Mean of the fraction found over all ranks'),
  curve: Type.Array(Type.Array(share('x: share checked; y: fraction found'), { minItems: 2, maxItems: 2 }), { maxItems: 200 })
}, closed)

const Ranked = Type.Object({
  index: Type.Integer({ minimum: 0, description: 'Position in the training split' }),
  label: label('Training label: the class or the values that the model was trained on'),
  trueLabel: label('Class or values in the data set'),
  score: Type.Number({ minimum: 0, description: 'Self-influence, last layer where computed' }),
  ...suspectFields
}, closed)

const Bins = Type.Object({
  edges: Type.Array(Type.Number(), { description: 'log10 of the self-influence at the borders of the bins' }),
  clean: Type.Array(Type.Integer({ minimum: 0 }), { description: 'Examples with their own label per bin' }),
  flipped: Type.Array(Type.Integer({ minimum: 0 }), { description: 'Examples with a wrong label per bin' })
}, closed)

const error = (description: string) => Type.Number({ minimum: 0, description })

const Errors = Type.Object({
  ...Column.properties,
  trainGiven: error('On the training examples, from the training labels'),
  trainTrue: error('On the training examples, from the data set’s values'),
  test: error('On the test examples'),
  deviation: error('Standard deviation of the test examples: the error of one who always says their mean')
}, { ...closed, description: 'Root mean squared error of one predicted value, in its unit' })

/**
 * Schema of what one trial returns. Results of before there were values lack labelNoise and have an accuracy, those of
 * before there were more baselines than the final loss lack leftOut and topLossNull, those of before there were intervals
 * have only checkpoints that count, by the rate; report.ts reads all.
 */
export const TracinResult = Type.Object({
  trainExamples: Type.Integer({ minimum: 1 }),
  testExamples: Type.Integer({ minimum: 1 }),
  parameters: Type.Integer({ minimum: 1, description: 'Numbers that the network learns' }),
  checkpoints: Type.Array(Type.Object({
    epoch: Type.Integer({ minimum: 0, description: 'Completed ones; 0: the first weights' }),
    step: Type.Integer({ minimum: 0 }),
    learningRate: Type.Number({ minimum: 0, description: 'What it counts with weights=rate' }),
    interval: Type.Optional(Type.Object({
      from: Type.Integer({ minimum: 0, description: 'Completed steps at its begin' }),
      to: Type.Integer({ minimum: 1, description: 'Completed steps at its end' }),
      weight: Type.Number({ minimum: 0, description: 'What it counts with weights=interval' })
    }, { ...closed, description: 'The steps that it stands for; left out where it counts nothing' })),
    counted: Type.Optional(Type.Boolean({ description: 'Whether it is in the sums of self-influence; true when left out' }))
  }, closed), { description: 'Whose weights were stored' }),
  labelNoise: Type.Optional(choice(noiseKinds, { description: 'What was done to the labels' })),
  accuracy: Type.Union([Type.Object({
    trainGiven: share('On the training examples, by the training labels'),
    trainTrue: share('On the training examples, by the data set’s labels'),
    test: share('On the test examples'),
    cleanTest: Type.Union([share('Of the model trained on clean labels, on the test examples'), Type.Null()])
  }, closed), Type.Null()], { description: 'Null for a target of values' }),
  errors: Type.Optional(Type.Array(Errors, { description: 'By column of a target of values; left out for classes' })),
  memorised: Type.Union([share('Part of the wrong labels that the model learned to repeat; of wrong values, part to which it comes nearer than to the own ones'), Type.Null()]),
  flipped: Type.Array(Type.Integer({ minimum: 0 }), { description: 'Positions of the wrong labels in the training split, ascending' }),
  methods: Type.Array(Method, { description: 'Empty when no label is wrong' }),
  leftOut: Type.Optional(Type.Array(LeftOut, { description: 'Baselines that were wanted and could not be computed, with the reason' })),
  concentration: share('Part of all self-influence that the top tenth of the examples holds'),
  topLossRatio: Type.Number({ minimum: 0, description: 'Mean final loss of the top tenth by self-influence over the mean of all' }),
  topLossNull: Type.Optional(Type.Number({ minimum: 0, description: 'The same of a tenth by chance: 95th percentile of 1,000 draws' })),
  histogram: Bins,
  ranking: Type.Array(Ranked, { maxItems: 200, description: 'The most self-influential examples' }),
  triage: Type.Optional(triageOf(Ranked)),
  contactSheet: Type.Optional(Type.Integer({ minimum: 1, description: 'Step of the artifact contact-sheet, which shows the first 40 of them; left out where inputs are no pictures' })),
  rankingSheet: Type.Optional(Type.Integer({ minimum: 1, description: 'Step of the artifact ranking-sheet, which shows the first 20 of them as rows of a table or as texts; left out for pictures, and tokens that are no text' })),
  explained: Type.Optional(Type.Array(Explained, { description: 'Test examples with those that shaped how they are read; left out in results of before' })),
  explainedSheet: Type.Optional(Type.Integer({ minimum: 1, description: 'Step of the artifact explained-sheet, which shows them; left out where examples cannot be shown' })),
  classNames: Type.Array(Type.String(), { description: 'Empty for a target of values' }),
  frequencyProbe: Type.Optional(ProbeResult)
}, closed)
export type TracinResult = Static<typeof TracinResult>

/**
 * The metrics of a trial: losses are nats for classes, squares of scaled values for values; accuracies belong to classes,
 * errors to values; `clean…` belong to the model that chooses the hardest wrong labels.
 */
export const metrics = {
  batchLoss: { description: 'Mean loss of the batches since the last point, before their updates', unit: 'nats, or squares of scaled values', better: 'lower' },
  learningRate: { description: 'Learning rate in force', unit: '1', better: 'neither' },
  trainLoss: { description: 'Mean loss over the training examples, by the training labels', unit: 'nats, or squares of scaled values', better: 'lower' },
  testLoss: { description: 'Mean loss over the test examples', unit: 'nats, or squares of scaled values', better: 'lower' },
  trainAccuracy: { description: 'Accuracy on the training examples, by the training labels', unit: 'fraction', better: 'higher' },
  testAccuracy: { description: 'Accuracy on the test examples', unit: 'fraction', better: 'higher' },
  trainError: { description: 'Root mean squared error of predicted values on the training examples, from the training labels; of several values, of all of them', unit: 'of the target', better: 'lower' },
  testError: { description: 'Root mean squared error of predicted values on the test examples', unit: 'of the target', better: 'lower' },
  ...probeMetrics,
  cleanBatchLoss: { description: 'Mean batch loss of the model trained on clean labels', unit: 'nats', better: 'lower' },
  cleanTrainLoss: { description: 'Its mean loss over the training examples', unit: 'nats', better: 'lower' },
  cleanTestLoss: { description: 'Its mean loss over the test examples', unit: 'nats', better: 'lower' },
  cleanTrainAccuracy: { description: 'Its accuracy on the training examples', unit: 'fraction', better: 'higher' },
  cleanTestAccuracy: { description: 'Its accuracy on the test examples', unit: 'fraction', better: 'higher' }
} as const satisfies Record<string, MetricDescription>
