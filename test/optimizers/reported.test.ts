/** Inputs on which users of other libraries' optimizers have reported failures, by the number of the report. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOptimizer, type Budget, type Objective, type Optimizer, type OptimizerSettings } from '../../src/optimizers/index.js'
import { openStream } from '../../src/math/random.js'
import { fromFunction, rosenbrock } from './problems.js'

type Settings = OptimizerSettings & { type: 'cg' | 'bfgs' | 'lbfgs' }
const withLineSearch: Settings[] = [{ type: 'cg' }, { type: 'cg', beta: 'fletcher-reeves' }, { type: 'bfgs' }, { type: 'lbfgs' }]
const nameOf = (settings: OptimizerSettings) => 'beta' in settings ? `${settings.type}, ${settings.beta}` : settings.type

function solve (settings: OptimizerSettings, objective: Objective, start: ArrayLike<number>, budget: Budget = { steps: 5000 }): Optimizer {
  const optimizer = createOptimizer(settings, objective, { start: Float64Array.from(start), budget })
  while (optimizer.stop === undefined) optimizer.step()
  return optimizer
}

/** Keeps the least finite value that the objective returned, and counts. */
function watch (objective: Objective) {
  const seen = { min: Infinity, evaluations: 0 }
  const note = (value: number) => {
    if (Number.isFinite(value)) seen.min = Math.min(seen.min, value)
    return value
  }
  const watched: Objective = {
    size: objective.size,
    value (theta) {
      seen.evaluations++
      return note(objective.value(theta))
    },
    gradient (theta, into) {
      seen.evaluations += 2
      return note(objective.gradient!(theta, into))
    }
  }
  return { seen, watched }
}

function spent ({ counts }: Optimizer): number {
  return counts.functionEvaluations + counts.gradientEvaluations
}

/** scipy/scipy#6767 */
const morse = fromFunction(1, ([r], gradient) => {
  const e = Math.exp(-1.5 * (r! - 0.5))
  if (gradient !== undefined) gradient[0] = 7.5 * (1 - e) * e
  return 2.5 * (1 - e) ** 2
})

test('scipy#6767: the Morse potential, from 71 starts', () => {
  assert.ok(Math.abs(morse.value(Float64Array.of(-0.75)) - 76.1986) < 1e-4 && Math.abs(morse.value(Float64Array.of(3)) - 2.38379) < 1e-5)
  const starts = Array.from({ length: 71 }, (_, i) => -0.75 + 3.75 * i / 70)
  for (const start of starts) {
    for (const settings of withLineSearch) {
      const { theta, stop } = solve(settings, morse, [start])
      assert.equal(stop?.reason, 'gradient', `${nameOf(settings)} from ${start}`)
      assert.ok(Math.abs(theta[0]! - 0.5) <= 1e-5, `${nameOf(settings)} from ${start}: ${theta[0]}`)
    }
    assert.ok(Math.abs(solve({ type: 'powell' }, { size: 1, value: morse.value }, [start]).theta[0]! - 0.5) <= 1e-2, `powell from ${start}`)
  }
})

const absolute = fromFunction(1, ([x], gradient) => {
  if (gradient !== undefined) gradient[0] = Math.sign(x!)
  return Math.abs(x!)
})

for (const settings of withLineSearch) {
  test(`scipy#15643: the least value seen is the result, also where a line search fails, ${nameOf(settings)}`, () => {
    const { seen, watched } = watch(absolute)
    const optimizer = solve(settings, watched, [1.1])
    assert.equal(optimizer.best.value, seen.min)
    assert.ok(seen.min < 1e-8)
    assert.deepEqual([optimizer.theta[0], optimizer.value], [optimizer.best.theta[0], optimizer.best.value])
  })

  test(`scipy#6162: under any budget value and theta fit together, and more never gives less, ${nameOf(settings)}`, () => {
    const objective = rosenbrock(2)
    let before = objective.value(Float64Array.of(-1.2, 1))
    for (let evaluations = 1; evaluations <= 60; evaluations++) {
      const { seen, watched } = watch(objective)
      const optimizer = solve(settings, watched, [-1.2, 1], { evaluations })
      assert.equal(optimizer.best.value, objective.value(optimizer.best.theta))
      assert.equal(optimizer.best.value, seen.min)
      assert.ok(optimizer.best.value <= before)
      assert.equal(spent(optimizer), seen.evaluations)
      assert.ok(seen.evaluations <= evaluations + 50)
      before = optimizer.best.value
    }
  })
}

