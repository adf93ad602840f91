/**
 * What losses, deltas and scores must keep of their digits when a network is sure: its gradients in Float64 are the
 * measure, at logits 5 to 90 apart. Run by precision.test.ts and precision-wasm.test.ts.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import { drain } from '../../src/influence/drain.js'
import { allDenseFactors, lastLayerFactors } from '../../src/influence/factors.js'
import { gradientSquares, openQueryGradients } from '../../src/influence/gradients.js'
import { splitByLayer } from '../../src/influence/open-model.js'
import { gradientDot, total, type DenseFactors } from '../../src/influence/scoring.js'
import type { NamedArrays } from '../../src/math/arrays.js'
import { openStream } from '../../src/math/random.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { createFed, type Examples } from '../../src/tensor/batches.js'
import type { Engine } from '../../src/tensor/engine.js'
import { evaluate } from '../../src/tensor/evaluate.js'
import { allOf } from '../../src/tensor/forward.js'
import { createNetwork, type Network } from '../../src/tensor/network.js'
import { makeTensor } from '../../src/tensor/step.js'
import { createMlp, type Mlp } from '../helpers/exact-mlp.js'

/** How far the label's logit is above the next one; of the last two it is below. */
const gaps = [5, 20, 50, 90, -5, -50]

/**
 * How far a loss or a delta may be off, relative: the exponential of a logit is off by what the logit is, and each of
 * the few sums that make a logit of 50 rounds it by 50 x 2^-24 at most: four of them, and some roundings of its own.
 * @param size the largest logit of the example: 5e-6 at 5, 1.6e-5 at 50
 */
const toleranceAt = (size: number) => 4e-6 + size * 2 ** -22
/** The least number that float32 holds with all its digits. TensorFlow makes 0 of what is below; WASM keeps some digits. */
const leastNumber = 2 ** -126

/** @param expected in Float64 */
function assertSharp (actual: number, expected: number, relative: number, what: string): void {
  const isUnderflow = Math.abs(expected) < leastNumber
  if (isUnderflow && actual === 0) return
  // below the least number what is lost is absolute: some of float32's smallest steps
  const allowed = relative * Math.abs(expected) + (isUnderflow ? 2 ** -140 : 0)
  assert.ok(Math.abs(actual - expected) <= allowed, `${what}: ${actual} for ${expected}`)
}

interface Setting {
  architecture: Architecture
  arrays: NamedArrays
  examples: Examples
  exact: Mlp
  weights: Float64Array
  inputs: Float32Array
  labels: number[]
  /** by example */
  tolerances: number[]
}

/**
 * A network without bias, of relu: its logits grow in proportion to its inputs, so that every example can be given the
 * distance that is wanted. Weights and inputs are float32 numbers, and so the same for both.
 */
function makeSetting (hidden: number[]): Setting {
  const sizes = [6, ...hidden, 4]
  const exact = createMlp({ sizes, activation: 'relu' })
  const stream = openStream(11, 'precision')
  const arrays: NamedArrays = {}
  const weights: number[] = []
  sizes.slice(1).forEach((units, layer) => {
    const data = Float32Array.from({ length: sizes[layer]! * units }, () => stream.normal() / Math.sqrt(sizes[layer]!))
    arrays[`layer${layer}.weight`] = { shape: [sizes[layer]!, units], data }
    arrays[`layer${layer}.bias`] = { shape: [units], data: new Float32Array(units) }
    weights.push(...data, ...new Float32Array(units))
  })
  const flat = Float64Array.from(weights)
  const labels: number[] = []
  const inputs = Float32Array.from(gaps.flatMap(gap => {
    const direction = Array.from({ length: 6 }, () => stream.normal())
    const z = exact.logits(flat, direction)
    const [first, second] = Array.from(z.keys()).sort((a, b) => z[b]! - z[a]!) as [number, number]
    labels.push(gap > 0 ? first : second)
    return direction.map(value => value * Math.abs(gap) / (z[first]! - z[second]!))
  }))
  const layers = sizes.slice(1).map((units, layer) => (
    { type: 'dense' as const, units, activation: layer === sizes.length - 2 ? 'linear' as const : 'relu' as const }))
  const examples = {
    data: { inputs, count: gaps.length }, inputShape: [6], preprocessing: { offset: 0, scale: 1 }, target: Int32Array.from(labels)
  }
  const tolerances = labels.map((_, i) => toleranceAt(Math.max(...exact.logits(flat, inputs.subarray(6 * i, 6 * i + 6)).map(Math.abs))))
  return { architecture: { inputShape: [6], layers }, arrays, examples, exact, weights: flat, inputs, labels, tolerances }
}

