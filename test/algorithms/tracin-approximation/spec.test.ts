import assert from 'node:assert/strict'
import test from 'node:test'
import { tracinApproximation } from '../../../src/algorithms/tracin-approximation/index.js'
import { describeClassified } from '../../helpers/descriptions.js'
import { describeData, noInputs } from '../../helpers/inputs.js'
import { makeSpec } from './helpers.js'

const pathsOf = (spec: ReturnType<typeof makeSpec>, inputs = noInputs) => tracinApproximation.check!(spec, inputs).map(({ path }) => path)

test('check: counts beyond the epochs, a warm-up without end and claims without what they compare are refused', () => {
  assert.deepEqual(pathsOf(makeSpec()), [])
  assert.deepEqual(pathsOf(makeSpec({ checkpoints: { counts: [1, 5] } })), ['spec.checkpoints.counts[1]'])
  assert.deepEqual(pathsOf(makeSpec({ schedule: { type: 'constant', warmup: 4 } })), ['spec.schedule.warmup'])
  const claims = ['rates', 'checkpoints', 'projections']
  assert.deepEqual(pathsOf(makeSpec({ claims, checkpoints: { counts: [4] } })), ['spec.learningRates', 'spec.checkpoints.counts', 'spec.projections'])
})

test('check: what takes too long between two boundaries, or too much memory, is refused with the figure', () => {
  const inputs = describeData({ data: describeClassified({ inputShape: [28, 28, 1], dtype: 'uint8', classes: 10, trainCount: 60_000, testCount: 10_000 }) })
  assert.deepEqual(pathsOf(makeSpec({ network: { type: 'mlp', hidden: [256, 128] } }), inputs), [])
  const large = makeSpec({ trainExamples: 5000, testExamples: 1000 })
  assert.match(tracinApproximation.check!(large, inputs)[0]!.rule, /needs about \d+/)
  const many = makeSpec({ trainExamples: 2000, testExamples: 100, network: { type: 'softmax' }, epochs: 60, checkpoints: { counts: [60] } })
  assert.match(tracinApproximation.check!(many, inputs)[0]!.rule, /MiB/)
})

test('plan: an arm per rate and size of batch, with those alone in its spec', () => {
  const trials = tracinApproximation.plan(makeSpec({ learningRates: [0.1, 0.2], batchSizes: [1, 4], seeds: [3] }))
  assert.deepEqual(trials.map(({ arm }) => arm), ['rate 0.1, batch 1', 'rate 0.1, batch 4', 'rate 0.2, batch 1', 'rate 0.2, batch 4'])
  assert.deepEqual([trials[1]!.spec.learningRates, trials[1]!.spec.batchSizes], [[0.1], [4]])
})
