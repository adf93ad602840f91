/** Sweeps of a boundary: costs against closed forms and against sums over all pairs of pixels, descent on curves, whole trials, reports. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admSegmentation as kind } from '../../../src/algorithms/adm-segmentation/index.js'
import type { TrialResult } from '../../../src/algorithms/adm-segmentation/result.js'
import type { SegmentationSpec } from '../../../src/algorithms/adm-segmentation/spec.js'
import { measureBasin, toMeans } from '../../../src/algorithms/adm-segmentation/sweep/basin.js'
import { curveOf, type Sweep } from '../../../src/algorithms/adm-segmentation/sweep/curve.js'
import type { SweepResult } from '../../../src/algorithms/adm-segmentation/sweep/result.js'
import type { FinishedTrial } from '../../../src/algorithms/contract.js'
import type { Pixels } from '../../../src/datasets/formats/pictures/picture.js'
import { draw } from '../../../src/figures/draw.js'
import { openStream } from '../../../src/math/random.js'
import { compileCheck } from '../../../src/routes/validation.js'
import { drive, fillSpec, fingerprint, generateData } from '../../helpers/drive.js'

const labels = { type: 'sweep', ramp: 0, relaxation: 'bilinear' } as const
const grid = { type: 'grid', neighbours: 8 } as const
const dense = { type: 'dense', position: 2, colour: 40, scale: 1 } as const

/** Two flat regions. */
function makeEdge ([height, width]: [number, number], edge: number, [left, right]: [number, number]): Pixels {
  return { width, height, channels: 1, data: Uint8Array.from({ length: width * height }, (_, p) => p % width < edge ? left : right) }
}

function makeNoise (width: number, height: number): Pixels {
  const random = openStream(3, 'noise')
  return { width, height, channels: 3, data: Uint8Array.from({ length: 3 * width * height }, () => random.integer(120)) }
}

function sum (pixels: Pixels, sweep: Sweep): Float64Array {
  const parts = curveOf(pixels, sweep)
  for (;;) {
    const { done, value } = parts.next()
    if (done) return value
  }
}

test('curveOf: without noise a cut through a grid costs the rows times a pair’s weight, and with 8 neighbours two oblique pairs for each two rows', () => {
  const [rows, sigma, edge] = [3, 50, 4]
  const pixels = makeEdge([rows, 9], edge, [60, 160])
  const weightAt = (c: number) => c === edge ? Math.exp(-(100 ** 2) / (2 * sigma ** 2)) : 1
  for (const neighbours of [4, 8] as const) {
    const pairs = neighbours === 4 ? rows : rows + 2 * (rows - 1) / Math.SQRT2
    const costs = sum(pixels, { ...labels, pairs: { type: 'grid', neighbours, sigma } })
    assert.equal(costs.length, 8)
    costs.forEach((cost, i) => { assert.ok(Math.abs(cost - pairs * weightAt(i + 1)) < 1e-12, `${neighbours} neighbours, at ${i + 1}: ${cost}`) })
  }
})

/** w_pq of two pixels as methods.ts says it: grids with the deviation given; dense CRFs normalised, with a pixel its own neighbour. */
function weightsOf ({ width, height, channels, data }: Pixels, pairs: Sweep['pairs']): (p: number, q: number) => number {
  const colours = Array.from({ length: channels }, (_, c) => c)
  const square = (p: number, q: number) => colours.reduce((all, c) => all + (data[p * channels + c]! - data[q * channels + c]!) ** 2, 0)
  const apart = (p: number, q: number) => Math.hypot(p % width - q % width, Math.floor(p / width) - Math.floor(q / width))
  if (pairs.type === 'grid') {
    const { sigma, neighbours } = pairs
    const farthest = neighbours === 8 ? 1.5 : 1.1
    return (p, q) => p !== q && apart(p, q) < farthest ? Math.exp(-square(p, q) / (2 * sigma! ** 2)) / apart(p, q) : 0
  }
  const { position, colour } = pairs
  const kernel = (p: number, q: number) => Math.exp(-(apart(p, q) ** 2) / (2 * position ** 2) - square(p, q) / (2 * colour ** 2))
  const all = Array.from({ length: width * height }, (_, p) => p)
  const degrees = all.map(p => all.reduce((degree, q) => degree + kernel(p, q), 0))
  return (p, q) => kernel(p, q) / Math.sqrt(degrees[p]! * degrees[q]!)
}

