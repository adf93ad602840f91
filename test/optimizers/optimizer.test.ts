/** What all methods have in common: stops, budgets, the best so far, refusals. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../src/errors.js'
import { createOptimizer, type Budget, type Objective, type Optimizer, type OptimizerSettings } from '../../src/optimizers/index.js'
import { openStream } from '../../src/math/random.js'
import { fromFunction, rosenbrock, sphere } from './problems.js'

const withGradient: OptimizerSettings[] = [
  { type: 'gd', learningRate: 1e-4 }, { type: 'adam', learningRate: 0.1 }, { type: 'cg' }, { type: 'cg', beta: 'fletcher-reeves' },
  { type: 'bfgs' }, { type: 'lbfgs' }
]
const all: OptimizerSettings[] = [...withGradient, { type: 'powell' }, { type: 'pso', particles: 10 }, { type: 'pso', particles: 10, topology: 'ring' }]

function open (settings: OptimizerSettings, objective: Objective, start: number[], budget: Budget = {}): Optimizer {
  return createOptimizer(settings, objective, {
    start: Float64Array.from(start), random: (purpose, ...keys) => openStream(11, purpose, ...keys), budget
  })
}

/** Steps until it ends, 5000 at most. */
function finish (optimizer: Optimizer): Optimizer {
  for (let i = 0; i < 5000 && optimizer.stop === undefined; i++) optimizer.step()
  return optimizer
}

/** Counts calls, and keeps the point with the least value that it has seen. */
function watch (objective: Objective) {
  const seen = { values: 0, gradients: 0, min: Infinity }
  const watched: Objective = {
    size: objective.size,
    value (theta) {
      seen.values++
      return note(objective.value(theta))
    },
    gradient (theta, into) {
      seen.gradients++
      return note(objective.gradient!(theta, into))
    }
  }
  return { seen, watched }

  function note (value: number): number {
    if (value < seen.min) seen.min = value
    return value
  }
}

test('counts: are those of the calls that the objective saw; a gradient counts as both', () => {
  for (const settings of all) {
    const { seen, watched } = watch(rosenbrock(3))
    const { counts } = finish(open(settings, watched, [-1, 1, 2], { steps: 7 }))
    assert.equal(counts.functionEvaluations, seen.values + seen.gradients, settings.type)
    assert.equal(counts.gradientEvaluations, seen.gradients, settings.type)
  }
})

test('best: never rises, is the value at its point, and for methods that take no worse point is where they are', () => {
  for (const settings of all) {
    const objective = rosenbrock(3)
    const optimizer = open(settings, objective, [-1, 1, 2], { steps: 30 })
    let before = Infinity
    while (optimizer.stop === undefined) {
      optimizer.step()
      assert.ok(optimizer.best.value <= before)
      before = optimizer.best.value
      assert.ok(optimizer.best.value <= optimizer.value)
      assert.ok(Math.abs(objective.value(optimizer.best.theta) - optimizer.best.value) <= 1e-12)
      assert.ok(optimizer.best.step <= optimizer.counts.steps)
      if (settings.type !== 'gd' && settings.type !== 'adam') assert.deepEqual(optimizer.best.theta, optimizer.theta)
    }
  }
})

test('best: stays when the values rise again', () => {
  const optimizer = open({ type: 'gd', learningRate: 1.01 }, sphere(1), [1], { steps: 10 }) // |1 - 2 rate| = 1.02: it swings out
  finish(optimizer)
  assert.deepEqual([optimizer.best.value, optimizer.best.step], [1, 0])
  assert.ok(optimizer.value > 1)
})

test('stop: gradient, at the tolerance that was asked for', () => {
  for (const settings of withGradient) {
    const optimizer = finish(open({ ...settings, gradientTolerance: 1e-3, ...(settings.type === 'gd' ? { learningRate: 0.1 } : {}) }, sphere(3), [1, 2, 3]))
    assert.equal(optimizer.stop?.reason, 'gradient', settings.type)
    assert.ok(optimizer.gradientNorm <= 1e-3)
    assert.match(optimizer.stop.text, /^largest gradient component .* <= gradientTolerance 0.001$/)
    assert.ok(optimizer.stop.advice.length > 0)
    const { steps } = optimizer.counts
    optimizer.step()
    assert.equal(optimizer.counts.steps, steps, 'a step after the end does nothing')
  }
})

