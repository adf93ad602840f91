/** What a kind declares about how its trials end, and what is made of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowsNonFinite, checkOutcome, explainOutcome } from '../../src/algorithms/outcomes.js'
import { algorithms } from '../../src/algorithms/registry.js'

const found = { kind: 'some', outcomes: { converged: { advice: 'Go on.' }, lost: { advice: 'Slow down.', nonFinite: true } } } as const
const none = { kind: 'plain', outcomes: {} }

test('checkOutcome: a result names one of the declared outcomes, or none where none is declared', () => {
  checkOutcome(found, { outcome: 'lost' })
  checkOutcome(none, { loss: 1 })
  const refused: [typeof found | typeof none, unknown, string][] = [
    [found, { outcome: 'diverged' }, 'result.outcome must be one of converged, lost, got "diverged"'],
    [found, { outcome: 'toString' }, 'result.outcome must be one of converged, lost, got "toString"'],
    [found, {}, 'result.outcome must be one of converged, lost, got undefined'],
    [found, undefined, 'result.outcome must be one of converged, lost, got undefined'],
    [none, { outcome: 'converged' }, 'result.outcome must be left out, plain declares none, got "converged"']
  ]
  for (const [kind, result, detail] of refused) assert.throws(() => { checkOutcome(kind, result) }, { code: 'trial_error', detail })
})

test('allowsNonFinite: by the declaration, whatever the outcomes are called', () => {
  assert.deepEqual([found, none, { outcomes: { diverged: { advice: 'It happens.' } } }].map(allowsNonFinite), [true, false, false])
})

test('explainOutcome: with the kind’s advice, or without when it declares it no more', () => {
  const { kind, outcomes } = algorithms.find(one => Object.keys(one.outcomes).length > 0)!
  const [name, { advice }] = Object.entries(outcomes)[0]!
  assert.deepEqual(explainOutcome(kind, name), { name, advice })
  assert.deepEqual(explainOutcome(kind, 'of old'), { name: 'of old', advice: null })
  assert.deepEqual(explainOutcome('a kind of old', name), { name, advice: null })
  assert.equal(explainOutcome(kind, null), null)
})
