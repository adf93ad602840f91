import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parabolaStep } from '../../src/optimizers/descent.js'
import { maxTrials, searchMoreThuente, type Line } from '../../src/optimizers/more-thuente.js'

/** [phi, phi'] */
type Function = (t: number) => [number, number]

/** Functions 1, 2 and 4 of Moré and Thuente (1994), section 5, and two more. Slopes at 0 are negative. */
const functions: Record<string, Function> = {
  'concave at first': (t) => [-t / (t * t + 2), (t * t - 2) / (t * t + 2) ** 2],
  'flat at first': (t) => [(t + 0.004) ** 5 - 2 * (t + 0.004) ** 4, 5 * (t + 0.004) ** 4 - 8 * (t + 0.004) ** 3],
  'steep at both ends': (t) => {
    const a = Math.hypot(1 - t, 0.001)
    const b = Math.hypot(t, 0.001)
    return [0.999 * a + 0.001 * b, -0.999 * (1 - t) / a + 0.001 * t / b]
  },
  parabola: (t) => [(t - 3) ** 2, 2 * (t - 3)],
  waves: (t) => [t * t / 50 - t + 2 * Math.cos(3 * t) / 3, t / 25 - 1 - 2 * Math.sin(3 * t)]
}

function lineOf (f: Function): Line & { trials: number } {
  const line = { value: NaN, slope: NaN, trials: 0, move }
  return line
  function move (t: number): boolean {
    [line.value, line.slope] = f(t)
    line.trials++
    return true
  }
}

for (const [name, f] of Object.entries(functions)) {
  test(`searchMoreThuente: strong Wolfe conditions hold at its step, ${name}`, () => {
    const [value0, slope0] = f(0)
    for (const c2 of [0.1, 0.4, 0.9]) {
      for (const first of [1e-3, 0.1, 1, 10, 1000]) {
        const line = lineOf(f)
        const t = searchMoreThuente(line, value0, slope0, first, { c1: 1e-4, c2 })
        const [value, slope] = f(t)
        assert.ok(value <= value0 + 1e-4 * t * slope0, `c2 ${c2}, first ${first}: decrease at ${t}`)
        assert.ok(Math.abs(slope) <= c2 * Math.abs(slope0), `c2 ${c2}, first ${first}: slope ${slope} at ${t}`)
        assert.equal(line.value, value, 'the line stands at the step')
      }
    }
  })
}

const constants = { c1: 1e-4, c2: 0.9 }

test('searchMoreThuente: halves a step to where there is no number, from either side, and gives up on an ascent', () => {
  for (const [from, to] of [[0.5, Infinity], [0.5, 1.5], [2, 5]] as const) {
    const walled: Function = (t) => (t > from && t < to ? [Infinity, NaN] : [(t - 0.3) ** 2, 2 * (t - 0.3)])
    for (const first of [0.1, 1, 4, 1e6]) {
      const t = searchMoreThuente(lineOf(walled), 0.09, -0.6, first, constants)
      assert.ok(t > 0 && t <= 0.5, `no numbers from ${from} to ${to}, first ${first}: ${t}`)
    }
    assert.ok(Number.isNaN(searchMoreThuente(lineOf(walled), 0.09, 0.6, 1, constants)))
  }
})

test('searchMoreThuente: finds no step where a wall comes before the conditions hold, after bounded trials', () => {
  const line = lineOf((t) => (t >= 1 ? [Infinity, NaN] : [-t, -1]))
  assert.ok(Number.isNaN(searchMoreThuente(line, 0, -1, 1, constants)))
  assert.ok(line.trials <= maxTrials)
})

test('searchMoreThuente: says when all trials only fell, and finds none where fewer were allowed', () => {
  const f: Function = (t) => [-t, -1]
  const whole = lineOf(f)
  assert.equal(searchMoreThuente(whole, 0, -1, 1, constants), Infinity)
  assert.equal(whole.trials, maxTrials)
  const cut = lineOf(f)
  assert.ok(Number.isNaN(searchMoreThuente(cut, 0, -1, 1, constants, 20)))
  assert.equal(cut.trials, 20)
})

test('parabolaStep: a little more than the step at which the last decrease comes again', () => {
  assert.equal(parabolaStep({ decrease: 0.25, slope: -1, stepLength: 3 }), 0.505)
  assert.equal(parabolaStep({ decrease: 0, slope: -1, stepLength: 3 }), 0)
})
