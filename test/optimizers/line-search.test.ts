import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstStep } from '../../src/optimizers/line-search.js'
import { searchMoreThuente, type Line } from '../../src/optimizers/more-thuente.js'
import { searchZoom } from '../../src/optimizers/zoom.js'

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
  function move (t: number): void {
    [line.value, line.slope] = f(t)
    line.trials++
  }
}

for (const [name, f] of Object.entries(functions)) {
  test(`searchMoreThuente and searchZoom: strong Wolfe conditions hold at their step, ${name}`, () => {
    const [value0, slope0] = f(0)
    for (const c2 of [0.1, 0.4, 0.9]) {
      for (const first of [1e-3, 0.1, 1, 10, 1000]) {
        const more = lineOf(f)
        const moreStep = searchMoreThuente(more, value0, slope0, first, { c1: 1e-4, c2 })
        assertWolfe(moreStep, c2, `Moré and Thuente, c2 ${c2}, first ${first}`)
        assert.equal(more.value, f(moreStep)[0], 'the line stands at the step')
        const zoomed = lineOf(f)
        const zoomStep = searchZoom(zoomed, value0, slope0, first, { c1: 1e-4, c2 }, () => true)
        if (!Number.isNaN(zoomStep)) {
          assert.ok(f(zoomStep)[0] <= value0 + 1e-4 * zoomStep * slope0)
          assert.equal(zoomed.value, f(zoomStep)[0])
        } else assert.ok(zoomed.trials >= 11, 'it gives up only after its zooms')
        if (first === 1 && c2 === 0.9) assertWolfe(zoomStep, c2, 'zoom')
      }
    }

    function assertWolfe (t: number, c2: number, message: string): void {
      const [value, slope] = f(t)
      assert.ok(value <= value0 + 1e-4 * t * slope0, `${message}: decrease at ${t}`)
      assert.ok(Math.abs(slope) <= c2 * Math.abs(slope0), `${message}: slope ${slope} at ${t}`)
    }
  })
}

test('searchMoreThuente: gives up on an ascent and at an infinite value; searchZoom shortens the step there', () => {
  const wall: Function = (t) => (t > 0.5 ? [Infinity, NaN] : [(t - 0.3) ** 2, 2 * (t - 0.3)])
  const constants = { c1: 1e-4, c2: 0.9 }
  assert.ok(Number.isNaN(searchMoreThuente(lineOf(wall), 0.09, 0.6, 1, constants)))
  assert.ok(Number.isNaN(searchZoom(lineOf(wall), 0.09, 0.6, 1, constants, () => true)))
  assert.ok(Number.isNaN(searchMoreThuente(lineOf(wall), 0.09, -0.6, 1, constants)))
  const t = searchZoom(lineOf(wall), 0.09, -0.6, 1, constants, () => true)
  assert.ok(t > 0 && t <= 0.5)
})

test('searchZoom: takes no step that the method refuses', () => {
  const f = functions['parabola']!
  const t = searchZoom(lineOf(f), 9, -6, 1, { c1: 1e-4, c2: 0.9 }, () => false)
  assert.ok(Number.isNaN(t))
})

test('firstStep: the step at which the last decrease comes again, at most 1', () => {
  assert.equal(firstStep(1, 1.25, -1), 0.505)
  assert.equal(firstStep(1, 5, -1), 1)
  assert.equal(firstStep(1, 0.5, -1), 1)
  assert.equal(firstStep(1, 1, -1), 1)
})
