/** The channels of several pictures of one size, or the features of several vectors, one after the other. */
import { Type } from '../../schema/type.js'
import { closed, defineLayer, refuse, wiring } from './layer.js'

export const concat = defineLayer({
  schema: Type.Object({ type: Type.Literal('concat', { description: 'Channels of several inputs, one after the other' }), ...wiring }, closed),
  arity: 'several',
  shape (_, { inputs, path }) {
    const size = inputs[0]!.slice(0, -1)
    const other = inputs.find(shape => shape.slice(0, -1).join() !== size.join())
    if (other) refuse(`${path}.inputs`, `must differ in channels only, the first has shape [${inputs[0]}]`, other)
    return [...size, inputs.reduce((sum, shape) => sum + shape.at(-1)!, 0)]
  },
  forward: (_, inputs, __, { engine: { tf } }) => tf.concat(inputs, inputs[0]!.rank - 1)
})
