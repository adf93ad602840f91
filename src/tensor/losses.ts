/** The losses that a network can be trained on, as functions of its outputs and of class labels. */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Engine } from './engine.js'
import { crossEntropy } from './ops.js'

/** squared: mean over the outputs of (output - one-hot)² */
export type Loss = 'softmax-cross-entropy' | 'squared'

/**
 * The loss of every example.
 * @param outputs  of the network without softmax, [n, classes]
 * @param labels   int32 [n], 0 .. classes - 1; not differentiated
 * @returns        [n], a new tensor
 */
export function lossOf (engine: Engine, loss: Loss, outputs: Tensor2D, labels: Tensor1D): Tensor1D {
  if (loss === 'softmax-cross-entropy') return crossEntropy(engine, outputs, labels)
  const { tf } = engine
  return tf.mean(tf.square(tf.sub(outputs, tf.oneHot(labels, outputs.shape[1]))), 1)
}
