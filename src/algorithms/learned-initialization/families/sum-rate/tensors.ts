/** Minus the sum rate in tensor operations, so that a network can be trained on what its outputs are worth. */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Engine } from '../../../../tensor/engine.js'
import type { Channel } from './channels.js'

/**
 * @param logits [n, K] of parts of the most power; not clipped as decode() does, for beyond the clip there would be no gradient
 * @param gains  [n, K²]
 * @returns [n]
 */
export function minusRates ({ tf }: Engine, logits: Tensor, gains: Tensor, { users: K, noise, power }: Channel): Tensor1D {
  const p = tf.mul(tf.sigmoid(logits), power)
  const received = tf.mul(tf.reshape(gains, [-1, K, K]), tf.reshape(p, [-1, 1, K]))
  const own = tf.eye(K)
  // both sums on their own: the difference of all and own would round small interference away
  const signal = tf.sum(tf.mul(received, own), 2)
  const interference = tf.add(tf.sum(tf.mul(received, tf.sub(1, own)), 2), noise)
  const rates = tf.log1p(tf.div(signal, interference))
  return tf.mul(tf.sum(rates, 1), -1 / Math.LN2)
}
