/**
 * What each method descends on beside the partial cross-entropy with the scribbles: a function of what is fed beside each picture,
 * all 0 during the warm-up.
 *
 *   adm, proposals: gamma / pixels sum_p CE(X_p, S_p), X fed as `shares`
 *   gd, grid:       lambda / pairs sum_pq w_pq V(S_p, S_q), w fed as `weights`
 *   gd, dense:      <prices, S>, prices = d(lambda R / pixels) / dS at the last S, fed as `prices`: the gradient of R itself
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Engine } from '../../tensor/engine.js'
import { openHead } from '../../tensor/heads/index.js'
import type { LossFunction } from '../../tensor/losses.js'
import { gridLoss, softCrossEntropy } from '../../tensor/regularized/index.js'
import type { Method } from './methods.js'

const { head, kind } = openHead({ type: 'class-map' })

/** The loss of every picture of a batch. */
export function lossOf (method: Method): LossFunction {
  return (engine, outputs, target, further = {}) => {
    const known = kind.batchLosses!(head, engine, outputs, target)
    const beside = besideOf(method, engine, outputs, further)
    return beside === undefined ? known : engine.tf.add(known, beside) as Tensor1D
  }
}

function besideOf (
  method: Method, engine: Engine, outputs: Tensor, { shares, weights, prices }: Record<string, Tensor>
): Tensor1D | undefined {
  const { tf } = engine
  switch (method.type) {
    case 'adm': case 'proposals': return tf.mul(softCrossEntropy(engine, outputs, shares!), method.gamma) as Tensor1D
    case 'gd': {
      const [n] = outputs.shape as [number]
      const said = tf.softmax(outputs)
      if (method.pairs.type === 'grid') return tf.mul(gridLoss(engine, said, weights!, method), method.lambda) as Tensor1D
      return tf.sum(tf.mul(tf.reshape(said, [n, -1]), tf.reshape(prices!, [n, -1])), 1) as unknown as Tensor1D
    }
    default: return undefined
  }
}
