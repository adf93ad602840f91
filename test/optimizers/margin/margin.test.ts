/** Largest margins against closed forms, brute force over angles in the plane, and what optima have to fulfil anywhere. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../../src/math/random.js'
import { gammaQ, largestMargin, type LargestMargin, type NotSeparable } from '../../../src/optimizers/margin.js'
import { denseRows } from '../../../src/optimizers/rows/dense.js'
import type { Rows } from '../../../src/optimizers/rows.js'

const GAP = 1e-8
const orders = [1, 1.5, 2, 3, 100, Infinity]
const u = [Math.SQRT1_2, Math.SQRT1_2]
const v = [-Math.SQRT1_2, Math.SQRT1_2]
const at = (along: number, across: number) => [0, 1].map(k => along * u[k]! + across * v[k]!)
const dual = (q: number) => q === Infinity ? 1 : q === 1 ? Infinity : q / (q - 1)
const lengthOf = (w: ArrayLike<number>, p: number) => {
  const all = Array.from(w, Math.abs)
  return p === Infinity ? Math.max(...all) : all.reduce((sum, value) => sum + value ** p, 0) ** (1 / p)
}
const make = (points: readonly (readonly number[])[]): Rows => denseRows(Float64Array.from(points.flat()), points[0]!.length)

function close (value: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(value - expected) <= tolerance, `${value} for ${expected}`)
}

function found (verdict: LargestMargin | NotSeparable): LargestMargin {
  assert.ok(verdict.separable)
  assert.ok(verdict.gap <= GAP && verdict.gap >= -1e-12, `gap ${verdict.gap}`)
  return verdict
}

/** The forty points of paper 4's oracle: gamma = 1 at u, reached by two of them. */
const forty = [at(1, 3), at(1, -0.4), ...Array.from({ length: 38 }, (_, k) => at(2 + 0.15 * k, (-1) ** k * 0.2 * k))]

test('largestMargin: one point is its own direction, of which an l-infinity ball takes the radius off every number', () => {
  const point = make([[3, 1]])
  close(found(largestMargin(point)).margin, Math.sqrt(10), 1e-14)
  const { direction, margin, supports } = found(largestMargin(point, { q: Infinity, radius: 0.5 }))
  close(direction[0]!, 2.5 / Math.hypot(2.5, 0.5), 1e-8)
  close(direction[1]!, 0.5 / Math.hypot(2.5, 0.5), 1e-8)
  close(margin, Math.hypot(2.5, 0.5), 1e-8)
  assert.deepEqual(supports, [{ row: 0, weight: 1 }])
  // z - c s(z_k) for |z_k| > c, 0 for the others
  const clipped = found(largestMargin(make([[3, -1, 0.2]]), { q: Infinity, radius: 1.5 }))
  close(clipped.margin, 1.5, 1e-8)
  close(clipped.direction[0]!, 1, 1e-8)
})

test('gammaQ: of one point it is its length in the norm q', () => {
  for (const q of orders) close(found(gammaQ(make([[3, 1]]), q)).bound, lengthOf([3, 1], q), 4e-8)
})

test('largestMargin: two support vectors reach it, with the weights that balance them', () => {
  const { margin, direction, supports } = found(largestMargin(make([at(2, 3), at(2, -0.4)])))
  close(margin, 2, 2e-8)
  close(direction[0]!, Math.SQRT1_2, 1e-7)
  assert.deepEqual(supports.map(({ row }) => row), [0, 1])
  close(supports[0]!.weight, 0.4 / 3.4, 1e-7)
})

test('largestMargin: of the forty points it is 1 at (1, 1) / sqrt 2, whatever of it an l2 ball takes', () => {
  for (const radius of [0, 0.5, 0.999]) {
    const { margin, direction, supports } = found(largestMargin(make(forty), { q: 2, radius }))
    close(margin, 1 - radius, 1e-8)
    close(direction[0]!, Math.SQRT1_2, 1e-7)
    assert.deepEqual(supports.map(({ row }) => row), [0, 1])
  }
})

test('largestMargin and gammaQ: are what all angles say, for every norm and radius', () => {
  const random = openStream(1, 'angles')
  for (let set = 0; set < 3; set++) {
    const scale = 10 ** set
    const points = Array.from({ length: 12 }, () => [1, 0.6].map(mean => (mean + random.normal() * 0.4) * scale))
    const rows = make(points)
    for (const q of orders) {
      const p = dual(q)
      const ratio = (angle: number) => leastAt(points, angle) / lengthOf([Math.cos(angle), Math.sin(angle)], p)
      const gamma = found(gammaQ(rows, q))
      close(gamma.margin, best(ratio), 2e-8 * gamma.margin)
      close(lengthOf(gamma.direction, p), 1, 1e-12)
      for (const part of [0.1, 0.6, 0.99]) {
        const radius = part * gamma.margin
        const reached = (angle: number) => leastAt(points, angle) - radius * lengthOf([Math.cos(angle), Math.sin(angle)], p)
        const { margin, bound, direction } = found(largestMargin(rows, { q, radius }))
        const brute = best(reached)
        assert.ok(brute <= bound * (1 + 1e-12) && brute >= margin * (1 - 1e-9), `q ${q} part ${part}: ${margin} to ${bound}, ${brute} by brute force`)
        close(reached(Math.atan2(direction[1]!, direction[0]!)), margin, 1e-12 * scale)
      }
    }
  }
})

