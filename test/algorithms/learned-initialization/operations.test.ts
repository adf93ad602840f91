/** What trained initialisers answer, held against what their trials did. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { learnedInitialization } from '../../../src/algorithms/learned-initialization/index.js'
import { operations } from '../../../src/algorithms/learned-initialization/operations/index.js'
import type { InitializeResponse, SolveResponse } from '../../../src/algorithms/learned-initialization/operations/schema.js'
import type { InitializationResult } from '../../../src/algorithms/learned-initialization/result.js'
import type { InitializationSpec } from '../../../src/algorithms/learned-initialization/spec.js'
import { createResponder, type ModelBundle } from '../../../src/influence/responder.js'
import { compileCheck } from '../../../src/routes/validation.js'
import { bundleWithoutData } from '../../helpers/bundle.js'
import { drive, fillSpec } from '../../helpers/drive.js'
import { openTestEngine } from '../../tensor/helpers.js'

const engine = await openTestEngine()
const responder = createResponder(engine)
const SEED = 3
const USERS = 3
const TESTS = 6

const initialisers = {
  'arg-init': { type: 'arg-init', hidden: [16], epochs: 3 },
  sample: { type: 'val-init', starts: 3, candidates: 5, hidden: [16], epochs: 3 },
  descent: { type: 'val-init', starts: 3, candidates: 5, search: 'descent', hidden: [16], epochs: 3 }
}

/** Trains one. @returns the stored model, and what its trial found */
async function train (initialiser: object): Promise<{ bundle: ModelBundle, result: InitializationResult }> {
  const spec = fillSpec<InitializationSpec>(learnedInitialization, {
    family: { type: 'sum-rate', users: USERS, noise: 0.1 },
    solver: { type: 'gradient', steps: 8 },
    initialisers: [initialiser],
    offline: { instances: 40 },
    testInstances: TESTS
  })
  const { events, result } = await drive(learnedInitialization, { arm: 'a', seed: SEED, spec }, { engine, data: {} })
  return { bundle: bundleWithoutData(events, 'initialiser'), result: result as InitializationResult }
}

/** Asks as a route does: defaults are filled, the answer fits its schema. @throws what is wrong with the request */
async function ask<Answer> (name: keyof typeof operations, bundle: ModelBundle, asked: object): Promise<Answer> {
  const operation = operations[name]
  const request = structuredClone(asked)
  const violations = compileCheck(operation.request)(request)
  assert.deepEqual(violations, [])
  const broken = operation.check!(request)
  if (broken.length > 0) throw Object.assign(new Error('check'), { extra: { errors: broken } })
  const answer = await responder.answer(operation, bundle, request)
  assert.deepEqual(compileCheck(operation.response)(structuredClone(answer)), [])
  return answer as Answer
}

for (const [name, initialiser] of Object.entries(initialisers)) {
  test(`initialize and solve: ${name} starts and ends where its trial did, for drawn instances and for the same when given`, async () => {
    const { bundle, result } = await train(initialiser)
    const solved = await ask<SolveResponse>('solve', bundle, { count: TESTS, seed: SEED })
    assert.deepEqual(solved.ends.map(({ objective }) => objective), result.finals)
    assert.deepEqual(solved.ends.map(({ initial }) => initial), result.initials)
    const examples = solved.ends.map(({ start, solution, objective }, i) => (
      { instance: solved.instances![i], start, solution, objective }))
    assert.deepEqual(examples.slice(0, 4), result.examples)
    assert.deepEqual([solved.objective, solved.solver], [result.objective, bundle.details!.solver])

    const { instances, starts } = await ask<InitializeResponse>('initialize', bundle, { count: TESTS, seed: SEED })
    assert.deepEqual(instances, solved.instances)
    assert.deepEqual(starts.map(({ decision }) => decision), solved.ends.map(({ start }) => start))
    const given = await ask<InitializeResponse>('initialize', bundle, { instances, seed: SEED })
    assert.deepEqual(given, { objective: result.objective, starts })
    assert.deepEqual((await ask<SolveResponse>('solve', bundle, { instances, seed: SEED })).ends, solved.ends)
    if (name === 'arg-init') {
      assert.deepEqual((await ask<InitializeResponse>('initialize', bundle, { instances: instances!.slice(4) })).starts, starts.slice(4), 'nothing is drawn')
      return
    }
    assert.deepEqual(starts.map(({ predicted }) => predicted!.length), Array(TESTS).fill(5))
    assert.notDeepEqual((await ask<InitializeResponse>('initialize', bundle, { instances, seed: SEED + 1 })).starts, starts)
  })
}

