/** The rows of a split, and how their numbers are spread, are those that counting by hand finds, wherever pieces end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fields } from '../../src/datasets/description.js'
import { pickRows } from '../../src/datasets/split.js'
import type { Counted } from '../../src/datasets/bins.js'
import { countSpread, countWhenRead } from '../../src/datasets/table/spread.js'
import { openStream } from '../../src/math/random.js'

const stream = openStream(1, 'rows')
const fold = (): number => stream.integer(3)

/** Bytes in pieces of 0 to `most`; each piece is gone when the next one comes, as it is of a spool. */
function cut (bytes: Uint8Array, most: number): () => Iterable<Buffer> {
  return function * () {
    const memory = Buffer.alloc(most)
    for (let at = 0; at < bytes.length;) {
      const length = bytes.subarray(at).subarray(0, stream.integer(most + 1)).length
      memory.fill(0xee).set(bytes.subarray(at, at + length))
      yield memory.subarray(0, length)
      at += length
    }
  }
}

/** Bytes of a row, rows, bytes of the longest piece. */
const cases = [
  [1, 3000, 900], [3, 1000, 50], [4, 70_000, 280_000], [76, 9000, 300_000], [1000, 40, 999], [65_536, 9, 70_000], [300_001, 5, 262_144]
] as const

test('pickRows: rows of any length, cut anywhere', () => {
  for (const [rowBytes, rows, most] of cases) {
    const bytes = Uint8Array.from({ length: rows * rowBytes }, (_, i) => (i * 7) ^ (i >> 8))
    const marks = Uint8Array.from({ length: rows }, fold)
    const fields: Fields = { inputs: { type: 'image', shape: [rowBytes, 1, 1], dtype: 'uint8' } }
    for (const wanted of [0, 2]) {
      const { count, fields: { inputs } } = pickRows({ count: rows, fields: { inputs: cut(bytes, most) } }, fields, marks, wanted)
      const row = (at: number): Uint8Array => bytes.subarray(at * rowBytes, (at + 1) * rowBytes)
      const expected = [...marks].flatMap((mark, at) => mark === wanted ? [row(at)] : [])
      assert.equal(count, expected.length)
      for (let time = 0; time < 2; time++) { // as often as they are asked for
        const picked = Array.from(inputs!(), piece => Buffer.from(piece))
        assert.ok(Buffer.concat(picked).equals(Buffer.concat(expected)), `rows of ${rowBytes} bytes`)
      }
    }
  }
})

test('countWhenRead: rows count once, when they are read as a whole or when the counts are wanted', () => {
  const numbers = Float32Array.from({ length: 60_000 }, (_, i) => i % 4)
  const pieces = cut(new Uint8Array(numbers.buffer), 10_001)
  for (const wholes of [0, 1, 3]) {
    const all = [{ at: 1, least: -0.5, greatest: 3.5, counts: new Float64Array(4) }]
    const spread = countWhenRead(pieces, 2, all)
    for (const piece of spread.pieces()) if (piece.length > 0) break // not as a whole
    for (let i = 0; i < wholes; i++) {
      assert.ok(Buffer.concat(Array.from(spread.pieces(), piece => Buffer.from(piece))).equals(Buffer.from(numbers.buffer)))
    }
    spread.count()
    spread.count()
    assert.deepEqual([...all[0]!.counts], [0, 15_000, 0, 15_000])
  }
})

test('countSpread: every number is in its bin, NaN in none', () => {
  for (const [width, rows] of [[1, 5000], [7, 3000], [213, 400]] as const) {
    const numbers = Float32Array.from({ length: rows * width }, () => stream.uniform() < 0.1 ? NaN : 20 * stream.uniform() - 10)
    const all: Counted[] = Array.from({ length: width }, (_, at) => at)
      .filter(at => at % 3 !== 1)
      .map(at => ({ at, least: -10 + at / 20, greatest: 10, counts: new Float64Array(1 + at % 20) })) // some lie outside
    countSpread(cut(new Uint8Array(numbers.buffer), 10_000), width, all)
    for (const { at, least, greatest, counts } of all) {
      const expected = new Float64Array(counts.length)
      for (let i = at; i < numbers.length; i += width) {
        if (Number.isNaN(numbers[i])) continue
        const bin = Math.trunc((numbers[i]! - least) * (counts.length / (greatest - least)))
        expected[Math.min(Math.max(bin, 0), counts.length - 1)]!++
      }
      assert.deepEqual(counts, expected, `column ${at} of ${width}`)
    }
  }
})
