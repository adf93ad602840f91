/** The barrier of the norm against its definition and central differences; the matrices of Newton's step against plain ones. */
import { normOf } from '../../../src/math/norms.js'
import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../../src/math/random.js'
import { createNormalMatrix } from '../../../src/optimizers/margin/kernels.js'
import { createNormCone } from '../../../src/optimizers/margin/norm-cone.js'

const orders = [1, 1.2, 2.5, 40, Infinity]

const dot = (a: Iterable<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, value, k) => sum + value * b[k]!, 0)

function close (value: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${value} for ${expected}`)
}

/** F as norm-cone.ts writes it, of x = (w, t, r). */
function literal (p: number, d: number, x: readonly number[]): number {
  const [a, b] = [1 / p, 1 - 1 / p]
  const t = x[d]!
  let sum = -Math.log(t - x.slice(d + 1).reduce((total, value) => total + value, 0))
  for (let j = 0; j < d; j++) {
    const r = x[d + 1 + j]!
    sum -= Math.log(r ** (2 * a) * t ** (2 * b) - x[j]! ** 2) + b * Math.log(r) + a * Math.log(t)
  }
  return sum
}

test('createNormCone: slope and reduced derivatives are those of the barrier, its r eliminated', () => {
  const d = 3
  for (const p of orders) {
    const cone = createNormCone(p, d)
    const w = Float64Array.of(0.7, -0.2, 0)
    cone.enter(w)
    assert.ok(cone.contains(w, cone.t, cone.r) && cone.t > normOf(w, p))
    const x = [...w, cone.t, ...cone.r]
    const n = x.length
    const h = 1e-4
    const shifted = (...steps: [number, number][]) => {
      const moved = [...x]
      for (const [k, by] of steps) moved[k]! += by
      return literal(p, d, moved)
    }
    const gradient = x.map((_, k) => (shifted([k, h * 1e-2]) - shifted([k, -h * 1e-2])) / (2e-2 * h))
    const hessian = x.map((_, k) => x.map((_, l) =>
      (shifted([k, h], [l, h]) - shifted([k, h], [l, -h]) - shifted([k, -h], [l, h]) + shifted([k, -h], [l, -h])) / (4 * h * h)))
    const step = x.map((_, k) => Math.sin(k + 1))
    const slope = cone.slope(w, cone.t, cone.r, Float64Array.from(step.slice(0, d)), step[d]!, Float64Array.from(step.slice(d + 1)))
    close(slope, dot(gradient, step), 1e-5)

    // A step dw, dt: dr is what makes the r rows of H dx + g = 0 hold; then rows w and t are the reduced ones
    const reduced = cone.reduce(w)
    const [dw, dt] = [Float64Array.of(0.02, 0.01, -0.03), 0.05]
    const eta = (reduced.gradientEta + reduced.tEta * dt + dot(reduced.toEta, dw)) / reduced.etaEta
    const dr = new Float64Array(d)
    cone.stepOfR(dw, dt, eta, 1, dr)
    const dx = [...dw, dt, ...dr]
    const full = gradient.map((value, k) => value + dot(dx, hessian[k]!))
    for (let k = d + 1; k < n; k++) close(full[k]!, 0, 1e-3)
    for (let j = 0; j < d; j++) {
      close(reduced.gradient[j]! + reduced.diagonal[j]! * dw[j]! + reduced.toT[j]! * dt + reduced.toEta[j]! * eta, full[j]!, 1e-3)
    }
    close(reduced.gradientT + reduced.tt * dt + dot(reduced.toT, dw) + reduced.tEta * eta, full[d]!, 1e-3)
  }
})

test('createNormalMatrix: solves Z W^-1 Z^T + D, whatever of it fills up tiles', () => {
  const random = openStream(1, 'normal')
  for (const [count, dimensions] of [[130, 300], [1, 1], [3, 5], [9, 2]] as const) {
    const points = Float64Array.from({ length: count * dimensions }, () => random.normal())
    const weights = Float64Array.from({ length: dimensions }, () => 0.1 + random.uniform())
    const diagonal = Float64Array.from({ length: count }, () => 0.1 + random.uniform())
    const x = Float64Array.from({ length: count }, () => random.normal())
    const z = Array.from({ length: count }, (_, i) => points.subarray(i * dimensions, (i + 1) * dimensions))
    const v = weights.map((weight, j) => weight * z.reduce((sum, row, i) => sum + x[i]! * row[j]!, 0))
    const side = x.map((value, i) => diagonal[i]! * value + dot(v, z[i]!))
    const matrix = createNormalMatrix(points, count, dimensions)
    matrix.setProducts(weights)
    assert.equal(matrix.factorize(diagonal), true)
    matrix.solve(side)
    for (let i = 0; i < count; i++) close(side[i]!, x[i]!, 1e-9)
    assert.equal(matrix.factorize(diagonal.map(() => -1e6)), false)
    matrix.close() // the next one has its memory, with what it left there
  }
})
