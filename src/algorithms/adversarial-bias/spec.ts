/** What an adversarial-bias experiment asks for, and what it measures on the way. What a trial returns: result.ts. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed, taggedUnion } from '../../choices.js'
import type { MetricDescription } from '../contract.js'
import { OwnNetwork } from '../kit/network.js'
import { seedsField } from '../kit/seeds.js'
import { claimNames } from './claim-names.js'
import { LinearProblem, linearOverrides } from './linear/spec.js'
import { NetworkProblem } from './network/spec.js'
import { NormOrder, Radius } from './perturbation-spec.js'

/** Schema of a training: one arm. */
export const Training = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 60, description: 'Of the arm; made of what it is when left out' })),
  q: NormOrder,
  radius: Radius,
  ...linearOverrides,
  network: Type.Optional(OwnNetwork)
}, { ...closed, description: 'One way to train: the ball of the perturbations, and what it has in place of what the problem says of all' })
export type Training = Static<typeof Training>

/** Schema of the spec. */
export const AdversarialSpec = Type.Object({
  problem: taggedUnion([LinearProblem, NetworkProblem], { default: { type: 'linear' }, description: 'What is learned' }),
  trainings: Type.Array(Training, {
    minItems: 1, maxItems: 24, default: [{}, { radius: { type: 'fraction', of: 0.9 } }, { radius: { type: 'tuned' } }], description: 'Ways to train, an arm each'
  }),
  claims: Type.Array(choice(claimNames, { description: 'One of the statements' }), {
    maxItems: claimNames.length, uniqueItems: true, default: [], description: 'What the verdict is held against, all of them; nothing is claimed when empty. The report says each in words'
  }),
  seeds: seedsField('One trial per training and seed: random points, order of examples, first weights of a network')
}, closed)
export type AdversarialSpec = Static<typeof AdversarialSpec>

/** The metrics of a trial. Of a tuned training every horizon is a training of its own: its last step is recorded alone. */
export const metrics = {
  directionError: { description: '|w / |w| - u|, u being the limit that the paper states: the direction of largest mixed-norm margin, for q = 2 and clean training that of largest l2 margin', unit: '1', better: 'lower' },
  cleanDirectionError: { description: 'The same beside the direction of largest l2 margin', unit: '1', better: 'lower' },
  margin: { description: 'l2 margin of w / |w|: least z.w / |w|', unit: 'as the points', better: 'higher' },
  mixedMargin: { description: 'Least (z.w - c |w|_p) / |w|', unit: 'as the points', better: 'higher' },
  norm: { description: '|w|', unit: '1', better: 'neither' },
  loss: { description: 'Mean loss of the points, or of the training examples of a network, as they are', unit: 'nats', better: 'lower' },
  robustLoss: { description: 'Mean loss under the worst perturbation; of a network of the batches since the last record, as they were moved', unit: 'nats', better: 'lower' },
  error: { description: 'Part of the points, or of the test examples, read wrongly', unit: '1', better: 'lower' },
  robustError: { description: 'The same under the worst perturbation of the training’s radius', unit: '1', better: 'lower' },
  robustAccuracy: { description: 'Part of the test examples still read rightly under attack', unit: '1', better: 'higher', per: 'radius' },
  radius: { description: 'c in force', unit: 'as the inputs', better: 'neither' },
  learningRate: { description: 'In force', unit: '1', better: 'neither' },
  samplesPerSecond: { description: 'Training speed', unit: '1/s', better: 'higher', timing: true }
} as const satisfies Record<string, MetricDescription>
