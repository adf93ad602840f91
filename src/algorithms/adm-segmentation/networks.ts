/** The networks that a spec can ask for: a class for every pixel, at the picture's own size. */
import { Type, type Static } from '../../schema/type.js'
import { closed, taggedUnion } from '../../choices.js'
import type { Architecture, Layer } from '../../tensor/architecture.js'

const filters = (initial: number[]) => Type.Array(Type.Integer({ minimum: 1, maximum: 1024 }), { minItems: 1, maxItems: 16, default: initial, description: 'Channels of the hidden layers' })

/** Schema of the network field. */
export const SegmentationNetwork = taggedUnion([
  Type.Object({ type: Type.Literal('pixel', { description: 'Each pixel by its own colour: convolutions of one pixel' }), filters: filters([16]) }, closed),
  Type.Object({ type: Type.Literal('conv', { description: 'Convolutions of 3 x 3 at full size' }), filters: filters([8, 8]) }, closed),
  Type.Object({
    type: Type.Literal('dilated', { description: 'As DeepLab, compact: two convolutions that halve, then spread ones at a quarter of the size, whose outputs are drawn up linearly. Sides must be multiples of 4' }),
    filters: Type.Integer({ minimum: 1, maximum: 512, default: 32, description: 'Channels at a quarter of the size' }),
    dilations: Type.Array(Type.Integer({ minimum: 1, maximum: 32 }), { minItems: 1, maxItems: 8, default: [1, 2, 4], description: 'Of the spread layers, in pixels at a quarter of the size' })
  }, closed)
], { default: { type: 'conv' }, description: 'The network to train; its last layer has an output for every class' })
export type SegmentationNetwork = Static<typeof SegmentationNetwork>

/** The architecture over pictures of a shape. */
export function architectureOf (network: SegmentationNetwork, inputShape: readonly number[], classes: number): Architecture {
  return {
    inputShape: [...inputShape],
    layers: [...hiddenOf(network), ...outputOf(network, classes)],
    head: { type: 'class-map' }
  }
}

const convolution = (filters: number, more: { kernel?: number, stride?: number, dilation?: number, activation?: 'relu' | 'linear' } = {}): Layer =>
  ({ type: 'conv', filters, kernel: 3, stride: 1, padding: 'same', activation: 'relu', ...more })

function hiddenOf (network: SegmentationNetwork): Layer[] {
  switch (network.type) {
    case 'pixel': return network.filters.map(filters => convolution(filters, { kernel: 1 }))
    case 'conv': return network.filters.map(filters => convolution(filters))
    case 'dilated': return [
      convolution(Math.ceil(network.filters / 2), { stride: 2 }), convolution(network.filters, { stride: 2 }),
      ...network.dilations.map(dilation => convolution(network.filters, dilation > 1 ? { dilation } : {}))
    ]
  }
}

function outputOf ({ type }: SegmentationNetwork, classes: number): Layer[] {
  const output = convolution(classes, { kernel: 1, activation: 'linear' })
  return type === 'dilated' ? [output, { type: 'resize-bilinear', factor: 4 }] : [output]
}
