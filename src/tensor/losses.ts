/** What a network can be trained on besides its head: the squared distance to one-hot labels, or a function of a kind's own. */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Engine } from './engine.js'
import { openHead } from './heads/index.js'
import type { Network } from './network.js'

/**
 * The loss of every example, [n].
 * @param outputs  of the network, [n, ...]
 * @param target   what the examples have, [n] or [n, numbers]; not differentiated
 * @param further  their further fields, likewise
 */
export type LossFunction = (engine: Engine, outputs: Tensor, target: Tensor, further?: Record<string, Tensor>) => Tensor1D

/** squared: mean over the outputs of (output - one-hot)² */
export type Loss = 'softmax-cross-entropy' | 'squared' | LossFunction

/** The function that a loss is, for questions about single examples; that of the network's head when none is given. */
export function lossOf (network: Network, loss?: Loss): LossFunction {
  return open(network, loss, kind => kind.losses)
}

/** Further fields of examples that learned a labelling beside their target: it, and what its loss weighs, a number each. */
export const LABELLING = 'labelling'
export const LABELLING_WEIGHT = 'labellingWeight'

/** What single examples were learned by: the loss of the network's head with the target and, where there is one, with the labelling. */
export function learnedLossOf (network: Network): LossFunction {
  const losses = lossOf(network)
  return (engine, outputs, target, { [LABELLING]: labelling, [LABELLING_WEIGHT]: weight } = {}) => {
    const own = losses(engine, outputs, target)
    if (labelling === undefined) return own
    const { tf } = engine
    return tf.add(own, tf.mul(weight!, losses(engine, outputs, labelling))) as Tensor1D
  }
}

/** The same for steps of training, which take the mean over a batch. */
export function batchLossOf (network: Network, loss?: Loss): LossFunction {
  return open(network, loss, kind => kind.batchLosses ?? kind.losses)
}

type HeadKind = ReturnType<typeof openHead>['kind']

function open ({ architecture }: Network, loss: Loss | undefined, choose: (kind: HeadKind) => HeadKind['losses']): LossFunction {
  if (typeof loss === 'function') return loss
  if (loss === 'squared') return squaredToOneHot
  const { head, kind } = openHead(loss === undefined ? architecture.head : { type: 'classes' })
  const losses = choose(kind)
  return (engine, outputs, targets) => losses(head, engine, outputs, targets)
}

function squaredToOneHot ({ tf }: Engine, outputs: Tensor, targets: Tensor): Tensor1D {
  return tf.mean(tf.square(tf.sub(outputs, tf.oneHot(targets as Tensor1D, outputs.shape[1]!))), 1)
}
