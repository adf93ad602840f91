/** Every method, stopped anywhere and made anew from its state, goes on to the bit. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NamedArrays } from '../../src/math/arrays.js'
import { type AppError } from '../../src/errors.js'
import {
  createOptimizer, type Budget, type Optimizer, type OptimizerSettings, type OptimizerState
} from '../../src/optimizers/index.js'
import { openStream } from '../../src/math/random.js'
import { fromFunction, network, rosenbrock } from './problems.js'

const methods: OptimizerSettings[] = [
  { type: 'gd', learningRate: 1e-4 },
  { type: 'gd', learningRate: 1e-4, momentum: 0.9 },
  { type: 'adam', learningRate: 0.01 },
  { type: 'cg' },
  { type: 'cg', beta: 'fletcher-reeves' },
  { type: 'bfgs' },
  { type: 'lbfgs', memory: 4 },
  { type: 'powell' },
  { type: 'pso', particles: 8 },
  { type: 'pso', particles: 9, topology: 'ring', neighbours: 2 }
]
const nameOf = (settings: OptimizerSettings) => Object.entries(settings).map(([key, value]) => key === 'type' ? value : `${key} ${value}`).join(', ')

/** What storage does to a state: bytes for the arrays, JSON for the values. */
function store ({ arrays, values }: OptimizerState): OptimizerState {
  const copies: NamedArrays = {}
  for (const [name, { shape, data }] of Object.entries(arrays)) {
    assert.ok(data instanceof Float64Array)
    assert.equal(shape.reduce((product, size) => product * size, 1), data.length, `shape of ${name}`)
    const bytes = Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    copies[name] = { shape: [...shape], data: new Float64Array(bytes.buffer) }
  }
  return { arrays: copies, values: JSON.parse(JSON.stringify(values)) as Record<string, unknown> }
}

function open (settings: OptimizerSettings, options: { state?: OptimizerState, budget?: Budget } = {}, size = 4): Optimizer {
  const start = Float64Array.from({ length: size }, (_, i) => (i % 2 === 0 ? -1.2 : 1))
  return createOptimizer(settings, rosenbrock(size), { start, random: (purpose, ...keys) => openStream(3, purpose, ...keys), ...options })
}

function advance (optimizer: Optimizer, steps: number): Optimizer {
  for (let i = 0; i < steps; i++) optimizer.step()
  return optimizer
}

function assertSame (a: Optimizer, b: Optimizer, message?: string): void {
  assert.deepEqual(a.save(), b.save(), message)
  assert.deepEqual([a.theta, a.value, a.gradientNorm, a.stepLength, a.best, a.counts, a.stop],
    [b.theta, b.value, b.gradientNorm, b.stepLength, b.best, b.counts, b.stop], message)
}

for (const settings of methods) {
  test(`save: a run cut at any step goes on to the bit, ${nameOf(settings)}`, () => {
    for (const cut of [0, 1, 2, 3, 5, 7, 12, 20]) {
      const whole = advance(open(settings), 2 * cut)
      const first = advance(open(settings), cut)
      const second = open(settings, { state: store(first.save()) })
      assertSame(first, second, `restored at ${cut}`)
      assertSame(whole, advance(second, cut), `cut at ${cut}`)
    }
  })

  test(`save: a run that a budget ended goes on to the bit under a larger one, ${nameOf(settings)}`, () => {
    const whole = advance(open(settings, { budget: { steps: 9 } }), 100)
    assert.equal(whole.stop!.reason, 'steps')
    const spent = whole.counts.functionEvaluations + whole.counts.gradientEvaluations
    for (const evaluations of [10, Math.floor(spent / 3), Math.floor(spent / 2), spent - 1]) {
      const cut = advance(open(settings, { budget: { evaluations } }), 100)
      assert.equal(cut.stop!.reason, 'evaluations')
      const onwards = open(settings, { state: store(cut.save()), budget: { steps: 9 } })
      assertSame(whole, advance(onwards, 100), `${evaluations} evaluations`)
    }
    const bySteps = open(settings, { state: store(advance(open(settings, { budget: { steps: 4 } }), 100).save()), budget: { steps: 9 } })
    assertSame(whole, advance(bySteps, 100))
  })
}

