/** The networks a spec can ask for, and the architecture that such a wish means for given data. */
import { Type, type Static } from 'typebox'
import { choice, closed, taggedUnion } from '../../choices.js'
import { layerSchemas, type Architecture, type Layer } from '../../tensor/architecture.js'
import { wire } from '../../tensor/wiring.js'

const activation = choice(['relu', 'tanh', 'linear'], { default: 'relu', description: 'Applied after the layer' })

/** The layers of the README's example: conv 32, conv 64, each pooled, dense 128. */
const exampleLayers = [
  { type: 'conv', filters: 32 }, { type: 'max-pool' }, { type: 'conv', filters: 64 }, { type: 'max-pool' }, { type: 'dense', units: 128 }
]

/** Schema of the network field. The output layer (one logit per class) is always added. */
export const NetworkSpec = taggedUnion([
  Type.Object({ type: Type.Literal('softmax', { description: 'Softmax regression: the output layer alone' }) }, closed),
  Type.Object({
    type: Type.Literal('mlp', { description: 'Fully connected layers' }),
    hidden: Type.Array(Type.Integer({ minimum: 1, maximum: 4096 }), {
      minItems: 1, maxItems: 8, default: [128], description: 'Sizes of the hidden layers (unit: neurons)'
    }),
    activation
  }, closed),
  Type.Object({
    type: Type.Literal('cnn', { description: 'Convolutions, pools and fully connected layers, for pictures' }),
    layers: Type.Array(taggedUnion(layerSchemas, { description: 'One layer' }), {
      minItems: 1, maxItems: 32, default: exampleLayers, description: 'Layers from the picture to the last hidden layer; pictures are flattened before a dense one'
    })
  }, closed)
], { default: { type: 'mlp', hidden: [128] }, description: 'The network to train' })
export type NetworkSpec = Static<typeof NetworkSpec>

/**
 * The architecture of a wished network over inputs of one shape.
 * @param inputShape [features] or [height, width, channels]
 * @throws AppError invalid_spec when the layers do not fit the inputs (by outputShapes of the tensor layer)
 */
export function architectureOf (network: NetworkSpec, inputShape: readonly number[], classes: number): Architecture {
  const isPicture = inputShape.length > 1
  const flatten = { type: 'flatten' as const }
  const output = { type: 'dense' as const, units: classes, activation: 'linear' as const }
  switch (network.type) {
    case 'softmax':
      return { inputShape: [...inputShape], layers: [...(isPicture ? [flatten] : []), output] }
    case 'mlp': {
      const hidden = network.hidden.map(units => ({ type: 'dense' as const, units, activation: network.activation }))
      return { inputShape: [...inputShape], layers: [...(isPicture ? [flatten] : []), ...hidden, output] }
    }
    case 'cnn': {
      const layers = [...network.layers, output].reduce<Layer[]>((before, layer) =>
        [...before, ...(layer.type === 'dense' ? flattened(layer, before, inputShape) : [layer])], [])
      return { inputShape: [...inputShape], layers }
    }
  }
}

/** A dense layer, after one that flattens where it would get a picture. */
function flattened (layer: Extract<Layer, { type: 'dense' }>, before: Layer[], inputShape: readonly number[]): Layer[] {
  const { inputs, ...plain } = layer
  const flatten: Layer = { type: 'flatten', ...(inputs ? { inputs } : {}) }
  const [got] = wire({ inputShape: [...inputShape], layers: [...before, flatten] }).at(-1)!.inputs
  return got!.length > 1 ? [flatten, plain] : [layer]
}
