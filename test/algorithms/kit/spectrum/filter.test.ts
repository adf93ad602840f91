import assert from 'node:assert/strict'
import test from 'node:test'
import { createFilterProbe } from '../../../../src/algorithms/kit/spectrum/filter.js'
import { oneHot } from '../../../../src/algorithms/kit/spectrum/dataset-probe.js'
import { openStream } from '../../../../src/math/random.js'
import { near, uniform } from './helpers.js'

// Inputs 0, 1, 3: squared distances 1, 4, 9, their mean 14/3. With width 3/28 delta is 1/2, so K_ij = exp(-d^2).
const inputs = Float64Array.of(0, 1, 3)
const width = 3 / 28
const target = Float64Array.of(1, 2, 4)
const [one, four, nine] = [Math.exp(-1), Math.exp(-4), Math.exp(-9)]
const smooth = ([a, b, c]: number[]) => [
  (a! + one * b! + nine * c!) / (1 + one + nine),
  (one * a! + b! + four * c!) / (one + 1 + four),
  (nine * a! + four * b! + c!) / (nine + four + 1)
]
const norm = (values: number[]) => Math.hypot(...values)
const centred = (values: number[]) => values.map(value => value - values.reduce((sum, other) => sum + other, 0) / values.length)

test('createFilterProbe: splits three points, less their mean, as computed by hand', () => {
  const probe = createFilterProbe(inputs, target, { widths: [width], outputs: 1 })
  const goal = centred([1, 2, 4])
  const low = smooth(goal)
  const high = goal.map((value, i) => value - low[i]!)
  assert.deepEqual(probe.bands.map(({ key }) => key), [`low ${width}`, `high ${width}`])
  near(probe.bands[0]!.amplitude, norm(low) / Math.sqrt(3), 1e-12)
  near(probe.bands[1]!.amplitude, norm(high) / Math.sqrt(3), 1e-12)

  const outputs = [0.5, 2.5, 3]
  const fit = centred(outputs)
  const fitLow = smooth(fit)
  const [eLow, eHigh] = probe.measure(Float64Array.from(outputs))
  near(eLow!, norm(fitLow.map((value, i) => value - low[i]!)) / norm(low), 1e-12)
  near(eHigh!, norm(fit.map((value, i) => value - fitLow[i]! - high[i]!)) / norm(high), 1e-12)
  near(probe.spectrum(Float64Array.from(outputs))[0]!.fit, norm(fitLow) / Math.sqrt(3), 1e-12)
})

test('createFilterProbe: a constant has learned nothing, whatever its value; the target itself has no error', () => {
  const probe = createFilterProbe(inputs, target, { widths: [width, 1], outputs: 1 })
  for (const value of [0, 7 / 3, 7]) probe.measure(Float64Array.of(value, value, value)).forEach(error => near(error, 1, 1e-12))
  assert.deepEqual([...probe.measure(target)], [0, 0, 0, 0])
  probe.measure(target.map(value => value + 3)).forEach(error => near(error, 0, 1e-12))
})

/** Labels of clouds of points about three centres, or the same labels in an order by chance. */
function makeClouds (count: number, isShuffled: boolean) {
  const stream = openStream(3, 'clouds')
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3)
  const points = Float64Array.from({ length: 2 * count }, (_, i) => 0.7 * stream.normal() + [0, 3, 1][(i >> 1) % 3]! * (i % 2 ? 1 : -1))
  const order = stream.permutation(count)
  return { points, labels: oneHot(isShuffled ? labels.map((_, i) => labels[order[i]!]!) : labels, 3) }
}

test('createFilterProbe: the low part of labels is more than that of shuffled ones at every width, that of shuffled ones is not', () => {
  const options = { widths: [0.05, 0.1, 0.2], outputs: 3 }
  const given = makeClouds(120, false)
  const shuffled = makeClouds(120, true)
  const noise = (points: Float64Array, labels: Float64Array) => createFilterProbe(points, labels, options).bands
    .filter(({ key }) => key.startsWith('low')).map(({ isNoise }) => isNoise)
  assert.deepEqual(noise(given.points, given.labels), [false, false, false])
  assert.deepEqual(noise(shuffled.points, shuffled.labels), [true, true, true])
  // before the means were taken off, saying how frequent classes are had most of a wide kernel's low part
  const prior = createFilterProbe(given.points, given.labels, options).measure(new Float64Array(360).fill(1 / 3))
  prior.forEach(error => near(error, 1, 1e-6))
})

