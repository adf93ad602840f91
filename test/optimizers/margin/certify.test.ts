/** The proof of margins: its projection onto balls by what a nearest point fulfils, and bounds that hold whatever they are made of. */
import { dualOf } from '../../../src/math/norms.js'
import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../../src/math/random.js'
import { certifyDual, certifyMixed, project } from '../../../src/optimizers/margin/certify.js'
import { denseRows } from '../../../src/optimizers/rows/dense.js'

const orders = [1, 1.01, 1.5, 2, 3, 50, 1000, Infinity]
const lengthOf = (w: Float64Array, p: number) => {
  const most = Math.max(...w.map(Math.abs))
  return p === Infinity ? most : most * w.reduce((sum, value) => sum + (Math.abs(value) / most) ** p, 0) ** (1 / p)
}
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, j) => sum + value * b[j]!, 0)

test('project: no point of the ball lies on the outer side of the nearest one', () => {
  const random = openStream(1, 'project')
  const normal = (scale: number) => Float64Array.from({ length: 7 }, () => scale * random.normal())
  for (const q of orders) {
    for (const scale of [1e-3, 1, 1e4]) {
      const v = normal(scale)
      const radius = 0.3 * lengthOf(v, q)
      const e = project(v, q, radius)
      const out = v.map((value, j) => value - e[j]!)
      assert.ok(lengthOf(e, q) <= radius * (1 + 1e-14))
      // the ball's support function: max over |y|_q <= radius of out . y is radius |out|_p, and e reaches it
      const most = radius * lengthOf(out, dualOf(q))
      assert.ok(Math.abs(dot(out, e) - most) <= 1e-7 * most, `q ${q}, scale ${scale}: ${dot(out, e)} of ${most}`)
    }
  }
})

test('project: what lies in the ball stays, and a ball without radius is 0', () => {
  assert.deepEqual(project(Float64Array.of(0.3, -0.2), 3, 1), Float64Array.of(0.3, -0.2))
  assert.deepEqual(project(Float64Array.of(0.3, -0.2), 3, 0), Float64Array.of(0, 0))
  assert.deepEqual(project(Float64Array.of(3, -1), Infinity, 2), Float64Array.of(2, -1))
  assert.deepEqual(Array.from(project(Float64Array.of(3, -1), 1, 2), Math.abs), [2, 0])
})

test('certifyMixed and certifyDual: whatever directions and weights are, no margin is above a bound', () => {
  const random = openStream(2, 'bounds')
  const rows = denseRows(Float64Array.from({ length: 30 * 4 }, (_, at) => random.normal() + (at % 4 === 0 ? 4 : 0)), 4)
  for (const q of orders) {
    for (let i = 0; i < 20; i++) {
      const w = Float64Array.from({ length: 4 }, (_, j) => random.normal() + (j === 0 ? 3 : 0))
      const weights = Array.from({ length: 30 }, (_, row) => ({ row, weight: random.uniform() ** 8 }))
      const mixed = certifyMixed(rows, q, 0.5, w, weights)
      const dual = certifyDual(rows, q, w, weights)
      assert.ok(mixed.margin <= mixed.bound && dual.margin <= dual.bound)
    }
  }
  assert.throws(() => certifyDual(rows, 2, new Float64Array(4).fill(1), [{ row: 0, weight: -1 }, { row: 1, weight: 2 }]), RangeError)
})
