/** Ready specs, smallest first. Those that need an upload leave the data out: they come with the request's overrides. */
import type { Preset } from '../contract.js'
import type { Method, MethodOf, Pairs } from './methods.js'
import { predictionOf } from './report/predicts.js'
import type { SegmentationSpec } from './spec.js'

const grid: Pairs = { type: 'grid', neighbours: 8 }
/** Noise of scenes has a deviation of 31 grey levels, classes lie 127 apart: the deviation of colours is between them. */
const dense = (position: number): Pairs => ({ type: 'dense', position, colour: 40, scale: 1 })

const gd = (lambda: number, changes: Partial<MethodOf<'gd'>> = {}): Method => ({ type: 'gd', pairs: grid, relaxation: 'bilinear', lambda, ...changes })
const adm = (lambda: number, changes: Partial<MethodOf<'adm'>> = {}): Method =>
  ({ type: 'adm', pairs: grid, lambda, gamma: 1, every: 0, rounds: 5, unary: 1, scribbles: 'hard', labels: 'all', ...changes })
const sweep = (pairs: Pairs, ramp = 0): Method => ({ type: 'sweep', pairs, ramp, relaxation: 'bilinear' })
const [pce, full, proposals]: Method[] = [{ type: 'pce' }, { type: 'full' }, { type: 'proposals', gamma: 1 }]

interface SceneOptions {
  size?: number
  classes?: number
  shapes?: number
  noise?: number
  train?: number
  test?: number
  length?: number
  contrast?: number
  isPoor?: boolean
}

/** Frozen scenes: they do not depend on a trial's seed. Poor scribbles leave pale objects, and all regions of a class but one, unmarked. */
function scenes (options: SceneOptions = {}): SegmentationSpec['data'] {
  const { size = 32, classes = 2, shapes = 3, noise = 0.12, train = 5, test = 20, length = 0.5, contrast = 0.5, isPoor = false } = options
  return {
    generator: {
      type: 'scenes',
      size,
      colours: 'colour',
      classes,
      shapes,
      paleShapes: isPoor ? 'unscribbled' : 'none',
      train,
      test,
      contrast,
      noise,
      scribbles: { length, width: 1, regions: isPoor ? 'one' : 'all' },
      seed: 0
    }
  }
}

/** What all presets share; single fields are replaced below. */
function spec (data: SegmentationSpec['data'], changes: Partial<SegmentationSpec>): SegmentationSpec {
  return {
    data,
    scribbles: { type: 'stored' },
    scaling: 'auto',
    network: { type: 'conv', filters: [8, 8] },
    optimizer: { type: 'adam', learningRate: 0.01, momentum: 0, schedule: { type: 'constant' } },
    warmup: 100,
    epochs: 200,
    batchSize: 5,
    checkpoints: { type: 'even', count: 6 },
    flip: false,
    methods: [pce!, gd(1), adm(3), full!],
    claims: [],
    judged: 'test',
    slots: 'auto',
    crew: 1,
    seeds: [0],
    ...changes
  }
}

const seeds = [0, 1, 2]

/** Nuclei from strokes: every way to train at every length; a regularizer at the weight that was best on scenes, none was tuned here. */
function nuclei (changes: Partial<SegmentationSpec>): SegmentationSpec {
  const colours: Pairs = { type: 'dense', position: 10, colour: 15, scale: 4 } // photographs: as the authors have it
  return spec(undefined as never, {
    scribbles: { type: 'drawn', lengths: [0, 0.3, 1], width: 1, regions: 'all' },
    network: { type: 'dilated', filters: 16, dilations: [1, 2, 4] },
    warmup: 30,
    epochs: 30,
    trainExamples: 40,
    batchSize: 8,
    flip: true,
    methods: [pce!, proposals!, gd(1), adm(3, { every: 5 }), gd(1, { pairs: colours }), adm(1, { pairs: colours, every: 5 }), full!],
    seeds,
    slots: 1, // two trials at a time make better use of two cores than two threads of one
    ...changes
  })
}
/** Of dense kernels, in pixels. */
const widths = [1.5, 5, 15]