function dot (left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, value, i) => sum + value * right[i]!, 0)
}

/** Losses and gradients of all examples in Float64. @param from gradients of the parameters from there on */
function exactly ({ exact, weights, inputs, labels }: Setting, from: number): { losses: number[], gradients: Float64Array[] } {
  const all = labels.map((label, i) => {
    const gradient = new Float64Array(exact.parameterCount)
    return { loss: exact.addGradient(weights, inputs.subarray(6 * i, 6 * i + 6), label, gradient), gradient: gradient.subarray(from) }
  })
  return { losses: all.map(({ loss }) => loss), gradients: all.map(({ gradient }) => gradient) }
}

/** All pairs: products of two deltas. A dot product that cancels is measured by what it is made of. */
function assertScores ({ tolerances }: Setting, score: (i: number, j: number) => number, gradients: Float64Array[]): void {
  gradients.forEach((left, i) => gradients.forEach((right, j) => {
    const expected = dot(left, right)
    const size = i === j ? expected : Math.sqrt(dot(left, left) * dot(right, right))
    if (gaps[i] === 90 || gaps[j] === 90) return assert.ok(Math.abs(score(i, j)) <= 1.01 * size, 'underflows')
    const allowed = (tolerances[i]! + tolerances[j]!) * size
    assert.ok(Math.abs(score(i, j) - expected) <= allowed, `pair ${gaps[i]}, ${gaps[j]}: ${score(i, j)} for ${expected}`)
  }))
}

