/** Every input feature to every unit: z = x W + b. */
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { Type } from '../../schema/type.js'
import { ActivationField, biasOf, closed, defineLayer, refuse, weightOf, wiring, withBias } from './layer.js'

export const dense = defineLayer({
  schema: Type.Object({
    type: Type.Literal('dense', { description: 'Fully connected layer' }),
    units: Type.Integer({ description: 'Outputs of the layer (unit: neurons)', minimum: 1, maximum: 65536, default: 128 }),
    activation: ActivationField,
    ...withBias,
    ...wiring
  }, closed),
  arity: 'one',
  shape ({ units }, { inputs: [input], path }) {
    if (input!.length !== 1) refuse(path, 'is dense and must come after a flatten layer', input)
    return [units]
  },
  parameters (layer, { inputs: [input] }) {
    const [fanIn, fanOut] = [input![0]!, layer.units]
    return [weightOf([fanIn, fanOut], { fanIn, fanOut, activation: layer.activation }), ...biasOf(layer, fanOut)]
  },
  forward: (_, [x], { weight }, { engine: { tf } }) => tf.matMul(x as Tensor2D, weight as unknown as Tensor2D),
  flops: ({ units }, { inputs: [input] }) => 2 * input![0]! * units,
  influence: {
    gradients: ({ bias }, input, delta) => ({ weight: [input, delta], ...(bias === false ? {} : { bias: delta }) }),
    activations: (_, input) => input,
    floats: ({ units }, { inputs: [input] }) => input![0]! + units
  }
})
