/** Whole segmentations: regions of one colour are found exactly, energies are those of the labelling, seeds are kept. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { energyOf } from '../../src/graphcut/energy.js'
import { openStream } from '../../src/math/random.js'
import { energyOf as denseEnergyOf } from '../../src/lattice/dense-crf.js'
import { createDensePairwise } from '../../src/lattice/pairwise.js'
import { weighContrast } from '../../src/segmentation/contrast.js'
import { openGrid } from '../../src/segmentation/grid.js'
import { openPicture } from '../../src/segmentation/kernels.js'
import { drawStrokes, type Seeds } from '../../src/segmentation/seeds.js'
import { segment } from '../../src/segmentation/segment.js'
import type { SegmentOptions, Stroke } from '../../src/segmentation/spec.js'
import { openUnary } from '../../src/segmentation/unary.js'
import { drawPixels, drawRectangle } from './pictures.js'

const empty = (height: number, width: number): Seeds => ({ height, width, data: new Uint8Array(height * width).fill(255) })
const seedsOf = (height: number, width: number, strokes: Stroke[]): Seeds => {
  const seeds = empty(height, width)
  drawStrokes(seeds, strokes)
  return seeds
}
const strokes: Stroke[] = [{ label: 0, width: 1, points: [[0, 0], [3, 0]] }, { label: 1, width: 1, points: [[7, 5]] }]

for (const colours of [{ type: 'none' }, { type: 'mixture' }, { type: 'histogram' }] as NonNullable<SegmentOptions['colours']>[]) {
  for (const neighbours of [4, 8] as const) {
    test(`segment: two colours and a stroke on each give exactly their regions, ${colours.type}, ${neighbours} neighbours`, () => {
      for (const kinds of [[[20], [90]], [[200, 10, 10], [10, 10, 200]]] as [number[], number[]][]) {
        const { truth, ...pixels } = drawRectangle(12, 16, kinds)
        // By seeds alone one pixel would pay its four sides rather than the border of the rectangle, were that not nearly free.
        const { labelling, energies } = segment(pixels, seedsOf(12, 16, strokes), { colours, pairs: { type: 'grid', neighbours, sigma: 15 } })
        assert.deepEqual(labelling, truth)
        assert.equal(energies.length, colours.type === 'none' ? 1 : 2)
      }
    })
  }
}

test('segment: three colours and a stroke on each, by expansions and by swaps', () => {
  const pixels = { height: 4, width: 9, channels: 1 as const, data: Uint8Array.from({ length: 36 }, (_, p) => 100 * Math.floor(p % 9 / 3)) }
  const seeds = seedsOf(4, 9, [0, 1, 2].map(label => ({ label, width: 1, points: [[3 * label + 1, 1]] })))
  for (const moves of ['expansion', 'swap'] as const) {
    const { labelling } = segment(pixels, seeds, { labels: 3, pairs: { type: 'grid', moves, lambda: 1 } })
    assert.deepEqual(labelling, pixels.data.map(value => value / 100), moves)
  }
})

test('segment: dense pairs: two colours are told apart, energies are those of the labelling', () => {
  const { truth, ...pixels } = drawRectangle(12, 16, [[20], [90]])
  const seeds = seedsOf(12, 16, strokes)
  const kernels = [{ weight: 2, position: 20, colour: 10 }, { weight: 1, position: 2 }]
  const { labelling, energies } = segment(pixels, seeds, { colours: { type: 'histogram' }, pairs: { type: 'dense', kernels } })
  assert.deepEqual(labelling, truth)
  const unary = openUnary(openPicture(pixels), pixels, seeds.data, 2, { type: 'histogram' })
  unary.learn(truth) // which the first iteration finds already
  const pairwise = createDensePairwise({ height: 12, width: 16, channels: 1, pixels: pixels.data }, kernels)
  assert.deepEqual(energies[1], denseEnergyOf({ pairwise, labels: 2, unary: unary.costs() }, labelling))
})

test('segment: energies are those of its labelling, and no other labelling of 3 x 3 has less', () => {
  const pixels = drawPixels(3, 3, 3, openStream(2, 'picture'))
  const seeds = seedsOf(3, 3, [{ label: 0, width: 1, points: [[0, 0]] }, { label: 1, width: 1, points: [[2, 2]] }])
  for (const weight of [0, 0.5, 3]) {
    const options: SegmentOptions = { colours: { type: 'histogram', bins: 2, iterations: 1, weight }, pairs: { type: 'grid', lambda: 0.7 } }
    const { labelling, energies } = segment(pixels, seeds, options)
    const unary = openUnary(openPicture(pixels), pixels, seeds.data, 2, options.colours!)
    unary.learn(seeds.data)
    const { weights } = weighContrast(pixels, { neighbours: 8, lambda: 0.7 })
    const problem = { shape: { width: 3, height: 3, neighbours: 8 as const }, labels: 2, unary: unary.costs(), weights }
    assert.deepEqual(energies, [energyOf(problem, labelling)])
    const all = Array.from({ length: 512 }, (_, bits) => energyOf(problem, Uint8Array.from({ length: 9 }, (_, p) => bits >> p & 1)).total)
    assert.ok(energies[0]!.total <= Math.min(...all) + 1e-12)
  }
})

test('openGrid: energies are those of graphcut, to the bit, also in rows of more than two vectors', () => {
  const stream = openStream(11, 'labels')
  const pixels = drawPixels(6, 37, 3, stream)
  const labelling = Uint8Array.from({ length: 222 }, () => Number(stream.integer(4) === 0))
  for (const neighbours of [4, 8] as const) {
    const { weights } = weighContrast(pixels, { neighbours, lambda: 3 })
    const picture = openPicture(pixels)
    const unary = openUnary(picture, pixels, seedsOf(6, 37, strokes).data, 2, { type: 'histogram' })
    const model = openGrid(picture, 2, { neighbours, lambda: 3 })
    unary.learn(labelling)
    const costs = unary.costs()
    const kept = labelling.map((label, p) => costs[label * 222 + p] === Infinity ? 1 - label : label)
    const problem = { shape: { width: 37, height: 6, neighbours }, labels: 2, unary: costs, weights }
    assert.deepEqual(model.energyOf(costs, kept), energyOf(problem, kept))
    model.close()
  }
})

test('segment: a picture after others, in their memory, is segmented as the first time', () => {
  const noise = drawPixels(9, 37, 3, openStream(12, 'picture'))
  const grey = drawPixels(20, 21, 1, openStream(13, 'picture'))
  const first = segment(noise, seedsOf(9, 37, strokes), {})
  segment(grey, seedsOf(20, 21, strokes), { colours: { type: 'histogram' } })
  assert.deepEqual(segment(noise, seedsOf(9, 37, strokes), {}), first)
})

test('segment: seeds keep their labels, whatever their colours and neighbours', () => {
  const pixels = drawPixels(8, 8, 3, openStream(5, 'picture'))
  const stream = openStream(6, 'seeds')
  const draw = (): number => [0, 1, 2, 255][stream.integer(4)]!
  const seeds = { height: 8, width: 8, data: Uint8Array.from({ length: 64 }, draw) }
  const { labelling } = segment(pixels, seeds, { labels: 3, pairs: { type: 'grid', lambda: 1000 } })
  for (const [p, label] of seeds.data.entries()) if (label !== 255) assert.equal(labelling[p], label)
})

test('segment: a label that there is not, and one without a seed, are refused', () => {
  const pixels = drawPixels(3, 3, 1, openStream(1, 'picture'))
  assert.throws(() => segment(pixels, seedsOf(3, 3, [{ label: 4, width: 1, points: [[1, 2]] }]), {}), { code: 'invalid_picture', detail: /labels 0 \.\. 1, got 4 at pixel \(x 1, y 2\)/ })
  assert.throws(() => segment(pixels, seedsOf(3, 3, [{ label: 1, points: [[1, 2]] }]), {}), { code: 'invalid_picture', detail: /got none of label 0/ })
})

test('drawStrokes: pixels within half the width of the line, by their distance', () => {
  const stream = openStream(7, 'strokes')
  for (let i = 0; i < 20; i++) {
    const points = Array.from({ length: 1 + stream.integer(3) }, (): [number, number] => [stream.uniform() * 19, stream.uniform() * 14])
    const width = 1 + stream.uniform() * 6
    const { data } = seedsOf(15, 20, [{ label: 1, width, points }])
    for (const [p, label] of data.entries()) {
      const [x, y] = [p % 20, Math.floor(p / 20)]
      const isCorner = points.some(point => Math.round(point[0]) === x && Math.round(point[1]) === y)
      const distance = Math.min(...points.map((from, k) => distanceTo([x, y], from, points[k + 1] ?? from)))
      assert.equal(label === 1, distance <= width / 2 || isCorner, `pixel ${x} ${y}, ${distance} of ${width / 2}`)
    }
  }
})

test('drawStrokes: the later stroke covers the earlier, and what lies outside is named', () => {
  const { data } = seedsOf(1, 3, [{ label: 0, width: 1, points: [[0, 0], [2, 0]] }, { label: 1, width: 1, points: [[1, 0]] }])
  assert.deepEqual([...data], [0, 1, 0])
  assert.throws(() => { drawStrokes(empty(4, 5), [strokes[0]!, { label: 0, points: [[0, 0], [4, 3.5]] }]) }, {
    code: 'invalid_picture', detail: 'strokes[1].points[1] must lie in the picture, x 0 .. 4 and y 0 .. 3, got [4, 3.5]'
  })
})

/** By ternary search along the line: the distance is convex in it. */
function distanceTo ([x, y]: [number, number], from: [number, number], to: [number, number]): number {
  const at = (t: number): number => Math.hypot(from[0] + t * (to[0] - from[0]) - x, from[1] + t * (to[1] - from[1]) - y)
  let [low, high] = [0, 1]
  for (let i = 0; i < 100; i++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3]
    if (at(a) <= at(b)) high = b
    else low = a
  }
  return at(low)
}
