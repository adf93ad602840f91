/** Ready specs, smallest first. Those that need an upload leave `data` out: it comes with the request's overrides. */
import type { Preset } from '../contract.js'
import { cnn, mnistCnn, resnet8 } from '../kit/preset-networks.js'
import type { MethodName } from './methods.js'
import type { Measure, Prediction } from './predictions/schema.js'
import { claimOf } from './report.js'
import type { TracinSpec } from './spec.js'

/** What all presets share; single fields are replaced below. */
const base = {
  scaling: 'unit',
  network: { type: 'mlp', hidden: [128], activation: 'relu' },
  optimizer: { type: 'sgd', learningRate: 0.1, momentum: 0, schedule: { type: 'constant' } },
  epochs: 60,
  batchSize: 32,
  checkpoints: { type: 'every', epochs: 5 },
  labelNoise: { kind: 'hardest', fraction: 0.1 },
  selfInfluence: ['last', 'all'],
  baselines: { damping: 1e-3, lambda: 0.003, representerTarget: 'labels' },
  seeds: [0, 1, 2, 3, 4],
  slots: 1 // small networks: seeds side by side, each with one thread, are sooner done than one after the other
} satisfies Partial<TracinSpec>

/** A network of 128 units that repeats every wrong label of optdigits. */
const memorised = {
  ...base,
  optimizer: { type: 'sgd', learningRate: 0.3, momentum: 0, schedule: { type: 'constant' } },
  epochs: 240,
  checkpoints: { type: 'every', epochs: 20 }
} satisfies Partial<TracinSpec>

const glyphs = (train: number, test: number, classes = 10): Pick<TracinSpec, 'data'> =>
  ({ data: { generator: { type: 'glyphs', classes, train, test, noise: 0.05, seed: 1 } } })

const digits = 'The 1,797 rows of optdigits.tes, uploaded as CSV with 397 of them as test split: {"data": {"datasetId": "…"}}'
const mnist = 'MNIST, uploaded as IDX or by {"data": {"catalog": "mnist"}}'
const cifar = 'CIFAR-10, at best 10,000 and 2,000 of its pictures: {"data": {"datasetId": "…"}} or {"data": {"catalog": "cifar-10"}}'
const california = 'California housing, uploaded as CSV with targetColumns median_house_value, missingCells median, testFraction 0.2: {"data": {"datasetId": "…"}}'
const news = 'AG News, 5,700 and 1,900 texts, uploaded as CSV with its columns of text: {"data": {"datasetId": "…"}}'

/** The paper's figure 1, CIFAR-10: more than four fifths of the wrong labels in the first fifth of the examples. */
const ofPaper = 0.8

/** What a fifth by chance holds, with room for chance. */
const byChance: Prediction = { ...atLeast('found20', 0.12, 'random'), atMost: 0.28 }

