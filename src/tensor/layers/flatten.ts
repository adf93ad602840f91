/** [height, width, channels] to [features]. */
import { Type } from '../../schema/type.js'
import { sizeOf } from '../../math/arrays.js'
import { closed, defineLayer, wiring } from './layer.js'

export const flatten = defineLayer({
  schema: Type.Object({ type: Type.Literal('flatten', { description: 'All numbers of a picture in a row' }), ...wiring }, closed),
  arity: 'one',
  shape: (_, { inputs: [input] }) => [sizeOf(input!)],
  forward: (_, [x], __, { engine: { tf } }) => tf.reshape(x!, [x!.shape[0]!, -1])
})
