/** Ready specs, smallest first. One that needs an upload leaves `data` out: it comes with the request's overrides. */
import type { Preset } from '../contract.js'
import type { FrequencyPrincipleSpec } from './spec.js'

/** What a caller writes: the schema fills the rest. */
type Draft = Partial<Omit<FrequencyPrincipleSpec, 'optimizers' | 'target' | 'network' | 'init' | 'spectrum'>> & {
  optimizers?: object[], target?: object, network?: object, init?: object, spectrum?: object
}

const sines = (...terms: [frequency: number, amplitude: number][]) =>
  ({ type: 'sines', terms: terms.map(([frequency, amplitude]) => ({ frequency, amplitude })), points: 128 })

/** Powell and PSO cost more with every parameter. */
const small = [15]

/** In these budgets one-hot targets come to an error of 0.6 in their low bands, not to 0.2. */
const onData = [
  { type: 'sgd', learningRate: 0.05, momentum: 0.5, epochs: 40 }, { type: 'adam', learningRate: 0.001, epochs: 20 }, { type: 'lbfgs', steps: 60 }
]

const mnist = 'MNIST, uploaded as IDX: {"data": {"datasetId": "…"}}'

const seeds = [0, 1, 2, 3, 4]

const lowFirst = 'Under every optimizer low frequencies are learned first: Kendall\'s tau over all pairs of bands is above 0 over five seeds, with its 95 % interval'

/** Labels as they are, and the null that has nothing but their frequencies. */
const labels = [{ name: 'given labels' }, { name: 'shuffled labels', labels: 'shuffled' as const }]
const notByNulls = `${lowFirst}; of neither shuffled labels nor a constant predictor is that so`

