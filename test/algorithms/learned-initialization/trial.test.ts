/** Trials of learned-initialization: arms are paired, oracles do what they must, solutions are read again, and two basins are learned. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { learnedInitialization } from '../../../src/algorithms/learned-initialization/index.js'
import { openTestEngine } from '../../tensor/helpers.js'
import { testContract } from '../contract-suite.js'
import { quick, runArm, small, solutionsOf } from './trials.js'

const engine = await openTestEngine()
const artifactId = '00000000-0000-7000-8000-000000000000'

for (const initialiser of [{ type: 'arg-init', ...quick, epochs: 2 }, { type: 'val-init', ...quick, epochs: 2, starts: 2, candidates: 3, search: 'descent' }]) {
  testContract(learnedInitialization, { ...small, initialisers: [initialiser] }, { what: initialiser.type })
}

test('one start of multi-start, and one candidate of val-init, are the random start', async () => {
  const { result: random } = await runArm({ type: 'random' })
  const { result: one } = await runArm({ type: 'multi-start', starts: 1 })
  const { result: candidate } = await runArm({ type: 'val-init', ...quick, starts: 2, candidates: 1 }, {}, { engine })
  assert.deepEqual(one.finals, random.finals)
  assert.deepEqual(candidate.finals, random.finals)
  assert.deepEqual(candidate.initials, random.initials)
})

test('an oracle of values is multi-start of as many, which is never below random', async () => {
  const { result: random } = await runArm({ type: 'random' })
  const { result: multi } = await runArm({ type: 'multi-start', starts: 4 })
  const { result: oracle } = await runArm({ type: 'val-init', oracle: true, candidates: 4 })
  assert.deepEqual(oracle.finals, multi.finals)
  assert.ok(multi.finals.every((value, i) => value >= random.finals[i]!))
  assert.ok(multi.finals.some((value, i) => value > random.finals[i]!))
  assert.equal(multi.cost.onlineSteps, 4 * random.cost.onlineSteps)
})

test('an oracle of the argument starts where random ends, and gains nothing where that is a solution', async () => {
  const { result: random } = await runArm({ type: 'random' })
  const { result: oracle } = await runArm({ type: 'arg-init', oracle: true })
  assert.deepEqual(oracle.initials, random.finals)
  const converged = { family: { type: 'convex', size: 3, condition: 4 }, solver: { type: 'gradient', learningRate: 0.2, steps: 2000 } }
  const { result: solved } = await runArm({ type: 'arg-init', oracle: true }, converged)
  solved.finals.forEach((value, i) => assert.ok(Math.abs(value - solved.initials[i]!) <= 1e-12, `${value} after ${solved.initials[i]}`))
})

test('numbers do not depend on the crew', async () => {
  const { result: alone } = await runArm({ type: 'arg-init', ...quick }, {}, { engine })
  const { result: crew } = await runArm({ type: 'arg-init', ...quick }, { crew: 2 }, { engine })
  assert.deepEqual(crew, alone)
})

test('solutions that are read give what solving them gave; others are refused by name', async () => {
  const solved = await runArm({ type: 'nearest' })
  const artifacts = { solutions: solutionsOf(solved) }
  const offline = { instances: 40, solutions: { artifactId } }
  const read = await runArm({ type: 'nearest' }, { offline }, { artifacts })
  assert.deepEqual(read.result, solved.result)
  assert.ok(read.events.every(({ type }) => type !== 'artifact'))
  const part = await runArm({ type: 'nearest', offline: 10 }, { offline }, { artifacts })
  assert.deepEqual(part.result, (await runArm({ type: 'nearest', offline: 10 })).result)

  await assert.rejects(runArm({ type: 'nearest' }, { offline, family: { type: 'sum-rate', users: 4 } }, { artifacts }), /must have spec\.family/)
  await assert.rejects(runArm({ type: 'nearest' }, { offline, solver: { type: 'gradient', steps: 21 } }, { artifacts }), /must have spec\.solver/)
  await assert.rejects(runArm({ type: 'nearest' }, { offline: { ...offline, instances: 41 } }, { artifacts }), /must have 41 instances or more, got 40/)
  await assert.rejects(runArm({ type: 'arg-init', ...quick, labels: 2 }, { offline }, { artifacts, engine }), /must have 2 starts of every instance/)
  await assert.rejects(runArm({ type: 'nearest' }, { offline }, { artifacts: { solutions: Uint8Array.of(1, 2) } }), /must be a safetensors file/)
})

test('two basins: learned starts succeed nearly always where random ones do as their mass says', async () => {
  const spec = { family: { type: 'two-basins' }, testInstances: 300, offline: { instances: 300 }, solver: { type: 'gradient', learningRate: 0.05, steps: 100 } }
  const { result: random } = await runArm({ type: 'random' }, spec)
  const { result: learned } = await runArm({ type: 'arg-init', ...quick, hidden: [32], epochs: 20, labels: 10 }, spec, { engine })
  const deviation = Math.sqrt(random.expected! * (1 - random.expected!) / 300)
  assert.ok(Math.abs(random.succeeded! - random.expected!) <= 4 * deviation, `${random.succeeded} of ${random.expected}`)
  assert.ok(learned.succeeded! >= 0.97, `${learned.succeeded}`)
})

test('the reference is judged: stationary, and of two users never above the best corner', async () => {
  const { result } = await runArm({ type: 'reference' }, { family: { type: 'sum-rate', users: 2 } })
  assert.ok(result.stationarity! <= 1e-6)
  assert.ok(result.aboveCorner! <= 1e-9)
  assert.ok(result.cornerPart! > 0.9 && result.cornerPart! <= 1)
})
