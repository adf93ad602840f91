import assert from 'node:assert/strict'
import test from 'node:test'
import { openTracer } from '../../../src/algorithms/tracin-approximation/trace.js'
import { openStream } from '../../../src/math/random.js'
import { createDenseNetwork, type DenseExamples, type DenseNet } from '../../../src/tensor/float64/dense.js'
import { createMlp } from '../../helpers/exact-mlp.js'
import { traceIdeal } from '../../influence/trace-ideal.js'

const net: DenseNet = { sizes: [4, 6, 3], activation: 'tanh', loss: 'cross-entropy' }
const network = createDenseNetwork(net)
const [train, tests] = [12, 5]

function makeExamples (stream: ReturnType<typeof openStream>, count: number): DenseExamples {
  return {
    inputs: Float64Array.from({ length: count * 4 }, () => stream.normal()),
    targets: Float64Array.from({ length: count }, () => stream.integer(3)),
    count
  }
}

function makeProblem () {
  const stream = openStream(2, 'trace')
  const theta = Float64Array.from({ length: network.parameterCount }, () => 0.6 * stream.normal())
  const [examples, queries] = [makeExamples(stream, train), makeExamples(stream, tests)]
  return { theta, examples, queries, order: Uint32Array.from({ length: 96 }, () => stream.integer(train)) }
}

/** Trains on the order in batches of one size. */
function trace (batch: number, rate: number) {
  const { theta, examples, queries, order } = makeProblem()
  const influences = { ideal: new Float64Array(train * tests), firstOrder: new Float64Array(train * tests) }
  const tracer = openTracer(network, theta, examples, queries, influences)
  const before = tracer.queries.losses.slice()
  for (let at = 0; at < order.length; at += batch) tracer.step(order.subarray(at, at + batch), rate)
  return { ...influences, changes: before.map((loss, j) => loss - tracer.queries.losses[j]!), theta }
}

test('openTracer: single examples have the influences of the slow form, example by example and query by query', () => {
  const { theta, examples, queries, order } = makeProblem()
  const mlp = createMlp({ sizes: [...net.sizes], activation: 'tanh' })
  const rows = ({ inputs, count }: DenseExamples) => Array.from({ length: count }, (_, i) => inputs.slice(i * 4, i * 4 + 4))
  const traced = trace(1, 0.2)
  rows(queries).forEach((input, j) => {
    const query = { input, label: queries.targets[j]! }
    const labels = [...examples.targets]
    const { ideal, firstOrder } = traceIdeal({
      mlp, weights: theta, inputs: rows(examples), labels, order: [...order], learningRate: 0.2, query
    })
    // 96 steps of numbers near 1
    ideal.forEach((value, i) => assert.ok(Math.abs(value - traced.ideal[i * tests + j]!) < 1e-12))
    firstOrder.forEach((value, i) => assert.ok(Math.abs(value - traced.firstOrder[i * tests + j]!) < 1e-12))
  })
})

test('openTracer: the ideal influences sum to the change of every loss, whatever batch and rate', () => {
  for (const batch of [1, 5, 32]) {
    for (const rate of [0.01, 0.3, 2]) {
      const { ideal, changes } = trace(batch, rate)
      changes.forEach((change, j) => {
        let sum = 0
        for (let i = 0; i < train; i++) sum += ideal[i * tests + j]!
        assert.ok(Math.abs(sum - change) <= 1e-9, `batch ${batch}, rate ${rate}: ${sum} is not ${change}`)
        assert.ok(Math.abs(change) > 1e-6, 'the training changed the loss')
      })
    }
  }
})

test('openTracer: in a batch an example has its share of the way, to third order in the step', () => {
  const { theta, examples, queries } = makeProblem()
  const batch = Uint32Array.of(3, 7, 1, 10)
  const worst = [0.4, 0.2, 0.1].map(rate => {
    const influences = { ideal: new Float64Array(train * tests), firstOrder: new Float64Array(train * tests) }
    const after = theta.slice()
    openTracer(network, after, examples, queries, influences).step(batch, rate)
    const exact = shares(theta, after, examples, queries, batch, rate)
    return exact.reduce((most, value, k) => Math.max(most, Math.abs(value - influences.ideal[k]!)), 0)
  })
  // halving the step divides what is neglected by 8 in the limit; a share of second order would divide it by 4
  for (let i = 1; i < worst.length; i++) assert.ok(worst[i - 1]! / worst[i]! > 6, `${worst}`)
})

/** The shares by the midpoint rule with a thousand points. */
function shares (
  from: Float64Array, to: Float64Array, examples: DenseExamples, queries: DenseExamples, batch: Uint32Array, rate: number
): Float64Array {
  const points = 1000
  const members = network.room(batch.length)
  network.pass(from, examples, members, batch)
  const there = network.room(tests)
  const exact = new Float64Array(train * tests)
  for (let p = 0; p < points; p++) {
    network.pass(from.map((value, k) => value + (p + 0.5) / points * (to[k]! - value)), queries, there)
    batch.forEach((example, i) => {
      for (let j = 0; j < tests; j++) exact[example * tests + j]! += rate / batch.length * network.dot(members, i, there, j) / points
    })
  }
  return exact
}
