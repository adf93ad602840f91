import assert from 'node:assert/strict'
import test from 'node:test'
import { magnitudesOf, transform } from '../../../../src/algorithms/kit/spectrum/dft.js'
import { createProjectionProbe, principalDirection, transformAt } from '../../../../src/algorithms/kit/spectrum/projection.js'
import { oneHot } from '../../../../src/algorithms/kit/spectrum/dataset-probe.js'
import { near, sines, uniform } from './helpers.js'

/** Rows +-s e about a mean for every axis e with its s: the covariance has the eigenvectors e and eigenvalues ~ s^2. */
function cross (axes: { along: number[], by: number }[], mean: number[]): Float64Array {
  return Float64Array.from(axes.flatMap(({ along, by }) => [by, -by].flatMap(s => mean.map((offset, k) => offset + s * along[k]!))))
}

test('principalDirection: is the eigenvector of the largest eigenvalue of a known covariance', () => {
  const axes = [
    { along: [2 / 3, -1 / 3, 2 / 3], by: 2 }, { along: [-2 / 3, -2 / 3, 1 / 3], by: 3 }, { along: [1 / 3, -2 / 3, -2 / 3], by: 2.5 }
  ]
  const direction = principalDirection(cross(axes, [10, -20, 3]), 6)
  const expected = [2 / 3, 2 / 3, -1 / 3] // its largest component is positive
  expected.forEach((value, k) => near(direction[k]!, value, 1e-6))
})

test('principalDirection: one feature, and one that varies among constants', () => {
  assert.deepEqual([...principalDirection(Float64Array.of(3, 1, 2), 3)], [1])
  assert.deepEqual([...principalDirection(Float64Array.of(1, 5, 1, 2, 1, -1), 3)], [0, 1])
})

test('principalDirection: maximises the variance among many directions', () => {
  const points = uniform(50 * 4, 'points').map((value, i) => value * (1 + i % 4))
  const varianceAlong = (direction: ArrayLike<number>) => {
    const along = Array.from({ length: 50 }, (_, i) => [0, 1, 2, 3].reduce((sum, k) => sum + points[4 * i + k]! * direction[k]!, 0))
    const mean = along.reduce((sum, value) => sum + value, 0) / 50
    return along.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  }
  const max = varianceAlong(principalDirection(points, 50))
  for (let i = 0; i < 500; i++) {
    const direction = uniform(4, `direction ${i}`).map(value => value - 0.5)
    assert.ok(varianceAlong(direction.map(value => value / Math.hypot(...direction))) <= max)
  }
})

test('transformAt: on a grid it is the DFT over N', () => {
  const samples = uniform(48, 'samples')
  const bins = [0, 1, 7, 23]
  const { re, im } = transformAt(Float64Array.from(samples, (_, j) => j / 48), samples, 1, bins)
  const expected = transform(samples, bins)
  bins.forEach((_, k) => {
    near(re[k]!, expected.re[k]! / 48, 1e-13)
    near(im[k]!, expected.im[k]! / 48, 1e-13)
  })
})

test('transformAt: points anywhere, outputs apart', () => {
  const { re, im } = transformAt(Float64Array.of(0.1, 0.7), Float64Array.of(2, 1, -1, 3), 2, [0.5])
  const angles = [Math.PI * 0.1, Math.PI * 0.7]
  near(re[0]!, (2 * Math.cos(angles[0]!) - Math.cos(angles[1]!)) / 2, 1e-15)
  near(im[1]!, -(Math.sin(angles[0]!) + 3 * Math.sin(angles[1]!)) / 2, 1e-15)
})

test('createProjectionProbe: points along a line in space have the spectrum of the line', () => {
  const count = 64
  const target = sines(count, [[2, 1, 0.5], [6, 1, 1]])
  const inputs = Float64Array.from({ length: count * 3 }, (_, i) => [3, -1, 2][i % 3]! * Math.floor(i / 3) + 5)
  // the range of the projection is N - 1 of the grid's N spacings
  const frequencies = [2, 6].map(k => k * (count - 1) / count)
  const probe = createProjectionProbe(inputs, target, { count, outputs: 1, frequencies, error: 'complex' })
  probe.bands.forEach(({ amplitude }, i) => near(amplitude, magnitudesOf(transform(target, [2, 6]))[i]! / count, 1e-12))
  const errors = probe.measure(sines(count, [[2, 0.5, 0.5], [6, 1, 1 + Math.PI]]))
  near(errors[0]!, 0.5, 1e-12)
  near(errors[1]!, 2, 1e-12)
})

