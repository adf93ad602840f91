/** What a segmentation is asked with, beside its picture: strokes, labels, the model of colours and that of neighbours. */
import { Type, type Static } from '../schema/type.js'
import { choice, closed, taggedUnion } from '../choices.js'
import { PictureOptions } from '../datasets/formats/pictures/options.js'
import { defaultKernels } from '../lattice/pairwise.js'

/** What a thread does for one picture is bounded by these. */
const MOST_LABELS = 64
const MOST_STROKES = 1000
const MOST_POINTS = 2000

/** What is left out is this. */
export const defaults = {
  labels: 2,
  strokeWidth: 3,
  colours: { type: 'mixture' },
  iterations: 2,
  weight: 1,
  components: 5,
  seed: 0,
  bins: 16,
  pairs: { type: 'grid' },
  neighbours: 8,
  lambda: 10,
  moves: 'expansion',
  rounds: 5,
  kernels: defaultKernels,
  updates: 5
} as const

export const Stroke = Type.Object({
  label: Type.Integer({ minimum: 0, maximum: MOST_LABELS - 1, description: 'Of the pixels under it' }),
  width: Type.Optional(Type.Number({ minimum: 1, maximum: 500, default: defaults.strokeWidth, description: 'Of the brush, in pixels' })),
  points: Type.Array(Type.Array(Type.Number({ minimum: 0 }), { minItems: 2, maxItems: 2 }), {
    minItems: 1, maxItems: MOST_POINTS, description: 'Of a line, each as [x, y] in pixels; [0, 0] is the middle of the upper left one. One point is a dot'
  })
}, { ...closed, description: 'A line that somebody drew over what has a label' })
export type Stroke = Omit<Static<typeof Stroke>, 'points'> & { points: [x: number, y: number][] }

const weight = Type.Optional(Type.Number({ minimum: 0, maximum: 1e6, default: defaults.weight, description: 'Times the costs of colours' }))
const iterations = Type.Optional(Type.Integer({
  minimum: 1, maximum: 20, default: defaults.iterations, description: 'Times that all pixels are labelled: first with what colours the seeds have, then with what colours the labels got; where more follow, the first time by colours alone'
}))

export const ColourModel = taggedUnion([
  Type.Object({ type: Type.Literal('none', { description: 'Seeds alone: all colours cost nothing' }) }, closed),
  Type.Object({
    type: Type.Literal('mixture', { description: 'The colours of each label are a mixture of Gaussians, as in GrabCut' }),
    components: Type.Optional(Type.Integer({ minimum: 1, maximum: 16, default: defaults.components, description: 'Most Gaussians of a label' })),
    iterations,
    weight,
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: defaults.seed, description: 'Of the random choice of the first Gaussians' }))
  }, closed),
  Type.Object({
    type: Type.Literal('histogram', { description: 'The colours of each label are counted in bins, each with one more than it has' }),
    bins: Type.Optional(Type.Integer({ minimum: 2, maximum: 32, default: defaults.bins, description: 'Of each channel' })),
    iterations,
    weight
  }, closed)
], { default: defaults.colours, description: 'What it costs a pixel to have a label by its colour: minus the logarithm of how likely the colour is' })
export type ColourModel = Static<typeof ColourModel>

const Kernel = Type.Object({
  weight: Type.Number({ exclusiveMinimum: 0, maximum: 1e6, description: 'Times its values' }),
  position: Type.Number({ minimum: 0.1, maximum: 1e6, description: 'Standard deviation in pixels' }),
  colour: Type.Optional(Type.Number({ minimum: 0.1, maximum: 1e6, description: 'Standard deviation of each channel, in 0 .. 255; places alone when left out' }))
}, { ...closed, description: 'How much two pixels are alike' })

export const PairModel = taggedUnion([
  Type.Object({
    type: Type.Literal('grid', { description: 'Neighbours: exact for two labels, within twice the optimum for more' }),
    neighbours: Type.Optional(Type.Union([Type.Literal(4), Type.Literal(8)], { default: defaults.neighbours })),
    lambda: Type.Optional(Type.Number({ minimum: 0, maximum: 1e6, default: defaults.lambda, description: 'Cost of two labels on equal pixels side by side; more makes edges shorter' })),
    sigma: Type.Optional(Type.Number({
      exclusiveMinimum: 0, maximum: 1e6, description: 'Difference of colours, in 0 .. 255, beyond which two labels cost little; when left out its square is the mean square difference of the picture’s neighbours'
    })),
    moves: Type.Optional(choice(['expansion', 'swap'], { default: defaults.moves, description: 'With more than two labels: what a cut may change at once' })),
    rounds: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, default: defaults.rounds, description: 'With more than two labels: over all of them, at most' }))
  }, closed),
  Type.Object({
    type: Type.Literal('dense', { description: 'All pairs of pixels, by Gaussian kernels on the permutohedral lattice; labels by mean field' }),
    kernels: Type.Optional(Type.Array(Kernel, { minItems: 1, maxItems: 4, default: [...defaults.kernels], description: 'Their sum is what two labels cost, each divided by the roots of the sums of its weights at both pixels' })),
    updates: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: defaults.updates, description: 'Of all pixels at once by mean field, at most' }))
  }, closed)
], {
  default: defaults.pairs,
  description: 'What it costs two pixels to have different labels. grid: lambda exp(-|difference of colours|² / (2 sigma²)) / distance of neighbours; dense: weight exp(-|difference of places|² / (2 position²) - |difference of colours|² / (2 colour²)) of each kernel'
})
export type PairModel = Static<typeof PairModel>

/** As masks of an upload have it. */
function mapOfSeeds (name: 'maskValues' | 'maskColours', description: string) {
  return Type.Optional(Type.Unsafe<Record<string, number>>({ ...PictureOptions.properties[name], description }))
}

export const segmentFields = {
  labels: Type.Optional(Type.Integer({ minimum: 2, maximum: MOST_LABELS, default: defaults.labels, description: 'How many there are: 0, 1, ...' })),
  strokes: Type.Optional(Type.Array(Stroke, { maxItems: MOST_STROKES, default: [], description: 'Seeds as lines, drawn one after the other' })),
  maskValues: mapOfSeeds('maskValues', 'label of every number that a grey map of seeds or its palette may have, 255 where none is given: {"0": 255, "1": 0, "2": 1}; when left out a number is its label, and 255 is none'),
  maskColours: mapOfSeeds('maskColours', 'label of every colour that a map of seeds in colour may have: {"#000000": 255, "#ff0000": 0, "#00ff00": 1}'),
  colours: Type.Optional(ColourModel),
  pairs: Type.Optional(PairModel)
}

/** Options with all defaults filled in. */
export const SegmentOptions = Type.Object(segmentFields, closed)
export type SegmentOptions = Omit<Static<typeof SegmentOptions>, 'strokes'> & { strokes?: Stroke[] }
