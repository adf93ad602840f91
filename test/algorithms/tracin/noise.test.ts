import assert from 'node:assert/strict'
import test from 'node:test'
import { chooseFlipped, hardestLabels, possibleLabels, randomLabels, swappedValues } from '../../../src/algorithms/tracin/noise.js'
import { openStream } from '../../../src/math/random.js'

test('chooseFlipped: takes the rounded fraction, every example at most once, in ascending order', () => {
  const flipped = chooseFlipped(1400, 0.1, openStream(0, 'noise'))
  assert.equal(flipped.length, 140)
  assert.ok(flipped.every((index, i) => index >= 0 && index < 1400 && (i === 0 || index > flipped[i - 1]!)))
})

test('chooseFlipped: another seed takes other examples, and tiny data still lose one', () => {
  assert.notDeepEqual(chooseFlipped(100, 0.1, openStream(0, 'noise')), chooseFlipped(100, 0.1, openStream(1, 'noise')))
  assert.equal(chooseFlipped(4, 0.1, openStream(0, 'noise')).length, 1)
})

test('randomLabels: never gives the own class and reaches all others', () => {
  const labels = Int32Array.from({ length: 3000 }, (_, i) => i % 4)
  const flipped = Int32Array.from(labels.keys())
  const chosen = randomLabels(flipped, labels, possibleLabels(labels, 4), openStream(0, 'labels'))
  const pairs = new Set<string>()
  chosen.forEach((label, i) => {
    assert.notEqual(label, labels[i])
    pairs.add(`${labels[i]}>${label}`)
  })
  assert.equal(pairs.size, 12) // 4 classes, 3 wrong labels each
})

test('randomLabels: draws only classes that have an example', () => {
  const labels = Int32Array.from({ length: 260 }, (_, i) => 1 + i % 26) // letters: class 0 of 27 is empty
  const possible = possibleLabels(labels, 27)
  assert.deepEqual([...possible], Array.from({ length: 26 }, (_, i) => i + 1))
  const chosen = randomLabels(Int32Array.from(labels.keys()), labels, possible, openStream(0, 'labels'))
  assert.ok(chosen.every((label, i) => label >= 1 && label !== labels[i]))
  assert.deepEqual([...possibleLabels(Int32Array.of(1, 1), 3)], [0, 1, 2], 'one class alone has no other')
})

test('randomLabels: are what they were where every class has an example', () => {
  const labels = Int32Array.from({ length: 300 }, (_, i) => i * 7 % 10)
  const flipped = chooseFlipped(300, 0.3, openStream(1, 'noise'))
  const stream = openStream(1, 'labels')
  const before = flipped.map(index => (labels[index]! + 1 + stream.integer(9)) % 10)
  assert.deepEqual(randomLabels(flipped, labels, possibleLabels(labels, 10), openStream(1, 'labels')), before)
})

test('hardestLabels: takes the most probable wrong class, also where the own class is not the most probable', () => {
  const labels = Int32Array.of(2, 0, 1)
  const probabilities = [
    0.1, 0.2, 0.7, // own class 2: the next is 1
    0.1, 0.3, 0.6, // own class 0 is the least probable: 2
    0.4, 0.2, 0.4 // own class 1; a tie goes to the smaller class
  ]
  assert.deepEqual([...hardestLabels(Int32Array.of(0, 1, 2), labels, probabilities, 3, Int32Array.of(0, 1, 2))], [1, 2, 0])
})

test('hardestLabels: rows belong to the flipped examples, not to all', () => {
  const labels = Int32Array.of(0, 0, 0, 1)
  assert.deepEqual([...hardestLabels(Int32Array.of(3), labels, [0.5, 0.4, 0.1], 3, Int32Array.of(0, 1, 2))], [0])
  assert.deepEqual([...hardestLabels(Int32Array.of(3), labels, [0.1, 0.4, 0.5], 3, Int32Array.of(0, 1))], [0], 'a class without examples is none to be mistaken for')
})

test('swappedValues: every flipped example gets the values of another flipped one, all of a row, and none its own', () => {
  const labels = Float32Array.from({ length: 200 }, (_, i) => i) // 100 rows of two
  const flipped = Int32Array.of(3, 14, 15, 92, 65).sort()
  const wrong = swappedValues(flipped, labels, 2, openStream(0, 'labels'))
  const rows = Array.from(flipped, (_, i) => wrong[2 * i]! / 2)
  assert.deepEqual(Int32Array.from(rows).sort(), flipped)
  rows.forEach((row, i) => {
    assert.notEqual(row, flipped[i])
    assert.equal(wrong[2 * i + 1], 2 * row + 1)
  })
  assert.deepEqual(swappedValues(flipped, labels, 2, openStream(0, 'labels')), wrong)
  assert.notDeepEqual(swappedValues(flipped, labels, 2, openStream(1, 'labels')), wrong)
})

test('swappedValues: equal values are passed over, also where only one example is flipped, and one value for all is refused', () => {
  const labels = Float32Array.of(5, 5, 5, 5, 7, 5, 5, 5)
  const stream = () => openStream(0, 'labels')
  assert.deepEqual([...swappedValues(Int32Array.of(0, 1, 4, 6), labels, 1, stream())], [7, 7, 5, 7])
  assert.deepEqual([...swappedValues(Int32Array.of(2), labels, 1, stream())], [7])
  assert.deepEqual([...swappedValues(Int32Array.of(0, 1), labels, 1, stream())], [7, 7])
  assert.throws(() => swappedValues(Int32Array.of(0, 1), new Float32Array(9), 1, stream()), { code: 'unmeasurable' })
})
