/** Ready specs, smallest first. Those that need an upload leave the data out: they come with the request's overrides. */
import type { Preset } from '../contract.js'
import type { NetworkSpec } from '../kit/network.js'
import type { LinearProblem, Points, PointsOf } from './linear/spec.js'
import type { NetworkProblem } from './network/spec.js'
import type { NormOrder, Radius } from './perturbation-spec.js'
import { predictionOf } from './report/predicts.js'
import type { AdversarialSpec, Training } from './spec.js'

/** What all linear presets share; single fields are replaced below. */
const linear = (points: Points, changes: Partial<LinearProblem> = {}): LinearProblem => ({
  type: 'linear',
  points,
  loss: 'exponential',
  steps: 100_000,
  batch: 'full',
  learningRate: 0.05,
  inner: { type: 'exact' },
  recordsPerDecade: 20,
  ...changes
})

const absolute = (value: number): Radius => ({ type: 'absolute', value })
const fraction = (of: number): Radius => ({ type: 'fraction', of })
const tuned: Radius = { type: 'tuned' }

/** A training against a ball, with what it has in place of the problem's. */
function against (radius: Radius, q: NormOrder = 2, changes: Partial<Training> = {}): Training {
  return { q, radius, ...changes }
}

/** Clean training measures in the norm that it is compared in. */
function clean (changes: Partial<Training> = {}, q: NormOrder = 2): Training {
  return against({ type: 'none' }, q, changes)
}

/** Clean, near gamma and tuned to the horizon: what the paper compares. */
const compared = (changes: Partial<Training> = {}): Training[] =>
  [clean(changes), against(fraction(0.9), 2, changes), against(tuned, 2, changes)]

const forty = linear({ type: 'forty' })

const twoAgainstNine = {
  type: 'classes', positive: '2', negative: '9', scaling: 'unit'
} satisfies Omit<PointsOf<'classes'>, 'data'>

const mnist = (path: string) => `MNIST, uploaded as IDX: ${path}`

/** For digits of 28 x 28: two strided convolutions. @param share of the filters and units */
const strided = (share: number): NetworkSpec => {
  const conv = (filters: number) => ({ type: 'conv' as const, filters: share * filters, kernel: 4, stride: 2, padding: 'same' as const, activation: 'relu' as const })
  return { type: 'cnn', layers: [conv(16), conv(32), { type: 'dense', units: share * 100, activation: 'relu' }] }
}

const mlp = (units: number): NetworkSpec => ({ type: 'mlp', hidden: [units], activation: 'relu' })

/** Networks of two widths, clean and against linf perturbations. */
const grid = (networks: NetworkSpec[], radii: number[]): Training[] => networks.flatMap(network =>
  [clean({ network }, 'infinity'), ...radii.map(radius => against(absolute(radius), 'infinity', { network }))])

/** Digits of MNIST, as long as it takes to withstand a radius of 0.2. */
const digits: Omit<NetworkProblem, 'data'> = {
  type: 'network',
  trainExamples: 20_000,
  scaling: 'unit',
  network: strided(1),
  optimizer: { type: 'adam', learningRate: 0.004, momentum: 0, schedule: { type: 'cosine', final: 0.01 } },
  epochs: 7,
  batchSize: 50,
  attack: { steps: 3, stepSize: 0.5, warmup: 1 },
  evaluation: { radii: [0, 0.1, 0.2, 0.3], examples: 500, steps: 40, restarts: 2 },
  slots: 'auto'
}

/** Drawn digits, so that nothing is uploaded. */
const glyphs: NetworkProblem = {
  ...digits,
  data: { generator: { type: 'glyphs', classes: 10, train: 2000, test: 500, noise: 0.05, seed: 1 } },
  trainExamples: 2000,
  network: mlp(128),
  optimizer: { type: 'adam', learningRate: 0.003, momentum: 0, schedule: { type: 'constant' } },
  epochs: 6,
  attack: { steps: 5, stepSize: 0.3, warmup: 2 },
  evaluation: { radii: [0, 0.05, 0.1, 0.2], examples: 200, steps: 20, restarts: 1 }
}