test('curveOf: equals the sum over all pairs of pixels, for grids and dense CRFs, labels and soft boundaries, every relaxation', () => {
  const pixels = makeNoise(7, 3)
  const { width } = pixels
  const all = Array.from({ length: 3 * width }, (_, p) => p)
  const relaxations = { // of shares [1 - s, s] and [1 - t, t]
    bilinear: (s: number, t: number) => 1 - (1 - s) * (1 - t) - s * t,
    quadratic: (s: number, t: number) => ((s - t) ** 2 + (s - t) ** 2) / 2,
    tv: (s: number, t: number) => (Math.abs(s - t) + Math.abs(t - s)) / 2
  }
  for (const [pairs, names] of [[{ ...grid, sigma: 60 }, ['bilinear', 'quadratic', 'tv']], [dense, ['bilinear']]] as const) {
    const weight = weightsOf(pixels, pairs)
    for (const relaxation of names) {
      for (const ramp of [0, 1.5]) {
        sum(pixels, { type: 'sweep', pairs, ramp, relaxation }).forEach((cost, i) => {
          const share = (p: number) => ramp === 0 ? Number(p % width >= i + 1) : 1 / (1 + Math.exp(-(p % width + 0.5 - (i + 1)) / ramp))
          const pair = (p: number, q: number) => weight(p, q) / 2 * relaxations[relaxation](share(p), share(q)) // each from both its ends
          const expected = all.reduce((sum, p) => all.reduce((of, q) => of + pair(p, q), sum), 0)
          assert.ok(Math.abs(cost - expected) < 1e-6 * expected, `${pairs.type} ${relaxation}, ramp ${ramp}, at ${i + 1}: ${cost}, not ${expected}`) // W is float32
        })
      }
    }
  }
})

test('measureBasin: descent ends where no step goes down, flat places hold it, and half of the depth has a width', () => {
  const measured = (costs: number[], truth: number) => measureBasin(toMeans(Float64Array.from(costs)), truth)
  // flat with a narrow minimum: only its neighbours lead to it
  assert.deepEqual(measured([2, 2, 2, 2, 0, 2, 2, 2, 2], 5), { offset: 0, basin: 3, minima: 7, depth: 1, halfWidth: 1 })
  // smooth: all lead to it
  assert.deepEqual(measured([4, 3, 2, 1, 0, 1, 2, 3, 4], 5), { offset: 0, basin: 9, minima: 1, depth: 1, halfWidth: 3 })
  // a deeper one beside it; who stands between two equal ways down goes left
  const { offset, basin, minima } = measured([5, 1, 5, 9, 5, 2, 5, 9], 6)
  assert.deepEqual([offset, basin, minima], [4, 4, 2])
  // a pixel beside the true boundary counts as there, two do not
  assert.deepEqual([4, 3].map(truth => measured([9, 8, 7, 6, 0, 6, 7, 8, 9], truth).basin), [9, 0])
  // nothing costs anything, and a boundary that costs more than the mean has no depth
  assert.deepEqual(measured([0, 0, 0, 0], 2), { offset: 1, basin: 3, minima: 4, depth: 0, halfWidth: 0 })
  assert.equal(measured([1, 3, 1], 2).halfWidth, 0)
})

/** A spec of sweeps over few small pictures. */
function makeSpec (changes: object = {}, edges: object = {}): SegmentationSpec {
  return fillSpec(kind, {
    data: { generator: { type: 'edges', width: 12, height: 2, train: 6, test: 1, seed: 3, ...edges } },
    methods: [{ type: 'sweep' }, { type: 'sweep', pairs: { type: 'dense', position: 3 } }, { type: 'sweep', ramp: 1.5 }],
    seeds: [4, 5],
    ...changes
  })
}

test('a sweep runs without the tensor engine, once whatever the seeds; taken up at any boundary it ends as the undisturbed one, to the bit', async () => {
  const spec = makeSpec()
  const trials = kind.plan(spec)
  assert.deepEqual(trials.map(({ arm, seed }) => `${arm} ${seed}`), ['grid 4', 'dense 3 4', 'grid ramp 1.5 4'])
  const data = generateData(kind, trials[1]!)
  const whole = await drive(kind, trials[1]!, { data, keep: Array.from({ length: 100 }, (_, i) => i) })
  assert.deepEqual(compileCheck(kind.result, { root: 'result' })(structuredClone(whole.result)), [])
  assert.equal(whole.events.filter(({ type }) => type === 'metrics').length, 6)
  const { estimate, engine } = kind.needs(trials[1]!, { data, models: {}, artifacts: {} })
  const progress = whole.events.flatMap(event => event.type === 'progress' ? [event] : []).at(-1)!
  assert.deepEqual([progress.done, progress.of, engine], [estimate.steps, estimate.steps, 'float64'])
  for (const { state, events } of whole.snapshots.values()) {
    const rest = await drive(kind, trials[1]!, { data, resume: state })
    assert.equal(fingerprint([rest.events, rest.result]), fingerprint([whole.events.slice(events), whole.result]))
  }
})

test('without noise the grid’s minimum is found from beside it alone, in a cost that is flat elsewhere', async () => {
  const spec = makeSpec({}, { height: 1, noise: 0, position: 0.25, train: 1 })
  const [trial] = kind.plan(spec)
  const { result } = await drive(kind, trial!, { data: generateData(kind, trial!) })
  const { edge, offset, basin, minima, halfWidth } = (result as SweepResult).pictures[0]!
  assert.deepEqual({ edge, offset, basin, minima, halfWidth }, { edge: 3, offset: 0, basin: 3, minima: 9, halfWidth: 1 })
})

