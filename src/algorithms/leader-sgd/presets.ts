/** Ready specs, smallest first. Those that need an upload leave `problem.data` out: it comes with the request's overrides. */
import type { Preset } from '../contract.js'
import { resnet8 } from '../kit/preset-networks.js'
import type { NetworkSpec } from '../kit/network.js'
import type { MethodOf } from './methods/spec.js'
import { cnn7 } from './preset-networks.js'
import type { ProblemOf } from './problems/spec.js'
import { predictionOf } from './report/predicts.js'
import type { LeaderSpec } from './spec.js'

/** What all presets share; single fields are replaced below. */
const base = {
  workers: 4,
  learningRate: 0.1,
  workerRates: 'equal',
  momentum: 0,
  nesterov: true,
  weightDecay: 0,
  schedule: { type: 'constant' },
  start: 'independent',
  mode: 'sync',
  execution: simulated(),
  records: 50,
  seeds: [0, 1, 2, 3, 4]
} satisfies Omit<LeaderSpec, 'problem' | 'methods' | 'steps' | 'claims'>

function simulated (changes: { speedSpread?: number, jitter?: number, latency?: number, transfer?: number } = {}): LeaderSpec['execution'] {
  return { type: 'simulated', speedSpread: 0, jitter: 0, latency: 0, transfer: 0, ...changes }
}

/** Leader SGD with one group, the paper's Algorithm 1; LGD with exact losses at every step. */
function lsgd (changes: Partial<MethodOf<'lsgd'>> = {}): MethodOf<'lsgd'> {
  return {
    type: 'lsgd',
    groups: 1,
    lambda: 0.1,
    lambdaG: 0.1,
    tau: 16,
    tauG: 64,
    pulls: 'sequential',
    rateInside: false,
    leader: { type: 'window', batches: 10 },
    proximal: 0,
    proximalG: 0,
    ...changes
  }
}

/** Leader gradient descent: one group, exact losses, an exchange after every step. */
const lgd = (lambda: number, changes: Partial<MethodOf<'lsgd'>> = {}) => lsgd({ lambda, tau: 1, tauG: 1, leader: { type: 'exact' }, ...changes })

/** Elastic averaging after every step, with the same pull. */
const eagd = (alpha: number, workers: number): MethodOf<'easgd'> => ({ type: 'easgd', beta: alpha * workers, tau: 1 })

const sinc = { ...base, methods: [{ type: 'independent' }, eagd(0.1, 4), lgd(0.1)] } satisfies Partial<LeaderSpec>

const quadratic = (changes: Partial<ProblemOf<'quadratic'>>): ProblemOf<'quadratic'> =>
  ({ type: 'quadratic', dimensions: 10, condition: 10, noise: 0, leaderNoise: 0, ...changes })

/** Matrix completion with a small pull, so that EASGD's workers stay in minima of their own. */
const completion = (rank: number, lambda: number): Omit<LeaderSpec, 'claims'> => ({
  ...base,
  problem: { type: 'matrix-completion', size: 100, rank },
  workers: 8,
  learningRate: 0.25,
  steps: 100,
  methods: [{ type: 'independent' }, eagd(lambda, 8), lgd(lambda)]
})

/** Classes of numbers that overlap: learned well, but not at once. */
const blobs = {
  type: 'network',
  data: { generator: { type: 'blobs', classes: 10, features: 20, train: 4000, test: 1000, spread: 0.35, seed: 1 } },
  scaling: 'auto',
  network: { type: 'mlp', hidden: [64], activation: 'relu' },
  batchSize: 32,
  share: 'sharded',
  slots: 'auto'
} satisfies ProblemOf<'network'>

const mnist = 'MNIST, uploaded as IDX: {"problem": {"data": {"datasetId": "…"}}}'

/** Momentum of the released script, weight decay of the paper. */
const asPaper = { momentum: 0.9, weightDecay: 1e-4 }

/** Digits of MNIST read by a network of one hidden layer. */
const digits = (workers: number): Omit<LeaderSpec, 'claims' | 'problem'> & { problem: Omit<ProblemOf<'network'>, 'data'> } => ({
  ...base,
  ...asPaper,
  problem: { type: 'network', scaling: 'auto', network: { type: 'mlp', hidden: [128], activation: 'relu' }, batchSize: 64, share: 'sharded', slots: 'auto' },
  workers,
  steps: 1000,
  start: 'shared',
  methods: [{ type: 'sgd' }, { type: 'easgd', beta: 0.43, tau: 16 }, lsgd()],
  seeds: [0, 1, 2]
})

const cifar = 'CIFAR-10, 5,000 training and 2,000 test pictures or more, as arrays: {"problem": {"data": {"datasetId": "…"}}}'

/** Photographs: four passes of every worker over 5,000 of them. Rates are of the released script’s grid. */
const photographs = (network: NetworkSpec, learningRate: number): Needy => ({
  ...base,
  ...asPaper,
  problem: {
    type: 'network', trainExamples: 5000, testExamples: 2000, scaling: 'standard', network, batchSize: 128, share: 'full', augmentation: { cropPadding: 4, flip: true }, slots: 'auto'
  },
  learningRate,
  steps: 156,
  records: 4,
  start: 'shared',
  methods: [{ type: 'sgd' }, { type: 'easgd', beta: 0.43, tau: 16 }, lsgd(), { type: 'downpour', push: 16, fetch: 16 }],
  claims: ['not-worse'],
  seeds: [0, 1, 2]
})

