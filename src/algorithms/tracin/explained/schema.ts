/** What a spec asks to be explained, and what a trial says of it. */
import { Type, type Static } from '../../../schema/type.js'
import { closed } from '../../../choices.js'

/** The most test examples that a trial explains. */
const maxExplained = 12

/** Schema of the spec's field. */
export const ExplainField = Type.Optional(Type.Array(Type.Integer({ minimum: 0 }), {
  maxItems: maxExplained,
  uniqueItems: true,
  description: 'Test examples, by position, whose proponents and opponents are listed and drawn; the first four when left out'
}))

const Label = (description: string) => Type.Union([Type.Integer({ minimum: 0 }), Type.Array(Type.Number())], { description })

const Influential = Type.Object({
  index: Type.Integer({ minimum: 0, description: 'Position in the training split' }),
  label: Label('Training label: the class or the values that the model was trained on'),
  trueLabel: Label('Class or values in the data set'),
  score: Type.Number({ description: 'TracInCP over the last layer' })
}, closed)
export type Influential = Static<typeof Influential>

/** Schema of one explained test example. */
export const Explained = Type.Object({
  index: Type.Integer({ minimum: 0, description: 'Position in the test split' }),
  label: Label('Its class or values'),
  prediction: Label('What the trained model says'),
  proponents: Type.Array(Influential, { description: 'Training examples that lowered its loss most, the first most' }),
  opponents: Type.Array(Influential, { description: 'Training examples that raised it most' })
}, closed)
export type Explained = Static<typeof Explained>
