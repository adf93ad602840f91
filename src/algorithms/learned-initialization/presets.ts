/** Ready specs, smallest first; all are made by generators alone. */
import type { Preset } from '../contract.js'
import type { FamilyOf } from './families/spec.js'
import type { InitialiserOf, InitialiserSpec } from './initialisers/spec.js'
import { predictionOf } from './report/predicts.js'
import type { SolverSpec } from './solver-spec.js'
import type { InitializationSpec } from './spec.js'

/** The solver of all but where a preset says so; single fields are replaced below. */
const descent = (changes: Partial<Extract<SolverSpec, { type: 'gradient' }>> = {}): SolverSpec =>
  ({ type: 'gradient', learningRate: 2, momentum: 0, steps: 60, tolerance: 0, ...changes })

const sumRate = (users: number, noise: number): FamilyOf<'sum-rate'> => ({ type: 'sum-rate', users, noise, power: 1, variable: 'logit' })

const random: InitialiserSpec = { type: 'random' }
const conditional: InitialiserSpec = { type: 'conditional' }
const heuristic: InitialiserSpec = { type: 'heuristic' }
const rule = (rule: string): InitialiserSpec => ({ type: 'heuristic', rule })
const reference: InitialiserSpec = { type: 'reference' }
const multiStart = (starts = 10): InitialiserSpec => ({ type: 'multi-start', starts })
const nearest = (offline?: number): InitialiserSpec => ({ type: 'nearest', ...(offline === undefined ? {} : { offline }) })

const argInit = (changes: Partial<InitialiserOf<'arg-init'>> = {}): InitialiserSpec =>
  ({ type: 'arg-init', loss: 'solution', labels: 1, hidden: [128, 128], epochs: 60, batchSize: 128, learningRate: 2e-3, oracle: false, ...changes })

const valInit = (changes: Partial<InitialiserOf<'val-init'>> = {}): InitialiserSpec => ({
  type: 'val-init', starts: 8, candidates: 20, search: 'sample', hidden: [128, 128], epochs: 30, batchSize: 64, learningRate: 2e-3, oracle: false, ...changes
})

/** What the synthetic families need to learn. */
const small = { hidden: [32, 32], epochs: 20 }
const thorough = { ...small, epochs: 100 }

/** The comparison of the paper, for one setting of channels. */
const compared = (users: number, noise: number): InitializationSpec => spec({
  family: sumRate(users, noise),
  initialisers: [
    random, conditional, ...['full-power', 'strongest', 'threshold'].map(rule), nearest(), multiStart(),
    argInit(), argInit({ loss: 'objective' }), argInit({ labels: 10 }), valInit(), valInit({ search: 'descent' }), reference
  ],
  testInstances: 2000,
  claims: ['arg-init-gains', 'arg-init-sooner', 'order', 'val-init-gains', 'val-init-ranks'],
  seeds: [0, 1, 2]
})

export const presets: Preset<InitializationSpec>[] = [
  preset('two-basins', 'A first look: one number, two minima, and a start that learns on which side the better one is', spec({
    family: { type: 'two-basins', gap: 1, shift: 1 },
    initialisers: [
      random, conditional, multiStart(), nearest(), argInit(thorough), argInit({ ...thorough, labels: 10 }), valInit(small)
    ],
    offline: { instances: 400 },
    claims: ['basin-mass', 'learned-succeeds']
  })),
  preset('control', 'Minima that do not depend on what is seen: nothing can be learned, and nothing is', spec({
    family: { type: 'unrelated', size: 4 },
    initialisers: [random, conditional, heuristic, nearest(), multiStart(), argInit(small), argInit({ ...small, loss: 'objective' }), valInit(small), reference],
    offline: { instances: 1000 },
    testInstances: 2000,
    claims: ['nothing-to-learn', 'basin-mass'],
    seeds: [0, 1, 2]
  })),
  preset('convex', 'One minimum: all starts are equal in the end', spec({
    family: { type: 'convex', size: 4, condition: 10 },
    solver: descent({ steps: 400 }),
    initialisers: [random, conditional, heuristic, nearest(), multiStart(3), argInit(small), valInit(small)],
    offline: { instances: 400 },
    claims: ['convex-equal']
  })),
  preset('sum-rate-5', 'Powers of five users, noise as strong as signals', compared(5, 1)),
  preset('sum-rate-5-quiet', 'Powers of five users, little noise: interference decides', compared(5, 0.1)),
  preset('sum-rate-10', 'Powers of ten users, little noise: many minima', compared(10, 0.1)),
  preset('wmmse-2', 'Two users, where the best powers are known to be corners: the reference itself', spec({
    family: sumRate(2, 1),
    initialisers: [random, heuristic, multiStart(), reference],
    testInstances: 2000,
    claims: ['reference-below-corner', 'reference-stationary'],
    seeds: [0, 1, 2]
  })),
  preset('offline-size', 'How many solved instances it takes: learned from 100 to 4,000', spec({
    family: sumRate(10, 0.1),
    initialisers: [
      random, multiStart(), ...[100, 400, 1000].flatMap(offline => [nearest(offline), argInit({ offline }), valInit({ offline })]),
      nearest(), argInit(), valInit()
    ],
    testInstances: 2000,
    claims: ['arg-init-gains'],
    seeds: [0, 1, 2]
  })),
  preset('zeroth-order', 'Queries instead of gradients: directions are drawn, evaluations counted', spec({
    family: sumRate(5, 0.1),
    solver: { type: 'zeroth-order', learningRate: 0.5, momentum: 0, samples: 10, smoothing: 1e-3, steps: 90, budget: 1000, tolerance: 0 },
    initialisers: [random, heuristic, multiStart(), argInit()],
    offline: { instances: 2000 },
    claims: ['arg-init-gains', 'arg-init-sooner'],
    seeds: [0, 1, 2]
  }))
]

/** A spec with the usual values of what is left out. */
function spec (changes: Partial<InitializationSpec> & Pick<InitializationSpec, 'family' | 'initialisers'>): InitializationSpec {
  return { solver: descent(), offline: { instances: 4000 }, testInstances: 1000, claims: [], slots: 'auto', crew: 1, seeds: [0], ...changes }
}

/** A preset that predicts what its spec claims. */
function preset (name: string, title: string, spec: InitializationSpec): Preset<InitializationSpec> {
  return { name, title, predicts: predictionOf(spec), spec }
}
