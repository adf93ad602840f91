/** Regression networks in Float64: gradients by finite differences, both kernels beside each other, lines, swarms, start values. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStream } from '../../../src/math/random.js'
import { createRegression, initialize, parameterCount, type Regression, type RegressionNet } from '../../../src/tensor/float64/regression.js'
import { createPlainKernels } from './plain-kernels.js'

const activations = ['tanh', 'relu', 'sin', 'sigmoid'] as const
const plain = createPlainKernels()
const kernels = ['simd', 'plain'] as const

/** Shapes that meet every path: no hidden layer, one input, several, layers beside and off the blocks, more than a chunk of points. */
const shapes: { inputs: number, hidden: number[], points: number }[] = [
  { inputs: 1, hidden: [], points: 9 },
  { inputs: 3, hidden: [], points: 130 },
  { inputs: 1, hidden: [1], points: 1 },
  { inputs: 1, hidden: [7], points: 30 },
  { inputs: 1, hidden: [30], points: 128 },
  { inputs: 2, hidden: [9], points: 141 },
  { inputs: 1, hidden: [20, 20], points: 129 },
  { inputs: 3, hidden: [5, 6, 7], points: 11 },
  { inputs: 2, hidden: [4, 3, 8, 5], points: 150 }
]
const nets = shapes.flatMap(({ points, ...net }) => activations.map(activation => ({ net: { ...net, activation }, points })))

const name = ({ inputs, hidden, activation }: RegressionNet) => `${[inputs, ...hidden, 1].join('-')} ${activation}`

function draw (size: number, purpose: string, scale = 1): Float64Array {
  const stream = openStream(7, purpose)
  return Float64Array.from({ length: size }, () => scale * stream.normal())
}

function make (net: RegressionNet, points: number, kind: 'simd' | 'plain'): Regression {
  return createRegression(net, { x: draw(points * net.inputs, 'x', 2), y: draw(points, 'y') }, kind === 'plain' ? plain : undefined)
}

const start = (net: RegressionNet) => initialize(net, { scheme: 'fan-in', gain: 1.5 }, openStream(3, 'init'))

