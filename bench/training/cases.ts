/** The nets and optimizers that both sides of `bench:training` train. */
import type { Architecture, Layer } from '../../src/tensor/architecture.js'
import type { OptimizerSpec } from '../../src/tensor/optimizers.js'

export const BATCH = 64
export const LEARNING_RATE = 0.01

const dense = (units: number, activation: 'relu' | 'linear' = 'relu'): Layer => ({ type: 'dense', units, activation })
const conv = (filters: number, kernel: number, padding: 'same' | 'valid'): Layer => ({ type: 'conv', filters, kernel, stride: 1, padding, activation: 'relu' })
const pool: Layer = { type: 'max-pool', size: 2 }
const picture = [28, 28, 1]

/** 3 x 3 (1 x 1 for a short cut) without bias, then batch-norm. */
const normalized = (filters: number, wiring: { stride?: number, kernel?: number, inputs?: string[], name?: string, activation?: 'relu' } = {}): Layer[] => {
  const { stride = 1, kernel = 3, inputs, name, activation } = wiring
  return [
    { type: 'conv', filters, kernel, stride, padding: 'same', activation: 'linear', bias: false, ...(inputs ? { inputs } : {}) },
    { type: 'batch-norm', momentum: 0.1, epsilon: 1e-5, ...(activation ? { activation } : {}), ...(name ? { name } : {}) }
  ]
}

/** A residual block of two convolutions; where the picture shrinks, the short cut is one of 1 x 1. */
const block = (from: string, name: string, filters: number, stride: number): Layer[] => [
  ...normalized(filters, { stride, inputs: [from], activation: 'relu' }),
  ...normalized(filters, { name: `${name}-sum` }),
  ...(stride === 1 ? [] : normalized(filters, { stride, kernel: 1, inputs: [from], name: `${name}-short` })),
  { type: 'add', inputs: [`${name}-sum`, stride === 1 ? from : `${name}-short`], activation: 'relu', name }
]

const spread = (dilation: number): Layer =>
  ({ type: 'conv', filters: 32, kernel: 3, stride: 1, padding: 'same', activation: 'relu', ...(dilation > 1 ? { dilation } : {}) })

/** Classes of a pixel. */
const MAP_CLASSES = 4

/** The same by name in training/peer.py. */
export const nets: Record<string, Architecture> = {
  'mlp 784-256-10': { inputShape: [784], layers: [dense(256), dense(10, 'linear')] },
  'cnn 32-64-128': {
    inputShape: picture, layers: [conv(32, 3, 'same'), pool, conv(64, 3, 'same'), pool, { type: 'flatten' }, dense(128), dense(10, 'linear')]
  },
  lenet: {
    inputShape: picture, layers: [conv(6, 5, 'same'), pool, conv(16, 5, 'valid'), pool, { type: 'flatten' }, dense(120), dense(84), dense(10, 'linear')]
  },
  'resnet-8 batch-norm': {
    inputShape: [32, 32, 3],
    layers: [
      ...normalized(16, { name: 'stem', activation: 'relu' }),
      ...block('stem', 'first', 16, 1), ...block('first', 'second', 32, 2), ...block('second', 'third', 64, 2),
      { type: 'global-average-pool' }, dense(10, 'linear')
    ]
  },
  'dilated 64x64': {
    inputShape: [64, 64, 3],
    layers: [...[1, 1, 2, 4, 8].map(spread), { ...conv(MAP_CLASSES, 1, 'same'), activation: 'linear' } as Layer],
    head: { type: 'class-map' }
  },
  'mlp 784-784-512-10': { inputShape: [784], layers: [dense(784), dense(512), dense(10, 'linear')] }
}

/** By name: pgd-10 is SGD on what ten projected gradient steps (PGD below) made of every batch. */
export const optimizers: Record<string, OptimizerSpec> = { sgd: { type: 'sgd' }, adam: { type: 'adam' }, 'pgd-10': { type: 'sgd' } }

export const PGD = { radius: 0.3, steps: 10, stepSize: 0.075 }

export interface Measured {
  net: string
  optimizer: string
  /** of the ratio of step times, ours / PyTorch eager; null: reported without one */
  aim: number | null
  steps: number
  /** examples of a batch, BATCH when left out */
  batch?: number
}

/** What is measured. */
export const measured: Measured[] = [
  { net: 'mlp 784-256-10', optimizer: 'sgd', aim: 1.0, steps: 200 },
  { net: 'mlp 784-256-10', optimizer: 'adam', aim: 1.0, steps: 200 },
  { net: 'cnn 32-64-128', optimizer: 'sgd', aim: 0.6, steps: 20 },
  { net: 'cnn 32-64-128', optimizer: 'adam', aim: 0.65, steps: 20 },
  { net: 'cnn 32-64-128', optimizer: 'pgd-10', aim: 0.7, steps: 4 },
  { net: 'resnet-8 batch-norm', optimizer: 'sgd', aim: 0.8, steps: 10 },
  { net: 'dilated 64x64', optimizer: 'sgd', aim: 0.9, steps: 5, batch: 16 },
  { net: 'lenet', optimizer: 'sgd', aim: null, steps: 100 },
  { net: 'mlp 784-784-512-10', optimizer: 'sgd', aim: null, steps: 50 }
]