test('createProjectionProbe: finds the peaks of the norm over outputs, and measures it', () => {
  const count = 200
  const inputs = Float64Array.from({ length: count }, (_, j) => j)
  const columns = [sines(count, [[3, 1, 0]]), sines(count, [[9, 2, 1]])]
  const rows = (factors: number[]) => Float64Array.from({ length: 2 * count }, (_, i) => factors[i % 2]! * columns[i % 2]![i >> 1]!)
  const probe = createProjectionProbe(inputs, rows([1, 1]), { count, outputs: 2, bins: 16, error: 'magnitude' })
  const keys = probe.bands.map(({ key }) => key)
  assert.ok(keys.includes('3') && keys.includes('9'), keys.join())
  const errors = probe.measure(rows([0.5, 1]))
  near(errors[keys.indexOf('3')]!, 0.5, 0.02) // a little of the other output leaks in: the scaled grid is not periodic
  near(errors[keys.indexOf('9')]!, 0, 0.02)
  assert.equal(probe.spectrum(rows([1, 1])).length, 16)
  probe.spectrum(rows([1, 1])).forEach(({ target, fit }) => near(fit, target, 1e-15))
})

/** 1,000 examples of ten classes along a line, and the labels of a wave of two periods or of chance. */
const line = uniform(1000, 'along')
const labelsOf = (at: (position: number, chance: number) => number) => {
  const chance = uniform(1000, 'labels')
  return oneHot(Int32Array.from(line, (position, i) => Math.floor(10 * at(position, chance[i]!))), 10)
}
const octaves = [1, 2, 4, 8, 16, 32]
const measured = (labels: Float64Array) =>
  createProjectionProbe(line, labels, { count: 1000, outputs: 10, frequencies: octaves, error: 'complex' })

test('createProjectionProbe: shuffled labels have the amplitude that the closed form gives, near 1 / sqrt(n) for ten classes', () => {
  const { bands } = measured(labelsOf((_, chance) => chance))
  for (const { shuffled, frequency } of bands) {
    // 1 / sqrt(1000) = 0.032, less what the mean takes; V / (n - 1) with V = 0.9; the median lies a little below the root of the mean
    near(shuffled!.median / 0.03, 1, 0.2)
    assert.ok(shuffled!.high > shuffled!.median && shuffled!.high < 0.045, `${frequency}: ${shuffled!.high}`)
  }
})

test('createProjectionProbe: keeps bands of the labels above the 95th percentile of shuffled ones, and of shuffled labels one of twenty', () => {
  const wave = measured(labelsOf((position, chance) => 0.5 + 0.4 * Math.sin(4 * Math.PI * position) + 0.09 * (chance - 0.5)))
  const kept = wave.bands.filter(({ isNoise }) => !isNoise).map(({ frequency }) => frequency)
  assert.ok(kept.includes(2) && !kept.includes(32), kept.join())
  const frequencies = Array.from({ length: 100 }, (_, k) => k + 1)
  const noise = createProjectionProbe(line.slice(0, 200), labelsOf((_, chance) => chance).slice(0, 2000), { count: 200, outputs: 10, frequencies, error: 'complex' })
  const above = noise.bands.filter(({ isNoise }) => !isNoise).length
  assert.ok(above <= 12, `${above} of 100`) // 5 +- 2.2 are expected: above 12 lies 1 of 700
})

test('createProjectionProbe: a constant has learned nothing of any frequency', () => {
  measured(labelsOf((_, chance) => chance ** 2)).measure(new Float64Array(10_000).fill(0.3)).forEach(error => near(error, 1, 1e-9))
})

test('createProjectionProbe: refuses what it cannot measure', () => {
  const count = 8
  const inputs = Float64Array.from({ length: count }, (_, j) => j)
  const options = { count, outputs: 1, error: 'complex' } as const
  assert.throws(() => createProjectionProbe(new Float64Array(8), inputs, options), /inputs must differ/)
  assert.throws(() => createProjectionProbe(inputs, new Float64Array(8), options), /must have a peak within its first 40 bins/)
  for (const frequencies of [[-1], [0], [2, 2], [NaN]]) {
    assert.throws(() => createProjectionProbe(inputs, inputs, { ...options, frequencies }), { code: 'invalid_spec' })
  }
  assert.throws(() => createProjectionProbe(inputs, new Float64Array(8).fill(0), { ...options, frequencies: [1] }), /got 1$/)
})
