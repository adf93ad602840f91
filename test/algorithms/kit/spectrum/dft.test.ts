import assert from 'node:assert/strict'
import test from 'node:test'
import { createGridProbe, findPeaks, magnitudesOf, transform } from '../../../../src/algorithms/kit/spectrum/dft.js'
import { openStream } from '../../../../src/math/random.js'
import { near, sines, uniform } from './helpers.js'

test('transform: a sine with a phase has N A / 2 (sin phase - i cos phase) in its bin and nothing elsewhere', () => {
  const count = 64
  const { re, im } = transform(sines(count, [[5, 3, 0.7]]), Array.from({ length: 33 }, (_, k) => k))
  near(re[5]!, 96 * Math.sin(0.7), 1e-11)
  near(im[5]!, -96 * Math.cos(0.7), 1e-11)
  for (let k = 0; k <= 32; k++) if (k !== 5) near(Math.hypot(re[k]!, im[k]!), 0, 1e-11)
})

test('transform: is the sum of its definition, also for odd N and bins above N / 2', () => {
  const samples = uniform(37, 'samples')
  const { re, im } = transform(samples, [0, 1, 18, 36])
  ;[0, 1, 18, 36].forEach((k, i) => {
    near(re[i]!, samples.reduce((sum, value, j) => sum + value * Math.cos(2 * Math.PI * j * k / 37), 0), 1e-11)
    near(im[i]!, samples.reduce((sum, value, j) => sum - value * Math.sin(2 * Math.PI * j * k / 37), 0), 1e-11)
  })
})

test('transform: keeps the energy (Parseval)', () => {
  const samples = uniform(128, 'samples')
  const energy = magnitudesOf(transform(samples, Array.from({ length: 128 }, (_, k) => k))).reduce((sum, size) => sum + size ** 2, 0)
  near(energy / 128, samples.reduce((sum, value) => sum + value ** 2, 0), 1e-11)
})

test('findPeaks: strict local maxima without the ends, above the noise', () => {
  assert.deepEqual(findPeaks(Float64Array.of(9, 1, 3, 2, 5, 5, 1, 2)), [2])
  assert.deepEqual(findPeaks(Float64Array.of(0, 1, 1e-7, 9e-7, 1e-7, 2e-6, 0)), [1, 5])
  assert.deepEqual(findPeaks(Float64Array.of(0, 1, 1 + 1e-12, 0)), [])
})

test('createGridProbe: finds the peaks of a sum of sines, from bin 1, with their amplitudes', () => {
  const { bands } = createGridProbe(sines(128, [[1, 1, 0], [9, 0.5, 2], [5, 2, 1]]), { error: 'complex' })
  assert.deepEqual(bands.map(({ key, frequency }) => [key, frequency]), [['1', 1], ['5', 5], ['9', 9]])
  bands.forEach(({ amplitude }, i) => near(amplitude, [1, 2, 0.5][i]!, 1e-12))
})

test('createGridProbe: a constant and the highest frequency have their own amplitude', () => {
  const target = Float64Array.from({ length: 32 }, (_, j) => 2 + Math.sin(2 * Math.PI * 3 * j / 32) + 0.25 * (-1) ** j)
  const { bands } = createGridProbe(target, { frequencies: [16, 0, 3], error: 'complex' })
  assert.deepEqual(bands.map(({ frequency }) => frequency), [0, 3, 16])
  bands.forEach(({ amplitude }, i) => near(amplitude, [2, 1, 0.25][i]!, 1e-12))
})

test('createGridProbe: the complex error is that of closed forms', () => {
  const probe = createGridProbe(sines(64, [[1, 1, 0], [5, 1, 0.3]]), { error: 'complex' })
  const errors = (terms: [number, number, number][]) => probe.measure(sines(64, terms))
  const expect = (actual: Float64Array, ...expected: number[]) => expected.forEach((value, i) => near(actual[i]!, value, 1e-12))
  expect(errors([[1, 1, 0], [5, 1, 0.3]]), 0, 0)
  expect(errors([]), 1, 1)
  expect(errors([[1, 0.75, 0], [5, 3, 0.3]]), 0.25, 2)
  expect(errors([[1, 1, 0.4], [5, 1, 0.3 + Math.PI]]), 2 * Math.sin(0.2), 2) // |exp(i a) - 1| = 2 sin(a / 2)
  expect(errors([[1, 1, 0], [5, 1, 0.3], [7, 4, 0]]), 0, 0)
})

test('createGridProbe: the magnitude error does not see the phase and has the published offset', () => {
  const probe = createGridProbe(sines(64, [[1, 1, 0], [5, 1, 0]]), { error: 'magnitude' })
  const [first, second] = probe.measure(sines(64, [[1, 1, 2], [5, 0.25, 1]]))
  near(first!, 0, 1e-12)
  near(second!, 24 / (1e-5 + 32), 1e-12)
})

test('createGridProbe: the spectrum has the amplitudes of target and fit in the first bins', () => {
  const probe = createGridProbe(sines(64, [[2, 1, 0]]), { bins: 8, error: 'complex' })
  const spectrum = probe.spectrum(sines(64, [[2, 0.5, 0], [6, 3, 1]]))
  assert.deepEqual(spectrum.map(({ frequency }) => frequency), [0, 1, 2, 3, 4, 5, 6, 7])
  spectrum.forEach(({ target, fit }, k) => {
    near(target, k === 2 ? 1 : 0, 1e-12)
    near(fit, k === 2 ? 0.5 : k === 6 ? 3 : 0, 1e-12)
  })
})

test('createGridProbe: looks for peaks in the first bins only, never beyond N / 2', () => {
  const target = sines(32, [[1, 1, 0], [12, 1, 0]])
  assert.deepEqual(createGridProbe(target, { bins: 10, error: 'complex' }).bands.map(({ key }) => key), ['1'])
  assert.deepEqual(createGridProbe(target, { bins: 500, error: 'complex' }).bands.map(({ key }) => key), ['1', '12'])
})

test('createGridProbe: refuses what it cannot measure', () => {
  const target = sines(32, [[3, 1, 0]])
  for (const frequencies of [[17], [1.5], [-1], [3, 3]]) {
    assert.throws(() => createGridProbe(target, { frequencies, error: 'complex' }), { code: 'invalid_spec' }, String(frequencies))
  }
  for (const frequencies of [[4], []]) {
    assert.throws(() => createGridProbe(target, { frequencies, error: 'complex' }), { code: 'unmeasurable' }, String(frequencies))
  }
  assert.throws(() => createGridProbe(new Float64Array(32), { error: 'complex' }), /must have a peak within its first 17 bins/)
  assert.throws(() => createGridProbe(target, { frequencies: [4], error: 'complex' }), /got 4$/)
})

test('createGridProbe: noise has no more peaks than every second bin, each of them a band', () => {
  const stream = openStream(1, 'noise')
  const { bands } = createGridProbe(Float64Array.from({ length: 256 }, () => stream.normal()), { error: 'complex' })
  assert.ok(bands.length > 5 && bands.length <= 19)
})
