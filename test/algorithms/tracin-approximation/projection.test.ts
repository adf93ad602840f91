import assert from 'node:assert/strict'
import test from 'node:test'
import { addProjectedRow, projectionVariance } from '../../../src/algorithms/tracin-approximation/projection.js'
import { openStream } from '../../../src/math/random.js'
import { createDenseNetwork } from '../../../src/tensor/float64/dense.js'

const network = createDenseNetwork({ sizes: [3, 4, 2], activation: 'tanh', loss: 'cross-entropy' })
const [train, tests, weight] = [4, 3, 0.5]

function makeFactors (name: string, count: number) {
  const stream = openStream(3, name)
  const theta = Float64Array.from({ length: network.parameterCount }, (_, k) => openStream(3, 'theta', k).normal())
  const factors = network.room(count)
  const inputs = Float64Array.from({ length: 3 * count }, () => stream.normal())
  network.pass(theta, { inputs, targets: Float64Array.from({ length: count }, () => stream.integer(2)), count }, factors)
  return factors
}

test('addProjectedRow: products are met on average, with the squared error that is expected, at every dimension', () => {
  const [ofTrain, ofTests] = [makeFactors('train', train), makeFactors('tests', tests)]
  const products = Float64Array.from({ length: train * tests }, (_, k) => network.dot(ofTrain, Math.floor(k / tests), ofTests, k % tests))
  const dimensions = [2, 8]
  const draws = 3000
  const [sums, squares] = [new Float64Array(2 * products.length), [0, 0]]
  for (let draw = 0; draw < draws; draw++) {
    const projected = { influences: new Float64Array(2 * products.length), partial: new Float64Array(products.length) }
    for (let row = 0; row < 8; row++) {
      addProjectedRow(network, projected, ofTrain, ofTests, { row, stream: openStream(draw, 'row', row), weight, dimensions })
    }
    projected.influences.forEach((value, k) => {
      sums[k]! += value
      squares[Math.floor(k / products.length)]! += (value - weight * products[k % products.length]!) ** 2
    })
  }
  const variance = projectionVariance(network, ofTrain, ofTests, products, weight)
  dimensions.forEach((dimension, d) => {
    // squares of products of normal numbers scatter by some times their mean: 3,000 draws know it to some percent
    assert.ok(Math.abs(squares[d]! / draws / (variance / dimension) - 1) < 0.2, `${squares[d]! / draws} is not ${variance / dimension}`)
    const deviation = Math.sqrt(variance / dimension / draws)
    products.forEach((product, k) => assert.ok(Math.abs(sums[d * products.length + k]! / draws - weight * product) < 4 * deviation))
  })
})
