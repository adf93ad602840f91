import assert from 'node:assert/strict'
import test from 'node:test'
import { orderByClass } from '../../../../src/algorithms/tracin/triage/balance.js'
import { judgeCopies } from '../../../../src/algorithms/tracin/triage/copies.js'
import { suggestLabels } from '../../../../src/algorithms/tracin/triage/suggest.js'
import { openStream } from '../../../../src/math/random.js'

test('orderByClass: the first part of the order is the most suspicious part of every class, however large its scores are', () => {
  // ten of class 0 with scores a thousand times those of twenty of class 1
  const classes = Int32Array.from({ length: 30 }, (_, i) => Number(i >= 10))
  const scores = Float64Array.from({ length: 30 }, (_, i) => i < 10 ? 1000 * (10 - i) : 30 - i)
  assert.deepEqual([...orderByClass(scores, classes).subarray(0, 6)], [10, 0, 11, 12, 1, 13])
  const first = orderByClass(scores, classes).subarray(0, 15)
  assert.deepEqual([first.filter(i => i < 10).length, first.filter(i => i >= 10).length], [5, 10])
})

test('orderByClass: a factor on the scores of a class does not move its examples among those of others', () => {
  const stream = openStream(1, 'test')
  const classes = Int32Array.from({ length: 100 }, () => stream.integer(3))
  const scores = Float64Array.from({ length: 100 }, () => stream.uniform())
  const first = (all: Float64Array) => [...orderByClass(all, classes).subarray(0, 30)].sort((a, b) => a - b)
  const sizes = [0, 1, 2].map(c => classes.filter(one => one === c).length)
  assert.equal(new Set(sizes).size, 3, 'equal sizes would be told apart by score')
  assert.deepEqual(first(scores.map((score, i) => classes[i] === 1 ? 1e6 * score : score)), first(scores))
})

test('suggestLabels: is the class with the largest averaged probability, the lowest of equals; of values the mean in their units', () => {
  const probabilities = () => Float32Array.of(0.2, 0.5, 0.3, 0.4, 0.2, 0.4)
  const { labels, probabilityOf } = suggestLabels({ probabilities, outputs: () => undefined }, Int32Array.of(2, 2), {})
  assert.deepEqual([...labels], [1, 0])
  assert.deepEqual([probabilityOf(0, 1), probabilityOf(0, 0), probabilityOf(1, 2)], [0.5, Math.fround(0.2), Math.fround(0.4)])
  const outputs = () => Float64Array.of(1, -1)
  const target = { offset: [10], scale: [0.5] }
  const values = suggestLabels({ probabilities: () => undefined, outputs }, Float32Array.of(0, 0), { target })
  assert.deepEqual([[...values.labels], values.probabilityOf(0, [1])], [[12, 8], null])
  const many = suggestLabels({ probabilities: () => undefined, outputs: () => undefined }, Int32Array.of(7), {})
  assert.deepEqual([[...many.labels], many.probabilityOf(0, 7)], [[7], null])
})

test('judgeCopies: says of a row its copies, those with another label first, and counts conflicts and leaks', () => {
  // six training examples (positions 10 ..), three test examples; 0 = 3 exactly, 5 nearly; 1 ~ test 0; 2 = test 2; test 1 alone
  const labels = [0, 1, 1, 0, 2, 1, 1, 0, 0]
  const groups = [{ rows: [0, 3, 5], firsts: [0, 0, 5] }, { rows: [1, 6], firsts: [1, 6] }, { rows: [2, 8], firsts: [2, 2] }]
  const { summary, copiesOf } = judgeCopies({ groups, threshold: 0.5, leftOut: 3 }, {
    trainCount: 6, labelOf: row => labels[row]!, indexOf: row => row < 6 ? row + 10 : row - 6
  })
  assert.deepEqual(copiesOf(0), {
    copyCount: 2,
    copies: [{ split: 'train', index: 15, label: 1, exact: false }, { split: 'train', index: 13, label: 0, exact: true }],
    otherLabels: true
  })
  assert.deepEqual(copiesOf(1), { copyCount: 1, copies: [{ split: 'test', index: 0, label: 1, exact: false }], otherLabels: false })
  assert.deepEqual(copiesOf(4), { copyCount: 0, copies: [], otherLabels: false })
  const { groups: named, ...counts } = summary
  assert.deepEqual(counts, { exact: 2, near: 1, conflicting: 3, leaked: 2, threshold: 0.5, leftOut: 3, groupCount: 3 })
  assert.deepEqual(named.map(({ members }) => members.map(({ split, index }) => `${split} ${index}`)), [
    ['train 10', 'train 15', 'train 13'], ['train 12', 'test 2'], ['train 11', 'test 0']
  ])
})
