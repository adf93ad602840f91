/** Sum of several inputs of one shape: what closes a residual block. */
import { Type } from '../../schema/type.js'
import { closed, defineLayer, OptionalActivation, refuse, wiring } from './layer.js'

export const add = defineLayer({
  schema: Type.Object({
    type: Type.Literal('add', { description: 'Sum of several inputs' }), activation: OptionalActivation, ...wiring
  }, closed),
  arity: 'several',
  shape (_, { inputs, path }) {
    const [first, ...others] = inputs
    const other = others.find(shape => shape.join() !== first!.join())
    if (other) refuse(`${path}.inputs`, `must all have one shape, the first’s [${first}]`, other)
    return first!
  },
  forward: (_, inputs, __, { engine: { tf } }) => inputs.reduce((sum, input) => tf.add(sum, input))
})