test('stop: gradient at once where the start is a minimum', () => {
  for (const settings of withGradient) {
    const { stop, counts } = open(settings, sphere(2), [0, 0])
    assert.deepEqual([stop?.reason, counts], ['gradient', { steps: 0, functionEvaluations: 1, gradientEvaluations: 1 }])
  }
})

test('stop: value, for every method', () => {
  for (const settings of all) {
    const optimizer = finish(open({ ...settings, targetValue: 0.5, ...(settings.type === 'gd' ? { learningRate: 0.1 } : {}) }, sphere(3), [1, 2, 3]))
    assert.equal(optimizer.stop?.reason, 'value', settings.type)
    assert.ok(optimizer.value <= 0.5)
  }
})

test('stop: steps, exactly at the budget, also 0', () => {
  for (const settings of all) {
    for (const steps of [0, 1, 3]) {
      const optimizer = finish(open(settings, rosenbrock(4), [-1, 1, 2, 0], { steps }))
      assert.deepEqual([optimizer.stop?.reason, optimizer.counts.steps], ['steps', steps], settings.type)
    }
  }
})

test('stop: evaluations, exceeded by one line search at most, and by nothing where a step has a fixed price', () => {
  for (const settings of all) {
    for (const evaluations of [10, 47, 100]) {
      const { counts, stop } = finish(open(settings, rosenbrock(10), new Array(10).fill(-1), { evaluations }))
      const spent = counts.functionEvaluations + counts.gradientEvaluations
      assert.equal(stop?.reason, 'evaluations', settings.type)
      const hasLineSearch = !['gd', 'adam', 'pso'].includes(settings.type)
      assert.ok(hasLineSearch ? spent < evaluations + 40 : spent <= evaluations, `${settings.type}: ${spent} of ${evaluations}`)
      if (!hasLineSearch) assert.ok(spent > evaluations - (settings.type === 'pso' ? 10 : 2))
    }
  }
})

test('stop: stalled when the line search fails on the rounding of a float32 objective; gradientTolerance 1e-3 ends by gradient', () => {
  const exact = rosenbrock(2)
  const rounded: Objective = {
    size: 2,
    value: (x) => Math.fround(Math.fround(exact.value(x)) + 8) - 8, // the noise of sums in float32
    gradient (x, into) {
      const value = Math.fround(Math.fround(exact.gradient(x, into)) + 8) - 8
      for (let i = 0; i < 2; i++) into[i] = Math.fround(into[i]!)
      return value
    }
  }
  for (const type of ['cg', 'bfgs', 'lbfgs'] as const) {
    const fine = finish(open({ type, gradientTolerance: 1e-9 }, rounded, [-1.2, 1]))
    assert.ok(fine.stop?.reason === 'stalled' || fine.stop?.reason === 'line-search', `${type}: ${fine.stop?.reason}`)
    const coarse = finish(open({ type, gradientTolerance: 0.1 }, rounded, [-1.2, 1]))
    assert.equal(coarse.stop?.reason, 'gradient', type)
  }
})

test('stop: stalled and line-search differ by the gradient that is left', () => {
  // A gradient that points uphill by a little, or by a lot, of a function with its minimum here.
  const wrong = (size: number): Objective => ({
    size: 2,
    value: (x) => x[0]! * x[0]! + x[1]! * x[1]!,
    gradient (x, into) {
      into[0] = size
      into[1] = -size
      return x[0]! * x[0]! + x[1]! * x[1]!
    }
  })
  for (const type of ['cg', 'bfgs', 'lbfgs'] as const) {
    const little = finish(open({ type }, wrong(5e-4), [0, 0]))
    assert.equal(little.stop?.reason, 'stalled', type)
    assert.match(little.stop.text, /small enough \(<= 0.001\)/)
    const lot = finish(open({ type }, wrong(1), [0, 0]))
    assert.equal(lot.stop?.reason, 'line-search', type)
    assert.match(lot.stop.advice, /central differences/)
  }
})

