/** Batches of instances: closed forms, plain loops to the bit, and that no instance knows of another. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStream, type RandomStream } from '../../../src/math/random.js'
import { openBatch } from '../../../src/optimizers/batched/open.js'
import { stopReasons, type BatchRun, type BatchSolver, type FistaSolver, type GradientSolver, type ZerothOrderSolver } from '../../../src/optimizers/batched/solver.js'
import { createEstimator } from '../../../src/optimizers/batched/zeroth-order.js'
import { fistaLoop, gradientLoop, zerothOrderLoop, type End } from './loops.js'
import { makeQuadratics, makeStarts, partOf, type Quadratics } from './objectives.js'

const gradient: GradientSolver = { type: 'gradient', learningRate: 0.3, momentum: 0.5, steps: 25, tolerance: 0 }
const fista: FistaSolver = { type: 'fista', learningRate: 0.4, threshold: 0.2, decay: 'root', steps: 25, tolerance: 0 }
const queries: ZerothOrderSolver = { type: 'zeroth-order', learningRate: 0.05, momentum: 0.5, samples: 4, smoothing: 1e-2, steps: 25, budget: 1e6, tolerance: 0 }
const solvers: BatchSolver[] = [gradient, fista, queries]
const shape = { count: 7, size: 3 }

const directions = (i: number, step: number): RandomStream => openStream(8, 'directions', i, step)
const reasonsOf = ({ reasons }: BatchRun): string[] => [...reasons].map(code => stopReasons[code]!)
const rowOf = (rows: Float64Array, i: number, size: number): number[] => [...rows.slice(i * size, (i + 1) * size)]

function solve (objective: Quadratics, solver: BatchSolver, starts = makeStarts(objective)): BatchRun {
  const run = openBatch(objective, solver, starts, { directions })
  run.advance(Infinity)
  assert.ok(run.done)
  return run
}

test('openBatch: gradient descent on quadratics is where its closed form says', () => {
  const objective = makeQuadratics(shape)
  const starts = makeStarts(shape)
  const { states, queries } = solve(objective, { ...gradient, momentum: 0 }, starts)
  states.forEach((x, k) => {
    const expected = objective.minima[k]! + (1 - 0.3 * objective.curvatures[k]!) ** 25 * (starts[k]! - objective.minima[k]!)
    assert.ok(Math.abs(x - expected) < 1e-12)
  })
  assert.deepEqual([...queries], [...objective.asked])
})

const loops: [BatchSolver, (objective: Quadratics, i: number, start: number[]) => End][] = [
  [gradient, (objective, i, start) => gradientLoop(objective, i, start, gradient)],
  [fista, (objective, i, start) => fistaLoop(objective, i, start, fista)],
  [queries, (objective, i, start) => zerothOrderLoop(objective, i, start, queries, step => directions(i, step))]
]
for (const [solver, loop] of loops) {
  test(`openBatch: ${solver.type} is a plain loop over each instance, to the bit`, () => {
    const objective = makeQuadratics(shape)
    const starts = makeStarts(shape)
    const { states, best } = solve(objective, solver, starts)
    for (let i = 0; i < shape.count; i++) {
      const end = loop(objective, i, rowOf(starts, i, shape.size))
      assert.deepEqual([rowOf(states, i, shape.size), best.values[i]], [end.state, end.best])
    }
  })
}

test('openBatch: projected descent is a plain loop, and its best is the nearest point of the box', () => {
  const objective = makeQuadratics(shape, { box: 0.5 })
  const starts = makeStarts(shape)
  const solver = { ...gradient, steps: 200 }
  const { states, best } = solve(objective, solver, starts)
  for (let i = 0; i < shape.count; i++) {
    const end = gradientLoop(objective, i, rowOf(starts, i, 3), solver, 0.5)
    assert.deepEqual([rowOf(states, i, 3), best.values[i]], [end.state, end.best])
  }
  states.forEach((x, k) => { assert.ok(Math.abs(x - Math.min(Math.max(objective.minima[k]!, -0.5), 0.5)) < 1e-12) })
})

test('openBatch: FISTA finds the soft threshold, which solves min (x - b)² / 2 + l |x|', () => {
  const shape = { count: 50, size: 1 }
  const objective = makeQuadratics(shape)
  objective.curvatures.fill(1)
  const { best } = solve(objective, { ...fista, threshold: 0.7, decay: 'constant', steps: 400 })
  best.states.forEach((x, i) => {
    const b = objective.minima[i]!
    const expected = Math.sign(b) * Math.max(Math.abs(b) - 0.7, 0)
    assert.ok(Math.abs(x - expected) < 1e-7, `${x} ${expected}`)
  })
  assert.ok([...best.states].some(x => x === 0) && [...best.states].some(x => x !== 0))
})

test('createEstimator: unbiased on a quadratic, within its interval', () => {
  const shape = { count: 1, size: 4 }
  const objective = makeQuadratics(shape)
  const states = makeStarts(shape)
  const known = new Float64Array(1)
  const exact = new Float64Array(4)
  objective.gradients!(states, exact, known)
  const estimate = createEstimator(objective, 5, 0.5)
  const repetitions = 4000
  const sums = new Float64Array(4)
  const squares = new Float64Array(4)
  const into = new Float64Array(4)
  for (let r = 0; r < repetitions; r++) {
    estimate(states, known, into, Uint8Array.of(1), () => openStream(1, 'estimates', r))
    into.forEach((value, k) => {
      sums[k]! += value
      squares[k]! += value * value
    })
  }
  for (let k = 0; k < 4; k++) {
    const mean = sums[k]! / repetitions
    const error = Math.sqrt((squares[k]! / repetitions - mean * mean) / repetitions)
    assert.ok(Math.abs(mean - exact[k]!) < 4 * error, `${mean} is ${exact[k]} within ${error}`)
  }
})

for (const budget of [1, 5, 6, 23, 1000]) {
  test(`openBatch: no instance takes more than ${budget} queries`, () => {
    const objective = makeQuadratics(shape)
    const run = solve(objective, { ...queries, budget })
    assert.deepEqual([...run.queries], [...objective.asked])
    const steps = Math.min(25, Math.floor((budget - 1) / 5))
    assert.deepEqual([...run.steps], Array(7).fill(steps))
    assert.deepEqual(reasonsOf(run), Array(7).fill(steps === 25 ? 'steps' : 'budget'))
    assert.ok(run.queries.every(count => count <= budget))
  })
}

for (const solver of solvers) {
  test(`openBatch: ${solver.type}, an instance is solved alike alone and among 2000`, () => {
    const shape = { count: 2000, size: 3 }
    const objective = makeQuadratics(shape)
    const starts = makeStarts(shape)
    const all = solve(objective, { ...solver, steps: 8, tolerance: 1e-2 }, starts)
    for (const i of [0, 1, 1000, 1999]) {
      const run = openBatch(partOf(objective, i, i + 1), { ...solver, steps: 8, tolerance: 1e-2 }, starts.slice(3 * i, 3 * i + 3), {
        directions: (_, step) => directions(i, step)
      })
      run.advance(8)
      assert.deepEqual([...run.best.states, ...run.best.values, run.steps[0], run.reasons[0]],
        [...rowOf(all.best.states, i, 3), all.best.values[i], all.steps[i], all.reasons[i]])
    }
  })

  test(`openBatch: ${solver.type}, a value that is no number stops its own instance alone, with the best from before`, () => {
    const starts = makeStarts(shape).fill(1.5)
    const sound = makeQuadratics(shape)
    sound.minima.fill(-1)
    const broken = makeQuadratics(shape, { broken: [2, 5] })
    broken.minima.fill(-1)
    const without = solve(sound, { ...solver, learningRate: 0.1 }, starts)
    const run = solve(broken, { ...solver, learningRate: 0.1 }, starts)
    assert.deepEqual(reasonsOf(run), ['steps', 'steps', 'non-finite', 'steps', 'steps', 'non-finite', 'steps'])
    for (const i of [0, 1, 3, 4, 6]) assert.deepEqual(rowOf(run.states, i, 3), rowOf(without.states, i, 3))
    for (const i of [2, 5]) {
      assert.ok(run.steps[i]! > 0 && run.steps[i]! < 25)
      assert.deepEqual(rowOf(run.states, i, 3), rowOf(run.best.states, i, 3))
      assert.ok(run.best.states[3 * i]! >= 0 && Number.isFinite(run.best.values[i]))
      assert.equal(run.values[i], run.best.values[i])
    }
  })

  test(`openBatch: ${solver.type} goes on from what was saved, to the bit`, () => {
    const objective = makeQuadratics(shape)
    const starts = makeStarts(shape)
    const tolerant = { ...solver, tolerance: 2e-2 }
    const whole = openBatch(objective, tolerant, starts, { directions })
    whole.advance(6)
    const saved = structuredClone(whole.save())
    whole.advance(Infinity)
    const rest = openBatch(makeQuadratics(shape), tolerant, starts, { directions, resume: saved })
    assert.equal(rest.step, 6)
    rest.advance(Infinity)
    assert.deepEqual(rest.save(), whole.save())
    assert.ok(rest.done)
  })
}

test('openBatch: an instance converges by itself, and is not looked at any more', () => {
  const objective = makeQuadratics(shape)
  const starts = objective.minima.slice()
  starts[9] = 5
  const run = solve(objective, { ...gradient, tolerance: 1e-3, steps: 1000 }, starts)
  assert.deepEqual(reasonsOf(run), Array(7).fill('converged'))
  assert.deepEqual([run.steps[0], run.queries[0], objective.asked[0]], [1, 2, 2])
  assert.ok(run.steps[3]! > 10 && run.steps[3]! < 1000)
})

test('openBatch: a start without a value is its best state, and never runs', () => {
  const objective = makeQuadratics(shape, { broken: [0] })
  const starts = makeStarts(shape).fill(-1, 0, 3)
  const run = solve(objective, gradient, starts)
  assert.deepEqual([reasonsOf(run)[0], run.steps[0], run.best.values[0], ...run.best.states.slice(0, 3)], ['non-finite', 0, NaN, -1, -1, -1])
})

test('openBatch: refuses what it cannot solve', () => {
  const objective = makeQuadratics(shape)
  const { gradients, ...blind } = objective
  assert.ok(gradients)
  assert.throws(() => openBatch(blind, gradient, makeStarts(shape)), /Solver gradient needs gradients/)
  assert.throws(() => openBatch(objective, queries, makeStarts(shape)), /must be given directions/)
  assert.throws(() => openBatch(objective, gradient, new Float64Array(5)), /starts must hold 7 x 3 numbers, got 5/)
  const saved = openBatch(objective, gradient, makeStarts(shape)).save()
  assert.throws(() => openBatch(partOf(objective, 0, 3), gradient, new Float64Array(9), { resume: saved }), /must have 3 instances, got 7/)
})
