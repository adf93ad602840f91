import assert from 'node:assert/strict'
import test from 'node:test'
import { createFilterProbe } from '../../../../src/algorithms/kit/spectrum/filter.js'
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

test('createFilterProbe: splits three points as computed by hand', () => {
  const probe = createFilterProbe(inputs, target, { widths: [width], outputs: 1 })
  const low = smooth([1, 2, 4])
  const high = [1 - low[0]!, 2 - low[1]!, 4 - low[2]!]
  assert.deepEqual(probe.bands.map(({ key }) => key), [`low ${width}`, `high ${width}`])
  near(probe.bands[0]!.amplitude, norm(low) / Math.sqrt(3), 1e-12)
  near(probe.bands[1]!.amplitude, norm(high) / Math.sqrt(3), 1e-12)

  const fit = [0.5, 2.5, 3]
  const fitLow = smooth(fit)
  const [eLow, eHigh] = probe.measure(Float64Array.from(fit))
  near(eLow!, norm(fitLow.map((value, i) => value - low[i]!)) / norm(low), 1e-12)
  near(eHigh!, norm(fit.map((value, i) => value - fitLow[i]! - high[i]!)) / norm(high), 1e-12)
  near(probe.spectrum(Float64Array.from(fit))[0]!.fit, norm(fitLow) / Math.sqrt(3), 1e-12)
})

test('createFilterProbe: a constant has no high part, the target itself no error', () => {
  const probe = createFilterProbe(inputs, target, { widths: [width, 1], outputs: 1 })
  const constant = probe.measure(Float64Array.of(7, 7, 7))
  probe.bands.forEach(({ key }, i) => { if (key.startsWith('high')) near(constant[i]!, 1, 1e-12) })
  assert.deepEqual([...probe.measure(target)], [0, 0, 0, 0])
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

test('createFilterProbe: refuses kernels beyond its memory, equal inputs, and a target of zeros', () => {
  const many = new Float64Array(6000)
  assert.throws(() => createFilterProbe(many, many, { widths: [1], outputs: 1 }), /at most 268435456 bytes, got 288000000/)
  assert.throws(() => createFilterProbe(new Float64Array(3), target, { widths: [1], outputs: 1 }), { code: 'unmeasurable' })
  assert.throws(() => createFilterProbe(inputs, new Float64Array(3), { widths: [1], outputs: 1 }), { code: 'unmeasurable' })
})
