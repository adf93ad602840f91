/** A whole trial of adm-segmentation: taken up in the middle of X-steps, with pictures that nobody scribbled on, and mirrored. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admSegmentation as kind } from '../../../src/algorithms/adm-segmentation/index.js'
import type { SegmentationResult } from '../../../src/algorithms/adm-segmentation/result.js'
import type { SegmentationSpec } from '../../../src/algorithms/adm-segmentation/spec.js'
import type { RunEvent } from '../../../src/algorithms/contract.js'
import type { Dataset } from '../../../src/datasets/dataset.js'
import { UNLABELLED } from '../../../src/datasets/unlabelled.js'
import { fillSpec, fingerprint } from '../../helpers/drive.js'
import { dense, openTrial, scenesOf } from './small-trial.js'

/** More pictures than are found between two boundaries. */
const PICTURES = 6
const EVERY = Array.from({ length: 1000 }, (_, i) => i)

const open = (method: object, changes: object = {}) => openTrial(method, { data: scenesOf({ train: PICTURES }), epochs: 3, ...changes })

/** Its scribbles are hidden in some of the training pictures. */
function hide (data: Record<string, Dataset>, pictures: number): Record<string, Dataset> {
  const { train, ...dataset } = data.data!
  const scribbles = Uint8Array.from(train.arrays.scribbles as Uint8Array)
  scribbles.fill(UNLABELLED, 0, pictures * scribbles.length / train.count)
  return { data: { ...dataset, train: { ...train, arrays: { ...train.arrays, scribbles } } } }
}

function lossesOf (events: Exclude<RunEvent, { type: 'boundary' }>[]): number[] {
  return events.flatMap(event => event.type === 'metrics' && 'loss' in event.values ? [event.values.loss!] : [])
}

const finders: Record<string, object> = {
  'grid, at every step': { type: 'adm', every: 0 },
  'grid, after every second pass': { type: 'adm', every: 2 },
  'dense, at every step': { type: 'adm', pairs: dense, every: 0 },
  'dense, after every second pass': { type: 'adm', pairs: dense, every: 2 },
  'dense at half the size, at every step': { type: 'adm', pairs: { ...dense, scale: 2 }, every: 0 },
  'prices of a dense CRF': { type: 'gd', pairs: dense }
}

for (const name of ['grid, after every second pass', 'prices of a dense CRF', 'proposals']) {
  test(`${name}: a crew finds what one thread finds, to the bit`, async () => {
    const method = finders[name] ?? { type: name }
    const [alone, together] = await Promise.all([1, 2].map(async crew => await open(method, { crew }).runOn()))
    assert.equal(fingerprint(together!.events), fingerprint(alone!.events))
    assert.equal(fingerprint(together!.result), fingerprint(alone!.result))
  })
}

for (const [name, method] of Object.entries(finders)) {
  test(`${name}: taken up before, within and after X is found, a trial ends as the undisturbed one, to the bit`, async () => {
    const { runOn, runInPieces } = open(method)
    const whole = await runOn({ keep: EVERY })
    const snapshots = [...whole.snapshots.values()]
    const found = snapshots.findIndex(({ state }) => state.arrays.beside !== undefined)
    assert.ok(found > 0, 'there is none in the warm-up')
    const later = snapshots[Math.floor((found + snapshots.length) / 2)]!
    // X of all pictures is put in its place when all are found: the boundary before lies between two of them
    const { state, events } = snapshots[found - 1]!
    const rest = await runOn({ resume: state })
    const pieces = await runInPieces([snapshots[found]!.events, later.events])
    assert.equal(fingerprint([rest.events, rest.result]), fingerprint([whole.events.slice(events), whole.result]))
    assert.equal(fingerprint([pieces.events, pieces.result]), fingerprint([whole.events, whole.result]))
  })
}

test('pictures that nobody scribbled on teach nothing by themselves: a loss of 0, not NaN', async () => {
  const { data, runOn } = open({ type: 'pce' })
  const losses = lossesOf((await runOn({ data: hide(data, PICTURES) })).events)
  assert.ok(losses.length > 0)
  assert.deepEqual(new Set(losses), new Set([0]))
})

for (const method of [{ type: 'adm', labels: 'scribbled' }, { type: 'gd', pairs: dense }, { type: 'gd' }, { type: 'proposals' }]) {
  test(`${JSON.stringify(method)}: pictures without scribbles among others leave all numbers finite`, async () => {
    const { data, runOn } = open(method)
    const { events, result } = await runOn({ data: hide(data, 2) })
    for (const event of events) if (event.type === 'metrics') assert.ok(Object.values(event.values).every(Number.isFinite), JSON.stringify(event.values))
    assert.equal((result as SegmentationResult).points.at(-1)!.epoch, 4)
  })
}

for (const method of [{ type: 'gd' }, { type: 'adm' }]) {
  test(`${method.type}: mirrored at random, a trial is the same twice, and another than without`, async () => {
    const ends = async (flip: boolean) => fingerprint((await open(method, { flip }).runOn()).result)
    const mirrored = await ends(true)
    assert.equal(await ends(true), mirrored)
    assert.notEqual(await ends(false), mirrored)
  })
}

test('the warm-up is the same for all methods that learn from scribbles, to the bit, and each goes on from that of another', async () => {
  const methods = [{ type: 'proposals' }, { type: 'gd', relaxation: 'tv' }, { type: 'gd', pairs: dense }, { type: 'adm' }, { type: 'adm', pairs: dense, every: 1 }]
  const changes = { warmup: 2, epochs: 1, flip: true }
  const first = await open({ type: 'pce' }, changes).runOn({ keep: EVERY })
  const { state, events } = first.snapshots.get(first.beginnings[0]!)!
  for (const method of methods) {
    const { runOn } = open(method, changes)
    const whole = await runOn({ keep: EVERY })
    const own = whole.snapshots.get(whole.beginnings[0]!)!
    assert.equal(fingerprint(own.state), fingerprint(state), JSON.stringify(method))
    assert.equal(fingerprint(whole.events.slice(0, own.events)), fingerprint(first.events.slice(0, events)), JSON.stringify(method))
    const rest = await runOn({ resume: structuredClone(state) })
    assert.equal(fingerprint([rest.events, rest.result]), fingerprint([whole.events.slice(events), whole.result]), JSON.stringify(method))
  }
})

test('beginning: told apart by seed and length; full supervision has none, and without a warm-up nobody has', () => {
  const keysOf = (changes: object) => {
    const data = { generator: { type: 'scenes', size: 12, train: 2, test: 2, seed: 3 } }
    const spec: SegmentationSpec = fillSpec(kind, { data, methods: [{ type: 'full' }, { type: 'pce' }, { type: 'gd' }], seeds: [1, 2], ...changes })
    return kind.plan(spec).map(trial => kind.beginning!(trial))
  }
  assert.deepEqual(keysOf({}), [undefined, undefined, 'seed 1', 'seed 2', 'seed 1', 'seed 2'])
  const drawn = ['seed 1, length 0', 'seed 2, length 0', 'seed 1, length 0.5', 'seed 2, length 0.5']
  assert.deepEqual(keysOf({ scribbles: { type: 'drawn', lengths: [0, 0.5] } }), [undefined, undefined, ...drawn, ...drawn])
  assert.deepEqual(new Set(keysOf({ warmup: 0 })), new Set([undefined]))
})
