/** The question and the answer of an attack on the wire. No tensor import. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed } from '../../choices.js'

const MAX_INTEGER = 2_147_483_647
const index = Type.Integer({ minimum: 0, maximum: MAX_INTEGER, description: 'Position in the split' })

const Interval = Type.Object({
  low: Type.Number({ description: 'Least valid value of every input' }),
  high: Type.Number({ description: 'Greatest valid value of every input' })
}, closed)

export const AttackRequest = Type.Object({
  examples: Type.Object({
    split: choice(['train', 'test'], { default: 'test', description: 'Split of the model’s data set' }),
    indices: Type.Optional(Type.Array(index, { minItems: 1, maxItems: 10_000, uniqueItems: true, description: 'Which examples' })),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'The first so many of the split; not beside indices. Without either 100, or all of a smaller split (unit: examples)' }))
  }, { ...closed, default: {}, description: 'Whose reading is to be changed' }),
  norm: choice(['linf', 'l2', 'l1'], {
    default: 'linf', description: 'How a perturbation is measured: its largest number, its Euclidean length, or the sum of its magnitudes'
  }),
  radius: Type.Number({ exclusiveMinimum: 0, maximum: 1e30, description: 'How large a perturbation may be, in the units chosen' }),
  units: choice(['network', 'stored'], {
    default: 'network',
    description: 'Units of radius, stepSize and box. network: what the network sees, (x - offset) * scale, which is 0 .. 1 for pictures of bytes; stored: those of the data set, 0 .. 255 for pictures of bytes'
  }),
  box: Type.Optional(Interval),
  steps: Type.Integer({ minimum: 1, maximum: 1000, default: 40, description: 'Gradient steps of every restart' }),
  stepSize: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1e30, description: 'Length of a step, in the units chosen; 2.5 radius / steps when left out, at most the radius' })),
  restarts: Type.Integer({ minimum: 1, maximum: 50, default: 1, description: 'Random starts; the worst of all counts' }),
  objective: choice(['loss', 'margin'], {
    default: 'loss', description: 'What is climbed: the loss, or by how much the best other class beats the label, whose gradient stays where a network is very sure'
  }),
  seed: Type.Integer({ minimum: 0, maximum: MAX_INTEGER, default: 0, description: 'Of the random starts' }),
  checks: Type.Boolean({ default: true, description: 'Also run what shows whether the attack is weak: up to three times the work' }),
  checkpoint: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_INTEGER, description: 'Step of the checkpoint that is attacked; the last one when left out' }))
}, closed)
export type AttackRequest = Static<typeof AttackRequest>

const each = (description: string) => Type.Union([Type.Number(), Type.Array(Type.Number())], {
  description: `${description}; one for each column or channel where the model scales each by its own factor`
})
const inBothUnits = (description: string) => Type.Object({
  network: each('As the network sees it'), stored: each('In the data set’s stored units')
}, { ...closed, description })
const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })

const AttackCheck = Type.Object({
  name: Type.String({ description: 'more-steps, one-step, noise, wide-radius' }),
  rule: Type.String({ description: 'What holds of an attack that is not weak' }),
  accuracy: share('Accuracy in the run that is compared'),
  passed: Type.Boolean(),
  evidence: Type.String({ description: 'The numbers that were compared' })
}, closed)

export const AttackResponse = Type.Object({
  cleanAccuracy: share('Part of the examples that is read correctly'),
  robustAccuracy: share('Part that still is, whatever the attack tried'),
  norm: choice(['linf', 'l2', 'l1']),
  radius: inBothUnits('How large a perturbation could be'),
  stepSize: inBothUnits('Length of a step'),
  box: Type.Union([Type.Object({ low: each('Least valid value'), high: each('Greatest valid value') }, closed), Type.Null()], { description: 'Valid values as the network sees them: given, or 0 .. 255 of bytes; null when anything is valid' }),
  steps: Type.Integer(),
  restarts: Type.Integer(),
  examples: Type.Array(Type.Object({
    index,
    label: Type.Integer({ minimum: 0, description: 'Its class in the data set' }),
    predictedBefore: Type.Integer({ minimum: 0, description: 'Class of the clean example' }),
    predictedAfter: Type.Integer({ minimum: 0, description: 'Class of the attacked one' }),
    perturbation: Type.Number({ minimum: 0, description: 'Its size in the norm, as the network sees it' }),
    margin: Type.Number({ description: 'By how much the best other class then beats the label, in logits' }),
    succeeded: Type.Boolean({ description: 'It was read correctly, and is no more' })
  }, closed), { description: 'In the order asked for' }),
  checks: Type.Array(AttackCheck, { description: 'Robust accuracy is only as good as the attack: one that fails says that the attack is too weak to mean anything' }),
  checkpoint: Type.Integer({ description: 'Step of the checkpoint that was attacked' })
}, closed)
export type AttackResponse = Static<typeof AttackResponse>
export type AttackCheck = Static<typeof AttackCheck>