test('createFilterProbe: the amplitudes of shuffled targets are those of the closed form', () => {
  // E |K P y|^2 = |y|^2 / (n - 1) (|K|_F^2 - 1) over permutations P, y less its mean, and of the rest likewise with |1 - K|_F^2
  const { points, labels } = makeClouds(60, true)
  const [low, high] = createFilterProbe(points, labels, { widths: [0.1], outputs: 3 }).bands
  const distance = (i: number, j: number) => (points[2 * i]! - points[2 * j]!) ** 2 + (points[2 * i + 1]! - points[2 * j + 1]!) ** 2
  const all = Array.from({ length: 60 }, (_, i) => Array.from({ length: 60 }, (_, j) => distance(i, j)))
  const mean = all.flat().reduce((sum, value) => sum + value, 0) / (60 * 59)
  const sumOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0)
  const kernel = all.map(row => row.map(value => Math.exp(-value / (0.2 * mean)))).map(row => row.map(value => value / sumOf(row)))
  const squares = (shift: number) => sumOf(kernel.flatMap((row, i) => row.map((value, j) => ((i === j ? shift : 0) - value) ** 2)))
  const energy = 60 * 2 / 3 // one-hot labels of three classes of one size, less their means
  // medians of 19 shuffles scatter by a few percent about the root of the mean
  near(low!.shuffled!.median / Math.sqrt(energy / 59 * (squares(0) - 1) / 60), 1, 0.1)
  near(high!.shuffled!.median / Math.sqrt(energy / 59 * squares(1) / 60), 1, 0.1)
  assert.ok(low!.shuffled!.high > low!.shuffled!.median)
})

test('createFilterProbe: several outputs are filtered one by one and measured together', () => {
  const points = uniform(20 * 3, 'points')
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(name => uniform(20, name)) as [Float64Array, Float64Array, Float64Array, Float64Array]
  const pair = (left: Float64Array, right: Float64Array) => Float64Array.from({ length: 40 }, (_, i) => (i % 2 ? right : left)[i >> 1]!)
  const options = { widths: [0.1], outputs: 1 }
  const left = createFilterProbe(points, a, options)
  const right = createFilterProbe(points, b, options)
  const both = createFilterProbe(points, pair(a, b), { ...options, outputs: 2 })
  const errors = both.measure(pair(c, d))
  both.bands.forEach(({ amplitude }, i) => {
    const parts = [left.measure(c)[i]! * left.bands[i]!.amplitude, right.measure(d)[i]! * right.bands[i]!.amplitude]
    near(errors[i]! * amplitude, norm(parts), 1e-12)
  })
})

test('createFilterProbe: bands ascend in frequency, all low parts below all high parts', () => {
  const { bands } = createFilterProbe(inputs, target, { widths: [1, 0.1, 4], outputs: 1 })
  assert.deepEqual(bands.map(({ key }) => key), ['low 4', 'low 1', 'low 0.1', 'high 4', 'high 1', 'high 0.1'])
  bands.forEach(({ frequency }, i) => assert.ok(frequency > (bands[i - 1]?.frequency ?? 0)))
})

test('createFilterProbe: units of the inputs do not matter', () => {
  const options = { widths: [0.2], outputs: 1 }
  const scaled = createFilterProbe(inputs.map(value => 50 - 10 * value), target, options)
  const fit = Float64Array.of(3, 0, 1)
  const expected = createFilterProbe(inputs, target, options).measure(fit)
  scaled.measure(fit).forEach((error, i) => near(error, expected[i]!, 1e-12))
})

test('createFilterProbe: a kernel too narrow to mix anything leaves out its high part', () => {
  const { bands } = createFilterProbe(inputs, target, { widths: [1e-4], outputs: 1 })
  assert.deepEqual(bands.map(({ key }) => key), ['low 0.0001'])
})

test('createFilterProbe: refuses kernels beyond its memory, equal inputs, and a target that is the same everywhere', () => {
  const many = new Float64Array(6000)
  assert.throws(() => createFilterProbe(many, many, { widths: [1], outputs: 1 }), /at most 268435456 bytes, got 288000000/)
  assert.throws(() => createFilterProbe(new Float64Array(3), target, { widths: [1], outputs: 1 }), { code: 'unmeasurable' })
  for (const value of [0, 0.1]) {
    assert.throws(() => createFilterProbe(inputs, new Float64Array(3).fill(value), { widths: [1], outputs: 1 }), { code: 'unmeasurable' })
  }
})
