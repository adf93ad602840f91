/** What a trial says for whoever checks its suspects: what stands in a row of the ranking, other orders, copies. Schemas only. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed } from '../../../choices.js'

/** The class, or the values, of an example. */
export const label = (description: string) => Type.Union([Type.Integer({ minimum: 0 }), Type.Array(Type.Number())], { description })

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })
const count = (description: string) => Type.Integer({ minimum: 0, description })
const splitName = choice(['train', 'test'], { description: 'Where it is' })

/** Copies that a row names. */
export const maxCopies = 8
/** Groups of copies that a result names. */
export const maxGroups = 100
/** Members of a group that it names. */
export const maxMembers = 20
/** Examples of an order that can be acted upon in one request. */
export const maxOrder = 2000

const Copy = Type.Object({
  split: splitName,
  index: Type.Integer({ minimum: 0, description: 'Position in its split' }),
  label: label('Its label: the training label in the training split, the data set’s in the test split'),
  exact: Type.Boolean({ description: 'The same bytes; false: nearer than chance brings two examples together' })
}, closed)
export type Copy = Static<typeof Copy>

/** What a row of the ranking says beyond its score; results of before have none of it. */
export const suspectFields = {
  suggestedLabel: Type.Optional(label('Class with the largest probability, averaged over the checkpoints that count; of values the mean of what was predicted at them')),
  probability: Type.Optional(Type.Union([share('Averaged probability of the suggested label'), Type.Null()], { description: 'null for values' })),
  labelProbability: Type.Optional(Type.Union([share('Averaged probability of the training label'), Type.Null()], { description: 'null for values' })),
  copyCount: Type.Optional(count('Examples of both splits that are copies of it')),
  copies: Type.Optional(Type.Array(Copy, { maxItems: maxCopies, description: 'The first of them, those with another label before those with the same' })),
  otherLabels: Type.Optional(Type.Boolean({ description: 'Whether a copy has another label: one of the two is wrong' }))
}

/** The orders in which suspects can be taken. */
export const orderNames = ['score', 'class-balanced', 'random'] as const
export type OrderName = typeof orderNames[number]

const Order = Type.Object({
  by: choice(orderNames, { description: 'score: self-influence; class-balanced: the first of every class before the second; random: by chance, what a choice by score must beat' }),
  indices: Type.Array(Type.Integer({ minimum: 0 }), { maxItems: maxOrder, description: 'Positions in the training split, the most suspicious first' }),
  suggestions: Type.Array(label('As suggestedLabel'), { maxItems: maxOrder, description: 'The suggested label of each' })
}, closed)
export type Order = Static<typeof Order>

const Group = Type.Object({
  members: Type.Array(Copy, { maxItems: maxMembers }),
  count: Type.Integer({ minimum: 2, description: 'Members that there are' })
}, closed)
export type Group = Static<typeof Group>

const CopySummary = Type.Object({
  exact: count('Training examples with an exact copy in the training split'),
  near: count('Training examples with a near copy in the training split, and no exact one'),
  conflicting: count('Training examples with a copy in the training split that has another label'),
  leaked: count('Test examples with a copy in the training split: what is measured on them is no test'),
  threshold: Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description: 'Distance below which examples are near copies, as a part of that within which the nearest hundredth of all examples lies, in the network’s units (of texts: between the sets of their words); null: too few examples to tell, and near copies were not sought' }),
  leftOut: count('At most so many pairs of near copies may have been missed, in places where very many examples are alike'),
  groups: Type.Array(Group, { maxItems: maxGroups, description: 'Those with different labels first, then those in both splits, then the others' }),
  groupCount: count('Groups that there are'),
  sheet: Type.Optional(Type.Integer({ minimum: 1, description: 'Step of the artifact copies-sheet, which shows the first of them side by side; left out where there are none, or nothing to look at' }))
}, { ...closed, description: 'Copies among the examples that the trial used, of both splits' })
export type CopySummary = Static<typeof CopySummary>

/** Schema of what a trial says beside the ranking by score. @param Ranked schema of a row */
export function triageOf<Row extends ReturnType<typeof Type.Object>> (Ranked: Row) {
  return Type.Object({
    balanced: Type.Array(Ranked, { maxItems: 200, description: 'As ranking, class-balanced: by rank within the class of the training label over the size of the class; empty for values' }),
    orders: Type.Array(Order, { description: 'What follow-ups choose suspects from' }),
    wrongLabels: Type.Array(label('Training label'), { description: 'Of the examples under flipped, in their order' }),
    copies: CopySummary
  }, { ...closed, description: 'For whoever checks suspects: see also the suggested labels and copies in each row of the ranking' })
}
