/**
 * What each method descends on beside the partial cross-entropy with the scribbles: a function of what is fed beside each picture,
 * all 0 during the warm-up.
 *
 *   adm, proposals: gamma / pixels sum_p CE(X_p, S_p), X fed as `shares`
 *   gd, grid:       lambda / pairs sum_pq w_pq V(S_p, S_q), w fed as `weights`
 *   gd, dense:      <prices, S>, prices = d(lambda R / pixels) / dS at the last S, fed as `prices`: the gradient of R itself
 */
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Engine } from '../../tensor/engine.js'
import { openHead } from '../../tensor/heads/index.js'
import type { LossFunction } from '../../tensor/losses.js'
import { relaxedPotts } from '../../tensor/regularized/relaxed-potts.js'
import { softCrossEntropy } from '../../tensor/regularized/soft-cross-entropy.js'
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
    case 'adm': case 'proposals': return tf.mul(softCrossEntropy(engine, outputs as Tensor4D, shares!, 'mean'), method.gamma) as Tensor1D
    case 'gd': {
      const [n] = outputs.shape as [number]
      const said = tf.softmax(outputs as Tensor4D)
      if (method.pairs.type === 'grid') {
        const { relaxation, lambda, pairs: { neighbours } } = method
        return tf.mul(relaxedPotts(engine, said, weights!, { relaxation, neighbours, normalisation: 'mean' }), lambda) as Tensor1D
      }
      return tf.sum(tf.mul(tf.reshape(said, [n, -1]), tf.reshape(prices!, [n, -1])), 1) as unknown as Tensor1D
    }
    default: return undefined
  }
}
