/** What is proved of strongly convex functions, and that it would be seen if it did not hold. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { openAnalytic } from '../../../src/algorithms/leader-sgd/problems/open.js'
import type { ProblemOf } from '../../../src/algorithms/leader-sgd/problems/spec.js'
import { checkOneStep, emptyTheory, sampleNewton } from '../../../src/algorithms/leader-sgd/theory.js'
import { openStream } from '../../../src/math/random.js'
import { specWith, train } from './train.js'

const problem: ProblemOf<'quadratic'> = { type: 'quadratic', dimensions: 4, condition: 5, noise: 0.5, leaderNoise: 0 }
const random = (purpose: string, ...keys: number[]) => openStream(2, purpose, ...keys)
const { objective } = openAnalytic(specWith({ type: 'independent' }, { problem }), random)
const place = (worker: number) => {
  const x = new Float64Array(4)
  objective.begin(worker, x)
  return x
}

test('the one-step inequality: its left side is the mean over many drawn steps', () => {
  const [x, z] = [place(0), place(1)]
  const [rate, lambda] = [0.08, 0.5]
  const g = new Float64Array(4)
  const f = objective.gradient(x, g)
  const stream = random('drawn')
  const draws = 20_000
  let [sum, squares] = [0, 0]
  for (let draw = 0; draw < draws; draw++) {
    const value = objective.loss(x.map((value, i) => value - rate * (g[i]! + 0.5 * stream.normal()) - rate * lambda * (value - z[i]!)))
    sum += value
    squares += value * value
  }
  const [mean, error] = [sum / draws, Math.sqrt((squares / draws - (sum / draws) ** 2) / draws)]
  const right = (1 - rate) * f - rate * lambda * (f - objective.loss(z)) + rate ** 2 * 5 / 2 * 0.25 * 4
  const state = emptyTheory()
  checkOneStep(state, problem, objective, { rate, lambda }, { x, z })
  const left = right * (1 - state.slack!)
  assert.ok(Math.abs(left - mean) < 4 * error, `${left}, drawn ${mean} +- ${error}`)
})

test('the one-step inequality holds at small rates, and is seen to break at one that is too large', async () => {
  const given = (rate: number) => ({ problem, learningRate: rate, steps: 200 })
  const small = (await train({ type: 'lsgd', tau: 1, lambda: 0.1, rateInside: true }, given(0.05))).result.theory!.oneStep
  assert.ok(small.checked >= 4 * 199 && small.broken === 0 && small.slack > 0)
  const large = (await train({ type: 'lsgd', tau: 1, lambda: 0.1, rateInside: true }, given(0.39))).result.theory!.oneStep
  assert.ok(large.broken > 0 && large.slack < 0)
})

test('at least half of the candidates turn the step towards Newton’s while the pull is small, and fewer where it is large', () => {
  const share = (lambda: number) => {
    const { samples, closer } = sampleNewton({ dimensions: 10, condition: 20 }, lambda, openStream(0, 'newton'))
    return closer / samples
  }
  assert.ok(share(0.01) >= 0.5, `${share(0.01)}`)
  assert.ok(share(50) < 0.5, `${share(50)}`)
})

test('candidates are drawn evenly from the ellipsoid: in one dimension all turn nothing', () => {
  assert.deepEqual(sampleNewton({ dimensions: 1, condition: 1 }, 0.1, openStream(0, 'newton')), { samples: 4000, closer: 4000 })
})

test('noisy leaders: the error ends below the floor, and grows with the noise', async () => {
  const floorOf = async (leaderNoise: number) => {
    const given = { problem: { ...problem, noise: 0.1, leaderNoise }, learningRate: 0.05, steps: 400 }
    return (await train({ type: 'lsgd', tau: 1, lambda: 0.5, rateInside: true, leader: { type: 'exact' } }, given)).result.theory!.floor
  }
  const noisy = await floorOf(1)
  assert.ok(noisy.measured > 0 && noisy.measured <= noisy.bound)
  assert.ok(Math.abs(noisy.bound - (4 * 0.5 * 2 * 1 + 0.05 * 5 * 0.01 * 4 / 2)) < 1e-12)
  assert.ok((await floorOf(0)).measured < noisy.measured)
})

test('rates ~ 1 / k: the error falls like 1 / k; constant rates leave it where it is', async () => {
  const exponentOf = async (schedule: Record<string, unknown>) => {
    const given = { problem: { ...problem, condition: 2, noise: 1 }, learningRate: 0.5, schedule, steps: 4000 }
    return (await train({ type: 'lsgd', tau: 1, lambda: 0.1, rateInside: true }, given)).result.theory!.decay.exponent!
  }
  const falling = await exponentOf({ type: 'inverse', after: 10 })
  assert.ok(Math.abs(falling + 1) < 0.25, `${falling}`)
  assert.ok(Math.abs(await exponentOf({ type: 'constant' })) < 0.25)
})