test('stop: stalled when steps fall below rounding (gd) or the swarm stands still (pso)', () => {
  const slow = finish(open({ type: 'gd', learningRate: 1e-18 }, sphere(1), [1]))
  assert.equal(slow.stop?.reason, 'stalled')
  const swarm = finish(open({ type: 'pso', particles: 5 }, fromFunction(2, ([x, y]) => (x! - 3) ** 2 + (y! - 2) ** 2), [0, 0]))
  assert.equal(swarm.stop?.reason, 'stalled')
  assert.ok(swarm.value < 1e-12)
})

test('stop: not-finite keeps the last good point and the best', () => {
  for (const settings of [{ type: 'gd', learningRate: 10 }, { type: 'gd', learningRate: 10, momentum: 0.9 }] satisfies OptimizerSettings[]) {
    const optimizer = finish(open(settings, rosenbrock(2), [-1.2, 1]))
    assert.equal(optimizer.stop?.reason, 'not-finite')
    assert.ok(Number.isFinite(optimizer.value) && optimizer.theta.every(Number.isFinite))
    assert.ok(Math.abs(optimizer.best.value - 24.2) < 1e-9 && optimizer.best.theta.every(Number.isFinite))
  }
  const escaping = finish(open({ type: 'pso', particles: 10, inertia: 50 }, sphere(2), [0, 0]))
  assert.equal(escaping.stop?.reason, 'not-finite')
  assert.ok(Number.isFinite(escaping.best.value))
})

test('stop: not-finite at once where the start is not finite', () => {
  for (const settings of all) {
    const hopeless = fromFunction(2, (_, gradient) => {
      gradient?.fill(NaN)
      return NaN
    })
    const optimizer = finish(open(settings, hopeless, [1, 1]))
    assert.deepEqual([optimizer.stop?.reason, optimizer.counts.steps], ['not-finite', 0], settings.type)
    const onlyGradient = fromFunction(2, (_, gradient) => {
      gradient?.fill(NaN)
      return 1
    })
    if (withGradient.includes(settings)) assert.equal(open(settings, onlyGradient, [1, 1]).stop?.reason, 'not-finite')
  }
})

test('stop: line-search at a kink, which has no gradient; lbfgs first starts again from steepest descent', () => {
  const kinked = fromFunction(2, ([x, y], gradient) => {
    if (gradient !== undefined) {
      gradient[0] = Math.sign(x!)
      gradient[1] = 10 * Math.sign(y!)
    }
    return Math.abs(x!) + 10 * Math.abs(y!)
  })
  for (const type of ['cg', 'bfgs', 'lbfgs'] as const) {
    const optimizer = finish(open({ type }, kinked, [3, -0.7]))
    assert.equal(optimizer.stop?.reason, 'line-search', type)
    assert.ok(optimizer.value <= 10 && optimizer.value === optimizer.best.value, `${type}: ${optimizer.value}`)
    assert.match(optimizer.stop.text, /largest gradient component is 1/)
  }
})

test('line searches: step back from points where the value is NaN or infinite', () => {
  // -log of the distance to a wall, outside of which there is nothing
  for (const outside of [NaN, Infinity, -Infinity]) {
    const walled = fromFunction(2, (x, gradient) => {
      const [a, b] = [2 - x[0]!, x[1]! + 1]
      if (gradient !== undefined) {
        gradient[0] = a > 0 ? 1 / a + 2 * x[0]! - 3 : NaN
        gradient[1] = b > 0 ? -1 / b + 2 * x[1]! : NaN
      }
      return a > 0 && b > 0 ? -Math.log(a) - Math.log(b) + x[0]! * x[0]! - 3 * x[0]! + x[1]! * x[1]! : outside
    })
    for (const type of ['cg', 'bfgs', 'lbfgs', 'powell'] as const) {
      const optimizer = finish(open({ type }, walled, [-20, 30]))
      assert.equal(optimizer.stop?.reason, type === 'powell' ? 'stalled' : 'gradient', `${type}, ${outside} outside`)
      assert.ok(Math.abs(optimizer.theta[0]! - 1) < 1e-2 && Math.abs(optimizer.theta[1]! - (Math.sqrt(3) - 1) / 2) < 1e-2, type)
    }
  }
})

