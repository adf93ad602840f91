/** Measures of a segmentation against looking at all pixels, and at all pairs of boundary pixels. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UNLABELLED } from '../../src/datasets/unlabelled.js'
import { openStream } from '../../src/math/random.js'
import { countBoundaries, countConfusion, measureAgreement, measureBoundaries } from '../../src/segmentation/measures.js'

const [HEIGHT, WIDTH] = [9, 12]
const size = [HEIGHT, WIDTH] as const

/** Blocks of three by three pixels of random classes. */
function drawBlocks (seed: number, classes: number[]): Uint8Array {
  const stream = openStream(seed, 'blocks')
  const blocks = Array.from({ length: (HEIGHT / 3) * (WIDTH / 3) }, () => classes[stream.integer(classes.length)]!)
  return Uint8Array.from({ length: HEIGHT * WIDTH }, (_, p) => blocks[Math.floor(p / WIDTH / 3) * (WIDTH / 3) + Math.floor(p % WIDTH / 3)]!)
}

test('measureAgreement: accuracy, and intersection over union of sets of pixels; absent classes are skipped', () => {
  for (const seed of [1, 2, 3]) {
    const [predicted, truth] = [drawBlocks(seed, [0, 1, 2]), drawBlocks(seed + 10, [0, 0, 1, UNLABELLED])]
    const known = [...truth.keys()].filter(p => truth[p] !== UNLABELLED)
    const { accuracy, iou, meanIou } = measureAgreement(countConfusion(predicted, truth, 4), 4)
    assert.equal(accuracy, known.filter(p => predicted[p] === truth[p]).length / known.length)
    const expected = [0, 1, 2, 3].map(label => {
      const [is, given] = [truth, predicted].map(map => new Set(known.filter(p => map[p] === label))) as [Set<number>, Set<number>]
      return [...is].filter(p => given.has(p)).length / new Set([...is, ...given]).size
    })
    assert.deepEqual(iou, expected)
    assert.ok(Number.isNaN(iou[3]) && iou[2] === 0, 'class 3 is in neither, class 2 only in the prediction, which is wrong')
    const mean = (expected[0]! + expected[1]! + expected[2]!) / 3
    assert.ok(Math.abs(meanIou - mean) < 1e-15)
  }
})

test('countConfusion: pictures add up, and a map without a label says nothing', () => {
  const pictures = [1, 2, 3].map(seed => [drawBlocks(seed, [0, 1]), drawBlocks(seed + 10, [0, 1])] as const)
  const sum = new Float64Array(4)
  for (const [predicted, truth] of pictures) countConfusion(predicted, truth, 2, sum)
  const joined = [0, 1].map(which => pictures.flatMap(picture => [...picture[which]!]))
  assert.deepEqual(sum, countConfusion(joined[0]!, joined[1]!, 2))
  const none = measureAgreement(countConfusion([0, 1], [UNLABELLED, UNLABELLED], 2), 2)
  assert.ok(Number.isNaN(none.accuracy) && Number.isNaN(none.meanIou))
})

test('countBoundaries: pixels before a change to the right or below, near by looking at all pairs', () => {
  for (const [seed, tolerance] of [[1, 1], [2, 0], [3, 1], [4, 3]] as const) {
    const [predicted, truth] = [drawBlocks(seed, [0, 1, 2]), drawBlocks(seed + 10, [0, 1, 2, UNLABELLED])]
    const changes = (map: Uint8Array): [x: number, y: number][] => {
      const isKnown = (x: number, y: number): boolean => x < WIDTH && y < HEIGHT && truth[y * WIDTH + x] !== UNLABELLED
      const at = (x: number, y: number): number => isKnown(x, y) ? map[y * WIDTH + x]! : NaN
      const changed = (a: number, b: number): boolean => a < b || a > b // nothing is to NaN
      return Array.from(map, (_, p): [number, number] => [p % WIDTH, Math.floor(p / WIDTH)])
        .filter(([x, y]) => changed(at(x, y), at(x + 1, y)) || changed(at(x, y), at(x, y + 1)))
    }
    const [ours, theirs] = [changes(predicted), changes(truth)]
    const near = (some: [number, number][], others: [number, number][]): number =>
      some.filter(([x, y]) => others.some(([a, b]) => Math.max(Math.abs(a - x), Math.abs(b - y)) <= tolerance)).length
    const counts = countBoundaries(predicted, truth, size, tolerance)
    assert.deepEqual(counts, {
      predicted: ours.length, predictedNear: near(ours, theirs), true: theirs.length, trueNear: near(theirs, ours)
    })
    assert.ok(ours.length > 5 && theirs.length > 5)
  }
})

test('measureBoundaries: a boundary beside the true one is found within a pixel and not within none; without boundaries F is 1 or 0', () => {
  const halves = (column: number) => Uint8Array.from({ length: HEIGHT * WIDTH }, (_, p) => Number(p % WIDTH >= column))
  const f = (a: Uint8Array, b: Uint8Array, tolerance?: number) => measureBoundaries(countBoundaries(a, b, size, tolerance))
  assert.deepEqual(f(halves(5), halves(5), 0), { precision: 1, recall: 1, f: 1 })
  assert.deepEqual(f(halves(6), halves(5)), { precision: 1, recall: 1, f: 1 })
  assert.deepEqual(f(halves(6), halves(5), 0), { precision: 0, recall: 0, f: 0 })
  assert.deepEqual(f(halves(7), halves(5)), { precision: 0, recall: 0, f: 0 })
  const flat = new Uint8Array(HEIGHT * WIDTH)
  assert.equal(f(flat, flat).f, 1)
  assert.deepEqual([f(flat, halves(5)), f(halves(5), flat)], [{ precision: 0, recall: 0, f: 0 }, { precision: 0, recall: 0, f: 0 }])
  const twoLines = halves(5).map((one, p) => p % WIDTH >= 9 ? 0 : one)
  assert.deepEqual(f(twoLines, halves(5)), { precision: 0.5, recall: 1, f: 2 / 3 })
  const sum = countBoundaries(halves(7), halves(5), size, 1, countBoundaries(halves(5), halves(5), size))
  assert.equal(measureBoundaries(sum).f, 0.5)
})
