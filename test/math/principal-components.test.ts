/** Eigenvectors and principal components: definitions checked by brute force, closed forms, both ways of finding them. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { symmetricEigen } from '../../src/math/eigen.js'
import { principalComponents } from '../../src/math/principal-components.js'
import { openStream } from '../../src/math/random.js'

function draw (size: number, purpose: string): Float64Array {
  const stream = openStream(11, purpose)
  return Float64Array.from({ length: size }, () => stream.normal())
}

const close = (a: number, b: number, tolerance: number, what: string) => assert.ok(Math.abs(a - b) <= tolerance, `${what}: ${a}, ${b}`)

test('symmetricEigen: A v = lambda v, v orthonormal, values descending, at sizes 1 to 40', () => {
  for (const n of [1, 2, 3, 7, 40]) {
    const half = draw(n * n, `matrix ${n}`)
    const a = half.map((value, at) => value + half[(at % n) * n + Math.floor(at / n)]!)
    const { values, vectors } = symmetricEigen(a)
    for (let i = 0; i < n; i++) {
      const v = vectors.subarray(i * n, (i + 1) * n)
      if (i > 0) assert.ok(values[i]! <= values[i - 1]!)
      for (let r = 0; r < n; r++) {
        const image = v.reduce((sum, x, c) => sum + a[r * n + c]! * x, 0)
        close(image, values[i]! * v[r]!, 1e-12 * n, `${n}, vector ${i}`) // rounding of n products of size about 1
      }
      for (let j = 0; j <= i; j++) close(v.reduce((sum, x, c) => sum + x * vectors[j * n + c]!, 0), i === j ? 1 : 0, 1e-13 * n, 'orthonormal')
      assert.ok(v.reduce((best, x) => Math.abs(x) > Math.abs(best) ? x : best, 0) > 0, 'its largest component is positive')
    }
  }
})

test('symmetricEigen: the second difference of n points has the values 2 - 2 cos(pi k / (n + 1))', () => {
  const n = 9
  const a = Float64Array.from({ length: n * n }, (_, at) => [2, -1][Math.abs(Math.floor(at / n) - at % n)] ?? 0)
  symmetricEigen(a).values.forEach((value, i) => close(value, 2 - 2 * Math.cos(Math.PI * (n - i) / (n + 1)), 1e-13, `value ${i}`))
})

test('symmetricEigen: equal values, zeros and what is no symmetric matrix', () => {
  assert.deepEqual(Array.from(symmetricEigen(Float64Array.of(3, 0, 0, 3)).values), [3, 3])
  assert.deepEqual(Array.from(symmetricEigen(new Float64Array(9)).values), [0, 0, 0])
  assert.throws(() => symmetricEigen(new Float64Array(6)), /matrix must be square, got 6/)
  assert.throws(() => symmetricEigen(Float64Array.of(1, NaN, NaN, 1)), /must be finite/)
})

test('principalComponents: eigenvectors of the covariance by its definition, from it and from inner products alike', () => {
  const [n, d, k] = [12, 5, 3]
  // 12 examples of 5 numbers take the covariance; their transpose, 5 of 12, inner products
  for (const [count, width] of [[n, d], [d, n]] as const) {
    const examples = draw(count * width, `examples ${count}`).map((value, at) => value * (1 + at % width) + 100)
    const { mean, directions, variances } = principalComponents(examples, count, k)
    const covariance = (a: number, b: number) => Array.from({ length: count }, (_, i) =>
      (examples[i * width + a]! - mean[a]!) * (examples[i * width + b]! - mean[b]!)).reduce((sum, x) => sum + x, 0) / count
    for (let c = 0; c < k; c++) {
      const direction = directions.subarray(c * width, (c + 1) * width)
      close(Math.hypot(...direction), 1, 1e-13, 'length')
      for (let a = 0; a < width; a++) {
        const image = direction.reduce((sum, x, b) => sum + covariance(a, b) * x, 0)
        close(image, variances[c]! * direction[a]!, 1e-10, `component ${c}`)
      }
    }
    assert.ok(variances[0]! > variances[1]! && variances[1]! > variances[2]!)
  }
})

test('principalComponents: points along a line have one direction, and a second is refused', () => {
  const along = [-2, 0, 1, 4]
  const examples = Float64Array.from(along.flatMap(t => [1 - 3 * t, 2 + 4 * t]))
  const { mean, directions, variances } = principalComponents(examples, 4, 1)
  assert.deepEqual(Array.from(directions, value => Number(value.toFixed(12))), [-0.6, 0.8])
  close(mean[0]!, 1 - 3 * 0.75, 1e-12, 'mean')
  close(variances[0]!, 25 * along.reduce((sum, t) => sum + (t - 0.75) ** 2, 0) / 4, 1e-10, 'variance')
  assert.throws(() => principalComponents(examples, 4, 2), /must vary in 2 directions or more, got 1/)
  assert.throws(() => principalComponents(new Float64Array(300 * 300), 300, 2), /at most 256, got 300 of 300 numbers/)
})
