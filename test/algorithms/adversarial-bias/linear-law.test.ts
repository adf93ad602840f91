/** What is recorded of a linear classifier, and the laws that are fitted to it. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { fitLaw } from '../../../src/algorithms/adversarial-bias/linear/law.js'
import { measure } from '../../../src/algorithms/adversarial-bias/linear/measure.js'
import { recordSteps } from '../../../src/algorithms/adversarial-bias/linear/records.js'
import { denseRows } from '../../../src/optimizers/rows/dense.js'

function curveOf (error: (step: number) => number, steps = 100_000) {
  return recordSteps(steps, 5).map(step => ({ step, directionError: error(step) }))
}

function close (value: number | null, expected: number): void {
  assert.ok(value !== null && Math.abs(value - expected) < 1e-9, `${value} is not ${expected}`)
}

test('fitLaw: each law is found where it holds, from the last two powers of ten alone', () => {
  const logarithmic = fitLaw(curveOf(step => step < 1000 ? 9 : 0.7 / Math.log(step) + 0.02))
  close(logarithmic.logarithmic, 0.7)
  close(logarithmic.logarithmicResidual, 0)
  assert.ok(logarithmic.powerResidual! > 0.01)
  const power = fitLaw(curveOf(step => step < 1000 ? 9 : 3 / Math.sqrt(step)))
  close(power.power, 3)
  close(power.powerResidual, 0)
  close(power.exponent, -0.5)
  assert.ok(power.logarithmicResidual! > 0.01)
})

test('fitLaw: two points tell nothing', () => {
  const law = fitLaw([{ step: 100, directionError: 0.1 }, { step: 1000, directionError: 0.05 }])
  assert.deepEqual(Object.values(law), [null, null, null, null, null])
})

test('measure: margins, losses and errors by their definition', () => {
  const rows = denseRows(Float64Array.of(3, 1, 1, -1, -1, 0), 2)
  const against = { loss: 'exponential', p: 1, radius: 0.5, clean: null, mixed: null } as const
  const found = measure(rows, Float64Array.of(3, -4), against, new Float64Array(3))!
  // products 5, 7, -3; |w| = 5, |w|_1 = 7, the worst perturbation takes 3.5
  const expected = {
    margin: -0.6,
    mixedMargin: -1.3,
    norm: 5,
    loss: (Math.exp(-5) + Math.exp(-7) + Math.exp(3)) / 3,
    robustLoss: (Math.exp(-1.5) + Math.exp(-3.5) + Math.exp(6.5)) / 3,
    error: 1 / 3,
    robustError: 1 / 3
  }
  for (const [name, value] of Object.entries(expected)) assert.ok(Math.abs(found[name as keyof typeof found] / value - 1) < 1e-12, name)
  assert.equal(measure(rows, new Float64Array(2), against, new Float64Array(3)), undefined)
})

test('measure: the logistic loss of margins of thousands is what is missing to 0', () => {
  const rows = denseRows(Float64Array.of(1, -1), 1)
  const { loss } = measure(rows, Float64Array.of(5000), { loss: 'logistic', p: 2, radius: 0, clean: null, mixed: null }, new Float64Array(2))!
  assert.equal(loss, 2500)
})
