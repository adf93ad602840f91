/** Normalization by the statistics of a batch, with its gradient: one kernel each on TensorFlow, by formula elsewhere. */
import type { Tensor, Tensor1D, Tensor4D, Variable } from '@tensorflow/tfjs-core'
import type { Engine, Tf } from './engine.js'
import { attributes, executeOp, type Native } from './native.js'

/** Of one batch, by channel; the variance is the unbiased estimate. */
export interface BatchStatistics { mean: Tensor1D, variance: Tensor1D }

/**
 * (x - mean) / √(variance + ε) · scale + shift, over all axes but the last; differentiable in x, scale and shift.
 * @param x       [n, ..., channels]
 * @param keep    gets the statistics, which are gone when it returns
 * @returns       a new tensor of x's shape
 */
export function normalize (
  engine: Engine, x: Tensor, scale: Variable, shift: Variable, epsilon: number, keep: (statistics: BatchStatistics) => void
): Tensor {
  const { tf, native } = engine
  if (!native) return normalizeByFormula(tf, x, scale, shift, epsilon, keep)
  const channels = x.shape.at(-1)!
  const positions = x.size / channels
  const pictures: Tensor4D = x.rank === 4 ? x as Tensor4D : tf.reshape(x, [positions, 1, 1, channels])
  const apply = tf.customGrad((x, scale, shift, save) => {
    const none = tf.tensor1d(new Float32Array(0))
    const [y, mean, variance, ...reserved] = executeOp(native, 'FusedBatchNormV3', [
      ...attributesOf(native, epsilon), { name: 'exponential_avg_factor', type: native.binding.TF_ATTR_FLOAT, value: 1 }
    ], [x as Tensor, scale as Tensor, shift as Tensor, none, none], 6)
    keep({ mean: mean as Tensor1D, variance: variance as Tensor1D })
    ;(save as unknown as (tensors: Tensor[]) => void)([x as Tensor, scale as Tensor, ...reserved])
    return {
      value: y!,
      gradFunc: (dy: Tensor, saved: Tensor[]) =>
        executeOp(native, 'FusedBatchNormGradV3', attributesOf(native, epsilon), [dy, ...saved], 5).slice(0, 3)
    }
  })
  return tf.reshape(apply(pictures, scale as unknown as Tensor, shift as unknown as Tensor) as Tensor, x.shape)
}

function attributesOf (native: Native, epsilon: number) {
  const { TF_FLOAT, TF_ATTR_FLOAT, TF_ATTR_STRING } = native.binding
  const { type, bool } = attributes(native)
  return [
    type('T', TF_FLOAT), type('U', TF_FLOAT), bool('is_training', true),
    { name: 'epsilon', type: TF_ATTR_FLOAT, value: epsilon }, { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' }
  ]
}

function normalizeByFormula (
  tf: Tf, x: Tensor, scale: Variable, shift: Variable, epsilon: number, keep: (statistics: BatchStatistics) => void
): Tensor {
  const axes = Array.from({ length: x.rank - 1 }, (_, i) => i)
  const positions = x.size / x.shape.at(-1)!
  const mean = tf.mean(x, axes) as Tensor1D
  const variance = tf.mean(tf.square(tf.sub(x, mean)), axes) as Tensor1D
  keep({ mean, variance: tf.mul(variance, positions / Math.max(1, positions - 1)) })
  return tf.add(tf.mul(standardize(tf, x, mean, variance, epsilon), scale), shift)
}

/** (x - mean) / √(variance + ε), channel by channel. A new tensor. */
export function standardize (tf: Tf, x: Tensor, mean: Tensor | Variable, variance: Tensor | Variable, epsilon: number): Tensor {
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)))
}
