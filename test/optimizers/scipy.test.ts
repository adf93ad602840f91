/** Every method against SciPy's from the same starts: fixtures/scipy.json, made by fixtures/make.py. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOptimizer, type Optimizer, type OptimizerSettings } from '../../src/optimizers/index.js'
import { problems, readFixture } from './problems.js'

interface Run {
  problem: string
  method: 'CG' | 'Fletcher-Reeves' | 'BFGS' | 'L-BFGS-B' | 'Powell'
  options: { maxiter?: number }
  iterations: number
  evaluations: number
  value: number
  theta: number[]
  /** [iteration, evaluations of the function so far, value] */
  trace: [number, number, number][]
}
interface Fixture {
  starts: Record<string, number[]>
  networkValue: number
  networkGradient: number[]
  runs: Run[]
  adam: { learningRate: number, points: number[][] }
}

const fixture = readFixture<Fixture>('scipy.json')
const settings: Record<Run['method'], OptimizerSettings> = {
  CG: { type: 'cg' },
  'Fletcher-Reeves': { type: 'cg', beta: 'fletcher-reeves' },
  BFGS: { type: 'bfgs' },
  'L-BFGS-B': { type: 'lbfgs' },
  Powell: { type: 'powell' }
}

/**
 * Where the paths are one at first, to the evaluation. SciPy's CG tries no step longer than the gradient, whatever its units,
 * and goes from Moré and Thuente's search to another where it asks a step for descent; on these problems neither happens. Its
 * BFGS begins with H = I and its Powell takes step 2 from elsewhere (bfgs.ts, powell.ts).
 */
const isSamePath = ({ problem, method }: Run) =>
  method === 'L-BFGS-B' || ((method === 'CG' || method === 'Fletcher-Reeves') && ['rosenbrock-10', 'quadratic-100'].includes(problem))

function open ({ problem, method, options }: Run): Optimizer {
  return createOptimizer(settings[method], problems[problem]!(), {
    start: Float64Array.from(fixture.starts[problem]!),
    budget: { steps: options.maxiter ?? 20000 }
  })
}

test('problems: value and gradient of the network are those of the fixture, and central differences agree', () => {
  const objective = problems['network']!()
  const start = Float64Array.from(fixture.starts['network']!)
  const gradient = new Float64Array(start.length)
  assert.ok(Math.abs(objective.gradient!(start, gradient) - fixture.networkValue) < 1e-14)
  gradient.forEach((g, i) => assert.ok(Math.abs(g - fixture.networkGradient[i]!) < 1e-13))
  for (const [name, make] of Object.entries(problems)) {
    const f = make()
    const at = Float64Array.from(fixture.starts[name]!, (x) => x + 0.1)
    const written = new Float64Array(at.length)
    f.gradient!(at, written)
    const scale = Math.max(1, ...written.map(Math.abs))
    for (let i = 0; i < at.length; i += 7) {
      const [up, down] = [1e-5, -1e-5].map((h) => f.value(at.with(i, at[i]! + h)))
      assert.ok(Math.abs((up! - down!) / 2e-5 - written[i]!) < 1e-6 * scale, `${name}, component ${i}`)
    }
  }
})

for (const run of fixture.runs) {
  const isPowell = run.method === 'Powell'
  test(`${run.method}: as SciPy's within 1.5 times its iterations and evaluations, ${run.problem}`, () => {
    const optimizer = open(run)
    while (optimizer.stop === undefined) {
      optimizer.step()
      const then = run.trace.find(([iteration]) => iteration === optimizer.counts.steps)
      // Later on rounding parts them.
      if (!isSamePath(run) || then === undefined || then[0] > 20) continue
      assert.equal(optimizer.counts.functionEvaluations, then[1], `evaluations at iteration ${then[0]}`)
      assert.ok(Math.abs(optimizer.value - then[2]) <= 1e-6 * then[2] + 1e-15, `value ${optimizer.value} at iteration ${then[0]}, SciPy ${then[2]}`)
    }
    const { steps, functionEvaluations } = optimizer.counts
    assert.ok(steps <= 1.5 * run.iterations, `${steps} iterations, SciPy ${run.iterations}`)
    assert.ok(functionEvaluations <= 1.5 * run.evaluations, `${functionEvaluations} evaluations, SciPy ${run.evaluations}`)
    if (run.options.maxiter === run.iterations) {
      assert.equal(optimizer.stop.reason, 'steps')
      assert.ok(optimizer.value <= 3 * run.value, `value ${optimizer.value} after ${steps} iterations, SciPy ${run.value}`)
    } else {
      assert.equal(optimizer.stop.reason, isPowell ? 'stalled' : 'gradient')
      assert.ok(Math.abs(optimizer.value - run.value) < 1e-8, `value ${optimizer.value}, SciPy ${run.value}`)
      optimizer.theta.forEach((x, i) => assert.ok(Math.abs(x - run.theta[i]!) < 1e-3, `theta[${i}] ${x}, SciPy ${run.theta[i]}`))
    }
  })
}

test('adam: goes where algorithm 1 of the paper goes (fixtures/make.py)', () => {
  const { learningRate, points } = fixture.adam
  const optimizer = createOptimizer({ type: 'adam', learningRate }, problems['rosenbrock-2']!(), { start: Float64Array.of(-1.2, 1) })
  for (const point of points) {
    optimizer.step()
    optimizer.theta.forEach((x, i) => assert.ok(Math.abs(x - point[i]!) < 1e-12))
  }
})