/** Registers the tests. */
export function testPrecision (engine: Engine): void {
  const { tf } = engine

  function withNetwork (setting: Setting, use: (network: Network) => void): void {
    const network = createNetwork(engine, setting.architecture, openStream(0, 'unused'))
    network.load(setting.arrays)
    use(network)
    network.dispose()
  }

  test('evaluate, lastLayerFactors: losses and deltas of sure networks are those of Float64, and so are scores', () => {
    const setting = makeSetting([])
    const { losses, gradients } = exactly(setting, 0)
    withNetwork(setting, network => {
      const factors = drain(lastLayerFactors(engine, network, setting.examples, allOf(gaps.length), gaps.length))
      const evaluated = evaluate(engine, network, setting.examples)
      for (const found of [factors.losses, evaluated.losses]) {
        losses.forEach((loss, i) => assertSharp(found[i]!, loss, setting.tolerances[i]!, `loss of ${gaps[i]}`))
      }
      gradients.forEach((gradient, i) => gradient.slice(-4).forEach((delta, c) =>
        assertSharp(factors.deltas[4 * i + c]!, delta, setting.tolerances[i]!, `delta ${c} of ${gaps[i]}`)))
      assertScores(setting, (i, j) => gradientDot(factors, i, factors, j), gradients)
    })
  })

  test('allDenseFactors: scores of all layers are those of Float64 gradients', () => {
    const setting = makeSetting([5])
    const { gradients } = exactly(setting, 0)
    withNetwork(setting, network => {
      const part = drain(allDenseFactors(engine, network, setting.examples, allOf(gaps.length), gaps.length))
      const layers: DenseFactors[] = splitByLayer(part, () => setting.inputs)
      assertScores(setting, (i, j) => total(layers.map(layer => gradientDot(layer, i, layer, j))), gradients)
    })
  })

  test('gradientSquares, openQueryGradients: formed gradients have these scores too, though float32 cannot hold their squares', () => {
    const setting = makeSetting([5])
    const { gradients } = exactly(setting, 0)
    withNetwork(setting, network => {
      const squares = drain(gradientSquares(engine, network, setting.examples, allOf(gaps.length), gaps.length))
      let dots: Float64Array = new Float64Array(0)
      tf.tidy(() => {
        const source = createFed(engine, setting.examples)
        const specs = source.inputs(gaps.length)
        const batch = source.batch(source.feed(allOf(gaps.length)).map((values, i) => makeTensor(engine, specs[i]!, values)))
        const queries = openQueryGradients(engine, network, batch)
        dots = queries.dot(batch)
        queries.close()
      })
      assert.ok(dot(gradients[2]!, gradients[2]!) < leastNumber)
      assertScores(setting, (i, j) => i === j ? squares[i]! : dots[i * gaps.length + j]!, gradients)
      assertScores(setting, (i, j) => dots[i * gaps.length + j]!, gradients)
    })
  })

  test('binary: losses and deltas of sure networks are those of two classes in Float64', () => {
    const exact = createMlp({ sizes: [1, 2], activation: 'relu' })
    const layers: Architecture['layers'] = [{ type: 'dense', units: 1, activation: 'linear' }]
    const architecture: Architecture = { inputShape: [1], layers, head: { type: 'binary' } }
    const inputs = Float32Array.from(gaps.flatMap(gap => [gap, -gap]))
    const labels = Array.from(inputs, (_, i) => 1 - i % 2) // gap 5 and 1, gap -5 and 0: right by 5, and so on
    const network = createNetwork(engine, architecture, openStream(0, 'unused'))
    network.load({ 'layer0.weight': { shape: [1, 1], data: Float32Array.of(1) }, 'layer0.bias': { shape: [1], data: Float32Array.of(0) } })
    const data = { inputs, count: inputs.length }
    const examples = { data, inputShape: [1], preprocessing: { offset: 0, scale: 1 }, target: Int32Array.from(labels) }
    const { losses, deltas } = drain(lastLayerFactors(engine, network, examples, allOf(inputs.length), 4))
    inputs.forEach((input, i) => {
      const gradient = new Float64Array(exact.parameterCount) // weight of both classes, bias of both
      const loss = exact.addGradient(Float64Array.of(0, 1, 0, 0), [input], labels[i]!, gradient)
      assertSharp(losses[i]!, loss, toleranceAt(Math.abs(input)), `loss of ${input}, ${labels[i]}`)
      assertSharp(deltas[i]!, gradient[3]!, toleranceAt(Math.abs(input)), `delta of ${input}, ${labels[i]}`)
    })
    network.dispose()
  })

  test('class-map: losses and gradients of sure pictures are the mean over their pixels in Float64', () => {
    const exact = createMlp({ sizes: [2, 3], activation: 'relu' })
    const architecture: Architecture = {
      inputShape: [1, 2, 2],
      layers: [{ type: 'conv', filters: 3, kernel: 1, stride: 1, padding: 'same', activation: 'linear' }],
      head: { type: 'class-map' }
    }
    const weights = Float64Array.of(1, 0, -1, 0.5, -0.5, 0, 0, 0, 0) // [2, 3], then bias
    const network = createNetwork(engine, architecture, openStream(0, 'unused'))
    network.load({
      'layer0.weight': { shape: [1, 1, 2, 3], data: Float32Array.from(weights.subarray(0, 6)) },
      'layer0.bias': { shape: [3], data: new Float32Array(3) }
    })
    const [sure, unsure] = [gaps.slice(0, 3), 3]
    const inputs = Float32Array.from(sure.flatMap(gap => [gap, 0, gap, unsure])) // both pixels right by about the gap
    const target = new Int32Array(inputs.length / 2)
    const examples = { data: { inputs, count: sure.length }, inputShape: [1, 2, 2], preprocessing: { offset: 0, scale: 1 }, target }
    const squares = drain(gradientSquares(engine, network, examples, allOf(sure.length), sure.length))
    const { losses } = evaluate(engine, network, examples)
    sure.forEach((gap, i) => {
      const gradient = new Float64Array(exact.parameterCount)
      const lossOf = (pixel: number) => exact.addGradient(weights, inputs.subarray(2 * pixel, 2 * pixel + 2), 0, gradient)
      const sum = lossOf(2 * i) + lossOf(2 * i + 1)
      const square = dot(gradient, gradient) / 4
      assertSharp(losses[i]!, sum / 2, toleranceAt(gap), `loss of ${gap}`)
      assert.ok(Math.abs(squares[i]! - square) <= 2 * toleranceAt(gap) * square, `square of ${gap}`)
    })
    network.dispose()
  })

  test('precision: nothing is left of all this', () => {
    assert.equal(engine.tensorCount(), 0)
  })
}