export const presets: Preset<LeaderSpec>[] = [
  preset('quick', 'The paper’s landscape with rings, from its four starts', {
    ...sinc,
    problem: { type: 'sinc', starts: { type: 'given', points: [[-6, -4], [-15, -18], [17, 8], [20, 11]] } },
    steps: 100,
    execution: simulated({ speedSpread: 0.3, jitter: 0.1, latency: 0.2, transfer: 0.1 }),
    claims: ['sinc'],
    seeds: [0]
  }),
  preset('escapes', 'The same from 3,000 random starts', {
    ...sinc, problem: { type: 'sinc', starts: { type: 'random', repeats: 3000, range: 20 } }, steps: 200, claims: ['escapes'], seeds: [0]
  }),
  preset('stationary', 'Where training comes to rest: LSGD’s leader in a minimum, EASGD’s workers between theirs and the centre', {
    ...base,
    problem: { type: 'double-well', dimensions: 2, tilt: 0.05, noise: 0 },
    workers: 8,
    steps: 1000,
    methods: [eagd(0.01, 8), lgd(0.01)],
    claims: ['stationary']
  }),
  preset('one-step', 'The inequality of one step, and what turns a step towards Newton’s', {
    ...base,
    problem: quadratic({ noise: 0.1 }),
    learningRate: 0.02,
    steps: 500,
    methods: [lgd(0.5, { rateInside: true })],
    claims: ['one-step', 'newton']
  }),
  preset('decay', 'Rates ~ 1 / k on a noisy quadratic: the loss falls like 1 / k', {
    ...base,
    problem: quadratic({ noise: 1 }),
    learningRate: 0.05,
    schedule: { type: 'inverse', after: 100 },
    steps: 20_000,
    records: 400,
    methods: [{ type: 'sgd' }, lgd(0.5, { rateInside: true })],
    claims: ['decay']
  }),
  preset('noisy-leader', 'A leader chosen by noisy losses: how far above the minimum that keeps the workers', {
    ...base,
    problem: quadratic({ noise: 0.1, leaderNoise: 0.1 }),
    learningRate: 0.02,
    steps: 5000,
    methods: [lgd(0.1, { rateInside: true, name: 'lambda 0.1' }), lgd(0.5, { rateInside: true, name: 'lambda 0.5' })],
    claims: ['noisy-leader']
  }),
  preset('completion-1', 'Matrix completion of rank 1: minima on both sides of 0', { ...completion(1, 0.01), claims: ['completion'] }),
  preset('completion-10', 'Matrix completion of rank 10', { ...completion(10, 0.05), claims: ['completion'] }),
  preset('completion-50', 'Matrix completion of rank 50', { ...completion(50, 0.05), claims: ['completion'] }),
  preset('completion-100', 'Matrix completion of full rank', { ...completion(100, 0.05), claims: ['completion'] }),
  preset('speeds', 'Workers of uneven speed: whoever waits for nobody is sooner there', {
    ...base,
    problem: blobs,
    steps: 400,
    start: 'shared',
    execution: simulated({ speedSpread: 0.5, jitter: 0.2, latency: 1, transfer: 1 }),
    methods: [
      lsgd({ name: 'lsgd' }), lsgd({ name: 'lsgd, async', mode: 'async' }),
      { type: 'easgd', beta: 0.43, tau: 16 }, { type: 'easgd', beta: 0.43, tau: 16, name: 'easgd, async', mode: 'async' }
    ],
    claims: ['sooner']
  }),
  preset('blobs-mlp', 'All ways to train together, on a small network', {
    ...base,
    problem: blobs,
    steps: 400,
    start: 'shared',
    execution: simulated({ speedSpread: 0.3, jitter: 0.1, latency: 0.5, transfer: 0.5 }),
    methods: [
      { type: 'sgd' }, { type: 'independent' }, { type: 'data-parallel' }, { type: 'lars', trust: 0.02 }, { type: 'local-sgd', tau: 16 },
      lsgd(), lsgd({ name: 'lsgd, two groups', groups: 2 }), { type: 'easgd', beta: 0.43, tau: 16 }, { type: 'eamsgd', beta: 0.9, delta: 0.9, tau: 16 },
      { type: 'downpour', push: 16, fetch: 16 }
    ],
    claims: ['not-worse', 'all-lead']
  }),
  preset('mnist-4', 'MNIST, four workers', { ...digits(4), claims: ['not-worse', 'all-lead'] }, mnist),
  preset('mnist-8', 'MNIST, eight workers', { ...digits(8), claims: ['not-worse', 'all-lead'] }, mnist),
  // Its first weights are larger here than in the released code: at 0.01 all units are dead after twenty steps, the loss is log 10.
  preset('cifar10-cnn7', 'Photographs, the paper’s convolutional network', photographs(cnn7, 0.001), cifar),
  preset('cifar10-resnet8', 'Photographs, a residual network with batch-norm', photographs(resnet8, 0.01), cifar)
]

/** A spec whose data the caller uploads. */
type Needy = Omit<LeaderSpec, 'problem'> & { problem: LeaderSpec['problem'] | Omit<ProblemOf<'network'>, 'data'> }

/** A preset that predicts what its spec claims. @param needs what the caller uploads, where the spec has no data */
function preset (name: string, title: string, spec: Needy, needs?: string): Preset<LeaderSpec> {
  const whole = spec as LeaderSpec
  return { name, title, predicts: predictionOf(whole), spec: whole, ...(needs === undefined ? {} : { needs }) }
}
