import assert from 'node:assert/strict'
import test from 'node:test'
import { confidentLearning } from '../../../../src/algorithms/tracin/baselines/confident-learning.js'
import { rankDescending } from '../../../../src/influence/ranking.js'
import { assertClose, layerOfClasses } from './layers.js'

test('confidentLearning: is the table worked out by hand: thresholds, off-diagonal, normalized margin', () => {
  // p of classes 0, 1; labels 0 0 0 1 1. Thresholds: t_0 = (.9 + .6 + .3) / 3 = .6, t_1 = (.8 + .44) / 2 = .62
  const probabilities = [[0.9, 0.1], [0.6, 0.4], [0.3, 0.7], [0.2, 0.8], [0.56, 0.44]]
  const scores = confidentLearning(layerOfClasses(probabilities.map(row => row.map(Math.log)), [0, 0, 0, 1, 1]))
  // Only example 2 is confidently another class (.7 >= .62). Example 4 looks like class 0, but .56 < .6: it stays on the diagonal
  const expected = [1 - 0.8, 1 - 0.2, 1 + 0.4 + 2, 1 - 0.6, 1 + 0.12]
  expected.forEach((score, i) => assertClose(scores[i]!, score, 1e-6))
  assert.deepEqual(Array.from(rankDescending(scores)), [2, 4, 1, 3, 0])
})

test('confidentLearning: tells examples apart whose labels are all but certain, and needs no example of every class', () => {
  const scores = confidentLearning(layerOfClasses([[40, 0, 1], [50, 0, 1]], [0, 0]))
  assert.ok(scores[0]! > scores[1]! && scores[1]! > 0, `${scores[0]} ${scores[1]}`)
})