test('largestMargin: random points in ten dimensions fulfil what optima fulfil', () => {
  const random = openStream(2, 'margins')
  for (const q of orders) {
    const points = Array.from({ length: 60 }, () => Array.from({ length: 10 }, (_, j) => random.normal() + (j < 3 ? 2 - j / 2 : 0)))
    const rows = make(points)
    const radius = 0.5 * found(gammaQ(rows, q)).margin
    const { direction, margin, supports } = found(largestMargin(rows, { q, radius }))
    const p = dual(q)
    const marginOf = (row: number) => dotOf(points[row]!, direction) - radius * lengthOf(direction, p)
    // complementary: every point that has a weight lies on the margin
    for (const { row, weight } of supports) if (weight > 1e-3) close(marginOf(row), margin, 1e-5)
    close(supports.reduce((sum, { weight }) => sum + weight, 0), 1, 1e-12)
    // stationary: margin u = sum a z - radius e, where e . u = |u|_p and |e|_q = 1
    const combined = Array.from({ length: 10 }, (_, j) => supports.reduce((sum, { row, weight }) => sum + weight * points[row]![j]!, 0))
    const e = combined.map((value, j) => (value - margin * direction[j]!) / radius)
    close(lengthOf(e, q), 1, 1e-3)
    close(dotOf(e, direction), lengthOf(direction, p), 1e-3)
  }
})

test('largestMargin: hundreds of points more than it takes at once, and duplicates of them', () => {
  const random = openStream(3, 'many')
  const points = Array.from({ length: 700 }, () => Array.from({ length: 12 }, (_, j) => random.normal() + (j === 0 ? 5 : 0)))
  const few = found(largestMargin(make(points)))
  const twice = found(largestMargin(make([...points, ...points])))
  close(twice.margin, few.margin, 2e-8 * few.margin)
  const products = points.map(point => dotOf(point, few.direction))
  close(Math.min(...products), few.margin, 1e-12)
})

test('gammaQ: light weights that only together prove the bound are among the supports', () => {
  const random = openStream(0, 'margins')
  const [count, dimensions] = [60, 40]
  const truth = Float64Array.from({ length: dimensions }, () => random.normal())
  const points = Array.from({ length: count }, () => {
    const lit = Array.from(truth, () => random.uniform() < 0.25 ? random.integer(256) / 255 : 0)
    return lit.map(value => value * Math.sign(dotOf(lit, truth)))
  })
  const { bound, supports } = found(gammaQ(make(points), Infinity))
  const v = truth.map((_, j) => supports.reduce((sum, { row, weight }) => sum + weight * points[row]![j]!, 0))
  close(lengthOf(v, Infinity), bound, 1e-15)
})

test('largestMargin and gammaQ: no margin is said, with a point of the hull at 0, where no line separates', () => {
  const points = [[3, 1, 0.5], [-1, -2, 0.1], [-1, 1, 0], [0, 0.2, -0.3]]
  const others = [[[2, 1], [-2, -1]], [[0, 0]]].map(few => largestMargin(make(few)))
  const verdicts = [largestMargin(make(points)), ...others, ...orders.map(q => gammaQ(make(points), q))]
  for (const [i, verdict] of verdicts.entries()) {
    assert.ok(!verdict.separable, `case ${i}`)
    if (i === 1 || i === 2) continue
    const at = [0, 1, 2].map(j => verdict.supports.reduce((sum, { row, weight }) => sum + weight * points[row]![j]!, 0))
    assert.ok(lengthOf(at, 2) < 1e-6, `case ${i}: ${at}`)
  }
})

test('largestMargin: a radius of gamma_q or more leaves none', () => {
  for (const q of orders) {
    const rows = make([[3, 1], [2, 2]])
    const gamma = found(gammaQ(rows, q)).margin
    assert.equal(largestMargin(rows, { q, radius: 1.01 * gamma }).separable, false, `${q}`)
    assert.equal(largestMargin(rows, { q, radius: 0.99 * gamma }).separable, true, `${q}`)
  }
})

function dotOf (a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, j) => sum + value * b[j]!, 0)
}

function leastAt (points: readonly (readonly number[])[], angle: number): number {
  return Math.min(...points.map(([x, y]) => x! * Math.cos(angle) + y! * Math.sin(angle)))
}

/** The largest value of a quasi-concave function of the angle: on a grid, then by ever finer ones around the best. */
function best (of: (angle: number) => number): number {
  let [centre, width] = [0, Math.PI]
  while (width > 1e-12) {
    const angles = Array.from({ length: 41 }, (_, k) => centre + width * (k / 20 - 1))
    centre = angles.reduce((top, angle) => of(angle) > of(top) ? angle : top)
    width /= 8
  }
  return of(centre)
}
