/** Mean of every channel over the whole picture, of any size: [height, width, channels] to [channels]. */
import { Type } from '../../schema/type.js'
import { closed, defineLayer, pictureOf, wiring } from './layer.js'

export const globalAveragePool = defineLayer({
  schema: Type.Object({
    type: Type.Literal('global-average-pool', { description: 'Mean of every channel over the whole picture' }), ...wiring
  }, closed),
  arity: 'one',
  shape: (_, place) => [pictureOf(place, 'global-average-pool')[2]],
  // Not tf.mean: a graph multiplies by 1/positions where its gradient divides, which rounds otherwise.
  forward: (_, [x], __, { engine: { tf } }) => tf.mul(tf.sum(x!, [1, 2]), 1 / (x!.shape[1]! * x!.shape[2]!))
})
