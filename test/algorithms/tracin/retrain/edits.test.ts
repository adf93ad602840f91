import assert from 'node:assert/strict'
import test from 'node:test'
import { tracin } from '../../../../src/algorithms/tracin/index.js'
import { asIs } from '../../../../src/algorithms/tracin/retrain/arms.js'
import { applyEdits, orderKept } from '../../../../src/algorithms/tracin/retrain/edits.js'
import type { Edits } from '../../../../src/algorithms/tracin/retrain/spec.js'
import type { TracinSpec } from '../../../../src/algorithms/tracin/spec.js'
import { fillSpec, generate } from '../../../helpers/drive.js'

const none = { indices: [], labels: [] }
const whole = { inputs: Uint8Array.of(0, 1, 10, 11, 20, 21, 30, 31, 40, 41), labels: Int32Array.of(0, 1, 2, 3, 4), count: 5 }

test('applyEdits: drops examples, keeps where they stood, and later labels count', () => {
  const edits = { wrong: { indices: [1, 2, 4], labels: [9, 9, 9] }, dropped: [3, 0], relabelled: { indices: [2, 4], labels: [2, 7] } }
  const { train, labels, flipped, positions, placeOf, dropped, count } = applyEdits(edits, whole)
  assert.deepEqual([...train.inputs], [10, 11, 20, 21, 40, 41])
  assert.deepEqual([...train.labels, train.count], [1, 2, 4, 3])
  assert.deepEqual([...labels], [9, 2, 7])
  assert.deepEqual([[...flipped], [...positions!], dropped, count], [[0, 2], [1, 2, 4], [0, 3], 5], 'example 2 got its own label back')
  assert.equal(placeOf(4), 2)
  assert.deepEqual([...whole.labels], [0, 1, 2, 3, 4], 'the data set stays as it is')
})

test('applyEdits: rows of values move as one', () => {
  const values = { inputs: Float32Array.of(1, 2, 3), labels: Float32Array.of(1, 10, 2, 20, 3, 30), count: 3 }
  const { train, labels, flipped } = applyEdits({ wrong: { indices: [2], labels: [3, 31] }, dropped: [0], relabelled: none }, values)
  assert.deepEqual([[...train.inputs], [...train.labels], [...labels], [...flipped]], [[2, 3], [2, 20, 3, 30], [2, 20, 3, 31], [1]])
})

test('applyEdits, orderKept: without edits nothing moves', () => {
  const { train, labels, flipped, positions } = applyEdits(undefined, whole)
  assert.deepEqual([train === whole, labels === whole.labels, flipped.length, positions], [true, true, 0, undefined])
  const order = Uint32Array.of(3, 1, 2, 0, 4)
  assert.equal(orderKept(order, undefined), order)
  assert.deepEqual([...orderKept(order, Int32Array.of(1, 2, 4))], [0, 1, 2], 'those that stay, in the order of all')
})

const edits: Edits = {
  wrong: { indices: [1, 5], labels: [3, 3] },
  dropped: [9],
  relabelled: { indices: [2], labels: [0] },
  compare: { suspects: { indices: [1, 2], labels: [0, 1] }, random: { indices: [3, 4, 6, 7, 8], labels: [1, 1, 2, 2, 0] }, arms: ['without', 'corrected'] }
}
const changes = { data: { generator: { type: 'blobs', classes: 4, train: 20, test: 10 } }, labelNoise: { kind: 'none' }, edits, seeds: [0, 1, 2] }

test('plan: a comparison has an arm as it is, and one of suspects and one of as many random examples for each treatment', () => {
  const plan = tracin.plan(fillSpec<TracinSpec>(tracin, changes))
  const of = (arm: string, seed: number) => plan.find(trial => trial.arm === arm && trial.seed === seed)!.spec.edits!
  assert.deepEqual([...new Set(plan.map(({ arm }) => arm))], [asIs, 'without the suspects', 'without random ones', 'suspects corrected', 'random ones corrected'])
  assert.equal(plan.length, 15)
  const { compare: _, ...base } = edits
  assert.deepEqual(of(asIs, 1), base)
  assert.deepEqual(of('without the suspects', 1), { ...base, dropped: [1, 2, 9] })
  assert.deepEqual(of('suspects corrected', 1), { ...base, relabelled: { indices: [1, 2], labels: [0, 1] } }, 'the last correction counts')
  const drawn = [0, 1, 2].map(seed => of('without random ones', seed).dropped.filter(index => index !== 9))
  drawn.forEach((indices, seed) => {
    assert.equal(indices.length, 2)
    assert.ok(indices.every(index => edits.compare!.random.indices.includes(index)))
    const { relabelled } = of('random ones corrected', seed)
    assert.deepEqual(relabelled.indices.slice(1).sort(), indices, 'the same examples in both treatments')
    const { random } = edits.compare!
    const labels = relabelled.indices.slice(1).map(index => random.labels[random.indices.indexOf(index)])
    assert.deepEqual(relabelled.labels.slice(1), labels)
  })
  assert.ok(new Set(drawn.map(indices => indices.join())).size > 1, 'every seed draws anew')
})

test('plan: corrected to own labels takes back what was made wrong', () => {
  const own = { ...edits, compare: { ...edits.compare!, suspects: { indices: [1, 2], labels: [] } } }
  const plan = tracin.plan(fillSpec<TracinSpec>(tracin, { ...changes, edits: own }))
  const { wrong, relabelled } = plan.find(({ arm }) => arm === 'suspects corrected')!.spec.edits!
  assert.deepEqual([wrong, relabelled], [{ indices: [5], labels: [3] }, none])
})

test('check: edits are held against the data set', () => {
  const data = generate({ type: 'blobs', classes: 4, features: 2, train: 20, test: 10, spread: 0.3, seed: 0 })
  const inputs = { data: { data }, models: {}, artifacts: {} }
  const broken = (edit: object, more: object = {}) =>
    tracin.check!(fillSpec<TracinSpec>(tracin, { ...changes, ...more, edits: { ...edits, ...edit } }), inputs)
      .map(({ path, rule }) => `${path} ${rule}`)
  assert.deepEqual(broken({}), [])
  assert.deepEqual(broken({ dropped: [20] }), ['spec.edits.dropped[0] must be < 20, the training examples'])
  assert.deepEqual(broken({ dropped: [1] }), ['spec.edits.compare.suspects.indices[0] must not be in spec.edits.dropped'])
  assert.deepEqual(broken({ wrong: { indices: [1], labels: [4] } }), ['spec.edits.wrong.labels[0] must be a class, 0 .. 3'])
  assert.deepEqual(broken({ wrong: { indices: [1], labels: [0, 1] } }), ['spec.edits.wrong.labels must have 1 numbers, 1 for each example'])
  assert.deepEqual(broken({ dropped: Array.from({ length: 19 }, (_, i) => i), compare: undefined }), ['spec.edits must leave at least 2 of 20 training examples'])
  assert.deepEqual(broken({}, { labelNoise: { kind: 'random' } }), ['spec.labelNoise.kind must be none with edits, whose wrong labels are spec.edits.wrong'])
})