function assertClose (actual: number, expected: number, tolerance: number, message: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${message}: ${actual}, expected ${expected}`)
}

/** The mean squared error as the formula says it, point by point. */
function reference (net: RegressionNet, theta: Float64Array, x: Float64Array, y: Float64Array): number {
  const act = {
    tanh: Math.tanh, relu: (z: number) => Math.max(z, 0), sin: Math.sin, sigmoid: (z: number) => 1 / (1 + Math.exp(-z))
  }[net.activation]
  let loss = 0
  for (const [p, target] of y.entries()) {
    let input: number[] = [...x.subarray(p * net.inputs, (p + 1) * net.inputs)]
    let at = 0
    for (const [l, units] of [...net.hidden, 1].entries()) {
      const sums = Array.from({ length: units }, (_, j) =>
        input.reduce((sum, a, i) => sum + a * theta[at + i * units + j]!, theta[at + input.length * units + j]!))
      at += (input.length + 1) * units
      input = l < net.hidden.length ? sums.map(act) : sums
    }
    loss += (input[0]! - target) ** 2
  }
  return loss / y.length
}

for (const kind of kernels) {
  test(`regression, ${kind}: value is the mean squared error of the formula, predict its outputs`, () => {
    for (const { net, points } of nets) {
      const [x, y] = [draw(points * net.inputs, 'x', 2), draw(points, 'y')]
      const regression = createRegression(net, { x, y }, kind === 'plain' ? plain : undefined)
      const theta = start(net)
      assertClose(regression.value(theta), reference(net, theta, x, y), 1e-13, name(net))
      const outputs = regression.predict(theta)
      assert.equal(outputs.length, points)
      const loss = outputs.reduce((sum, output, p) => sum + (output - y[p]!) ** 2, 0) / points
      assertClose(loss, regression.value(theta), 1e-14, name(net))
      const into = new Float64Array(points)
      assert.equal(regression.predict(theta, into), into)
      assert.deepEqual(into, outputs)
    }
  })

  test(`regression, ${kind}: gradient agrees with central differences`, () => {
    const step = 1e-5
    for (const { net, points } of nets) {
      const regression = make(net, points, kind)
      const theta = start(net)
      const gradient = new Float64Array(regression.size).fill(NaN)
      assert.equal(regression.gradient(theta, gradient), regression.value(theta), name(net))
      for (let i = 0; i < regression.size; i++) {
        const shifted = theta.slice()
        shifted[i] = theta[i]! + step
        const above = regression.value(shifted)
        shifted[i] = theta[i]! - step
        assertClose(gradient[i]!, (above - regression.value(shifted)) / (2 * step), 2e-7, `${name(net)}, parameter ${i}`)
      }
    }
  })

  test(`regression, ${kind}: alongLine is value on the line, for every axis and for others`, () => {
    for (const { net, points } of nets) {
      const regression = make(net, points, kind)
      const { size } = regression
      const theta = start(net)
      const directions: Float64Array[] = Array.from({ length: size }, (_, i) => new Float64Array(size).fill(-0.7, i, i + 1))
      directions.push(draw(size, 'direction'), new Float64Array(size))
      for (const [i, direction] of directions.entries()) {
        const line = regression.alongLine(theta, direction)
        for (const t of [0, -1.9, 40]) {
          const expected = regression.value(theta.map((value, k) => value + t * direction[k]!))
          assertClose(line(t), expected, 4e-15, `${name(net)}, direction ${i}, t = ${t}`)
        }
        // as a line search does: on from where the line's minimum was
        if (i % 3 === 0) theta.set(theta.map((value, k) => value + 0.2 * direction[k]!))
      }
    }
  })

  test(`regression, ${kind}: values are those of value, to the bit`, () => {
    for (const { net, points } of nets) {
      const regression = make(net, points, kind)
      const swarm = draw(5 * regression.size, 'swarm')
      const into = new Float64Array(5)
      regression.values(swarm, 5, into)
      const { size } = regression
      assert.deepEqual([...into], [0, 1, 2, 3, 4].map(k => regression.value(swarm.subarray(k * size, (k + 1) * size))))
    }
  })

  test(`regression, ${kind}: what was computed before, or by another network, changes no bit`, () => {
    const net: RegressionNet = { inputs: 2, hidden: [6, 9], activation: 'tanh' }
    const theta = start(net)
    const [fresh, used, other] = [make(net, 40, kind), make(net, 40, kind), make({ inputs: 1, hidden: [50], activation: 'sin' }, 300, kind)]
    const line = used.alongLine(theta, new Float64Array(used.size).fill(1, 3, 4))
    const expected = [0.1, 0.2].map(line)
    const elsewhere = used.alongLine(draw(used.size, 'elsewhere'), new Float64Array(used.size).fill(1, 5, 6))
    elsewhere(2)
    assert.equal(line(0.1), expected[0])
    other.values(draw(1000 * other.size, 'swarm'), 1000, new Float64Array(1000))
    assert.equal(line(0.2), expected[1])
    elsewhere(1)
    const [a, b] = [new Float64Array(used.size), new Float64Array(used.size)]
    assert.equal(used.gradient(theta, a), fresh.gradient(theta, b))
    assert.deepEqual(a, b)
    assert.deepEqual(used.predict(theta), fresh.predict(theta))
  })

  test(`regression, ${kind}: NaN and overflow show in the value`, () => {
    for (const activation of activations) {
      const regression = make({ inputs: 1, hidden: [5], activation }, 10, kind)
      for (let i = 0; i < regression.size; i++) {
        const theta = new Float64Array(regression.size).fill(0.5)
        theta[i] = NaN
        assert.ok(Number.isNaN(regression.value(theta)), `${activation}, parameter ${i}`)
      }
      const huge = new Float64Array(regression.size).fill(0.5)
      huge[regression.size - 1] = 1e200
      assert.equal(regression.value(huge), Infinity)
    }
  })
}

test('regression: simd agrees with plain to rounding', () => {
  for (const { net, points } of nets) {
    const [simd, plain] = [make(net, points, 'simd'), make(net, points, 'plain')]
    const theta = start(net)
    const [a, b] = [new Float64Array(simd.size), new Float64Array(simd.size)]
    assertClose(simd.gradient(theta, a), plain.gradient(theta, b), 1e-12, name(net))
    const scale = Math.max(...b.map(Math.abs))
    for (let i = 0; i < a.length; i++) assertClose(a[i]! / scale, b[i]! / scale, 1e-12, `${name(net)}, parameter ${i}`)
  }
})

test('regression: a thousand networks take no more memory than one', () => {
  const net: RegressionNet = { inputs: 2, hidden: [40, 40], activation: 'tanh' }
  const theta = start(net)
  const expected = make(net, 500, 'simd').value(theta)
  const before = process.memoryUsage().arrayBuffers
  const kept = Array.from({ length: 1000 }, () => make(net, 500, 'simd'))
  for (const regression of kept) assert.equal(regression.value(theta), expected)
  // 12 kB of points are all that each of them holds; what it computes in takes 0.6 MB
  const held = process.memoryUsage().arrayBuffers - before
  assert.ok(held < 60e6, `${held} bytes of array buffers`)
})

test('initialize: has the variance of its scheme and is a function of the stream', () => {
  const net: RegressionNet = { inputs: 4, hidden: [100, 100], activation: 'tanh' }
  const size = parameterCount(net)
  assert.equal(size, 5 * 100 + 101 * 100 + 101)
  const deviation = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
  const theta = initialize(net, { scheme: 'fan-in', gain: 2 }, openStream(1, 'init'))
  assert.equal(theta.length, size)
  // 500 and 10100 draws: four standard errors
  assertClose(deviation(theta.subarray(0, 500)), 2 / Math.sqrt(4), 4 / Math.sqrt(1000), 'first layer')
  assertClose(deviation(theta.subarray(500, 10600)) * 5, 2 / Math.sqrt(100) * 5, 4 / Math.sqrt(20200), 'second layer')
  const normal = initialize(net, { scheme: 'normal', deviation: 0.05 }, openStream(1, 'init'))
  assertClose(deviation(normal) * 20, 1, 4 / Math.sqrt(2 * size), 'normal')
  assert.deepEqual(initialize(net, { scheme: 'normal', deviation: 0.05 }, openStream(1, 'init')), normal)
  assert.equal(theta[0]! / normal[0]!, 1 / 0.05)
})

test('regression: lengths that do not fit are refused', () => {
  const net: RegressionNet = { inputs: 2, hidden: [3], activation: 'relu' }
  assert.throws(() => createRegression(net, { x: new Float64Array(5), y: new Float64Array(3) }), /x must have 6 numbers, got 5/)
  assert.throws(() => createRegression(net, { x: new Float64Array(0), y: new Float64Array(0) }), /y must have 1 number or more/)
  const regression = make(net, 3, 'simd')
  assert.throws(() => regression.value(new Float64Array(4)), /theta must have 13 numbers, got 4/)
  assert.throws(() => regression.alongLine(new Float64Array(13), new Float64Array(1)), /direction must have 13 numbers, got 1/)
})