test('pictures that are not two regions side by side cannot be measured', async () => {
  const spec = fillSpec<SegmentationSpec>(kind, {
    data: { generator: { type: 'scenes', size: 8, classes: 2, train: 1, test: 1 } }, methods: [{ type: 'sweep' }]
  })
  const [trial] = kind.plan(spec)
  await assert.rejects(drive(kind, trial!, { data: generateData(kind, trial!) }), { code: 'unmeasurable', message: /mask of training picture 0 must be class 0 left of one column/ })
})

/** Trials with a basin and a width at half depth for every arm, which differ a little from picture to picture. */
function finish (
  spec: SegmentationSpec, of: (arm: string) => { basin: number, halfWidth: number }
): FinishedTrial<SegmentationSpec, TrialResult>[] {
  return kind.plan(spec).map((definition, i) => {
    const pictures = Array.from({ length: 8 }, (_, p) => {
      const { basin, halfWidth } = of(definition.arm)
      return { edge: 6, offset: p % 2, basin: basin + p % 3, minima: 4, depth: 0.5, halfWidth }
    })
    const result: SweepResult = { outcome: 'swept', pictures, curves: [{ levels: Array(12).fill(100), costs: Array(11).fill(1) }] }
    return { id: `trial ${i}`, definition, state: 'succeeded', result, metrics: {} }
  })
}

test('dense-basin-wider and dense-minimum-flatter: the widest dense kernel, labels alone, with an interval over pictures', () => {
  const dense = [1, 3].map(position => ({ type: 'sweep', pairs: { type: 'dense', position } }))
  const judge = (claim: string, basin: number, halfWidth: number) => {
    const spec = makeSpec({ methods: [{ type: 'sweep' }, ...dense, { type: 'sweep', ramp: 2 }], claims: [claim] })
    const others = { basin: 0, halfWidth: 50 } // which count for nothing
    const of = (arm: string) => arm === 'dense 3' ? { basin, halfWidth } : arm === 'grid' ? { basin: 4, halfWidth: 2 } : others
    return kind.report(spec, finish(spec, of)).verdict.holds
  }
  assert.deepEqual([12, 9, 5].map(basin => judge('dense-basin-wider', basin, 2)), [true, null, false])
  assert.deepEqual([3, 2].map(halfWidth => judge('dense-minimum-flatter', 4, halfWidth)), [true, false])
})

test('report: figures are drawn, the table has a cell for every column, and a missing trial decides nothing', async () => {
  const spec = makeSpec({ claims: ['dense-basin-wider'] })
  const trials = finish(spec, arm => ({ basin: arm === 'grid' ? 1 : 9, halfWidth: 2 }))
  const { tables, figures, verdict } = kind.report(spec, trials)
  assert.equal(verdict.holds, true)
  assert.equal(kind.report(spec, trials.slice(1)).verdict.holds, null)
  for (const { columns, rows } of tables) assert.ok(rows.every(row => row.length === columns.length))
  assert.deepEqual(figures.map(({ name }) => name), ['boundary', 'basins'])
  for (const figure of figures) {
    assert.ok('vegaLite' in figure)
    assert.match(new TextDecoder().decode(await draw({ vegaLite: figure.vegaLite, format: 'svg' })), /^<svg/)
  }
})

test('check: sweeps beside methods that train, claims of the other, pictures that are too large, relaxations that a dense CRF lacks', () => {
  const rules = (changes: object, edges: object = {}) => {
    const spec = makeSpec(changes, edges)
    return kind.check!(spec, { data: generateData(kind, kind.plan(spec)[0]!), models: {}, artifacts: {} }).map(({ path, rule }) => `${path} ${rule}`)
  }
  assert.deepEqual(rules({ claims: ['dense-basin-wider'], batchSize: 100 }), [], 'batches are of trainings')
  assert.deepEqual(rules({ methods: [{ type: 'sweep' }, { type: 'pce' }], scribbles: { type: 'drawn' } }), [
    'spec.methods[0].type must train, as other methods do: sweeps train nothing, and stand beside sweeps alone'
  ])
  assert.deepEqual(rules({ claims: ['adm-over-gd'] }), ['spec.claims[0] must be of sweeps, as the methods are'])
  assert.deepEqual(rules({ methods: [{ type: 'full' }], claims: ['dense-minimum-flatter'], batchSize: 2 }), [
    'spec.claims[0] must be of methods that train, as these do'
  ])
  assert.deepEqual(rules({}, { width: 520, train: 1 }), [
    'spec.data must have pictures of at most 1024 pixels for sweeps of a dense CRF, all of whose pairs are summed'
  ])
  assert.deepEqual(rules({ methods: [{ type: 'sweep' }] }, { width: 520, train: 1 }), [])
  const tv = { type: 'sweep', pairs: { type: 'dense' }, ramp: 1, relaxation: 'tv' }
  assert.deepEqual(rules({ methods: [tv] }), ['spec.methods[0].relaxation must be bilinear for a dense CRF'])
  assert.deepEqual(rules({ trainExamples: 7 }), ['spec.trainExamples must be <= 6, the pictures of the data set'])
})
