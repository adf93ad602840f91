/** Networks that learn classes from pictures which an adversary moves, in float32 compiled steps. */
import { Type, type Static } from '../../../schema/type.js'
import { closed } from '../../../choices.js'
import { DataReference, limitField, Scaling } from '../../kit/data.js'
import { optimizerField } from '../../kit/descent.js'
import { NetworkSpec } from '../../kit/network.js'
import { SlotsField } from '../../kit/slots.js'

const radii = Type.Array(Type.Number({ minimum: 0, maximum: 1e6 }), {
  minItems: 1, maxItems: 16, uniqueItems: true, default: [0, 0.1, 0.2, 0.3], description: 'Radii at which accuracy is measured, in the training’s own norm'
})

/** Schema of the problem. */
export const NetworkProblem = Type.Object({
  type: Type.Literal('network', { description: 'A network; radii are in the units that it sees' }),
  data: DataReference,
  trainExamples: limitField('training'),
  testExamples: limitField('test'),
  scaling: Scaling,
  network: NetworkSpec,
  optimizer: optimizerField({
    type: 'sgd, or adam', momentum: 'Of sgd', loss: 'Descent on the mean loss of a batch of moved examples'
  }),
  epochs: Type.Integer({ minimum: 1, maximum: 1000, default: 3, description: 'Passes over the training examples' }),
  batchSize: Type.Integer({ minimum: 1, maximum: 4096, default: 64, description: 'Examples of a step' }),
  attack: Type.Object({
    steps: Type.Integer({ minimum: 1, maximum: 100, default: 7, description: 'Projected gradient steps for every example and step' }),
    stepSize: Type.Number({ exclusiveMinimum: 0, maximum: 10, default: 0.25, description: 'In units of the radius' }),
    warmup: Type.Number({ minimum: 0, maximum: 1000, default: 1, description: 'The radius grows evenly from 0 over so many passes (unit: epochs)' })
  }, { ...closed, default: {}, description: 'The adversary in training' }),
  evaluation: Type.Object({
    radii,
    examples: Type.Integer({ minimum: 1, maximum: 100_000, default: 500, description: 'The first so many test examples are attacked' }),
    steps: Type.Integer({ minimum: 1, maximum: 1000, default: 40, description: 'Projected gradient steps at the end; after every epoch a quarter of them' }),
    restarts: Type.Integer({ minimum: 1, maximum: 20, default: 2, description: 'Random starts at the end; after every epoch 1' })
  }, { ...closed, default: {}, description: 'The adversary in testing' }),
  slots: SlotsField
}, closed)
export type NetworkProblem = Static<typeof NetworkProblem>
