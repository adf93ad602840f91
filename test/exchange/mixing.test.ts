import assert from 'node:assert/strict'
import { test } from 'node:test'
import { meanInto, moveInto, pull } from '../../src/exchange/mixing/index.js'
import { openStream } from '../../src/math/random.js'

/** A block, two, what is left of one; odd and even. */
const sizes = [1, 2, 5, 2048, 2049, 5001]

function draw (size: number, ...keys: number[]): Float32Array {
  const stream = openStream(1, 'mixing', ...keys)
  return Float32Array.from({ length: size }, () => stream.normal() * 10 ** stream.integer(12))
}

/** A copy in shared memory, as the states of a crew are. */
function share (values: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength))
  shared.set(values)
  return shared
}

test('float32 vectors are mixed in Float64 and rounded once, whatever their size, in shared memory too', () => {
  for (const size of sizes) {
    const [a, b, c] = [draw(size, 1), draw(size, 2), draw(size, 3)]
    for (const kept of [a.slice(), share(a)]) {
      pull(kept, b, 0.3, size)
      assert.deepEqual(Array.from(kept), Array.from(a, (x, i) => Math.fround(x - 0.3 * (x - b[i]!))), `pull of ${size}`)
    }
    const into = new Float32Array(size)
    moveInto(into, c, 0.7, [{ of: a, less: c }, { of: share(b), less: c }])
    assert.deepEqual(Array.from(into), Array.from(c, (x, i) => Math.fround(x + 0.7 * (a[i]! - x + (b[i]! - x)))), `move of ${size}`)
    moveInto(into, c, 0.7, [{ of: a, less: c, ahead: { along: b, by: 0.9 } }, { of: share(b), less: c }])
    assert.deepEqual(Array.from(into), Array.from(c, (x, i) => Math.fround(x + 0.7 * (a[i]! + 0.9 * b[i]! - x + (b[i]! - x)))), `move ahead of ${size}`)
    const within = c.slice()
    moveInto(within, within, 0.7, [{ of: a, less: c }])
    assert.deepEqual(Array.from(within), Array.from(c, (x, i) => Math.fround(x + 0.7 * (a[i]! - x))), `move in place of ${size}`)
    meanInto(into, [a, b, c])
    assert.deepEqual(Array.from(into), Array.from(c, (x, i) => Math.fround((a[i]! + b[i]! + x) / 3)), `mean of ${size}`)
  }
})

test('a pull leaves what is behind its count, and numbers that are none stay none', () => {
  const values = Float32Array.of(1, NaN, Infinity, 4, 5)
  pull(values, Float32Array.of(0, 0, 0, 0, 0), 0.5, 3)
  assert.deepEqual(Array.from(values), [0.5, NaN, NaN, 4, 5]) // Infinity - Infinity / 2
})

test('Float64 vectors keep their digits', () => {
  const values = Float64Array.of(1, 2)
  pull(values, Float64Array.of(1 + 1e-12, 2), 0.5, 2)
  assert.deepEqual(values, Float64Array.of(1 - 0.5 * (1 - (1 + 1e-12)), 2))
  const into = new Float64Array(1)
  moveInto(into, Float64Array.of(1), 0.1, [{ of: Float32Array.of(2), less: Float64Array.of(1) }])
  assert.equal(into[0], 1 + 0.1)
  const ahead = { along: Float64Array.of(3), by: 0.3 }
  moveInto(into, Float64Array.of(1), 0.1, [{ of: Float64Array.of(2), less: Float64Array.of(1), ahead }])
  assert.equal(into[0], 1 + 0.1 * (2 + 0.3 * 3 - 1))
  meanInto(into, [Float64Array.of(0.1), Float64Array.of(0.2)])
  assert.equal(into[0], (0.1 + 0.2) / 2)
})
