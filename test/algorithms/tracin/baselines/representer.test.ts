import assert from 'node:assert/strict'
import test from 'node:test'
import { alphaNorms, refuseRepresenter, representerPoints } from '../../../../src/algorithms/tracin/baselines/representer.js'
import { probabilityOf, type LastLayer } from '../../../../src/algorithms/tracin/baselines/last-layer.js'
import { assertClose, drain, drawLayer, softmaxOf } from './layers.js'

const layer = drawLayer(7, { count: 40, width: 5, classes: 3 })

function inputsOf ({ activations, width }: LastLayer, i: number): number[] {
  return [...activations.subarray(i * width, (i + 1) * width), 1]
}

test('representerPoints: the sum over the training examples is what the layer that was fitted again says', () => {
  for (const target of ['labels', 'outputs'] as const) {
    const { alphas, weights, failure } = drain(representerPoints(layer, { lambda: 0.003, target }))
    assert.equal(failure, undefined)
    for (let t = 0; t < layer.count; t++) {
      const a = inputsOf(layer, t)
      const logits = [0, 1, 2].map(c => a.reduce((sum, value, u) => sum + value * weights[3 * u + c]!, 0))
      const decomposed = [0, 1, 2].map(c => Array.from({ length: layer.count }, (_, i) =>
        alphas[3 * i + c]! * inputsOf(layer, i).reduce((sum, value, u) => sum + value * a[u]!, 0)).reduce((sum, value) => sum + value))
      logits.forEach((z, c) => assertClose(decomposed[c]!, z, 1e-3)) // the gradient that is left, 1e-7, over 2 lambda, times |a|
      // and alpha is what its definition says
      softmaxOf(logits).forEach((p, c) => {
        const wanted = target === 'labels' ? Number(layer.classes![t] === c) : probabilityOf(layer, t, c)
        assertClose(alphas[3 * t + c]!, -(p - wanted) / (2 * 0.003 * layer.count), 1e-9)
      })
    }
  }
})

test('representerPoints: the fit is a minimum: no step away from it has a smaller penalized loss', () => {
  const lambda = 0.01
  const { weights } = drain(representerPoints(layer, { lambda, target: 'labels' }))
  const cost = (w: Float64Array) => Array.from({ length: layer.count }, (_, i) => {
    const z = [0, 1, 2].map(c => inputsOf(layer, i).reduce((sum, value, u) => sum + value * w[3 * u + c]!, 0))
    return -Math.log(softmaxOf(z)[layer.classes![i]!]!) / layer.count
  }).reduce((sum, value) => sum + value) + lambda * w.reduce((sum, value) => sum + value ** 2, 0)
  const least = cost(weights)
  weights.forEach((_, k) => {
    for (const step of [-1e-3, 1e-3]) assert.ok(cost(weights.map((value, j) => j === k ? value + step : value)) > least)
  })
})

test('alphaNorms: is the length over the classes', () => {
  const norms = alphaNorms({ alphas: Float64Array.of(3, 4, 0, 5, 12, 0), weights: new Float64Array(0), failure: undefined }, 3)
  assert.deepEqual(Array.from(norms), [5, 13])
})

test('refuseRepresenter: says what is too large', () => {
  assert.equal(refuseRepresenter({ count: 1400, width: 128, outputsPerExample: 10 }), undefined)
  assert.match(refuseRepresenter({ count: 60000, width: 128, outputsPerExample: 10 })!, /at most 2e\+10/)
})
