import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../../src/math/random.js'
import type { Rows } from '../../../src/optimizers/rows.js'
import { denseRows } from '../../../src/optimizers/rows/dense.js'
import { sparseRows } from '../../../src/optimizers/rows/sparse.js'

const scale = 1 / 255

/** Bytes of which every third is not 0, and their points by definition. */
function makeRows (count: number, dimensions: number) {
  const stream = openStream(1, 'rows', count, dimensions)
  const bytes = Uint8Array.from({ length: count * dimensions }, () => stream.integer(3) === 0 ? stream.integer(256) : 0)
  const signs = Int8Array.from({ length: count }, () => stream.integer(2) === 0 ? 1 : -1)
  const points = Float64Array.from(bytes, (byte, k) => signs[Math.floor(k / dimensions)]! * byte * scale)
  const normal = (length: number) => Float64Array.from({ length }, () => stream.normal())
  return { bytes, signs, points, w: normal(dimensions), weights: normal(count), into: normal(dimensions) }
}

for (const [count, dimensions] of [[1, 1], [3, 2], [17, 7], [40, 64], [9, 29]] as const) {
  test(`Rows: products of ${count} x ${dimensions} are their definition, in every form`, () => {
    const { bytes, signs, points, w, weights, into } = makeRows(count, dimensions)
    const forms: Record<string, Rows> = { dense: denseRows(points, dimensions), sparse: sparseRows(bytes, dimensions, { signs, scale }) }
    weights[0] = 0
    const products = Array.from({ length: count }, (_, i) => w.reduce((sum, value, k) => sum + value * points[i * dimensions + k]!, 0))
    const sums = into.map((value, k) => weights.reduce((sum, weight, i) => sum + weight * points[i * dimensions + k]!, value))
    for (const [name, rows] of Object.entries(forms)) {
      assert.deepEqual([rows.count, rows.dimensions], [count, dimensions])
      const got = new Float64Array(count)
      rows.multiply(w, got)
      products.forEach((product, i) => { assert.ok(Math.abs(got[i]! - product) < 1e-12, `${name} ${i}`) })
      const added = into.slice()
      rows.addWeighted(weights, added)
      sums.forEach((sum, k) => { assert.ok(Math.abs(added[k]! - sum) < 1e-12, `${name} ${k}`) })
      const row = new Float64Array(dimensions).fill(7)
      rows.copyRow(count - 1, row)
      row.forEach((value, k) => { assert.ok(Math.abs(value - points[(count - 1) * dimensions + k]!) < 1e-15, name) })
    }
  })
}