/** jump-dev/NLopt.jl#198: no numbers left of 0, nor at it; its minimum is at e^(1/6) */
const entropy = (size: number) => fromFunction(size, (x, gradient) => {
  let sum = 0
  for (let i = 0; i < size; i++) {
    sum += -50 * x[i]! + 300 * x[i]! * (Math.log(x[i]!) - 1)
    if (gradient !== undefined) gradient[i] = -50 + 300 * Math.log(x[i]!)
  }
  return sum
})
const spread = (low: number, high: number) => Array.from({ length: 10 }, (_, i) => low + (high - low) * i / 9)

/** All in (0.01, 20). */
function randomStarts (count: number): number[][] {
  const stream = openStream(198, 'starts')
  return Array.from({ length: count }, () => Array.from({ length: 10 }, () => 0.01 + 19.99 * stream.uniform()))
}

for (const settings of [...withLineSearch, { type: 'powell' } as const]) {
  test(`NLopt.jl#198: a step to where there are no numbers is only too long, ${nameOf(settings)}`, () => {
    const objective = entropy(10)
    const isPowell = settings.type === 'powell'
    for (const start of [spread(0.01, 0.01), spread(5, 5), spread(20, 20), spread(0.01, 20), ...isPowell ? [] : randomStarts(300)]) {
      const { theta, best, stop } = solve(settings, objective, start)
      assert.notEqual(stop?.reason, 'not-finite')
      assert.ok(Math.abs(best.value + 3544.081238596938) < (isPowell ? 1e-4 : 1e-8), `${best.value} from ${start}, ${stop?.text}`)
      for (const x of theta) assert.ok(Math.abs(x - Math.exp(1 / 6)) < (isPowell ? 1e-3 : 1e-6), `${x} from ${start}, ${stop?.text}`)
    }
    const outside = solve(settings, objective, spread(-1, -1))
    assert.deepEqual([outside.stop?.reason, outside.counts.steps, spent(outside)], ['not-finite', 0, isPowell ? 1 : 2])
  })
}

/** scipy/scipy#5536 */
const scaled = (s: number) => fromFunction(2, ([x, y], gradient) => {
  if (gradient !== undefined) {
    gradient[0] = 2 * s * (x! - 3)
    gradient[1] = 20 * s * (y! + 1)
  }
  return s * ((x! - 3) ** 2 + 10 * (y! + 1) ** 2)
})
const isThere = ({ theta: [x, y] }: Optimizer) => Math.abs(x! - 3) < 1e-6 && Math.abs(y! + 1) < 1e-6

for (const settings of [...withLineSearch, { type: 'powell' } as const]) {
  test(`scipy#5536: the scale of the objective moves neither the minimum nor the way to it, ${nameOf(settings)}`, () => {
    const runs = Array.from({ length: 25 }, (_, i) => {
      const optimizer = createOptimizer({ ...settings, gradientTolerance: 0 }, scaled(10 ** (i - 12)), {
        start: new Float64Array(2), budget: { steps: 200 }
      })
      let toMinimum = Infinity
      while (optimizer.stop === undefined) {
        optimizer.step()
        if (isThere(optimizer)) toMinimum = Math.min(toMinimum, spent(optimizer))
      }
      assert.ok(isThere(optimizer), `${optimizer.theta} at ${10 ** (i - 12)}: ${optimizer.stop.text}`)
      return { toMinimum, whole: spent(optimizer) }
    })
    for (const { toMinimum, whole } of runs) {
      assert.ok(toMinimum <= 3 * runs[12]!.toMinimum && runs[12]!.toMinimum <= 3 * toMinimum, JSON.stringify(runs))
      assert.ok(whole <= 3 * runs[12]!.whole && runs[12]!.whole <= 3 * whole, JSON.stringify(runs))
    }
  })
}

