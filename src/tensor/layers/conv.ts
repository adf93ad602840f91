/** Square two-dimensional convolution over [height, width, channels]; its kernel may be spread. */
import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { Type } from '../../schema/type.js'
import { sizeOf } from '../../math/arrays.js'
import { convolve } from '../convolution.js'
import { patchesOf } from '../patches.js'
import { ActivationField, biasOf, closed, defineLayer, pictureOf, weightOf, wiring, withBias } from './layer.js'
import { checkSpread, positionsAlong, sliding, spreading } from './window.js'

export const conv = defineLayer({
  schema: Type.Object({
    type: Type.Literal('conv', { description: 'Two-dimensional convolution' }),
    filters: Type.Integer({ description: 'Output channels', minimum: 1, maximum: 4096, default: 32 }),
    ...sliding,
    ...spreading,
    activation: ActivationField,
    ...withBias,
    ...wiring
  }, closed),
  arity: 'one',
  shape (layer, place) {
    const [height, width] = pictureOf(place, 'conv')
    checkSpread(layer, place.path)
    return [positionsAlong(height, layer, place.path), positionsAlong(width, layer, place.path), layer.filters]
  },
  scaling: ({ stride }) => ({ down: stride }),
  parameters (layer, { inputs: [input] }) {
    const { kernel, filters, activation } = layer
    const channels = input![2]!
    const fans = { fanIn: kernel * kernel * channels, fanOut: kernel * kernel * filters }
    return [weightOf([kernel, kernel, channels, filters], { ...fans, activation }), ...biasOf(layer, filters)]
  },
  forward: (layer, [x], { weight }, { engine }) => convolve(engine, x as Tensor4D, weight as unknown as Tensor4D, layer),
  flops: ({ kernel }, { inputs: [input] }, output) => 2 * sizeOf(output) * kernel ** 2 * input![2]!,
  influence: {
    gradients (layer, input, delta, _, { engine: { tf } }) {
      const [n, height, width, filters] = delta.shape as [number, number, number, number]
      const rows: Tensor3D = tf.reshape(delta, [n, height * width, filters])
      return {
        weight: [tf.matMul(patchesOf(tf, input as Tensor4D, layer), rows, true)], // [n, fanIn, filters]
        ...(layer.bias === false ? {} : { bias: tf.sum(rows, 1) })
      }
    },
    activations: (layer, input, { engine: { tf } }) => patchesOf(tf, input as Tensor4D, layer),
    floats ({ kernel, filters }, { inputs: [input] }, output) {
      const fanIn = kernel ** 2 * input![2]!
      return sizeOf(output) + output[0]! * output[1]! * fanIn + fanIn * filters
    }
  }
})
