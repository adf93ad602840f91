/** In training sets numbers to 0 by chance and makes the others larger; in evaluation it does nothing. */
import { Type } from '../../schema/type.js'
import { dropout as drop } from '../dropout.js'
import { closed, defineLayer, wiring } from './layer.js'

export const dropout = defineLayer({
  schema: Type.Object({
    type: Type.Literal('dropout', { description: 'Sets numbers to 0 by chance, in training only' }),
    rate: Type.Number({ description: 'Part of the numbers that is set to 0', minimum: 0, exclusiveMaximum: 1, default: 0.5 }),
    ...wiring
  }, closed),
  arity: 'one',
  shape: (_, { inputs: [input] }) => input!,
  forward ({ rate }, [x], _, { engine, index, training }) {
    const { tf } = engine
    if (training?.key === undefined || rate === 0) return tf.clone(x!)
    // The layer's own key: two layers must not drop the same places.
    return drop(engine, x!, rate, tf.add(training.key, tf.tensor1d([index, 0], 'int32')))
  },
  inTraining: 'random numbers'
})
