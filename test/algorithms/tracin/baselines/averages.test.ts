import assert from 'node:assert/strict'
import test from 'node:test'
import { openAverages } from '../../../../src/algorithms/tracin/baselines/averages.js'
import { assertClose, layerOfClasses } from './layers.js'

const log = Math.log
// Two checkpoints of two examples of three classes, labels 0 and 2, as logarithms of probabilities.
const first = layerOfClasses([[log(0.5), log(0.3), log(0.2)], [log(0.6), log(0.1), log(0.3)]], [0, 2])
const second = layerOfClasses([[log(0.8), log(0.1), log(0.1)], [log(0.2), log(0.2), log(0.6)]], [0, 2])
const tolerance = 1e-6 // outputs and errors are float32

test('openAverages: are the means over the checkpoints, computed by hand', () => {
  const averages = openAverages(2, 3)
  assert.equal(averages.probabilities(), undefined)
  averages.add(first)
  averages.add(second)
  assert.equal(averages.checkpoints, 2)
  assertClose(averages.losses()[0]!, -(log(0.5) + log(0.8)) / 2, tolerance)
  assertClose(averages.losses()[1]!, -(log(0.3) + log(0.6)) / 2, tolerance)
  assertClose(averages.errors()[0]!, (Math.hypot(0.5, 0.3, 0.2) + Math.hypot(0.2, 0.1, 0.1)) / 2, tolerance)
  assertClose(averages.errors()[1]!, (Math.hypot(0.6, 0.1, 0.7) + Math.hypot(0.2, 0.2, 0.4)) / 2, tolerance)
  // the label's logit less the largest other: of example 1 the other is larger at first
  assertClose(averages.margins()[0]!, (log(0.5 / 0.3) + log(0.8 / 0.1)) / 2, tolerance)
  assertClose(averages.margins()[1]!, (log(0.3 / 0.6) + log(0.6 / 0.2)) / 2, tolerance)
  Array.from(averages.probabilities()!).forEach((p, at) => assertClose(p, [0.65, 0.2, 0.15, 0.4, 0.15, 0.45][at]!, tolerance))
})

test('openAverages: saved and opened again they go on to the bit, and what is saved does not change any more', () => {
  const averages = openAverages(2, 3)
  averages.add(first)
  const saved = averages.save()
  averages.add(second)
  const again = openAverages(2, 3, saved)
  assert.equal(again.checkpoints, 1)
  again.add(second)
  assert.deepEqual(again.save(), averages.save())
})

test('openAverages: too many probabilities are not kept', () => {
  assert.equal(openAverages(10, 1e6).save()['probabilities']!.data.length, 1e7)
  assert.equal(openAverages(11, 1e6).save()['probabilities'], undefined)
})