/** scipy/scipy#3581: (exp(a x) - exp(2 x))² over 21 points */
const exponential = fromFunction(1, ([a], gradient) => {
  let sum = 0
  gradient?.fill(0)
  for (let j = 0; j <= 20; j++) {
    const x = -1 + j / 10
    const residual = Math.exp(a! * x) - Math.exp(2 * x)
    sum += residual * residual
    if (gradient !== undefined) gradient[0]! += 2 * residual * x * Math.exp(a! * x)
  }
  return sum
})

for (const settings of withLineSearch) {
  test(`scipy#3581: an exponential from far away, ${nameOf(settings)}`, () => {
    const { theta, best, stop } = solve(settings, exponential, [12])
    assert.ok(Math.abs(theta[0]! - 2) < 1e-6 && best.value < 1e-10, `${theta[0]}: ${stop?.text}`)
  })
}

/** Where Powell's method ends, whose best is the least value seen and not above the start's. */
function powell (size: number, f: (x: Float64Array) => number, start: number[]): Optimizer {
  const { seen, watched } = watch({ size, value: f })
  const optimizer = solve({ type: 'powell' }, watched, start)
  assert.deepEqual([optimizer.best.value, f(optimizer.best.theta)], [seen.min, seen.min])
  assert.ok(seen.min <= f(Float64Array.from(start)))
  assert.equal(optimizer.value, seen.min, 'and it is there')
  return optimizer
}

test('scipy#22978: a line search over wells and walls never ends above its start, powell', () => {
  const well = powell(1, ([x]) => -Math.exp(-((x! / 0.01) ** 2)) + 0.001 * x! * x!, [0.005])
  assert.ok(well.value <= -0.7788)
  const stream = openStream(22978, 'starts')
  for (let i = 0; i < 200; i++) {
    const start = [10 * stream.uniform() - 5, 10 * stream.uniform() - 5]
    powell(2, (x) => x.reduce((sum, t) => sum + Math.sin(40 * t) + 0.05 * t * t, 0), start)
  }
  for (const start of [-2, 0.3, 2]) powell(1, ([x]) => Math.sign(x! - 0.3), [start])
})

test('Optim.jl#828: a flat function ends where it began, powell', () => {
  const { stop, counts, value, theta } = powell(2, () => 7, [0.25, -3])
  assert.deepEqual([stop?.reason, value, ...theta], ['stalled', 7, 0.25, -3])
  assert.ok(counts.steps <= 2)
})

const endless: Record<string, (x: number) => [number, number]> = {
  '-x': (x) => [-x, -1],
  '-exp x': (x) => [-Math.exp(x), -Math.exp(x)],
  '-x^3': (x) => [-(x ** 3), -3 * x * x],
  '-log x': (x) => [-Math.log(x), -1 / x]
}

for (const [name, f] of Object.entries(endless)) {
  test(`unbounded below: ${name} is never called converged, and keeps the budget`, () => {
    const objective = fromFunction(1, ([x], gradient) => {
      if (gradient !== undefined) gradient[0] = f(x!)[1]
      return f(x!)[0]
    })
    const whole = powell(1, objective.value, [1])
    assert.equal(whole.stop?.reason, 'unbounded', whole.stop?.text)
    assert.match(whole.stop.advice, /No minimum was in sight/)
    for (const settings of [...withLineSearch, { type: 'powell' } as const]) {
      if (name !== '-log x') { // which flattens: no more than a small gradient is seen of it
        assert.equal(solve({ ...settings, gradientTolerance: 0 }, objective, [1]).stop?.reason, 'unbounded', nameOf(settings))
      }
      for (const evaluations of [10, 100]) {
        const { seen, watched } = watch(objective)
        const { stop, best } = solve({ ...settings, gradientTolerance: 0 }, watched, [1], { evaluations })
        assert.ok(stop?.reason === 'evaluations' || stop?.reason === 'unbounded', `${nameOf(settings)}: ${stop?.text}`)
        assert.ok(seen.evaluations <= evaluations + 50, `${nameOf(settings)}: ${seen.evaluations} of ${evaluations}`)
        assert.ok(best.value === seen.min && Number.isFinite(best.value) && best.theta.every(Number.isFinite))
      }
    }
  })
}
