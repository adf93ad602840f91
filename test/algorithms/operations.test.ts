/** What can be asked of models, kind by kind. Over the wire and in an executor: test/jobs/asked.test.ts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collectOperations, operationsOf } from '../../src/algorithms/operations.js'
import { addAlgorithm, algorithms, findOperation } from '../../src/algorithms/registry.js'
import { operations as common } from '../../src/influence/operations.js'
import { asked } from '../kinds/asked.js'

const { weigh } = asked.operations!

test('collectOperations: every name once, whoever has it', () => {
  const all = collectOperations([...algorithms, { kind: 'second', operations: { weigh: weigh!, predict: common.predict } }])
  const ofKinds = algorithms.flatMap(({ operations = {} }) => Object.keys(operations))
  assert.ok(ofKinds.includes('weigh'))
  assert.deepEqual(Object.keys(all), [...Object.keys(common), ...ofKinds])
})

test('collectOperations: a name that stands for two things, or for none in a URL, is refused', () => {
  const refuse = (name: string, changes: object, rule: RegExp) => {
    assert.throws(() => collectOperations([asked, { kind: 'second', operations: { [name]: { ...weigh!, ...changes } } }]), rule)
  }
  refuse('weigh', {}, /must be its own, got weigh of kind second/)
  refuse('predict', {}, /must be its own, got predict of kind second/)
  refuse('Weigh it', {}, /must be small letters .*, got Weigh it of kind second/)
  refuse('weigh-all', { isPaged: true }, /must not be paged/)
  assert.throws(() => { addAlgorithm({ ...asked, kind: 'second', operations: { weigh: { ...weigh! } } }) }, /got weigh of kind second/)
  assert.ok(!algorithms.some(({ kind }) => kind === 'second'))
})

test('findOperation: what every network has, and what its kind adds; of a kind that is not known, the former', () => {
  assert.deepEqual(Object.keys(operationsOf(asked)), [...Object.keys(common), 'weigh', 'count-slowly'])
  assert.equal(findOperation('asked', 'weigh'), weigh)
  assert.equal(findOperation('of another version', 'predict'), common.predict)
  for (const [kind, name] of [['tracin', 'weigh'], ['asked', 'toString'], ['of another version', 'weigh']] as const) {
    assert.throws(() => findOperation(kind, name), { code: 'unknown_operation', status: 404 })
  }
})
