/** Which rows are chosen: by chance, by classes, by groups, and dealt into folds. Held against counting by hand. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseRows, dealFolds } from '../../src/datasets/choose-rows.js'
import { openStream } from '../../src/math/random.js'

const rowsOf = (marks: ArrayLike<number>, mark = 1) => Array.from(marks).flatMap((one, row) => one === mark ? [row] : [])
const tally = (values: number[]) =>
  values.reduce<Record<number, number>>((counts, value) => ({ ...counts, [value]: (counts[value] ?? 0) + 1 }), {})

/** Classes of 60, 25, 14 and one row, in no order. */
const classes = Int32Array.from(openStream(1, 'classes').permutation(100), place => place < 60 ? 0 : place < 85 ? 1 : place < 99 ? 2 : 3)

test('chooseRows: by chance, the rows that were always chosen', () => {
  assert.deepEqual(rowsOf(chooseRows(12, 4, { seed: 0 })), [...openStream(0, 'split').permutation(12).subarray(0, 4)].sort((a, b) => a - b))
  assert.deepEqual(rowsOf(chooseRows(12, 4, { seed: 0 })), [0, 6, 7, 9])
  assert.notDeepEqual(chooseRows(12, 4, { seed: 1 }), chooseRows(12, 4, { seed: 0 }))
})

test('chooseRows: the rows of the first places of the stream’s permutation, of any count', () => {
  for (const [count, wanted] of [[2, 1], [3, 1], [3, 2], [100, 99], [101, 1], [70_000, 14_000], [300_001, 200_000]] as const) {
    for (const seed of [0, 1, 2 ** 53 - 1]) {
      const expected = new Uint8Array(count)
      for (const row of openStream(seed, 'split').permutation(count).subarray(0, wanted)) expected[row] = 1
      assert.ok(Buffer.from(chooseRows(count, wanted, { seed })).equals(expected), `${wanted} of ${count}`)
    }
  }
})

test('chooseRows: each class has its share, and a class of two or more is on both sides', () => {
  const shares = (wanted: number) => tally(rowsOf(chooseRows(100, wanted, { seed: 3, classes })).map(row => classes[row]!))
  assert.deepEqual(shares(20), { 0: 12, 1: 5, 2: 3 }, '12, 5, 2.8 and 0.2: one is left for the largest remainder')
  assert.deepEqual(shares(3), { 0: 1, 1: 1, 2: 1 }, 'of 1.8, 0.75, 0.42 each has one at least')
  assert.deepEqual(shares(96), { 0: 59, 1: 24, 2: 13 }, 'and leaves one at least')
  for (let wanted = 3; wanted <= 96; wanted++) {
    const got = shares(wanted)
    assert.equal(Object.values(got).reduce((sum, count) => sum + count), wanted)
    for (const [label, count] of [60, 25, 14].entries()) {
      const quota = wanted * count / 100
      assert.ok(got[label]! >= 1 && got[label]! < count && Math.abs(got[label]! - quota) < 2, `${wanted}: class ${label} has ${got[label]} for ${quota}`)
    }
  }
})

test('chooseRows: equal remainders go to the lower class, and the rows of a class are chosen at random', () => {
  const two = Int32Array.from({ length: 10 }, (_, row) => row % 2)
  const chosen = chooseRows(10, 5, { seed: 0, classes: two })
  assert.deepEqual(tally(rowsOf(chosen).map(row => two[row]!)), { 0: 3, 1: 2 })
  assert.deepEqual(chooseRows(10, 5, { seed: 0, classes: two }), chosen)
  assert.notDeepEqual(chooseRows(10, 5, { seed: 1, classes: two }), chosen)
})

test('chooseRows: more or fewer than every class allows is refused with what is possible', () => {
  for (const [wanted, got] of [[2, 2], [97, 97]]) {
    assert.throws(() => chooseRows(100, wanted!, { seed: 0, classes }), {
      code: 'invalid_dataset', detail: `the test split must have 3 .. 96 of the 100 examples, so that every class of two or more is in both splits, got ${got}`
    })
  }
})

test('chooseRows: rows of one group stay together, as many groups as fit', () => {
  for (let seed = 0; seed < 50; seed++) {
    const stream = openStream(seed, 'groups')
    const groups = Int32Array.from({ length: 60 }, () => stream.integer(12))
    const wanted = 1 + stream.integer(58)
    const marks = chooseRows(60, wanted, { seed, groups })
    const [chosen, left] = [rowsOf(marks), rowsOf(marks, 0)].map(rows => new Set(rows.map(row => groups[row]!)))
    assert.deepEqual([...chosen!].filter(group => left!.has(group)), [], `seed ${seed}: on one side only`)
    assert.ok(chosen!.size > 0 && left!.size > 0)
    const sizes = tally([...groups])
    const open = wanted - rowsOf(marks).length
    const fitting = [...left!].filter(group => sizes[group]! <= open)
    assert.deepEqual(fitting, [], `seed ${seed}: no other group would fit into the ${open} rows that are open`)
    assert.deepEqual(chooseRows(60, wanted, { seed, groups }), marks)
  }
})

test('chooseRows: where no group fits it is the smallest; one group alone is refused', () => {
  assert.deepEqual(rowsOf(chooseRows(7, 1, { seed: 0, groups: Int32Array.of(5, 5, 5, 9, 9, 5, 5) })), [3, 4])
  assert.throws(() => chooseRows(3, 1, { seed: 0, groups: Int32Array.of(4, 4, 4) }), { code: 'invalid_dataset', detail: /group column must have 2 different values/ })
})

test('dealFolds: every row is in one fold, sizes differ by one at most, by classes too', () => {
  for (const folds of [2, 3, 7, 100]) {
    const sizes = (foldOf: Uint16Array, rows = rowsOf(foldOf.map(() => 1))) => {
      const counts = Array.from({ length: folds }, () => 0)
      for (const row of rows) counts[foldOf[row]!]!++
      return counts
    }
    const spread = (counts: number[]) => Math.max(...counts) - Math.min(...counts)
    assert.ok(spread(sizes(dealFolds(100, folds, { seed: 5 }))) <= 1)
    const byClass = dealFolds(100, folds, { seed: 5, classes })
    assert.ok(spread(sizes(byClass)) <= 1)
    for (const label of [0, 1, 2, 3]) assert.ok(spread(sizes(byClass, rowsOf(classes, label))) <= 1, `class ${label} in ${folds} folds`)
    assert.notDeepEqual(dealFolds(100, folds, { seed: 6, classes }), byClass)
  }
})
