/** The nets and optimizers that both sides of `bench:training` train, batch 64. */
import type { Architecture, Layer } from '../../src/tensor/architecture.js'
import type { OptimizerSpec } from '../../src/tensor/optimizers.js'

export const BATCH = 64
export const LEARNING_RATE = 0.01

const dense = (units: number, activation: 'relu' | 'linear' = 'relu'): Layer => ({ type: 'dense', units, activation })
const conv = (filters: number, kernel: number, padding: 'same' | 'valid'): Layer => ({ type: 'conv', filters, kernel, stride: 1, padding, activation: 'relu' })
const pool: Layer = { type: 'max-pool', size: 2 }
const picture = [28, 28, 1]

/** The same by name in training/peer.py. */
export const nets: Record<string, Architecture> = {
  'mlp 784-256-10': { inputShape: [784], layers: [dense(256), dense(10, 'linear')] },
  'cnn 32-64-128': {
    inputShape: picture, layers: [conv(32, 3, 'same'), pool, conv(64, 3, 'same'), pool, { type: 'flatten' }, dense(128), dense(10, 'linear')]
  },
  lenet: {
    inputShape: picture, layers: [conv(6, 5, 'same'), pool, conv(16, 5, 'valid'), pool, { type: 'flatten' }, dense(120), dense(84), dense(10, 'linear')]
  },
  'mlp 784-784-512-10': { inputShape: [784], layers: [dense(784), dense(512), dense(10, 'linear')] }
}

/** By name: pgd-10 is SGD on what ten projected gradient steps (PGD below) made of every batch. */
export const optimizers: Record<string, OptimizerSpec> = { sgd: { type: 'sgd' }, adam: { type: 'adam' }, 'pgd-10': { type: 'sgd' } }

export const PGD = { radius: 0.3, steps: 10, stepSize: 0.075 }

export interface Measured { net: string, optimizer: string, aim: number | null, steps: number }

/** What is measured; aims are ratios of step times ours / PyTorch eager, the last two nets are reported without one. */
export const measured: Measured[] = [
  { net: 'mlp 784-256-10', optimizer: 'sgd', aim: 1.0, steps: 200 },
  { net: 'mlp 784-256-10', optimizer: 'adam', aim: 1.0, steps: 200 },
  { net: 'cnn 32-64-128', optimizer: 'sgd', aim: 0.6, steps: 20 },
  { net: 'cnn 32-64-128', optimizer: 'adam', aim: 0.65, steps: 20 },
  { net: 'cnn 32-64-128', optimizer: 'pgd-10', aim: 0.7, steps: 4 },
  { net: 'lenet', optimizer: 'sgd', aim: null, steps: 100 },
  { net: 'mlp 784-784-512-10', optimizer: 'sgd', aim: null, steps: 50 }
]
