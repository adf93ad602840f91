/** Ready specs, smallest first. Those that need an upload leave `data` out: it comes with the request's overrides. */
import type { Preset } from '../contract.js'
import type { TracinSpec } from './spec.js'

const common = {
  scaling: 'unit' as const,
  selfInfluence: ['last', 'all'] as ('last' | 'all')[],
  slots: 'all' as const
}

export const presets: Preset<TracinSpec>[] = [
  {
    name: 'quick',
    title: 'A first look: 600 drawn digits, a tenth of the labels wrong, a small network',
    predicts: 'The most self-influential fifth of the examples holds nearly all wrong labels',
    spec: {
      ...common,
      data: { generator: { type: 'glyphs', classes: 10, train: 600, test: 200, noise: 0.05, seed: 1 } },
      network: { type: 'mlp', hidden: [32], activation: 'relu' },
      optimizer: { learningRate: 0.2, momentum: 0, schedule: { type: 'constant' } },
      epochs: 15,
      batchSize: 32,
      checkpoints: { type: 'every', epochs: 5 },
      labelNoise: { kind: 'hardest', fraction: 0.1 },
      seeds: [0]
    }
  }
]
