/** Training labels and examples other than those of the data set: what a spec says of them. Schemas only; edits.ts does it. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed } from '../../../choices.js'

const positions = (description: string, options: object = {}) => Type.Array(Type.Integer({ minimum: 0 }), {
  maxItems: 1_000_000, uniqueItems: true, description, ...options
})
const numbers = (description: string) => Type.Array(Type.Number(), { maxItems: 10_000_000, description })

/** Other labels of some examples. */
const relabelled = (description: string) => Type.Object({
  indices: positions('Positions in the training split'),
  labels: numbers('By rows: a class each, or as many values as the target has')
}, { ...closed, default: { indices: [], labels: [] }, description })

/** What is done with the suspects. */
export const treatments = ['without', 'corrected'] as const
export type Treatment = typeof treatments[number]

const chosen = (description: string) => Type.Object({
  indices: positions('Positions in the training split', { minItems: 1 }),
  labels: numbers('What corrected makes of their labels, by rows as above; empty: the data set’s own labels')
}, { ...closed, description })

const Compare = Type.Object({
  suspects: chosen('The examples that are left out, or get other labels'),
  random: chosen('Examples chosen by chance with what would become of their labels: every seed takes as many as there are suspects, or all of them'),
  arms: Type.Array(choice(treatments, { description: 'without: trained without them; corrected: with other labels for them' }), {
    minItems: 1, maxItems: 2, uniqueItems: true, default: [...treatments], description: 'Each is trained twice, with the suspects and with random examples, beside a training as it is'
  })
}, { ...closed, description: 'Trains side by side what comes of suspects: same initial weights and order of examples for all arms of a seed' })

/** Schema of the edits field. */
export const EditsField = Type.Object({
  wrong: relabelled('Labels that are wrong on purpose, instead of labelNoise'),
  dropped: positions('Examples that are not trained on', { default: [] }),
  relabelled: relabelled('Labels that were corrected; where an example is in both lists this one counts'),
  compare: Type.Optional(Compare)
}, { ...closed, description: 'Other training examples than those of the data set: POST /v1/experiments/{id}/retrain makes it from a finished trial' })
export type Edits = Static<typeof EditsField>
export type Compare = NonNullable<Edits['compare']>
export type Relabelled = Edits['relabelled']
