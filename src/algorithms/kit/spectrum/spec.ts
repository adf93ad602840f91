/** The frequency probe as an option of any kind that trains a classifier: its spec, its metric, what it concludes. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed } from '../../../choices.js'
import type { MetricDescription } from '../../contract.js'

const Method = choice(['filter', 'projection'], {
  description: 'filter: low and high part by Gaussian kernels over the inputs; projection: non-uniform DFT along the first principal direction of the inputs'
})

/** Schema of an optional field `frequencyProbe` of a kind's spec; absent is off. */
export const FrequencyProbeSpec = Type.Object({
  methods: Type.Array(Method, { minItems: 1, maxItems: 2, uniqueItems: true, default: ['filter'], description: 'How frequencies of a data set are told apart' }),
  widths: Type.Array(Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'Variance of one Gaussian kernel (unit: mean squared distance between two inputs)' }), {
    minItems: 1, maxItems: 8, uniqueItems: true, default: [0.05, 0.1, 0.2], description: 'Kernels of method filter; a wide kernel leaves only the lowest frequencies in the low part'
  }),
  frequencies: Type.Array(Type.Number({ exclusiveMinimum: 0, maximum: 1000, description: 'Cycles over the range of the projected inputs' }), {
    maxItems: 100, uniqueItems: true, default: [1, 2, 4, 8, 16], description: 'Frequencies of method projection; none: the peaks of the labels’ spectrum below 40'
  }),
  examples: Type.Integer({ minimum: 10, maximum: 2000, default: 500, description: 'Training examples that are measured, evenly spread over the split; kernels take 8 n^2 bytes per width (unit: examples)' }),
  recordsPerDecade: Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Measurements per factor of 10 in steps' }),
  error: choice(['complex', 'magnitude'], { default: 'complex', description: 'Of method projection. complex: |H - F| / |F|; magnitude: | |H| - |F| | / (1e-5 + |F|), blind to the phase' }),
  threshold: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.2, description: 'A band is learned when its relative error stays below this until the end' })
}, { ...closed, description: 'Measures along the training which frequencies of the labels the network has learned; off when left out' })
export type FrequencyProbeSpec = Static<typeof FrequencyProbeSpec>

const pairs = (description: string) => Type.Integer({ minimum: 0, description })

/** Schema of how pairs of bands were learned, src/math/kendall.ts. */
export const PairsSchema = Type.Object({
  concordant: pairs('Pairs of bands of which the lower was learned first; one that was learned is before one that was not'),
  discordant: pairs('Of which the higher was learned first'),
  tied: pairs('Learned at the same record'),
  censored: pairs('Neither was learned: their order is not known')
}, { ...closed, description: 'Pairs of bands by the order in which they were learned' })

/** To be spread into a kind's metrics; recorded per band as `spectralError/low 0.1`. */
export const probeMetrics = {
  spectralError: {
    description: 'Relative error of the predicted probabilities against the labels in one frequency band', unit: '1', better: 'lower', per: 'band'
  }
} as const satisfies Record<string, MetricDescription>

/** Schema of what the probe concludes, for a kind's result. */
export const ProbeResult = Type.Object({
  examples: Type.Integer({ minimum: 1, description: 'Training examples measured' }),
  threshold: Type.Number({ description: 'Relative error below which a band counts as learned' }),
  methods: Type.Array(Type.Object({
    method: Method,
    bands: Type.Array(Type.Object({
      key: Type.String({ description: 'As in the metric’s name' }),
      frequency: Type.Number({ description: 'For ordering, ascending' }),
      amplitude: Type.Number({ description: 'Of the labels in this band, less their means' }),
      shuffled: Type.Number({ description: '95th percentile of the amplitude of shuffled labels' }),
      isNoise: Type.Boolean({ description: 'The labels have no more here than shuffled ones: measured, and no part of kendallTau' }),
      constant: Type.Number({ description: 'Relative error of always saying how frequent the classes are' }),
      error: Type.Number({ description: 'Relative, at the end' }),
      learned: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description: 'Step after which the error stays below the threshold; null: never' })
    }, closed)),
    kendallTau: Type.Union([Type.Number({ minimum: -1, maximum: 1 }), Type.Null()], {
      description: 'tau-b between frequency and step of learning, over the pairs of bands whose order is known; 1: strictly from low to high; null: no order is known'
    }),
    pairs: PairsSchema
  }, closed))
}, { ...closed, description: 'Which frequencies of the labels were learned, and when' })
export type ProbeResult = Static<typeof ProbeResult>
