/** Convolutional networks of the kinds' presets. */
import type { NetworkSpec } from './network.js'

export type Cnn = Extract<NetworkSpec, { type: 'cnn' }>
export type CnnLayer = Cnn['layers'][number]

/** For pictures of 28 x 28: conv 16, conv 32, each pooled, dense 64. */
export const cnn: Cnn = {
  type: 'cnn',
  layers: [
    { type: 'conv', filters: 16, kernel: 3, stride: 1, padding: 'same', activation: 'relu' },
    { type: 'max-pool', size: 2 },
    { type: 'conv', filters: 32, kernel: 3, stride: 1, padding: 'same', activation: 'relu' },
    { type: 'max-pool', size: 2 },
    { type: 'dense', units: 64, activation: 'relu' }
  ]
}

/** The same with twice the filters and units. */
export const mnistCnn: Cnn = {
  type: 'cnn',
  layers: cnn.layers.map(layer => layer.type === 'conv'
    ? { ...layer, filters: 2 * layer.filters }
    : layer.type === 'dense' ? { ...layer, units: 128 } : layer)
}

/** 3 x 3 (1 x 1 for a short cut) without bias, then batch-norm. */
const normalized = (filters: number, { stride = 1, kernel = 3, inputs, name, activation }: {
  stride?: number, kernel?: number, inputs?: string[], name?: string, activation?: 'relu'
} = {}): CnnLayer[] => [
  { type: 'conv', filters, kernel, stride, padding: 'same', activation: 'linear', bias: false, ...(inputs ? { inputs } : {}) },
  { type: 'batch-norm', momentum: 0.1, epsilon: 1e-5, ...(activation ? { activation } : {}), ...(name ? { name } : {}) }
]

/** A residual block of two convolutions; where the picture shrinks, its short cut is one of 1 x 1. */
const residual = (from: string, name: string, filters: number, stride: number): CnnLayer[] => [
  ...normalized(filters, { stride, inputs: [from], activation: 'relu' }),
  ...normalized(filters, { name: `${name}-sum` }),
  ...(stride === 1 ? [] : normalized(filters, { stride, kernel: 1, inputs: [from], name: `${name}-short` })),
  { type: 'add', inputs: [`${name}-sum`, stride === 1 ? from : `${name}-short`], activation: 'relu', name }
]

/** ResNet-8: ResNet-56 with one block of each width in place of nine. */
export const resnet8: Cnn = {
  type: 'cnn',
  layers: [
    ...normalized(16, { name: 'stem', activation: 'relu' }),
    ...residual('stem', 'first', 16, 1), ...residual('first', 'second', 32, 2), ...residual('second', 'third', 64, 2),
    { type: 'global-average-pool' }
  ]
}