test('save: copies, which later steps leave alone', () => {
  for (const settings of methods) {
    const optimizer = advance(open(settings), 3)
    const state = optimizer.save()
    const kept = store(state)
    advance(optimizer, 3)
    assert.deepEqual(state, kept)
    const again = open(settings, { state })
    advance(again, 3)
    assert.deepEqual(state, kept)
    assertSame(optimizer, again)
  }
})

test('save: the same on a network of 91 parameters after many steps', () => {
  const start = Float64Array.from({ length: 91 }, (_, i) => Math.sin(i + 1))
  for (const settings of [{ type: 'cg' }, { type: 'bfgs' }, { type: 'lbfgs' }] satisfies OptimizerSettings[]) {
    const make = (state?: OptimizerState) => createOptimizer(settings, network(), { start, ...(state === undefined ? {} : { state }) })
    const half = advance(make(), 30)
    assertSame(advance(make(), 60), advance(make(store(half.save())), 30))
  }
})

test('save: a run that has ended stays so, with its reason', () => {
  const ended = advance(open({ type: 'bfgs' }, {}, 2), 200)
  assert.equal(ended.stop!.reason, 'gradient')
  const again = open({ type: 'bfgs' }, { state: store(ended.save()) }, 2)
  assertSame(ended, advance(again, 5))
})

test('createOptimizer: refuses a state of another method or size', () => {
  const state = advance(open({ type: 'cg' }), 2).save()
  assert.throws(() => open({ type: 'bfgs' }, { state }), (error: AppError) => error.code === 'invalid_input' && /must be of the optimizer bfgs, got cg/.test(error.detail))
  assert.throws(() => open({ type: 'cg' }, { state }, 5), (error: AppError) => /must hold 5 Float64 numbers, got 4/.test(error.detail))
})

test('save: a run that a budget ended within a long line searches that line again, and ends where it would have', () => {
  const falling = fromFunction(2, ([x, y], gradient) => {
    gradient?.set([-1, 2 * y!])
    return y! * y! - x!
  })
  for (const settings of [{ type: 'cg' }, { type: 'bfgs' }, { type: 'lbfgs' }, { type: 'powell' }] satisfies OptimizerSettings[]) {
    const make = (budget: Budget, state?: OptimizerState) => createOptimizer(settings, falling, {
      start: Float64Array.of(1, 0), budget, ...(state === undefined ? {} : { state })
    })
    const whole = advance(make({}), 100)
    assert.equal(whole.stop?.reason, 'unbounded')
    for (const evaluations of [10, 30, 60]) {
      const cut = advance(make({ evaluations }), 100)
      assert.equal(cut.stop?.reason, 'evaluations')
      assert.ok(cut.best.value < cut.value, 'the best is from within the line, theta from before it')
      const onwards = advance(make({}, store(cut.save())), 100)
      assert.deepEqual([onwards.theta, onwards.best, onwards.stop], [whole.theta, whole.best, whole.stop], settings.type)
    }
  }
})

test('save: a run cut anywhere around failed line searches goes on to the bit', () => {
  // kinks at 0, where no step meets the conditions
  const kinked = fromFunction(2, ([x, y], gradient) => {
    gradient?.set([Math.sign(x!) + 0.1 * x!, 10 * Math.sign(y!)])
    return Math.abs(x!) + 0.05 * x! * x! + 10 * Math.abs(y!)
  })
  for (const settings of [{ type: 'cg' }, { type: 'cg', beta: 'fletcher-reeves' }, { type: 'bfgs' }, { type: 'lbfgs' }] satisfies OptimizerSettings[]) {
    const make = (budget: Budget, state?: OptimizerState) => createOptimizer(settings, kinked, {
      start: Float64Array.of(3, -0.7), budget, ...(state === undefined ? {} : { state })
    })
    const whole = advance(make({}), 100)
    assert.equal(whole.stop?.reason, 'line-search')
    for (let steps = 0; steps < whole.counts.steps; steps++) {
      const cut = advance(make({ steps }), 100)
      assertSame(whole, advance(make({}, store(cut.save())), 100), `${settings.type} at ${steps} of ${whole.counts.steps}`)
    }
  }
})
