/** The forty points against NumPy's run of the same steps (fixtures/make.py), and what papers.md 9.2 says of them. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import type { LinearResult } from '../../../src/algorithms/adversarial-bias/result.js'
import type { AdversarialSpec } from '../../../src/algorithms/adversarial-bias/spec.js'
import { projectRoot } from '../../../src/paths.js'
import { runOne } from './linear-trials.js'

interface Frozen {
  radius: AdversarialSpec['trainings'][number]['radius']
  loss: 'exponential' | 'logistic'
  curve: { step: number, norm: number, directionError: number, margin: number }[]
}

const frozen: Frozen[] = JSON.parse(readFileSync(path.join(projectRoot, 'test/algorithms/adversarial-bias/fixtures/numpy.json'), 'utf8'))

const runs = new Map<string, LinearResult>()

/** Error at a step of a training with exponential loss. */
function errorAt (radius: object, step: number): number {
  return runs.get(JSON.stringify(radius))!.curve.find(point => point.step === step)!.directionError
}

const clean = { type: 'none' }
const fraction = (of: number) => ({ type: 'fraction', of })
const tuned = { type: 'tuned' }

for (const { radius, loss, curve } of frozen) {
  test(`${JSON.stringify(radius)}, ${loss}: direction errors, norms and margins are NumPy's within 1e-6`, async () => {
    const { of, outcome } = await runOne({ steps: 100_000, loss }, { radius })
    if (loss === 'exponential') runs.set(JSON.stringify(radius), of)
    assert.equal(outcome, 'finished')
    for (const expected of curve) {
      const found = of.curve.find(({ step }) => step === expected.step)!
      for (const name of ['directionError', 'norm', 'margin'] as const) {
        assert.ok(Math.abs(found[name] / expected[name] - 1) < 1e-6, `${name} at ${expected.step}: ${found[name]} is not ${expected[name]}`)
      }
    }
  })
}

test('forty points: margin 1 along the diagonal, and the shares and ratios that the paper lets one expect', () => {
  const { clean: reference, gammaQ, points, curve, largestNorm } = runs.get(JSON.stringify(clean))!
  assert.ok(reference !== null && Math.abs(reference.margin - 1) < 1e-7 && Math.abs(gammaQ - 1) < 1e-7 && reference.gap <= 1e-8)
  for (const value of reference.direction) assert.ok(Math.abs(value - Math.SQRT1_2) < 1e-6)
  assert.equal(points, 40)
  assert.ok(Math.abs(largestNorm - Math.hypot(2 + 0.15 * 37, 0.2 * 37)) < 1e-12)
  assert.ok(errorAt(tuned, 100_000) / errorAt(tuned, 10_000) <= 0.56)
  assert.ok(errorAt(clean, 100_000) / errorAt(clean, 10_000) >= 0.68)
  assert.ok(errorAt(fraction(0.9), 100_000) <= errorAt(clean, 100_000) / 2)
  // clean error x norm tends to log(a1 / a2) / (a1 + a2) of the two support vectors at a1 = 3, a2 = 0.4
  const end = curve.at(-1)!
  assert.ok(Math.abs(end.directionError * end.norm / (Math.log(3 / 0.4) / 3.4) - 1) < 0.03)
})

test('forty points: the error of clean training falls with 1 / log T, that of a tuned radius faster', () => {
  const [slow, quick] = [clean, tuned].map(radius => runs.get(JSON.stringify(radius))!.law)
  assert.ok(slow!.logarithmicResidual! < slow!.powerResidual!, JSON.stringify(slow))
  assert.ok(quick!.exponent! < slow!.exponent!)
})
