/** Yes or no, once per output: outputs are logits, targets as many zeros and ones. */
import { Type } from 'typebox'
import { closed, refuse } from '../layers/layer.js'
import { checkLinear, defineHead } from './head.js'

export const binary = defineHead({
  schema: Type.Object({ type: Type.Literal('binary', { description: 'Sigmoid cross-entropy, the mean over outputs' }) }, closed),
  check (last) {
    checkLinear(last, 'logits')
    if (last.shape.length !== 1) refuse(last.path, 'must give [outputs]', last.shape)
  },
  losses (_, { tf }, outputs, targets) {
    const truth = tf.reshape(tf.cast(targets, 'float32'), outputs.shape)
    // max(z, 0) - z y + log(1 + exp(-|z|)): safe against overflow
    const losses = tf.add(tf.sub(tf.relu(outputs), tf.mul(outputs, truth)), tf.log1p(tf.exp(tf.neg(tf.abs(outputs)))))
    return tf.mul(tf.sum(losses, 1), 1 / outputs.shape[1]!)
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