test('gd: theta_k = (1 - rate eigenvalue)^k theta_0 on a quadratic, and the recursion of the heavy ball', () => {
  const plain = open({ type: 'gd', learningRate: 0.1, gradientTolerance: 0 }, sphere(2), [1, -3])
  const heavy = open({ type: 'gd', learningRate: 0.1, momentum: 0.5, gradientTolerance: 0 }, sphere(1), [1])
  let [x, previous] = [1, 1]
  for (let k = 1; k <= 20; k++) {
    plain.step()
    heavy.step()
    assert.ok(Math.abs(plain.theta[1]! + 3 * 0.8 ** k) < 1e-12);
    [x, previous] = [x - 0.1 * 2 * x + 0.5 * (x - previous), x]
    assert.ok(Math.abs(heavy.theta[0]! - x) < 1e-12)
    assert.ok(Math.abs(heavy.stepLength - Math.abs(x - previous)) < 1e-12)
  }
})

test('createOptimizer: refuses settings that make no sense, with rule and value', () => {
  const refused: [OptimizerSettings, RegExp][] = [
    [{ type: 'gd', learningRate: 0 }, /learningRate must be > 0, got 0/],
    [{ type: 'gd', learningRate: NaN }, /learningRate must be > 0, got NaN/],
    [{ type: 'gd', learningRate: 1, momentum: 1 }, /momentum must be >= 0 and < 1, got 1/],
    [{ type: 'adam', beta2: 2 }, /beta2 must be >= 0 and < 1, got 2/],
    [{ type: 'adam', epsilon: 0 }, /epsilon must be > 0, got 0/],
    [{ type: 'cg', beta: 'dai' as 'fletcher-reeves' }, /beta must be polak-ribiere or fletcher-reeves, got dai/],
    [{ type: 'bfgs', gradientTolerance: -1 }, /gradientTolerance must be >= 0, got -1/],
    [{ type: 'bfgs', targetValue: NaN }, /targetValue must be a number, got NaN/],
    [{ type: 'lbfgs', memory: 1.5 }, /memory must be an integer and >= 1 and <= 1000, got 1.5/],
    [{ type: 'powell', xTolerance: 0 }, /xTolerance must be > 0 and < 0.01, got 0/],
    [{ type: 'pso', particles: 1 }, /particles must be an integer and >= 2 and <= 100000, got 1/],
    [{ type: 'pso', topology: 'star' as 'ring' }, /topology must be global or ring, got star/],
    [{ type: 'pso', particles: 4, topology: 'ring', neighbours: 3 }, /neighbours must be .* <= 2, got 3/],
    [{ type: 'newton' as 'bfgs' }, /type must be gd, adam, cg, bfgs, lbfgs, powell or pso, got newton/]
  ]
  for (const [settings, message] of refused) assertRefused(() => open(settings, sphere(2), [1, 1]), message)
  assertRefused(() => open({ type: 'bfgs' }, sphere(2), [1]), /start must have the objective's 2 parameters, got 1/)
  assertRefused(() => open({ type: 'bfgs' }, sphere(2), [1, 1], { steps: -1 }), /budget.steps must be an integer and >= 0, got -1/)
  assertRefused(() => open({ type: 'bfgs' }, sphere(2), [1, 1], { evaluations: 0 }), /budget.evaluations must be an integer and >= 1, got 0/)
  assertRefused(() => open({ type: 'pso', particles: 10 }, sphere(2), [1, 1], { evaluations: 9 }), /budget.evaluations must be an integer and >= 10, got 9/)
  assertRefused(() => createOptimizer({ type: 'pso' }, sphere(2), { start: Float64Array.of(1, 1) }), /random must be given/)
  const blind: Objective = { size: 2, value: () => 0 }
  for (const settings of withGradient) assertRefused(() => open(settings, blind, [1, 1]), /must be powell or pso for an objective without gradient/)
})

function assertRefused (make: () => unknown, message: RegExp): void {
  assert.throws(make, (error) => error instanceof AppError && error.code === 'invalid_input' && message.test(error.detail))
}
