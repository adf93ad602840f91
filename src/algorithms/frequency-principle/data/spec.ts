/** Targets in many dimensions: the classes of the spec's data as one-hot vectors, learned by a network of the spec's. */
import { Type, type Static } from '../../../schema/type.js'
import { choice } from '../../../choices.js'
import { Scaling } from '../../kit/data.js'
import { NetworkSpec } from '../../kit/network.js'

/** The filter's kernel holds n x n numbers per width: 32 MB at this many examples. */
export const maxExamples = 2000

/** Labels that a network can learn: those of the data, or the same ones in an order by chance. */
export const Labels = ['given', 'shuffled'] as const

/** Schema of target type data, a member of the tagged union of targets. */
export const DataTarget = Type.Object({
  type: Type.Literal('data', { description: 'Classes of examples, one-hot' }),
  trainExamples: Type.Integer({
    minimum: 16, maximum: maxExamples, default: 1000, description: 'The first so many training examples, all where there are fewer; the filter needs n x n numbers (unit: examples)'
  }),
  scaling: Scaling,
  components: Type.Optional(Type.Integer({
    minimum: 1, maximum: 64, description: 'The network reads the first so many principal components of the scaled training inputs, divided by one number so that their mean square is 1, in place of the inputs. Stored, the network has the projection in its first layer and takes inputs as they are. For networks softmax and mlp; inputs of at most 256 numbers, or at most 256 examples (unit: components)'
  })),
  labels: choice(Labels, {
    default: 'given', description: 'given: of the data; shuffled: the same ones in an order that the seed draws, a null without structure'
  }),
  network: NetworkSpec,
  precision: choice(['float32', 'float64'], {
    default: 'float32', description: 'float32: on the tensor engine, by sgd, adam (both batch by batch), gd, cg and lbfgs; float64: small networks softmax and mlp, by gd, adam, cg, bfgs, lbfgs, powell and pso, all examples at once'
  }),
  loss: choice(['squared', 'cross-entropy'], {
    default: 'squared', description: 'squared: mean squared error of the raw outputs against one-hot vectors, as in the F-Principle papers; cross-entropy: of the softmax, measured on the probabilities'
  }),
  batchSize: Type.Integer({
    minimum: 1, maximum: maxExamples, default: 100, description: 'Examples per step of sgd and adam, the last of an epoch may have fewer; the others always take all (unit: examples)'
  }),
  methods: Type.Array(choice(['filter', 'projection'], {
    description: 'filter: smooths targets and outputs over near examples; projection: Fourier sums along the first principal direction of the inputs'
  }), { minItems: 1, maxItems: 2, uniqueItems: true, default: ['filter', 'projection'], description: 'How high and low frequencies are told apart' }),
  widths: Type.Array(Type.Number({ exclusiveMinimum: 0, maximum: 10 }), {
    minItems: 1, maxItems: 6, uniqueItems: true, default: [0.05, 0.1, 0.2], description: 'delta of the filter exp(-|x - x\'|^2 / (2 delta)) (unit: mean squared distance between examples)'
  })
}, { additionalProperties: false, description: 'The classes of a data set' })
export type DataTarget = Static<typeof DataTarget>

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })

/** Schema of what a trial on a data set finds beside what every trial finds. */
export const DataFindings = Type.Object({
  loss: choice(['squared', 'cross-entropy']),
  classes: Type.Integer({ minimum: 2 }),
  accuracy: share('Part of the examples whose largest output is their class, at the last record'),
  lowFirst: Type.Array(Type.Object({
    group: Type.String({ description: 'Group of the bands that are compared' }),
    share: share('Part of the records after step 0 at which its lowest band has a smaller relative error than its highest')
  }, { additionalProperties: false }), { description: 'e_low < e_high during training, per group of bands with at least two' }),
  precision: Type.String({ description: 'In what numbers this optimizer computes, and what that means for it' })
}, { additionalProperties: false, description: 'Only for target data' })
export type DataFindings = Static<typeof DataFindings>
