/** The activations of the SIMD kernels beside JavaScript's own, seen through a network that passes its input on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRegression, type RegressionNet } from '../../../src/tensor/float64/regression.js'

/** activation(x) of every x: the output of 1-1-1 with weights 1 and biases -0, which add nothing, not even a sign. */
function activate (activation: RegressionNet['activation'], x: number[]): Float64Array {
  const regression = createRegression({ inputs: 1, hidden: [1], activation }, { x: Float64Array.from(x), y: new Float64Array(x.length) })
  return regression.predict(Float64Array.of(1, -0, 1, -0))
}

/** Distance in units of the last place of `expected`. */
function ulps (actual: number, expected: number): number {
  if (Object.is(actual, expected)) return 0
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(expected))), -1022)
  return Math.abs(actual - expected) / 2 ** (exponent - 52)
}

/** Evenly from -limit to limit, and every power of two between the smallest number and limit. */
function grid (limit: number, count: number): number[] {
  const xs = Array.from({ length: count }, (_, i) => (2 * i / (count - 1) - 1) * limit)
  for (let k = -1074; 2 ** k <= limit; k++) xs.push(2 ** k, -(2 ** k), 2 ** k * 1.37, -(2 ** k) * 1.37)
  return xs
}

function worst (activation: RegressionNet['activation'], xs: number[], reference: (x: number) => number): { ulps: number, x: number } {
  const actual = activate(activation, xs)
  let found = { ulps: 0, x: 0 }
  for (const [i, x] of xs.entries()) {
    const distance = ulps(actual[i]!, reference(x))
    if (!(distance <= found.ulps)) found = { ulps: distance, x }
  }
  return found
}

function assertWithin (limit: number, found: { ulps: number, x: number }): void {
  assert.ok(found.ulps <= limit, `${found.ulps} units of the last place at ${found.x}`)
}

test('tanh: within 4 units of the last place, from subnormal numbers to saturation', () => {
  assertWithin(4, worst('tanh', grid(25, 200001), Math.tanh))
  assertWithin(4, worst('tanh', grid(1, 200001), Math.tanh))
})

test('tanh: odd, at most 1, NaN stays', () => {
  const xs = grid(30, 10001).map(Math.abs).filter(x => x > 0)
  const [right, left] = [activate('tanh', xs), activate('tanh', xs.map(x => -x))]
  assert.deepEqual(left, right.map(value => -value))
  assert.ok(right.every(value => value >= 0 && value <= 1))
  assert.deepEqual([...activate('tanh', [0, Infinity, -Infinity, NaN, 20, -20, 1e308])], [0, 1, -1, NaN, 1, -1, 1])
  assert.ok(activate('tanh', [-0])[0] === 0) // its sign is lost
})

test('sigmoid: within 4 units of the last place down to -700, NaN stays', () => {
  assertWithin(4, worst('sigmoid', grid(700, 200001), x => 1 / (1 + Math.exp(-x))))
  assertWithin(4, worst('sigmoid', grid(3, 200001), x => 1 / (1 + Math.exp(-x))))
  const [one, nearlyZero, nan] = activate('sigmoid', [Infinity, -Infinity, NaN])
  assert.equal(one, 1)
  assert.ok(nearlyZero! >= 0 && nearlyZero! < 1e-300)
  assert.ok(Number.isNaN(nan))
})

test('sin: within 2 units of the last place, also far out and where it is not finite', () => {
  assertWithin(2, worst('sin', grid(10, 200001), Math.sin))
  assertWithin(2, worst('sin', grid(1e6, 200001), Math.sin)) // through the limit of the vector path
  assertWithin(2, worst('sin', [1e15, -1e22, 1e300, 823000, 823001, 411.5 * Math.PI, -7 * Math.PI], Math.sin))
  assert.deepEqual([...activate('sin', [0, Infinity, -Infinity, NaN])], [0, NaN, NaN, NaN])
})

test('relu: max(x, 0), NaN stays', () => {
  const xs = [-2, -5e-324, 0, 5e-324, 3, Infinity, -Infinity, NaN]
  assert.deepEqual([...activate('relu', xs)], [0, 0, 0, 5e-324, 3, Infinity, 0, NaN])
})
