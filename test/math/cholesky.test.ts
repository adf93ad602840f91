import assert from 'node:assert/strict'
import test from 'node:test'
import { factorize, solveLower, solveUpper } from '../../src/math/cholesky.js'
import { openStream } from '../../src/math/random.js'

const close = (value: number, expected: number) => assert.ok(Math.abs(value - expected) < 1e-12 * Math.max(1, Math.abs(expected)), `${value} for ${expected}`)

test('factorize: is the factor known by hand, and leaves what lies above the diagonal', () => {
  // [[4, 12, -16], [12, 37, -43], [-16, -43, 98]] = L L^T with L = [[2], [6, 1], [-8, 5, 3]]
  const matrix = Float64Array.of(4, 7, 7, 12, 37, 7, -16, -43, 98)
  assert.equal(factorize(matrix, 3), true)
  assert.deepEqual(Array.from(matrix), [2, 7, 7, 6, 1, 7, -8, 5, 3])
})

test('factorize: says so when a matrix is not positive definite', () => {
  assert.equal(factorize(Float64Array.of(1, 0, 2, 1), 2), false) // eigenvalues 3 and -1
  assert.equal(factorize(Float64Array.of(NaN), 1), false)
})

test('solveLower: y.y is b^T A^-1 b for every side, and L L^T is A again', () => {
  const size = 9
  const random = openStream(1, 'cholesky')
  const root = Float64Array.from({ length: size * size }, () => random.normal())
  const entry = (m: Float64Array, i: number, j: number) => m[i * size + j]!
  const gram = Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size]
    let sum = i === j ? 0.5 : 0
    for (let k = 0; k < size; k++) sum += entry(root, i, k) * entry(root, j, k)
    return sum
  })
  const lower = gram.slice()
  assert.equal(factorize(lower, size), true)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = 0; k <= j; k++) sum += entry(lower, i, k) * entry(lower, j, k)
      close(sum, entry(gram, i, j))
    }
  }
  // b = A x, so that b^T A^-1 b = x.b
  const x = Float64Array.from({ length: 3 * size }, () => random.normal())
  const b = x.map((_, at) => {
    const [side, i] = [Math.floor(at / size), at % size]
    return Array.from({ length: size }, (_, j) => entry(gram, i, j) * x[side * size + j]!).reduce((sum, value) => sum + value)
  })
  const y = b.slice()
  solveLower(lower, size, y)
  for (let side = 0; side < 3; side++) {
    const dot = (left: Float64Array, right: Float64Array) =>
      Array.from({ length: size }, (_, i) => left[side * size + i]! * right[side * size + i]!).reduce((sum, value) => sum + value)
    close(dot(y, y), dot(x, b))
  }
})

test('solveUpper: after solveLower it is A^-1 b, for every side', () => {
  const lower = Float64Array.of(2, 0, 0, 6, 1, 0, -8, 5, 3) // of the first test's A
  const sides = new Float64Array(6)
  const [x, y] = [[1, 2, 4.5], [1, 0, 0]]
  const a = [[4, 12, -16], [12, 37, -43], [-16, -43, 98]]
  for (const [side, answer] of [x, y].entries()) {
    sides.set(a.map(row => row.reduce((sum, value, j) => sum + value * answer[j]!, 0)), side * 3)
  }
  solveLower(lower, 3, sides)
  solveUpper(lower, 3, sides)
  for (const [i, value] of [...x, ...y].entries()) close(sides[i]!, value)
})
