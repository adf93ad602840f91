/** What a frequency-principle experiment asks for and what it measures on the way. What a trial returns: result.ts. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed, taggedUnion } from '../../choices.js'
import type { MetricDescription } from '../contract.js'
import { DataReference } from '../kit/data.js'
import { seedsField } from '../kit/seeds.js'
import { DataTarget } from './data/spec.js'
import { Condition, initSchema } from './condition-spec.js'
import { OptimizerSpec } from './optimizer-spec.js'
import { ImageTarget, SamplesTarget, SinesTarget, StepTarget, TriangleTarget } from './function/spec.js'

const Init = initSchema({
  default: { type: 'fan-in' }, description: 'First weights; all optimizers of a seed start from the same where their networks are of one size (PSO draws a swarm). Not for target data'
})

const SpectrumSpec = Type.Object({
  error: choice(['complex', 'magnitude'], {
    default: 'complex', description: 'complex: |H - F| / |F|; magnitude: ||H| - |F|| / (1e-5 + |F|), the published code’s, which does not see a wrong phase'
  }),
  frequencies: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 2048 }), {
    minItems: 1, maxItems: 40, uniqueItems: true, description: 'Bins to follow; those of the sines, or the peaks of the target, when left out. Not for pictures (unit: cycles per domain)'
  })),
  bins: Type.Integer({ minimum: 3, maximum: 256, default: 40, description: 'Peaks are sought, and spectra drawn, in the first so many bins' }),
  threshold: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, default: 0.2, description: 'tau: a band is learned at the first record from which on its error stays below' }),
  recordsPerDecade: Type.Integer({ minimum: 4, maximum: 200, default: 40, description: 'Records per factor of ten in the steps; every step at first' })
}, { ...closed, default: {}, description: 'How the spectrum is measured and when' })

/** Schema of the spec. */
export const FrequencyPrincipleSpec = Type.Object({
  target: taggedUnion([SinesTarget, StepTarget, TriangleTarget, SamplesTarget, ImageTarget, DataTarget], {
    default: { type: 'sines' }, description: 'What is to be fitted'
  }),
  data: Type.Optional(DataReference), // only for target data; at the root, where all kinds have it
  network: Type.Object({
    hidden: Type.Array(Type.Integer({ minimum: 1, maximum: 512 }), {
      minItems: 1, maxItems: 6, default: [30], description: 'Sizes of the hidden layers (unit: neurons)'
    }),
    activation: choice(['tanh', 'relu', 'sin', 'sigmoid'], { default: 'tanh', description: 'Applied after every hidden layer' })
  }, { ...closed, default: {}, description: 'Fully connected network in Float64 with one linear output; target data has its own' }),
  init: Init,
  optimizers: Type.Array(OptimizerSpec, {
    minItems: 1, maxItems: 20, default: [{ type: 'bfgs' }, { type: 'cg' }, { type: 'adam' }], description: 'The methods to compare, one arm each'
  }),
  spectrum: SpectrumSpec,
  gradientTolerance: Type.Optional(Type.Number({
    minimum: 0, maximum: 1, description: 'Ends a method with gradients when the largest component is at most this; when left out 1e-5, and 1e-3 for target data, whose loss is float32'
  })),
  targetValue: Type.Optional(Type.Number({ minimum: 0, maximum: 1e6, description: 'Ends when the loss is at most this' })),
  moments: Type.Array(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
    maxItems: 6, uniqueItems: true, default: [], description: 'Steps at which fit and spectrum are kept, beside the start, the end, and when bands were learned (unit: steps)'
  }),
  checkpoints: Type.Integer({
    minimum: 2, maximum: 200, default: 6, description: 'Weights that are stored of the network: log-spaced over the budget of steps, each with the first record from there on; those of the last record always (unit: checkpoints)'
  }),
  conditions: Type.Optional(Type.Array(Condition, {
    minItems: 1, maxItems: 8, description: 'Every optimizer runs under each, with the same seeds; the first is the matched one that the last is held against. None: the spec as it is'
  })),
  expected: choice(['low-first', 'order-weakens', 'order-breaks'], {
    default: 'low-first', description: 'What the verdict is held against. low-first: low frequencies are learned first under every condition; in a control with conditions, order-weakens: less so under the last than under the first; order-breaks: under the last the other way round'
  }),
  seeds: seedsField('One trial per optimizer, condition and seed: first weights, swarm, order of batches. A verdict needs five')
}, closed)
export type FrequencyPrincipleSpec = Static<typeof FrequencyPrincipleSpec>

/** The metrics of a trial. */
export const metrics = {
  loss: { description: 'Mean squared error over all points (for target data the loss of its spec)', unit: '1', better: 'lower' },
  gradientNorm: { description: 'Largest component of the gradient; none of powell and pso', unit: '1', better: 'lower' },
  stepLength: { description: 'Length of the last step in the space of the parameters', unit: '1', better: 'neither' },
  functionEvaluations: { description: 'Evaluations of the loss so far; those with a gradient count too', unit: 'evaluations', better: 'lower' },
  gradientEvaluations: { description: 'Evaluations of the gradient so far', unit: 'evaluations', better: 'lower' },
  accuracy: { description: 'Part of the examples whose largest output is their class; only for target data', unit: 'fraction', better: 'higher' },
  seconds: { description: 'Wall time of the optimizer alone, since the start of this attempt', unit: 's', better: 'lower', timing: true },
  testLoss: { description: 'Mean squared error on the denser grid of target.testPoints', unit: '1', better: 'lower' },
  testError: { description: 'Relative error of the spectrum in each frequency band on the denser grid', unit: '1', better: 'lower', per: 'frequency band' },
  spectralError: { description: 'Relative error of the spectrum in each frequency band', unit: '1', better: 'lower', per: 'frequency band' }
} as const satisfies Record<string, MetricDescription>
