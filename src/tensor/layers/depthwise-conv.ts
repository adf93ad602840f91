/** A convolution channel by channel: every input channel has `multiplier` kernels of its own. */
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { Type } from '../../schema/type.js'
import { sizeOf } from '../../math/arrays.js'
import { tapsOf } from '../patches.js'
import { ActivationField, biasOf, closed, defineLayer, pictureOf, weightOf, wiring, withBias } from './layer.js'
import { positionsAlong, sliding } from './window.js'

export const depthwiseConv = defineLayer({
  schema: Type.Object({
    type: Type.Literal('depthwise-conv', { description: 'Two-dimensional convolution of every channel by itself' }),
    multiplier: Type.Integer({ description: 'Output channels per input channel', minimum: 1, maximum: 64, default: 1 }),
    ...sliding,
    activation: ActivationField,
    ...withBias,
    ...wiring
  }, closed),
  arity: 'one',
  shape (layer, place) {
    const [height, width, channels] = pictureOf(place, 'depthwise-conv')
    return [positionsAlong(height, layer, place.path), positionsAlong(width, layer, place.path), channels * layer.multiplier]
  },
  scaling: ({ stride }) => ({ down: stride }),
  parameters (layer, { inputs: [input] }) {
    const { kernel, multiplier, activation } = layer
    const channels = input![2]!
    const fans = { fanIn: kernel * kernel, fanOut: kernel * kernel * multiplier }
    return [weightOf([kernel, kernel, channels, multiplier], { ...fans, activation }), ...biasOf(layer, channels * multiplier)]
  },
  forward: ({ stride, padding }, [x], { weight }, { engine: { tf } }) =>
    tf.depthwiseConv2d(x as Tensor4D, weight as unknown as Tensor4D, stride, padding),
  flops: ({ kernel }, _, output) => 2 * sizeOf(output) * kernel ** 2,
  influence: {
    gradients (layer, input, delta, _, { engine: { tf } }) {
      const [n, rows, columns, outputs] = delta.shape as [number, number, number, number]
      const deltas = tf.reshape(delta, [n, rows * columns, outputs / layer.multiplier, layer.multiplier])
      const perTap = tapsOf(tf, input as Tensor4D, layer).map(tap =>
        tf.sum(tf.mul(tf.reshape(tap, [n, rows * columns, -1, 1]), deltas), 1)) // [n, channels, multiplier]
      return {
        weight: [tf.stack(perTap, 1)],
        ...(layer.bias === false ? {} : { bias: tf.sum(delta, [1, 2]) })
      }
    },
    floats: ({ kernel }, { inputs: [input] }, output) =>
      sizeOf(output) * (1 + kernel ** 2) + kernel ** 2 * (sizeOf(output.slice(0, 2)) * input![2]! + output[2]!)
  }
})
