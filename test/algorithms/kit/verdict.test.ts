/** What was found of claims becomes a verdict: every one must hold, one that fails decides, and missing trials leave it open. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { decide, type Judged } from '../../../src/algorithms/kit/verdict.js'

const all = { finished: 6, planned: 6, failed: 0 }
const judged = (...holds: Judged['holds'][]): Judged[] => holds.map((holds, i) => ({ holds, evidence: `claim ${i + 1}` }))

test('decide: all must hold, one that fails decides, one that is open leaves it open', () => {
  assert.deepEqual(decide(all, () => ({ judged: judged(true, true) })), { holds: true, evidence: 'Found: claim 1. Found: claim 2' })
  assert.deepEqual(decide(all, () => ({ judged: judged(null, false) })), { holds: false, evidence: 'Not decided: claim 1. Not found: claim 2' })
  assert.equal(decide(all, () => ({ judged: judged(true, null) })).holds, null)
})

test('decide: what was not claimed does not hold, and notes are said after what was found', () => {
  assert.deepEqual(decide(all, () => ({ judged: [], notes: ['Beware'] })), { holds: null, evidence: 'Nothing was claimed. Beware' })
  assert.deepEqual(decide(all, () => ({ judged: judged(true), notes: ['Beware'] })), { holds: true, evidence: 'Found: claim 1. Beware' })
  assert.deepEqual(decide(all, () => ({ judged: judged(false), notes: ['Beware'], isVoid: true })), { holds: null, evidence: 'Not found: claim 1. Beware' })
})

test('decide: nothing is settled while trials are missing, whether they failed or have not ended', () => {
  const never = (): never => { throw new Error('was asked') }
  assert.deepEqual(decide({ finished: 0, planned: 6, failed: 6 }, never), { holds: null, evidence: 'No trial succeeded' })
  assert.deepEqual(decide({ finished: 4, planned: 6, failed: 1 }, never), { holds: null, evidence: '2 of 6 trials have no result' })
  assert.deepEqual(decide({ finished: 5, planned: 6, failed: 1 }, never), { holds: null, evidence: '1 of 6 trials have no result' })
})