const listed: Omit<Preset<TracinSpec>, 'predicts'>[] = [
  {
    name: 'quick',
    title: 'A first look: 500 drawn digits, a tenth of the labels wrong, a small network',
    spec: {
      ...base,
      ...glyphs(500, 200, 5),
      network: { type: 'mlp', hidden: [32], activation: 'relu' },
      epochs: 12,
      checkpoints: { type: 'every', epochs: 4 },
      predictions: [atLeast('found20', ofPaper)],
      seeds: [0],
      slots: 'all'
    }
  },
  {
    name: 'memorised',
    title: 'The paper’s question in small: a network that learns its wrong labels by heart',
    spec: { ...base, ...glyphs(1500, 500) }
  },
  {
    name: 'not-memorised',
    title: 'The same stopped early: the network resists its wrong labels, so the loss shows them as well',
    spec: {
      ...base,
      ...glyphs(1500, 500),
      epochs: 15,
      checkpoints: { type: 'every', epochs: 3 },
      predictions: [atLeast('found20', ofPaper), atLeast('found20', ofPaper, 'loss')]
    }
  },
  {
    name: 'random-labels',
    title: 'Wrong labels by chance instead of the hardest: too easy to tell methods apart',
    spec: {
      ...base,
      ...glyphs(1500, 500),
      epochs: 15,
      checkpoints: { type: 'every', epochs: 3 },
      labelNoise: { kind: 'random', fraction: 0.1 },
      predictions: [atLeast('found20', 0.95), atLeast('found20', 0.95, 'loss')]
    }
  },
  {
    name: 'no-noise',
    title: 'Control: no wrong label to find',
    spec: { ...base, ...glyphs(1500, 500), epochs: 15, checkpoints: { type: 'every', epochs: 3 }, labelNoise: { kind: 'none', fraction: 0.1 } }
  },
  {
    name: 'values',
    title: 'Values instead of classes: the way a vehicle takes to stop, a tenth of the distances swapped',
    spec: {
      ...base,
      data: { generator: { type: 'nonlinear', train: 1000, test: 300, noise: 2, seed: 1 } },
      scaling: 'auto',
      network: { type: 'mlp', hidden: [32], activation: 'tanh' },
      optimizer: { type: 'sgd', learningRate: 0.02, momentum: 0, schedule: { type: 'constant' } },
      epochs: 60,
      labelNoise: { kind: 'random', fraction: 0.1 }
    }
  },
  {
    name: 'glyphs-cnn',
    title: 'A convolutional network on drawn digits, scored by its last layer and by all of them',
    spec: {
      ...base,
      ...glyphs(2000, 500),
      network: cnn,
      optimizer: { type: 'sgd', learningRate: 0.05, momentum: 0.9, schedule: { type: 'constant' } },
      epochs: 10,
      checkpoints: { type: 'every', epochs: 1 },
      predictions: [atLeast('found20', ofPaper)],
      seeds: [0],
      slots: 'all'
    }
  },
  {
    name: 'optdigits-memorised',
    title: 'Real digits of 8 x 8, learned by heart: self-influence against influence functions and representer points',
    needs: digits,
    spec: withoutData({ ...memorised, predictions: [atLeast('found20', 0.9), aheadOf('influence-function', 'found10', 0.15), byChance] })
  },
  {
    name: 'optdigits-not-memorised',
    title: 'Real digits of 8 x 8, a smaller network that does not learn its wrong labels',
    needs: digits,
    spec: withoutData({
      ...base,
      network: { type: 'mlp', hidden: [32], activation: 'relu' },
      epochs: 100,
      predictions: [atLeast('found20', 0.93), byChance]
    })
  },
  {
    name: 'optdigits-averages',
    title: 'Is it the gradient that finds wrong labels, or that one averages over the training? 1,000 real digits, learned by heart',
    needs: digits,
    spec: withoutData({
      ...memorised,
      trainExamples: 1000,
      selfInfluence: ['last'],
      baselines: { ...base.baselines, methods: ['mean-loss', 'el2n', 'loss', 'gradient-norm'] }
    })
  },
  {
    name: 'mnist-cnn',
    title: 'All 60,000 digits of MNIST with a convolutional network, to be asked for influences',
    needs: mnist,
    spec: withoutData({
      ...base,
      network: mnistCnn,
      optimizer: { type: 'sgd', learningRate: 0.05, momentum: 0.9, schedule: { type: 'cosine', final: 0.01 } },
      epochs: 3,
      batchSize: 64,
      checkpoints: { type: 'every', epochs: 1 },
      labelNoise: { kind: 'none', fraction: 0.1 },
      selfInfluence: ['last'],
      seeds: [0],
      slots: 'all'
    })
  },
  {
    name: 'mnist-mlp',
    title: 'The paper’s digits: a network of 235,146 weights on 5,000 of MNIST, a tenth of the labels wrong',
    needs: mnist,
    spec: withoutData({
      ...base,
      trainExamples: 5000,
      testExamples: 2000,
      network: { type: 'mlp', hidden: [256, 128], activation: 'relu' },
      epochs: 30,
      batchSize: 64,
      selfInfluence: ['last'],
      predictions: [atLeast('found20', ofPaper)]
    })
  },
  {
    name: 'cifar10-resnet',
    title: 'The paper’s photographs in small: 10,000 of CIFAR-10, a residual network with batch-norm, a tenth of the labels wrong',
    needs: cifar,
    spec: withoutData({
      ...base,
      trainExamples: 10_000,
      testExamples: 2000,
      network: resnet8,
      optimizer: { type: 'sgd', learningRate: 0.1, momentum: 0.9, schedule: { type: 'cosine', final: 0.01, warmup: 2 } },
      epochs: 20,
      batchSize: 64,
      checkpoints: { type: 'every', epochs: 2 },
      selfInfluence: ['last'],
      predictions: [atLeast('found20', ofPaper)],
      seeds: [0],
      slots: 'all'
    })
  },
  {
    name: 'california',
    title: 'Values: house prices of California, a tenth of them swapped',
    needs: california,
    spec: withoutData({
      ...base,
      scaling: 'auto',
      network: { type: 'mlp', hidden: [64, 64], activation: 'relu' },
      optimizer: { type: 'adam', learningRate: 0.003, momentum: 0, schedule: { type: 'cosine', final: 0.01 } }, // sgd diverges at .02
      epochs: 30,
      batchSize: 64,
      labelNoise: { kind: 'random', fraction: 0.1 },
      selfInfluence: ['last']
    })
  },
  {
    name: 'agnews',
    title: 'Texts: news of four topics, a vector per word, a tenth of the labels wrong',
    needs: news,
    spec: withoutData({
      ...base,
      scaling: 'auto',
      network: { type: 'auto' },
      optimizer: { type: 'adam', learningRate: 0.002, momentum: 0, schedule: { type: 'cosine', final: 0.01 } },
      epochs: 6,
      checkpoints: { type: 'every', epochs: 1 },
      selfInfluence: ['last']
    })
  }
]

/** The ready specs; what each predicts is what its verdict checks. */
export const presets: Preset<TracinSpec>[] = listed.map(preset =>
  ({ ...preset, predicts: claimOf(preset.spec, preset.spec.labelNoise.kind === 'none').predicts }))

/** Predicts the least mean over the seeds. @param method  TracInCP when left out */
function atLeast (measure: Measure, least: number, method?: MethodName): Prediction {
  return { ...(method === undefined ? {} : { method }), measure, atLeast: least, atMost: 1 }
}

/** Predicts that TracInCP is ahead, by a least mean difference. */
function aheadOf (over: MethodName, measure: Measure, least: number): Prediction {
  return { measure, over, atLeast: least, atMost: 1 }
}

/** A spec that is complete but for the data set that the caller uploads. */
function withoutData (spec: Omit<TracinSpec, 'data'>): TracinSpec {
  return spec as TracinSpec
}