test('solve: other steps, another solver; every instance ends with a reason and numbers', async () => {
  const { bundle } = await train(initialisers['arg-init'])
  const few = await ask<SolveResponse>('solve', bundle, { count: 2, seed: SEED, steps: 1 })
  assert.deepEqual(few.ends.map(({ reason, steps }) => [reason, steps]), [['steps', 1], ['steps', 1]])
  const many = await ask<SolveResponse>('solve', bundle, { count: 2, seed: SEED })
  many.ends.forEach(({ objective }, i) => { assert.ok(objective! >= few.ends[i]!.objective!) })

  const solver = { type: 'zeroth-order', samples: 4, budget: 12 }
  const queried = await ask<SolveResponse>('solve', bundle, { count: 2, solver })
  assert.equal(queried.solver.learningRate, 2, 'its own defaults')
  for (const { reason, queries, initial, objective } of queried.ends) {
    assert.equal(reason, 'budget')
    assert.ok(queries <= 12 && objective! >= initial!)
  }

  const loud = { ...bundle, details: { ...bundle.details, family: { ...bundle.details!.family as object, power: 1e6 } } }
  const { ends: [end] } = await ask<SolveResponse>('solve', loud, { instances: [Array(USERS * USERS).fill(1e308)] })
  assert.deepEqual([end!.reason, end!.objective, end!.solution], ['non-finite', null, end!.start], 'never nothing')
})

test('initialize and solve: what is no instance is refused by its place, and more than can be answered', async () => {
  const { bundle } = await train(initialisers.sample)
  const refusal = async (name: keyof typeof operations, request: object) => await ask(name, bundle, request).then(
    () => assert.fail('it was answered'), (error: { extra: { errors: { path: string, rule: string, got: unknown }[] } }) => error.extra.errors)
  const row = Array(USERS * USERS).fill(1)
  const changed = (value: number) => row.with(4, value)
  assert.deepEqual(await refusal('initialize', { instances: [row, row.slice(1)] }), [{ path: 'instances[1]', rule: 'must have 9 numbers', got: 8 }])
  assert.deepEqual(await refusal('solve', { instances: [row, changed(-1)] }), [{ path: 'instances[1][4]', rule: 'must be finite and >= 0', got: -1 }])
  assert.deepEqual(await refusal('initialize', {}), [{ path: 'instances', rule: 'must be given, or count instead of them', got: null }])
  assert.deepEqual(await refusal('initialize', { instances: [row], count: 1 }), [{ path: 'count', rule: 'must not stand beside instances', got: 1 }])
  assert.deepEqual(await refusal('solve', { count: 1, steps: 2, solver: { type: 'gradient' } }), [
    { path: 'steps', rule: 'must not stand beside solver, which has its own', got: 2 }
  ])
  assert.deepEqual(await refusal('solve', { count: 10_000, solver: { type: 'gradient', steps: 100_000 } }), [
    { path: 'count', rule: 'must be at most 625 instances: up to 100000 steps of the solver each', got: 10_000 }
  ])
  for (const value of [NaN, Infinity]) {
    assert.deepEqual(compileCheck(operations.initialize.request)({ instances: [changed(value)] }).map(({ path }) => path), ['instances[0][4]'])
  }
  const wide = { ...bundle, details: { ...bundle.details, initialiser: { ...initialisers.sample, candidates: 1000 } } }
  await assert.rejects(ask('initialize', wide, { instances: Array(1000).fill(row) }), {
    detail: 'instances must be at most 994 instances: an answer has at most 1000000 numbers, got 1000'
  })
})