/** The presets. */
export const presets: Preset<SegmentationSpec>[] = [
  preset('scene', 'One scene from a few strokes, by every method', spec(scenes({ size: 16, shapes: 1, train: 2, test: 2, contrast: 0.9 }), {
    network: { type: 'conv', filters: [8] },
    optimizer: { type: 'adam', learningRate: 0.02, momentum: 0, schedule: { type: 'constant' } },
    warmup: 40,
    epochs: 40,
    batchSize: 2,
    methods: [adm(3), pce!, proposals!, gd(1), gd(1, { pairs: dense(5) }), adm(3, { pairs: dense(5) }), adm(3, { name: 'grid adm every 2', every: 2 }), full!]
  })),
  preset('boundary', 'What a boundary costs in every place of a row of pixels, from neighbours to all pairs; nothing is trained', spec({
    generator: { type: 'edges', width: 64, height: 1, position: 0.5, train: 32, test: 1, contrast: 0.5, noise: 0.12, seed: 0 }
  }, {
    methods: [sweep(grid), sweep(grid, 2), ...widths.map(width => sweep(dense(width))), sweep(dense(15), 2)],
    claims: ['dense-basin-wider', 'dense-minimum-flatter']
  })),
  preset('scenes', 'Good strokes on five frozen scenes: ADM beside gradient descent on two relaxations', spec(scenes({ size: 48, shapes: 2, test: 10 }), {
    warmup: 40,
    epochs: 150,
    methods: [
      pce!,
      ...[0.3, 3, 10, 30].map(lambda => gd(lambda)),
      gd(0.3, { relaxation: 'quadratic' }),
      gd(1, { pairs: dense(5) }),
      ...[1, 3, 10, 30].map(lambda => adm(lambda)),
      adm(1, { pairs: dense(5) }),
      proposals!,
      full!
    ],
    claims: ['adm-over-gd', 'gd-over-pce', 'adm-accurate', 'adm-lower-energy'],
    judged: 'train',
    seeds
  })),
  // X every 100 passes, not at every step: else ADM erases too (README, Poor scribbles)
  preset('scenes-poor', 'One stroke for each class: what gradient descent makes of objects that nobody marked', spec(scenes({ shapes: 2, test: 10, isPoor: true }), {
    epochs: 200,
    methods: [
      pce!, gd(1), gd(3), gd(3, { relaxation: 'quadratic' }), ...[0.3, 1, 3].map(lambda => adm(lambda, { every: 100 })),
      adm(1, { name: 'grid adm 1 every step' }), full!
    ],
    claims: ['gd-erases', 'adm-withstands'],
    judged: 'train',
    seeds
  })),
  ...[4, 8].map(classes => preset(`scenes-${classes}`, `${classes} classes at 64 x 64: expansion moves in training`, spec(scenes({ size: 64, classes, shapes: classes + 1, test: 10 }), {
    epochs: 60,
    methods: [pce!, ...[1, 3, 10, 30].flatMap(lambda => [gd(lambda), adm(lambda)]), full!],
    claims: ['adm-over-gd', 'adm-lower-energy'],
    judged: 'train',
    seeds
  }))),
  preset('lengths', 'Shorter and shorter strokes, down to clicks', spec(scenes({ train: 10 }), {
    scribbles: { type: 'drawn', lengths: [0, 0.3, 0.5, 0.8, 1], width: 1, regions: 'all' },
    warmup: 30,
    epochs: 30,
    methods: [pce!, proposals!, gd(1), gd(10), adm(3), adm(10), gd(1, { pairs: dense(5) }), adm(1, { pairs: dense(5) }), full!],
    claims: ['adm-over-gd', 'gd-over-pce'],
    seeds
  })),
  preset('widths', 'From neighbours to all pairs: how wide a kernel gradient descent and ADM prefer', spec(scenes({ train: 10 }), {
    warmup: 30,
    epochs: 60,
    methods: [
      pce!,
      ...[grid, ...widths.map(width => dense(width))].flatMap(pairs => [10, 30].map(lambda => gd(lambda, { pairs }))),
      adm(3),
      ...widths.map(width => adm(1, { pairs: dense(width) })),
      full!
    ],
    claims: ['gd-prefers-smooth'],
    seeds
  })),
  ...(['grey', 'colour'] as const).flatMap(colours => [
    uploaded(colours, preset(`dsb2018-${colours}-quick`, `Nuclei (${colours}) from clicks and whole strokes, on 16 pictures: every method once`, nuclei({
      scribbles: { type: 'drawn', lengths: [0, 1], width: 1, regions: 'all' }, trainExamples: 16, testExamples: 20, batchSize: 4, warmup: 20, epochs: 20, seeds: [0]
    }))),
    uploaded(colours, preset(`dsb2018-${colours}`, `Nuclei (${colours}) from clicks, short and whole strokes, on 40 pictures: every method`, nuclei({})))
  ])
]

function uploaded (colours: string, { spec: { data: _, ...spec }, ...preset }: Preset<SegmentationSpec>): Preset<SegmentationSpec> {
  return {
    ...preset,
    spec: spec as SegmentationSpec,
    needs: `The ${colours} pictures of the Data Science Bowl 2018, uploaded as pictures with masks of 0 and 255 at 128 x 128: {"data": {"datasetId": "…"}}`
  }
}

function preset (name: string, title: string, spec: SegmentationSpec): Preset<SegmentationSpec> {
  return { name, title, spec, predicts: predictionOf(spec) }
}
