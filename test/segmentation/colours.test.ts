/** Models of colours against closed forms. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStream } from '../../src/math/random.js'
import { clusterColours } from '../../src/segmentation/colours/cluster.js'
import { costsByHistogram, countColours } from '../../src/segmentation/colours/histogram.js'
import { costsOf, fitMixture, refitMixture } from '../../src/segmentation/colours/mixture.js'

const near = (found: number, wanted: number, what: string) => { assert.ok(Math.abs(found - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted)), `${what}: ${found} is not ${wanted}`) }

test('fitMixture: one Gaussian of grey has the mean, the variance and one more', () => {
  const grey = Uint8Array.of(10, 20, 30, 60)
  const costs = new Float64Array(4)
  costsOf(fitMixture(grey, 1, 1, openStream(0, 'test')), grey, costs)
  const variance = (400 + 100 + 0 + 900) / 4 + 1 // about 30
  for (const [i, value] of grey.entries()) near(costs[i]!, 0.5 * Math.log(2 * Math.PI * variance) + (value - 30) ** 2 / (2 * variance), `cost of ${value}`)
})

test('fitMixture: one Gaussian of colours has their covariance: its density by elimination', () => {
  const stream = openStream(3, 'test')
  const colours = Uint8Array.from({ length: 90 }, (_, i) => 40 * (i % 3) + stream.integer(90))
  const rows = Array.from({ length: 30 }, (_, i) => [...colours.subarray(3 * i, 3 * i + 3)])
  const mean = [0, 1, 2].map(j => rows.reduce((sum, row) => sum + row[j]!, 0) / 30)
  const product = (j: number, k: number) => rows.reduce((sum, row) => sum + (row[j]! - mean[j]!) * (row[k]! - mean[k]!), 0)
  const covariance = [0, 1, 2].map(j => [0, 1, 2].map(k => product(j, k) / 30 + Number(j === k)))
  const costs = new Float64Array(30)
  costsOf(fitMixture(colours, 3, 1, openStream(0, 'test')), colours, costs)
  for (const [i, row] of rows.entries()) {
    // Gauss: [Sigma | d], so that the pivots' product is the determinant and back substitution gives Sigma^-1 d.
    const d = row.map((value, j) => value - mean[j]!)
    const a = covariance.map((line, j) => [...line, d[j]!])
    for (let j = 0; j < 3; j++) for (let k = j + 1; k < 3; k++) a[k] = a[k]!.map((value, c) => value - a[k]![j]! / a[j]![j]! * a[j]![c]!)
    const solved = [0, 0, 0]
    for (let j = 2; j >= 0; j--) {
      const known = solved.reduce((sum, value, k) => sum + (k > j ? a[j]![k]! * value : 0), 0)
      solved[j] = (a[j]![3]! - known) / a[j]![j]!
    }
    const determinant = a[0]![0]! * a[1]![1]! * a[2]![2]!
    near(costs[i]!, 0.5 * Math.log((2 * Math.PI) ** 3 * determinant) + 0.5 * d.reduce((sum, value, j) => sum + value * solved[j]!, 0), `cost ${i}`)
  }
})

test('fitMixture: colours of two kinds get a Gaussian each, with their shares', () => {
  const grey = Uint8Array.of(5, 5, 5, 200, 200, 200, 200, 200, 200)
  const costs = new Float64Array(2)
  const mixture = fitMixture(grey, 1, 5, openStream(0, 'test'))
  assert.equal(mixture.gaussians.filter((_, i) => i % 10 === 0).length, 2, 'no more than there are colours')
  costsOf(mixture, Uint8Array.of(5, 202), costs)
  near(costs[0]!, 0.5 * Math.log(2 * Math.PI) - Math.log(1 / 3), 'cost of the first kind')
  near(costs[1]!, 0.5 * Math.log(2 * Math.PI) - Math.log(2 / 3) + 2, 'cost of what differs by 2 from the second')
})

test('refitMixture: a Gaussian that gets no colour is out, and no step makes the colours less likely', () => {
  const stream = openStream(4, 'test')
  const colours = Uint8Array.from({ length: 600 }, (_, i) => (i % 2 === 0 ? 60 : 160) + Math.round(20 * stream.normal()))
  let mixture = fitMixture(colours, 1, 4, openStream(0, 'test'))
  const costs = new Float64Array(600)
  let before = Infinity
  for (let step = 0; step < 8; step++) {
    costsOf(mixture, colours, costs)
    const sum = costs.reduce((all, cost) => all + cost, 0)
    assert.ok(sum <= before + 0.01, `${sum} after ${before}`) // to what the least variance adds
    before = sum
    mixture = refitMixture(mixture, colours)
  }
  const alone = refitMixture(fitMixture(Uint8Array.of(0, 255), 1, 2, openStream(0, 'test')), Uint8Array.of(3, 3))
  costsOf(alone, Uint8Array.of(255), costs)
  near(costs[0]!, 0.5 * Math.log(2 * Math.PI) + 252 ** 2 / 2, 'all is measured by the one that is left')
})

test('clusterColours: far groups are found from every seed', () => {
  const colours = Uint8Array.of(1, 1, 0, 250, 0, 0, 2, 0, 1, 251, 1, 1, 0, 0, 250)
  for (let seed = 0; seed < 20; seed++) {
    const { assignments: [a, b, c, d, e], clusters } = clusterColours(colours, 3, 3, openStream(seed, 'test'))
    assert.deepEqual([clusters, a === c, b === d, new Set([a, b, e]).size], [3, true, true, 3])
  }
})

test('countColours: a bin costs the logarithm of its share, with one more in each', () => {
  const costs = new Float64Array(3)
  costsByHistogram(countColours(Uint8Array.of(0, 1, 127, 128), 1, 2), Uint8Array.of(5, 255, 128), costs)
  assert.deepEqual([...costs], [-Math.log(4 / 6), -Math.log(2 / 6), -Math.log(2 / 6)])
  costsByHistogram(countColours(Uint8Array.of(0, 0, 255), 3, 2), Uint8Array.of(9, 9, 200, 200, 9, 9), costs.subarray(0, 2))
  assert.deepEqual([...costs.subarray(0, 2)], [-Math.log(2 / 9), -Math.log(1 / 9)])
})
