/** What a spec says of the baselines, and what a result says of those that could not be computed. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed } from '../../../choices.js'
import { baselineNames, representerTargets } from './names.js'

/** Schema of the spec's field. */
export const BaselinesSpec = Type.Object({
  methods: Type.Optional(Type.Array(choice(baselineNames, {
    description: 'mean-loss, el2n (|p - y|), margin (logit of the label less the largest other): means over the checkpoints of TracInCP; loss, gradient-norm (last layer), confident-learning, influence-function (last layer, exact Hessian), representer: at the end'
  }), { minItems: 1, uniqueItems: true, description: 'Other orders in which to look for wrong labels; left out: all that fit the target (el2n, margin, confident-learning and representer need classes). A random order always is among them' })),
  damping: Type.Number({ exclusiveMinimum: 0, maximum: 1000, default: 1e-3, description: 'Of influence-function: added to the diagonal of the Hessian of the mean loss' }),
  lambda: Type.Number({ minimum: 1e-6, maximum: 1000, default: 0.003, description: 'Of representer: weight of the squared norm of the last layer beside the mean loss' }),
  representerTarget: choice(representerTargets, {
    default: 'labels', description: 'Of representer: what the last layer is fitted to again. labels: the training labels; outputs: the probabilities of the trained model, as the paper’s code does'
  })
}, { ...closed, default: {}, description: 'What self-influence is compared with' })
export type BaselinesSpec = Static<typeof BaselinesSpec>

/** Schema of a baseline that could not be computed. */
export const LeftOut = Type.Object({
  name: choice(baselineNames, { description: 'Baseline that was wanted' }),
  reason: Type.String({ maxLength: 500, description: 'Why there is nothing of it' })
}, closed)
export type LeftOut = Static<typeof LeftOut>
