/**
 * Gives every channel mean 0 and variance 1, then a trainable scale and shift: in training over the batch, whose
 * statistics it keeps; in evaluation by what it kept.
 * Source: Ioffe and Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2; statistics are kept as PyTorch keeps them.
 */
import { Type } from '../../schema/type.js'
import { sizeOf } from '../../math/arrays.js'
import { normalize, standardize } from '../normalization.js'
import { closed, defineLayer, OptionalActivation, wiring, type ParameterSpec } from './layer.js'

export const batchNorm = defineLayer({
  schema: Type.Object({
    type: Type.Literal('batch-norm', { description: 'Normalizes every channel, in training by the statistics of the batch' }),
    momentum: Type.Number({ description: 'Share of a batch in the statistics that are kept', minimum: 0, maximum: 1, default: 0.1 }),
    epsilon: Type.Number({ description: 'Added to the variance', exclusiveMinimum: 0, maximum: 1, default: 1e-5 }),
    activation: OptionalActivation,
    ...wiring
  }, closed),
  arity: 'one',
  shape: (_, { inputs: [input] }) => input!,
  parameters (_, { inputs: [input] }) {
    const array = (name: string, role: ParameterSpec['role'], value: number): ParameterSpec =>
      ({ name, shape: [input!.at(-1)!], role, initial: size => new Float32Array(size).fill(value) })
    return [
      array('weight', 'trainable', 1), array('bias', 'trainable', 0), array('mean', 'statistic', 0), array('variance', 'statistic', 1)
    ]
  },
  forward ({ epsilon, momentum }, [x], { weight, bias, mean, variance }, { engine, training }) {
    const { tf } = engine
    if (!training) {
      const scale = tf.mul(tf.rsqrt(tf.add(variance!, epsilon)), weight!)
      return tf.add(tf.mul(x!, scale), tf.sub(bias!, tf.mul(mean!, scale)))
    }
    const share = training.share ?? tf.scalar(momentum)
    return normalize(engine, x!, weight!, bias!, epsilon, batch => {
      mean!.assign(tf.add(mean!, tf.mul(tf.sub(batch.mean, mean!), share)))
      variance!.assign(tf.add(variance!, tf.mul(tf.sub(batch.variance, variance!), share)))
    })
  },
  addsOwnBias: true,
  inTraining: 'statistics of the batch',
  flops: (_, __, output) => 2 * sizeOf(output),
  influence: {
    // By the statistics it kept, as the network predicts: what other examples did to those is constant.
    gradients ({ epsilon }, input, delta, { mean, variance }, { engine: { tf } }) {
      const positions = Array.from({ length: input.rank - 2 }, (_, i) => i + 1)
      const standard = standardize(tf, input, mean!, variance!, epsilon)
      return { weight: [tf.sum(tf.mul(delta, standard), positions)], bias: tf.sum(delta, positions) }
    },
    floats: (_, __, output) => 3 * sizeOf(output)
  }
})
