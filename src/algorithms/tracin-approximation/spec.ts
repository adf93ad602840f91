/** What a tracin-approximation experiment asks for and what it measures on the way. What a trial returns: result.ts. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed, taggedUnion } from '../../choices.js'
import type { MetricDescription } from '../contract.js'
import { DataReference, Scaling } from '../kit/data.js'
import { Schedule } from '../kit/schedule.js'
import { seedsField } from '../kit/seeds.js'

/** What a verdict can be held against; report/claims.ts says each in words and judges it. */
export const claimNames = ['completeness', 'first-order', 'rates', 'checkpoints', 'sum', 'projections', 'units'] as const
export type ClaimName = typeof claimNames[number]

/** Schema of the spec. */
export const ApproximationSpec = Type.Object({
  data: DataReference,
  trainExamples: Type.Integer({ minimum: 2, maximum: 5000, default: 200, description: 'Train on the first so many training examples; on all where there are fewer (unit: examples)' }),
  testExamples: Type.Integer({ minimum: 1, maximum: 1000, default: 40, description: 'Trace the losses of the first so many test examples; of all where there are fewer (unit: examples)' }),
  scaling: Scaling,
  network: taggedUnion([
    Type.Object({ type: Type.Literal('softmax', { description: 'The output layer alone, a convex problem: softmax regression, or linear regression where the target is values' }) }, closed),
    Type.Object({
      type: Type.Literal('mlp', { description: 'Fully connected layers' }),
      hidden: Type.Array(Type.Integer({ minimum: 1, maximum: 512 }), { minItems: 1, maxItems: 4, default: [32], description: 'Sizes of the hidden layers (unit: neurons)' }),
      activation: choice(['tanh', 'relu'], { default: 'tanh', description: 'Applied after every hidden layer' })
    }, closed)
  ], { default: { type: 'mlp' }, description: 'The network to train, in Float64' }),
  learningRates: Type.Array(Type.Number({ minimum: 1e-6, maximum: 100 }), {
    minItems: 1, maxItems: 12, uniqueItems: true, default: [0.01], description: 'Full rates of stochastic gradient descent without momentum, an arm each per size of batch'
  }),
  batchSizes: Type.Array(Type.Integer({ minimum: 1, maximum: 1024 }), {
    minItems: 1, maxItems: 6, uniqueItems: true, default: [1], description: 'Examples per step, an arm each per rate; 1 is the paper’s ideal (unit: examples)'
  }),
  schedule: Schedule,
  epochs: Type.Integer({ minimum: 1, maximum: 1000, default: 20, description: 'Passes over the training examples, each in an order of its own' }),
  checkpoints: Type.Object({
    counts: Type.Array(Type.Integer({ minimum: 1, maximum: 1000 }), {
      minItems: 1, maxItems: 12, uniqueItems: true, default: [1, 2, 5, 10, 20], description: 'k: how many checkpoints TracInCP sums over (unit: checkpoints)'
    }),
    spacing: choice(['even', 'log'], { default: 'even', description: 'Intervals between checkpoints: of equal length, or ever longer ones' })
  }, { ...closed, default: {}, description: 'The sums to compare; each with the weights at the start and at the end of its intervals, weighed by interval and by rate' }),
  projections: Type.Array(Type.Integer({ minimum: 1, maximum: 4096 }), {
    maxItems: 12, uniqueItems: true, default: [], description: 'd: dimensions of random projections of the gradients, for the largest k at the ends of intervals; none when empty (unit: dimensions)'
  }),
  claims: Type.Array(choice(claimNames, { description: 'One of the statements' }), {
    minItems: 1, maxItems: claimNames.length, uniqueItems: true, default: ['completeness', 'first-order'], description: 'What the verdict is held against, all of them; the report says each in words'
  }),
  seeds: seedsField('One trial per rate, size of batch and seed: first weights, order of examples, projections', [0, 1, 2, 3, 4])
}, closed)
export type ApproximationSpec = Static<typeof ApproximationSpec>

/** The metrics of a trial. */
export const metrics = {
  batchLoss: { description: 'Mean loss of the training examples, each before its update', unit: 'nats, or squares of scaled values', better: 'lower' },
  testLoss: { description: 'Mean loss of the traced test examples', unit: 'nats, or squares of scaled values', better: 'lower' },
  learningRate: { description: 'Rate of the last step', unit: '1', better: 'neither' },
  firstOrder: { description: 'Pearson’s correlation of the first-order influences so far with the ideal ones', unit: '1', better: 'higher' }
} as const satisfies Record<string, MetricDescription>
