/** Numbers: outputs are float32 [n, values], targets as many. */
import { Type } from '../../schema/type.js'
import { choice } from '../../choices.js'
import { closed } from '../layers/layer.js'
import { checkLinear, defineHead } from './head.js'

export const values = defineHead({
  schema: Type.Object({
    type: Type.Literal('values', { description: 'Regression' }),
    loss: choice(['squared', 'huber'], {
      default: 'squared', description: 'squared: (output - target)²; huber: half of it up to a distance of 1, linear from there on; the mean over values'
    })
  }, closed),
  check: last => checkLinear(last, 'the values'),
  losses ({ loss }, { tf }, outputs, targets) {
    const distance = tf.sub(outputs, tf.reshape(targets, outputs.shape))
    if (loss === 'squared') return tf.mul(tf.sum(tf.square(distance), 1), 1 / outputs.shape[1]!)
    const length = tf.abs(distance)
    const near = tf.minimum(length, 1)
    const losses = tf.add(tf.mul(tf.square(near), 0.5), tf.sub(length, near))
    return tf.mul(tf.sum(losses, 1), 1 / outputs.shape[1]!)
  },
  predict: outputs => outputs,
  targetSize: ([values]) => values!,
  findMisfit: (field, [values]) => field.type === 'values' && field.columns.length === values ? undefined : `values (${values})`,
  hasLastFactors: true
})
