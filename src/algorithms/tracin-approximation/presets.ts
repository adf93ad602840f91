/** Ready specs, smallest first. Those that need an upload leave `data` out: it comes with the request's overrides. */
import type { Preset } from '../contract.js'
import { predictionOf } from './report/predicts.js'
import type { ApproximationSpec } from './spec.js'

/** What all presets share; single fields are replaced below. */
const base = {
  trainExamples: 200,
  testExamples: 40,
  scaling: 'auto',
  network: { type: 'mlp', hidden: [32], activation: 'tanh' },
  learningRates: [0.01],
  batchSizes: [1],
  schedule: { type: 'constant' },
  epochs: 20,
  checkpoints: { counts: [1, 2, 5, 10, 20], spacing: 'even' },
  projections: [],
  claims: ['completeness', 'first-order'],
  seeds: [0, 1, 2, 3, 4]
} satisfies Omit<ApproximationSpec, 'data'>

/** Five overlapping classes of 20 numbers: learned well, but not at once. */
const blobs = {
  data: { generator: { type: 'blobs', classes: 5, features: 20, train: 200, test: 40, spread: 0.4, seed: 1 } }
} satisfies Pick<ApproximationSpec, 'data'>

const digits = 'The 1,797 rows of optdigits.tes, uploaded as CSV with 397 of them as test split: {"data": {"datasetId": "…"}}'
const mnist = 'MNIST, uploaded as IDX: {"data": {"datasetId": "…"}}'

const rates = [0.001, 0.003, 0.01, 0.03, 0.1]

export const presets: Preset<ApproximationSpec>[] = [
  preset('quick', 'A first look: a small network, one seed', {
    ...base,
    data: { generator: { type: 'blobs', classes: 3, features: 8, train: 60, test: 15, spread: 0.4, seed: 1 } },
    trainExamples: 60,
    testExamples: 15,
    network: { type: 'mlp', hidden: [8], activation: 'tanh' },
    epochs: 4,
    checkpoints: { counts: [1, 2, 4], spacing: 'even' },
    projections: [4, 16, 64],
    seeds: [0]
  }),
  preset('rates', 'The first-order form at five learning rates', {
    ...base, ...blobs, learningRates: rates, claims: ['completeness', 'first-order', 'rates']
  }),
  preset('checkpoints', 'TracInCP with 1 to 20 checkpoints, single examples and batches', {
    ...base, ...blobs, batchSizes: [1, 32], claims: ['completeness', 'checkpoints', 'sum']
  }),
  preset('projections', 'Random projections of the gradients to 8 to 1,024 dimensions', {
    ...base, ...blobs, checkpoints: { counts: [5], spacing: 'even' }, projections: [8, 16, 32, 64, 128, 256, 512, 1024], claims: ['projections']
  }),
  preset('convex-units', 'Softmax regression at a small rate: scores in the units of the loss', {
    ...base,
    ...blobs,
    network: { type: 'softmax' },
    learningRates: [0.0005],
    batchSizes: [1, 32],
    claims: ['completeness', 'units']
  }),
  preset('optdigits', 'Real digits of 8 x 8: all of it', {
    ...base,
    scaling: 'unit',
    learningRates: [0.001, 0.01, 0.1],
    checkpoints: { counts: [1, 2, 5, 10], spacing: 'even' },
    projections: [8, 16, 32, 64, 128],
    claims: ['completeness', 'first-order', 'rates', 'checkpoints', 'sum']
  }, digits),
  preset('mnist-mlp', 'The paper’s setting in small: a network of 235,000 weights on a few digits of MNIST', {
    ...base,
    network: { type: 'mlp', hidden: [256, 128], activation: 'relu' },
    epochs: 10,
    learningRates: [0.003, 0.03],
    checkpoints: { counts: [1, 2, 5, 10], spacing: 'even' },
    claims: ['completeness', 'first-order', 'rates', 'checkpoints', 'sum']
  }, mnist)
]

/** A preset that predicts what its spec claims. @param needs what the caller uploads, where the spec has no data */
function preset (
  name: string, title: string, spec: Omit<ApproximationSpec, 'data'> & Partial<Pick<ApproximationSpec, 'data'>>, needs?: string
): Preset<ApproximationSpec> {
  const whole = spec as ApproximationSpec
  return { name, title, predicts: predictionOf(whole), spec: whole, ...(needs === undefined ? {} : { needs }) }
}