export const presets: Preset<AdversarialSpec>[] = [
  preset('quick', 'A first look: 40 random points in five dimensions', {
    problem: linear({ type: 'random', dimensions: 5, examples: 40, margin: 1 }, { steps: 1000 }),
    trainings: compared(),
    claims: ['ahead'],
    seeds: [0]
  }),
  preset('forty', 'The paper’s comparison on forty points in the plane: clean, fixed radii, and a radius tuned to the horizon', {
    problem: forty,
    trainings: [clean(), ...[0.5, 0.9, 0.99, 0.999].map(of => against(fraction(of))), against(tuned)],
    claims: ['faster', 'half', 'law'],
    seeds: [0]
  }),
  preset('norms', 'The same points over q, radius and loss', {
    problem: forty,
    trainings: (['exponential', 'logistic'] as const).flatMap(loss => [
      clean({ loss }), ...([1, 2, 'infinity'] as const).flatMap(q => [against(fraction(0.5), q, { loss }), against(fraction(0.9), q, { loss })])
    ]),
    claims: ['ahead'],
    seeds: [0]
  }),
  preset('two-vectors', 'Two support vectors: what clean error times norm comes to', {
    problem: linear({ type: 'two-vectors', margin: 1, along: [3, 0.4] }),
    trainings: compared(),
    claims: ['law', 'ahead'],
    seeds: [0]
  }),
  preset('one-point', 'One point, whose limits are known: z moved towards 0 by the radius', {
    problem: linear({ type: 'given', points: [[3, 1]] }, { learningRate: 0.001 }),
    trainings: [clean(), against(absolute(0.5)), against(absolute(0.5), 'infinity'), against(absolute(1), 'infinity'), against(absolute(2), 'infinity')],
    claims: ['limit'],
    seeds: [0]
  }),
  preset('asymmetric', 'Points whose limits differ by norm: each training comes to its own', {
    problem: linear({ type: 'given', points: [[3, 1], [2, 6], [5, 2], [4, 4]] }, { learningRate: 0.02 }),
    trainings: [clean(), against(fraction(0.9), 1), against(fraction(0.9)), against(fraction(0.9), 'infinity')],
    claims: ['mixed-norm', 'ahead'],
    seeds: [0]
  }),
  preset('control', 'Radii of gamma and more: the norm comes to rest, no direction is promised', {
    problem: forty,
    trainings: [clean(), against(fraction(0.9)), against(fraction(1.2)), against(fraction(1.5))],
    claims: ['control'],
    seeds: [0]
  }),
  preset('random', 'Two hundred random points in twenty dimensions', {
    problem: linear({ type: 'random', dimensions: 20, examples: 200, margin: 1 }, { learningRate: 0.02 }),
    trainings: [...compared(), against(fraction(0.9), 'infinity'), clean({ batch: 32 }), against(fraction(0.9), 2, { batch: 32 })],
    claims: ['ahead'],
    seeds: [0, 1, 2, 3, 4]
  }),
  preset('glyphs-mlp', 'Networks on drawn digits: radius of training by width', {
    problem: glyphs,
    trainings: grid([mlp(16), mlp(128)], [0.1]),
    claims: ['robust', 'wide'],
    seeds: [0]
  }),
  // At rates of .01 to .1 the norm is below 8 after 20,000 steps: c |w| is next to nothing, and all trainings are where clean training is.
  preset('mnist-2-9', 'MNIST, 2 against 9, as in the paper: stochastic steps and full batches', {
    problem: linear(twoAgainstNine as Points, { loss: 'logistic', learningRate: 10 }),
    trainings: [{ batch: 128 as const }, { batch: 'full' as const, steps: 20_000 }].flatMap(way => [...compared(way), against(fraction(0.5), 2, way)]),
    claims: ['ahead'],
    seeds: [0]
  }, mnist('{"problem": {"points": {"data": {"datasetId": "…"}}}}')),
  preset('mnist-cnn', 'MNIST, convolutional networks: radius of training by width', {
    problem: digits as NetworkProblem,
    trainings: grid([strided(1), strided(0.25)], [0.1, 0.2]),
    claims: ['robust', 'wide'],
    seeds: [0]
  }, mnist('{"problem": {"data": {"datasetId": "…"}}}'))
]

/** A preset that predicts what its spec claims. @param needs what the caller uploads, where the spec has no data */
function preset (name: string, title: string, spec: AdversarialSpec, needs?: string): Preset<AdversarialSpec> {
  return { name, title, predicts: predictionOf(spec), spec, ...(needs === undefined ? {} : { needs }) }
}
