/** Yes or no, once per output: outputs are logits, targets as many zeros and ones. */
import type { Tensor } from '@tensorflow/tfjs-core'
import { Type } from '../../schema/type.js'
import type { Engine } from '../engine.js'
import { closed, refuse } from '../layers/layer.js'
import { checkLinear, defineHead } from './head.js'

export const binary = defineHead({
  schema: Type.Object({ type: Type.Literal('binary', { description: 'Sigmoid cross-entropy, the mean over outputs' }) }, closed),
  check (last) {
    checkLinear(last, 'logits')
    if (last.shape.length !== 1) refuse(last.path, 'must give [outputs]', last.shape)
  },
  losses (_, engine, outputs, targets) {
    const { tf } = engine
    const truth = tf.reshape(tf.cast(targets, 'float32'), outputs.shape)
    return tf.mul(tf.sum(sigmoidCrossEntropy(engine, outputs, truth), 1), 1 / outputs.shape[1]!)
  },
  predict: outputs => Uint8Array.from(outputs, logit => Number(logit > 0)),
  probabilities: outputs => outputs.map(logit => 1 / (1 + Math.exp(-logit))),
  targetSize: ([outputs]) => outputs!,
  ruleOfTarget: value => value === 0 || value === 1 ? undefined : '0 or 1',
  findMisfit (field, [outputs]) {
    const fits = field.type === 'values' ? field.columns.length === outputs : field.type === 'classes' && field.names.length === 2 && outputs === 1
    return fits ? undefined : `values (${outputs} of 0 or 1)${outputs === 1 ? ' or classes (2)' : ''}`
  },
  hasLastFactors: true
})

/**
 * log(1 + exp(-s z)) with s = 2 y - 1, and its derivative -s / (1 + exp(s z)): nothing overflows, and neither loses its
 * digits where sigmoid(z) - y, or log(1 + exp(-s z)), would have rounded 1.
 * @param truth  y, 0 or 1, of the shape of z
 */
function sigmoidCrossEntropy ({ tf }: Engine, z: Tensor, truth: Tensor): Tensor {
  const apply = tf.customGrad((z, save) => {
    const outputs = z as Tensor
    const sign = tf.sub(tf.mul(truth, 2), 1)
    const power = tf.exp(tf.neg(tf.abs(outputs)))
    const wrong = tf.relu(tf.neg(tf.mul(outputs, sign))) // how far z is on the other side
    // exp(-s z) / (1 + exp(-s z)) is power / (1 + power) where z has the right sign, else 1 / (1 + power)
    const numerator = tf.where(tf.greater(wrong, 0), tf.onesLike(power), power)
    ;(save as (tensors: Tensor[]) => void)([tf.neg(tf.div(tf.mul(sign, numerator), tf.add(power, 1)))])
    return {
      value: tf.add(wrong, tf.log1p(power)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(saved[0]!, dy)
    }
  })
  return apply(z)
}
