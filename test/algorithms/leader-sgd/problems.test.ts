/** What is minimised in Float64, against central differences and what is known of it. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { openAnalytic } from '../../../src/algorithms/leader-sgd/problems/open.js'
import { createMatrixCompletion } from '../../../src/algorithms/leader-sgd/problems/matrix-completion.js'
import { openStream } from '../../../src/math/random.js'
import { symmetricEigen } from '../../../src/math/eigen.js'
import { specWith } from './train.js'

const random = (purpose: string, ...keys: number[]) => openStream(3, purpose, ...keys)
const open = (problem: Record<string, unknown>, given = {}, method: Record<string, unknown> = { type: 'independent' }) =>
  openAnalytic(specWith(method, { problem, ...given }), random)

test('every problem: its gradient is that of central differences, and the loss beside it its loss', () => {
  const problems = [
    { type: 'sinc', starts: { type: 'random' } }, { type: 'double-well', dimensions: 5, tilt: 0.1 },
    { type: 'quadratic', dimensions: 7, condition: 30 }, { type: 'matrix-completion', size: 6, rank: 2 }
  ]
  for (const problem of problems) {
    const { objective } = open(problem)
    const x = new Float64Array(objective.size)
    objective.begin(1, x)
    const gradient = new Float64Array(objective.size)
    assert.equal(objective.gradient(x, gradient), objective.loss(x))
    const h = 1e-5 // error ~ h^2 and rounding / h
    gradient.forEach((g, i) => {
      const at = (value: number) => objective.loss(x.with(i, value))
      const difference = (at(x[i]! + h) - at(x[i]! - h)) / (2 * h)
      assert.ok(Math.abs(g - difference) < 1e-6 * (1 + Math.abs(g)), `${problem.type} ${i}: ${g}, ${difference}`)
    })
  }
})

test('sinc: 1 without a slope in the middle, and the lowest ring is where it is said to be', () => {
  const { objective } = open({ type: 'sinc' })
  const g = new Float64Array(2)
  assert.equal(objective.gradient(new Float64Array(2), g), 1)
  assert.deepEqual([...g], [0, 0])
  const ring = Float64Array.of(1.4302966531, 0)
  assert.ok(Math.abs(objective.gradient(ring, g) + 0.21723362821) < 1e-9 && Math.abs(g[0]!) < 1e-8)
})

test('quadratic: its curvature has the eigenvalues that are asked for, in directions that a seed gives', () => {
  const { objective } = open({ type: 'quadratic', dimensions: 4, condition: 27 })
  const columns = [0, 1, 2, 3].map(i => {
    const column = new Float64Array(4)
    objective.gradient(new Float64Array(4).with(i, 1), column)
    return [...column]
  })
  const values = symmetricEigen(Float64Array.from(columns.flat())).values
  ;[27, 9, 3, 1].forEach((wanted, i) => assert.ok(Math.abs(values[i]! - wanted) < 1e-10))
  assert.ok(Math.abs(columns[0]![1]!) > 1e-3, 'the axes are no eigenvectors')
})

test('matrix completion: rates are in units of 1 / sigma_1(M), and U itself is a minimum', () => {
  const size = 8
  const streams = { start: (...keys: number[]) => random('start', ...keys), matrix: random('matrix') }
  const objective = createMatrixCompletion({ type: 'matrix-completion', size, rank: 2 }, worker => worker, streams)
  const stream = random('matrix')
  const u = Float64Array.from({ length: size * 2 }, () => stream.normal())
  assert.equal(objective.loss(u), 0)
  const m = Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size]
    return u[2 * i]! * u[2 * j]! + u[2 * i + 1]! * u[2 * j + 1]!
  })
  assert.ok(Math.abs(objective.sigma / symmetricEigen(m).values[0]! - 1) < 1e-12)
  const { learning } = open({ type: 'matrix-completion', size, rank: 2 }, { learningRate: 0.25 })
  assert.ok(Math.abs(learning.rate(0, 0) * objective.sigma / 0.25 - 1) < 1e-15)
})

test('rates: of single workers, and over the steps', () => {
  const problem = { type: 'quadratic' }
  const rateOf = (worker: number, given: Record<string, unknown>) =>
    open(problem, { learningRate: 0.1, ...given }).learning.rate(worker, 10)
  assert.equal(rateOf(2, { workerRates: 'linear' }), 0.1 * 3)
  assert.equal(rateOf(2, { workerRates: 'power' }), 0.1 * 4)
  assert.equal(rateOf(0, { schedule: { type: 'inverse', after: 10 } }), 0.05)
})

test('momentum: Nesterov’s and the heavy ball’s steps, and lars by the trust in its one layer', () => {
  const [x0, rate, mu, decay] = [2, 0.1, 0.5, 0.01]
  const steps = (method: Record<string, unknown>, given: Record<string, unknown>) => {
    const problem = { type: 'quadratic', dimensions: 1 }
    const { learning } = open(problem, { learningRate: rate, momentum: mu, weightDecay: decay, ...given }, method)
    const state = Float64Array.of(x0, 0)
    learning.advance(state, { worker: 0, from: 0, count: 2 }, [], new Float64Array(2))
    return state
  }
  const wanted = (nesterov: boolean, scale: (x: number) => number) => {
    let [x, a] = [x0, 0]
    for (let step = 0; step < 2; step++) {
      const g = scale(x) * (x + decay * x)
      a = mu * a + g
      x -= rate * (nesterov ? g + mu * a : a)
    }
    return x
  }
  assert.ok(Math.abs(steps({ type: 'sgd' }, {})[0]! - wanted(true, () => 1)) < 1e-14)
  assert.ok(Math.abs(steps({ type: 'sgd' }, { nesterov: false })[0]! - wanted(false, () => 1)) < 1e-14)
  const trust = (x: number) => 0.1 * Math.abs(x) / (Math.abs(x) + decay * Math.abs(x))
  assert.ok(Math.abs(steps({ type: 'lars', trust: 0.1 }, {})[0]! - wanted(true, trust)) < 1e-14)
})
