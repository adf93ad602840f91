/** The transpose of a convolution with stride: every pixel paints a kernel into a picture `stride` times as large. */
import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { Type } from '../../schema/type.js'
import { sizeOf } from '../../math/arrays.js'
import { patchesOf } from '../patches.js'
import { ActivationField, biasOf, closed, defineLayer, pictureOf, weightOf, wiring, withBias } from './layer.js'

export const convTranspose = defineLayer({
  schema: Type.Object({
    type: Type.Literal('conv-transpose', { description: 'Transposed convolution, which makes pictures larger' }),
    filters: Type.Integer({ description: 'Output channels', minimum: 1, maximum: 4096, default: 32 }),
    kernel: Type.Integer({ description: 'Height and width of the kernel (unit: pixels)', minimum: 1, maximum: 31, default: 4 }),
    stride: Type.Integer({ description: 'How many times as large the picture becomes', minimum: 1, maximum: 16, default: 2 }),
    activation: ActivationField,
    ...withBias,
    ...wiring
  }, closed),
  arity: 'one',
  shape ({ stride, filters }, place) {
    const [height, width] = pictureOf(place, 'conv-transpose')
    return [height * stride, width * stride, filters]
  },
  scaling: ({ stride }) => ({ up: stride }),
  parameters (layer, { inputs: [input] }) {
    const { kernel, stride, filters, activation } = layer
    const channels = input![2]!
    const fans = { fanIn: kernel ** 2 * channels / stride ** 2, fanOut: kernel ** 2 * filters }
    return [weightOf([kernel, kernel, filters, channels], { ...fans, activation }), ...biasOf(layer, filters)]
  },
  forward ({ stride, filters }, [x], { weight }, { engine: { tf } }) {
    const [n, height, width] = x!.shape as [number, number, number, number]
    return tf.conv2dTranspose(x as Tensor4D, weight as unknown as Tensor4D, [n, height * stride, width * stride, filters], stride, 'same')
  },
  flops: ({ kernel, filters }, { inputs: [input] }) => 2 * sizeOf(input!) * kernel ** 2 * filters,
  influence: {
    // The convolution that it is the transpose of reads the output: its patches are those of delta.
    gradients ({ kernel, stride, bias }, input, delta, _, { engine: { tf } }) {
      const [n, height, width, channels] = input.shape as [number, number, number, number]
      const patches = patchesOf(tf, delta as Tensor4D, { kernel, stride, padding: 'same' })
      const rows: Tensor3D = tf.reshape(input, [n, height * width, channels])
      return {
        weight: [tf.matMul(patches, rows, true)], // [n, kernel·kernel·filters, channels]
        ...(bias === false ? {} : { bias: tf.sum(delta, [1, 2]) })
      }
    },
    floats: ({ kernel, filters }, { inputs: [input] }, output) =>
      sizeOf(output) + kernel ** 2 * filters * (input![0]! * input![1]! + input![2]!)
  }
})