export const presets: Preset<FrequencyPrincipleSpec>[] = [
  preset('quick', 'A first look: BFGS and Adam on sin x + sin 3x', lowFirst, {
    target: sines([1, 1], [3, 1]),
    network: { hidden: [20] },
    optimizers: [{ type: 'bfgs', steps: 100 }, { type: 'adam', steps: 1000, learningRate: 0.01 }],
    seeds
  }),
  preset('paper', 'The paper’s question: conjugate gradients, BFGS, Powell’s method and particle swarms beside gradient descent and Adam', lowFirst, {
    target: sines([1, 1], [3, 1], [5, 1]),
    optimizers: [
      { type: 'cg' }, { type: 'bfgs' }, { type: 'powell', hidden: small, steps: 200 }, { type: 'pso', hidden: small, steps: 5000 }, { type: 'gd' }, { type: 'adam' },
      { type: 'powell', name: 'Powell, the same network', steps: 100 }, { type: 'pso', name: 'PSO, the same network', steps: 5000 }
    ],
    seeds
  }),
  preset('control-amplitude', 'Control: the high frequency has 1, 2, 3 and 5 times the amplitude of the low one', 'At equal amplitudes low frequencies are learned first; five times the amplitude of the high one makes their lead smaller, under every optimizer; the report says between which amplitudes the order is lost', {
    target: sines([1, 1], [5, 1]),
    optimizers: [{ type: 'cg' }, { type: 'bfgs' }, { type: 'adam' }],
    conditions: [1, 2, 3, 5].map(amplitude => ({ name: `amplitude ${amplitude}`, amplitude })),
    seeds,
    expected: 'order-weakens'
  }),
  preset('control-large-init', 'Control: large first weights fill the first outputs with high frequencies', 'Under small first weights low frequencies are learned first; under ten times as large ones, all else being the same, their lead is smaller, under every optimizer', {
    target: sines([1, 1], [3, 1], [5, 1]),
    network: { hidden: [200] },
    conditions: [0.5, 5].map(deviation => ({ name: `first weights N(0, ${deviation ** 2})`, init: { type: 'normal', deviation } })),
    optimizers: [{ type: 'cg', steps: 150 }, { type: 'bfgs', steps: 100 }],
    seeds,
    expected: 'order-weakens'
  }),
  preset('step', 'A step: jumps have all odd frequencies, each smaller than the one before', lowFirst, {
    target: { type: 'step', points: 128 },
    optimizers: [{ type: 'cg' }, { type: 'bfgs' }, { type: 'adam' }],
    spectrum: { frequencies: [1, 3, 5, 7, 9, 11] },
    seeds
  }),
  preset('image', 'A picture of 24 x 24 pixels from its coordinates: blurred first, sharp later', lowFirst, {
    target: { type: 'image' },
    network: { hidden: [30, 30] },
    optimizers: [{ type: 'bfgs' }, { type: 'lbfgs' }, { type: 'adam', learningRate: 0.01, steps: 3000 }],
    spectrum: { threshold: 0.3 },
    seeds
  }),
  preset('deep', 'A deep network, 200-200-200-100, measured between its points too; BFGS, whose matrix would take 82 GB, on 30-30-30', lowFirst, {
    target: { ...sines([1, 1], [3, 1], [5, 1]), points: 64, testPoints: 256 },
    network: { hidden: [200, 200, 200, 100] },
    optimizers: [
      { type: 'cg', steps: 300 }, { type: 'lbfgs', steps: 200 }, { type: 'adam', learningRate: 0.0005, steps: 600 },
      { type: 'bfgs', hidden: [30, 30, 30], steps: 150 }
    ],
    seeds
  }),
  preset('data', 'Drawn digits in 784 dimensions: low and high frequencies by filters and by projection', notByNulls, {
    target: { type: 'data', trainExamples: 300, batchSize: 20 },
    data: { generator: { type: 'glyphs', classes: 5, train: 300, test: 50, noise: 0.05, seed: 1 } },
    optimizers: onData,
    conditions: labels,
    spectrum: { threshold: 0.6 },
    seeds
  }),
  {
    ...preset('mnist', 'Digits of MNIST by a convolutional network: low and high frequencies by filters and by projection', notByNulls, {
      target: {
        type: 'data',
        trainExamples: 500,
        batchSize: 50,
        network: { type: 'cnn', layers: [{ type: 'conv', filters: 8 }, { type: 'max-pool' }, { type: 'dense', units: 32 }] }
      },
      optimizers: onData,
      conditions: labels,
      spectrum: { threshold: 0.6 },
      seeds
    }),
    needs: mnist
  },
  {
    ...preset('optdigits-components', 'Ten principal components of real digits: conjugate gradients, BFGS, Powell and a particle swarm on one network 10-8-10', lowFirst, {
      target: {
        type: 'data',
        trainExamples: 250,
        scaling: 'unit',
        components: 10,
        precision: 'float64',
        network: { type: 'mlp', hidden: [8], activation: 'tanh' }
      },
      optimizers: [
        { type: 'cg', steps: 300 }, { type: 'bfgs', steps: 200 }, { type: 'powell', steps: 15 },
        { type: 'pso', steps: 2000, particles: 40, positionSpread: 0.5 }
      ],
      spectrum: { threshold: 0.6 },
      seeds
    }),
    needs: 'The 1,797 rows of optdigits.tes, uploaded as CSV: {"data": {"datasetId": "…"}}'
  },
  {
    ...preset('mnist-cg', 'Digits of MNIST under conjugate gradients, all examples at once', notByNulls, {
      target: { type: 'data', trainExamples: 500, network: { type: 'mlp', hidden: [64], activation: 'tanh' } },
      optimizers: [{ type: 'cg', steps: 100 }],
      conditions: labels,
      spectrum: { threshold: 0.6 },
      seeds
    }),
    needs: mnist
  },
  {
    ...preset('cifar10-cg', 'Photographs of CIFAR-10 under conjugate gradients, all examples at once', notByNulls, {
      target: { type: 'data', trainExamples: 500, network: { type: 'mlp', hidden: [64], activation: 'tanh' } },
      optimizers: [{ type: 'cg', steps: 100 }],
      conditions: labels,
      spectrum: { threshold: 0.6 },
      seeds
    }),
    needs: 'CIFAR-10, uploaded as arrays or pictures: {"data": {"datasetId": "…"}}'
  }
]

function preset (name: string, title: string, predicts: string, spec: Draft): Preset<FrequencyPrincipleSpec> {
  return { name, title, predicts, spec: spec as unknown as FrequencyPrincipleSpec }
}
