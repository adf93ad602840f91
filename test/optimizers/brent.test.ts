import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBrent } from '../../src/optimizers/brent.js'
import { readFixture } from './problems.js'

const lines: Record<string, (t: number) => number> = {
  parabola: (t) => (t - 2) ** 2,
  'far parabola': (t) => (t + 3000) ** 2 + 5,
  quartic: (t) => t ** 4 - 3 * t ** 3 + 2,
  'two minima': (t) => (t * t - 1) ** 2 + 0.3 * t,
  kink: (t) => Math.abs(t - 0.3),
  wave: (t) => Math.cos(t) + 0.01 * t * t,
  flat: () => 7
}

interface Minimum { line: string, tolerance: number, t: number, value: number, evaluations: number }

test('createBrent: minimum and number of evaluations are SciPy\'s (fixtures/make.py)', () => {
  for (const { line, tolerance, t, value, evaluations } of readFixture<{ brent: Minimum[] }>('scipy.json').brent) {
    let calls = 0
    const found = createBrent(tolerance)((at) => {
      calls++
      return lines[line]!(at)
    })
    assert.equal(calls, found.evaluations, line)
    assert.ok(Math.abs(found.value - value) <= 1e-9 * (1 + Math.abs(value)), `${line}: value ${found.value}, SciPy ${value}`)
    if (line === 'flat') continue // any point is a minimum
    assert.equal(found.evaluations, evaluations, `${line} at ${tolerance}`)
    assert.ok(Math.abs(found.t - t) <= 1e-6 * (1 + Math.abs(t)), `${line}: t ${found.t}, SciPy ${t}`)
  }
})

test('createBrent: stays at 0 where nothing is lower, and NaN counts as too high', () => {
  const minimize = createBrent(1e-2)
  const alone = minimize((t) => (t === 0 ? 1 : NaN))
  assert.deepEqual([alone.t, alone.value], [0, 1])
  const walled = minimize((t) => (t > 0.5 ? NaN : (t - 0.4) ** 2))
  assert.ok(walled.value < 0.16 && walled.t <= 0.5)
})

test('createBrent: a line that falls without end gives its lowest finite point', () => {
  const { t, value } = createBrent(1e-2)((at) => -at)
  assert.ok(Number.isFinite(value) && value === -t && t > 1e6)
})
