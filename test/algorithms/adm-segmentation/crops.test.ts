/** Trials whose steps see windows of their pictures: where these lie, what is learned of them, and that it can be taken up. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { besideOf } from '../../../src/algorithms/adm-segmentation/beside.js'
import { openSource } from '../../../src/algorithms/adm-segmentation/crops.js'
import type { Pictures } from '../../../src/algorithms/adm-segmentation/data.js'
import { admSegmentation as kind } from '../../../src/algorithms/adm-segmentation/index.js'
import type { SegmentationSpec } from '../../../src/algorithms/adm-segmentation/spec.js'
import { openStream } from '../../../src/math/random.js'
import { fillSpec, fingerprint } from '../../helpers/drive.js'
import { dense, engine, openTrial } from './small-trial.js'

const windows = { network: { type: 'dilated', filters: 4, dilations: [1] }, flip: true }

for (const method of [{ type: 'proposals' }, { type: 'gd' }, { type: 'gd', pairs: dense }]) {
  test(`${JSON.stringify(method)}: a window of the whole picture is no window, to the bit`, async () => {
    const [whole, pictures] = [await openTrial(method, { ...windows, crop: [12, 12] }).runOn(), await openTrial(method, windows).runOn()]
    assert.equal(fingerprint(whole.events), fingerprint(pictures.events))
    assert.equal(fingerprint(whole.result), fingerprint(pictures.result))
  })
}

test('taken up at any boundary, a trial on windows ends as the undisturbed one, to the bit', async () => {
  const { runOn } = openTrial({ type: 'adm', every: 0 }, { ...windows, crop: [4, 8], optimizer: { type: 'adam' } })
  const whole = await runOn({ keep: Array.from({ length: 1000 }, (_, i) => i) })
  const snapshots = [...whole.snapshots.values()]
  for (const part of [0.3, 0.7]) {
    const { state, events } = snapshots[Math.floor(part * snapshots.length)]!
    const rest = await runOn({ resume: state })
    assert.equal(fingerprint(rest.events), fingerprint(whole.events.slice(events)))
    assert.equal(fingerprint(rest.result), fingerprint(whole.result))
  }
})

test('prices of a window are those of a mean over it; weights of a picture that is smaller are those of a mean over its pairs', () => {
  const stream = openStream(3, 'picture')
  const frame = [6, 8] as const
  const inputs = Uint8Array.from({ length: 48 }, () => stream.integer(256))
  const find = (method: object, window: readonly [number, number], extent = { top: 0, left: 0, height: 6, width: 8 }) => {
    const pictures: Pictures = { count: 1, inputs, masks: inputs, scribbles: inputs, frame, extents: [extent] }
    const spec = { data: { datasetId: '00000000-0000-7000-8000-000000000000' }, methods: [method] }
    const { methods: [filled] } = fillSpec<SegmentationSpec>(kind, spec)
    const beside = besideOf(filled!, { labels: 2, pictures, window })!
    const into = new Float32Array(beside.width)
    beside.find(0, Float32Array.from({ length: 96 }, (_, i) => (i % 7) / 7), new Float32Array(beside.width), into)
    return into
  }
  const isMultiple = (values: Float32Array, of: Float32Array, by: number) => {
    values.forEach((value, i) => { assert.ok(Math.abs(value - by * of[i]!) <= 1e-5 * Math.abs(by * of[i]!), `${i}: ${value}, ${of[i]}`) })
  }
  isMultiple(find({ type: 'gd', pairs: dense }, [3, 4]), find({ type: 'gd', pairs: dense }, frame), 4)
  assert.deepEqual(find({ type: 'gd' }, [3, 4]), find({ type: 'gd' }, frame), 'relaxations are divided by the pairs of a window')
  // 4 neighbours: 82 pairs in 6 x 8, of which 4 x 5 has 31
  const own = { top: 1, left: 2, height: 4, width: 5 }
  const grid = { type: 'gd', pairs: { type: 'grid', neighbours: 4, sigma: 100 } }
  const [whole, part] = [find(grid, frame), find(grid, frame, own)]
  const isPair = (i: number) => {
    const [way, y, x] = [Math.floor(i / 48), Math.floor(i / 8) % 6 - own.top, i % 8 - own.left]
    return y >= 0 && x >= 0 && y < own.height - way && x < own.width - (1 - way)
  }
  isMultiple(part, whole.map((weight, i) => isPair(i) ? weight : 0), 82 / 31)
})

test('windows lie anywhere in the picture, or around it where it is smaller, by seed, step and picture alone', () => {
  const [height, width, crop] = [5, 7, [4, 5]]
  // each pixel says where it is, so that what is fed says where the window is
  const inputs = Uint8Array.from({ length: 2 * height * width }, (_, p) => p % (height * width))
  const examples = { data: { inputs, count: 2 }, inputShape: [height, width, 1], preprocessing: { offset: 0, scale: 1 }, target: inputs }
  const extents = [{ top: 0, left: 0, height, width }, { top: 1, left: 3, height: 2, width: 3 }]
  const random = (purpose: string, ...keys: number[]) => openStream(1, purpose, ...keys)
  const trial = { engine, examples, train: { frame: [height, width], extents }, spec: { crop }, beside: undefined, random }
  let step = 0
  const source = openSource(trial as never, () => step)
  const cornersOf = (...indices: number[]) => {
    const [fed] = source.feed(Int32Array.from(indices))
    return indices.map((_, at) => fed![at * 4 * 5]!)
  }
  const seen = [new Map<number, number>(), new Map<number, number>()]
  for (step = 0; step < 600; step++) {
    const corners = cornersOf(0, 1)
    assert.deepEqual(cornersOf(1, 0), corners.toReversed())
    corners.forEach((corner, i) => seen[i]!.set(corner, (seen[i]!.get(corner) ?? 0) + 1))
  }
  // tops 0 and 1, lefts 0 .. 2; of the smaller picture lefts 1 and 2 alone have its last column, which is 5
  const places = [[0, 1, 2, width, width + 1, width + 2], [1, 2, width + 1, width + 2]]
  for (const [i, times] of seen.entries()) {
    assert.deepEqual([...times.keys()].sort((a, b) => a - b), places[i])
    // 600 draws of six or four places, by 9.1 and 10.6: four deviations
    const mean = 600 / places[i]!.length
    assert.ok([...times.values()].every(one => Math.abs(one - mean) < 43), `${[...times.values()]}`)
  }
})
