/**
 * What pulls a network to a segmentation that was found without it: the theta-step of the alternating direction method of Marin,
 * Tang, Ben Ayed, Boykov 2019, "Beyond Gradient Descent for Regularized Segmentation Losses",
 *
 *   sum over pixels p of CE(X_p, S_p) = - sum over classes k of X_pk log S_pk,   S = softmax(z)
 *
 * where X is a labelling, or soft marginals of a CRF, and constant: the gradient by the logits z is S_p - X_p. The divergence
 * KL(X || S) is this less the entropy of X, which does not depend on the network.
 */
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Engine } from '../engine.js'
import type { Normalisation } from './relaxed-potts.js'

/**
 * The soft cross-entropy of every picture of a batch.
 * @param logits  z, [n, height, width, classes]
 * @param target  X in any shape of as many numbers: >= 0, of each pixel 1 together, or all 0 where a pixel counts for nothing, as
 *   scribbles do in the paper, and do not in the authors' code. Not differentiated
 * @param normalisation sum: over the pixels, as the paper's; mean: over those that count, as their code's; 0 where none does
 * @returns [n], a new tensor
 */
export function softCrossEntropy ({ tf }: Engine, logits: Tensor4D, target: Tensor, normalisation: Normalisation): Tensor1D {
  const shares = tf.reshape(target, logits.shape)
  const sum = tf.neg(tf.sum(tf.mul(shares, tf.logSoftmax(logits)), [1, 2, 3]))
  return (normalisation === 'sum' ? sum : tf.div(sum, tf.maximum(tf.sum(shares, [1, 2, 3]), 1))) as Tensor1D
}
