import assert from 'node:assert/strict'
import test from 'node:test'
import { areaUnder, discover, foundAt, rankDescending, thinCurve, topK } from '../../src/influence/ranking.js'
import { openStream } from '../../src/math/random.js'

test('rankDescending: puts the largest first and breaks ties by the smaller index', () => {
  assert.deepEqual([...rankDescending([1, 5, 5, -2, 7])], [4, 1, 2, 0, 3])
})

test('topK: equals the head of a full sort for both signs, ties included', () => {
  const stream = openStream(1, 'top')
  // twenty different values among 500 numbers make many ties
  const scores = Float32Array.from({ length: 500 }, () => stream.integer(20) - 10)
  const descending = [...rankDescending(scores)]
  const ascending = [...rankDescending(scores.map(score => -score))]
  for (const k of [1, 2, 7, 100, 499, 500]) {
    assert.deepEqual(topK(scores, k, 1), descending.slice(0, k))
    assert.deepEqual(topK(scores, k, -1), ascending.slice(0, k))
  }
})

test('topK: gives what there is when k is larger', () => {
  assert.deepEqual(topK([3, 9], 5), [1, 0])
  assert.deepEqual(topK([], 5), [])
})

test('foundAt: counts the marked among the first floor(q n)', () => {
  // ten examples, marked 2 and 7; the order finds 7 at once and 2 at the fourth place
  const marks = Uint8Array.from({ length: 10 }, (_, i) => i === 2 || i === 7 ? 1 : 0)
  const discovery = discover([7, 0, 1, 2, 3, 4, 5, 6, 8, 9], marks)
  assert.equal(foundAt(discovery, 0.05), 0) // floor(0.5) = 0 examples checked
  assert.equal(foundAt(discovery, 0.1), 0.5)
  assert.equal(foundAt(discovery, 0.3), 0.5)
  assert.equal(foundAt(discovery, 0.4), 1)
  // found after ranks 1..10: .5 .5 .5 1 1 1 1 1 1 1, mean 0.85
  assert.ok(Math.abs(areaUnder(discovery) - 0.85) < 1e-15)
})

test('foundAt: 0.3 of 1400 is 420 examples although 0.3 * 1400 is just below it in floating point', () => {
  const marks = new Uint8Array(1400)
  marks[419] = 1
  const discovery = discover(Uint32Array.from({ length: 1400 }, (_, i) => i), marks)
  assert.equal(foundAt(discovery, 0.3), 1)
  assert.equal(foundAt(discovery, 419 / 1400), 0)
})

test('areaUnder: an oracle with a tenth marked gets 0.95 and the reverse 0.05', () => {
  const marks = Uint8Array.from({ length: 1000 }, (_, i) => i < 100 ? 1 : 0)
  const order = Uint32Array.from({ length: 1000 }, (_, i) => i)
  // mean of min(1, r / 100) over r = 1 .. 1000 is (50.5 + 900) / 1000
  assert.ok(Math.abs(areaUnder(discover(order, marks)) - 0.9505) < 1e-12)
  // from behind: mean of max(0, (r - 900) / 100) is 50.5 / 1000
  assert.ok(Math.abs(areaUnder(discover(order.reverse(), marks)) - 0.0505) < 1e-12)
})

test('thinCurve: keeps both ends, stays within its size and never falls', () => {
  const stream = openStream(3, 'curve')
  const marks = Uint8Array.from({ length: 1397 }, () => stream.uniform() < 0.1 ? 1 : 0)
  const curve = thinCurve(discover(stream.permutation(1397), marks), 200)
  assert.ok(curve.length <= 200 && curve.length > 150)
  assert.deepEqual(curve[0], [0, 0])
  assert.deepEqual(curve.at(-1), [1, 1])
  for (let i = 1; i < curve.length; i++) {
    assert.ok(curve[i]![0] > curve[i - 1]![0] && curve[i]![1] >= curve[i - 1]![1])
  }
})

test('thinCurve: passes through the numbers of foundAt', () => {
  const marks = Uint8Array.from({ length: 50 }, (_, i) => i % 5 === 0 ? 1 : 0)
  const discovery = discover(Uint32Array.from({ length: 50 }, (_, i) => i), marks)
  for (const [checked, found] of thinCurve(discovery, 200)) assert.equal(found, foundAt(discovery, checked))
})
