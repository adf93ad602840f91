import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../../src/math/random.js'
import { createDenseNetwork, type DenseExamples, type DenseNet } from '../../../src/tensor/float64/dense.js'
import { createMlp } from '../../helpers/exact-mlp.js'

const count = 6

function makeProblem (net: DenseNet) {
  const stream = openStream(1, 'dense')
  const [features, outputs] = [net.sizes[0]!, net.sizes.at(-1)!]
  const network = createDenseNetwork(net)
  const examples: DenseExamples = {
    inputs: Float64Array.from({ length: count * features }, () => stream.integer(3) === 0 ? 0 : stream.normal()), // zeros are skipped
    targets: net.loss === 'squared'
      ? Float64Array.from({ length: count * outputs }, () => stream.normal())
      : Float64Array.from({ length: count }, () => stream.integer(outputs)),
    count
  }
  const theta = Float64Array.from({ length: network.parameterCount }, () => 0.7 * stream.normal())
  const factors = network.room(count)
  network.pass(theta, examples, factors)
  return { network, examples, theta, factors, stream }
}

const nets: DenseNet[] = [
  { sizes: [5, 3], activation: 'tanh', loss: 'cross-entropy' },
  { sizes: [5, 7, 4, 3], activation: 'tanh', loss: 'cross-entropy' },
  { sizes: [5, 7, 3], activation: 'relu', loss: 'cross-entropy' },
  { sizes: [5, 6, 2], activation: 'tanh', loss: 'squared' }
]

function gradientOf ({ network, factors }: ReturnType<typeof makeProblem>, i: number): Float64Array {
  const gradient = new Float64Array(network.parameterCount)
  network.addGradient(factors, i, 1, gradient)
  return gradient
}

const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, k) => sum + value * b[k]!, 0)

for (const net of nets) {
  const name = `${net.sizes.join('-')} ${net.activation}, ${net.loss}`

  test(`createDenseNetwork: gradients of ${name} are those of central differences of the loss`, () => {
    const problem = makeProblem(net)
    const { network, examples, theta, factors } = problem
    const gradients = Array.from({ length: count }, (_, i) => gradientOf(problem, i))
    for (let k = 0; k < theta.length; k++) {
      const losses = [1e-6, -1e-6].map(step => {
        const moved = theta.slice()
        moved[k]! += step
        const there = network.room(count)
        network.pass(moved, examples, there)
        return there.losses
      })
      // differences of losses near 1 in steps of 1e-6 know ten digits
      for (let i = 0; i < count; i++) assert.ok(Math.abs((losses[0]![i]! - losses[1]![i]!) / 2e-6 - gradients[i]![k]!) < 1e-7, `example ${i}, weight ${k}`)
    }
    assert.equal(factors.losses.length, count)
  })

  test(`createDenseNetwork: products and projections of ${name} are those of whole gradients`, () => {
    const problem = makeProblem(net)
    const { network, factors, stream } = problem
    const direction = Float64Array.from({ length: network.parameterCount }, () => stream.normal())
    for (let i = 0; i < count; i++) {
      assert.ok(Math.abs(network.project(direction, factors, i) - inner(direction, gradientOf(problem, i))) < 1e-12)
      for (let j = 0; j < count; j++) {
        assert.ok(Math.abs(network.dot(factors, i, factors, j) - inner(gradientOf(problem, i), gradientOf(problem, j))) < 1e-12)
      }
    }
  })
}

test('createDenseNetwork: loss and gradient are those of the textbook network', () => {
  const problem = makeProblem(nets[1]!)
  const { examples: { inputs, targets }, theta, factors } = problem
  const mlp = createMlp({ sizes: [...nets[1]!.sizes], activation: 'tanh' })
  for (let i = 0; i < count; i++) {
    const gradient = new Float64Array(mlp.parameterCount)
    const loss = mlp.addGradient(theta, inputs.subarray(i * 5, i * 5 + 5), targets[i]!, gradient)
    assert.ok(Math.abs(loss - factors.losses[i]!) < 1e-13)
    gradientOf(problem, i).forEach((value, k) => assert.ok(Math.abs(value - gradient[k]!) < 1e-13))
  }
})

test('createDenseNetwork: some examples in an order of their own have the same factors', () => {
  const { network, examples, theta, factors } = makeProblem(nets[1]!)
  const some = network.room(2)
  network.pass(theta, examples, some, Uint32Array.of(4, 1))
  assert.deepEqual([...some.losses], [factors.losses[4], factors.losses[1]])
  assert.equal(network.dot(some, 0, some, 1), network.dot(factors, 4, factors, 1))
})

test('createDenseNetwork: a class that is all but certain keeps the digits of its loss and gradient', () => {
  const network = createDenseNetwork({ sizes: [1, 2], activation: 'tanh', loss: 'cross-entropy' })
  const factors = network.room(1)
  network.pass(Float64Array.of(0, 0, 50, 0), { inputs: Float64Array.of(1), targets: Float64Array.of(0), count: 1 }, factors)
  // -log p = log(1 + e^-50) = e^-50 to 50 digits, and 1 - p as well
  const exact = Math.exp(-50)
  assert.ok(Math.abs(factors.losses[0]! / exact - 1) < 1e-14)
  assert.ok(Math.abs(factors.deltas[0]! / -exact - 1) < 1e-14)
  assert.throws(() => createDenseNetwork({ sizes: [3], activation: 'tanh', loss: 'squared' }), { code: 'invalid_input' })
})
