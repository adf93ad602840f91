/** What networks of initialisers are trained on. Functions of outputs, [n, numbers], whose mean over a batch is taken. */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { LossFunction } from '../../../tensor/losses.js'
import type { Family } from '../families/family.js'

/** Mean squared distance of the numbers. */
export const squared: LossFunction = ({ tf }, outputs, target) =>
  tf.mean(tf.square(tf.sub(outputs, tf.reshape(target, outputs.shape))), 1)

/** Cross-entropy of parts y in 0 .. 1, mean over the numbers: log(1 + exp(z)) - y z of logits z; its derivative is sigmoid(z) - y. */
export const logistic: LossFunction = ({ tf }, outputs, target) => {
  const logits = tf.relu(outputs)
  const rest = tf.log1p(tf.exp(tf.neg(tf.abs(outputs)))) // log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|)): nothing overflows
  return tf.mean(tf.sub(tf.add(logits, rest), tf.mul(outputs, tf.reshape(target, outputs.shape))), 1)
}

/** The objective itself of what outputs stand for. */
export function objectiveLoss ({ objectiveOf, instanceSize }: Family): LossFunction {
  if (objectiveOf === undefined) throw new Error('The family has no objective that can be differentiated in the network')
  return (engine, outputs, _, further) => objectiveOf(engine, outputs, engine.tf.reshape(further!.instances!, [-1, instanceSize]))
}

/**
 * Squared distance of values within instances: outputs are centred, as the targets are, for it is their order that matters, and
 * differences between instances would drown it. The rows of an instance lie together. @param starts rows of each instance
 */
export function centredLoss (starts: number): LossFunction {
  return ({ tf }, outputs, target) => {
    const values = tf.reshape(outputs, [-1, starts])
    const centred = tf.sub(values, tf.mean(values, 1, true))
    return tf.reshape(tf.square(tf.sub(centred, tf.reshape(target, [-1, starts]))), [-1]) as Tensor as Tensor1D
  }
}
