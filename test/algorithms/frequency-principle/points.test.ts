import assert from 'node:assert/strict'
import test from 'node:test'
import { pictureNames } from '../../../src/algorithms/frequency-principle/function/spec.js'
import { makePoints, openProbe, type FunctionTarget } from '../../../src/algorithms/frequency-principle/function/points.js'
import { makeSpec, sines } from './helpers.js'

function open (target: object, spectrum: object = {}) {
  const spec = makeSpec({ target, spectrum })
  const fitting = makePoints(spec.target as FunctionTarget)
  return { ...fitting, probe: openProbe(spec, spec.target as FunctionTarget, fitting) }
}

test('makePoints: the grid is half-open from -pi, and sines have their amplitude, frequency and phase', () => {
  const { x, y, inputs } = open({ type: 'sines', terms: [{ frequency: 2, amplitude: 3, phase: 0.5 }], points: 16 })
  assert.equal(inputs, 1)
  assert.equal(x[0], -Math.PI)
  assert.ok(Math.abs(x[15]! - (Math.PI - Math.PI / 8)) < 1e-15)
  y.forEach((value, j) => assert.ok(Math.abs(value - 3 * Math.sin(2 * x[j]! + 0.5)) < 1e-14))
})

test('openProbe: bands of sines are their frequencies, ascending, with their amplitudes, also where two are neighbours', () => {
  const { probe } = open(sines([5, 2, 3], { amplitudes: [2, 1, 0.5] }))
  assert.deepEqual(probe.bands.map(({ key }) => key), ['2', '3', '5'])
  probe.bands.forEach(({ amplitude }, i) => assert.ok(Math.abs(amplitude - [1, 0.5, 2][i]!) < 1e-12))
})

test('openProbe: step and triangle have odd frequencies with the amplitudes of their Fourier series', () => {
  const cases: [string, (k: number) => number][] = [
    ['step', k => 4 / (Math.PI * k)], ['triangle', k => 8 / (Math.PI * k) ** 2]
  ]
  for (const [type, amplitude] of cases) {
    const { bands } = open({ type, points: 4096 }).probe
    assert.deepEqual(bands.slice(0, 4).map(({ frequency }) => frequency), [1, 3, 5, 7], type)
    for (const band of bands.slice(0, 4)) assert.ok(Math.abs(band.amplitude / amplitude(band.frequency) - 1) < 1e-4, type)
  }
})

test('openProbe: given frequencies are followed in place of the peaks', () => {
  const values = Array.from({ length: 64 }, (_, j) => Math.sin(2 * Math.PI * j / 64) + Math.sin(2 * Math.PI * 9 * j / 64))
  const keys = (spectrum: object) => open({ type: 'samples', values }, spectrum).probe.bands.map(({ key }) => key)
  assert.deepEqual(keys({}), ['1', '9'])
  assert.deepEqual(keys({ bins: 6 }), ['1'])
  assert.deepEqual(keys({ frequencies: [9] }), ['9'])
})

test('makePoints: a picture has a point per pixel, rows from top to bottom, coordinates in [-1, 1)', () => {
  const pixels = Array.from({ length: 8 }, (_, r) => Array.from({ length: 12 }, (_, c) => (r * 12 + c) / 96))
  const { inputs, x, y, picture } = open({ type: 'image', pixels, bands: 2 })
  assert.deepEqual([inputs, picture, y.length], [2, { height: 8, width: 12 }, 96])
  assert.deepEqual(Array.from(x.subarray(0, 4)), [-1, -1, -1 + 2 / 12, -1])
  assert.deepEqual([x[2 * 95], x[2 * 95 + 1]], [-1 + 22 / 12, 0.75])
  assert.equal(y[13], 13 / 96)
})

test('makePoints: drawn pictures are grey values with something in at least two bands', () => {
  for (const picture of pictureNames) {
    const { y, probe } = open({ type: 'image', picture })
    assert.ok(y.every(value => value >= 0 && value <= 1.05), picture)
    assert.ok(probe.bands.length >= 2, picture)
  }
})
