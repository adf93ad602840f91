/** Sum rates by kernels against the formula in plain words, central differences, NumPy's descents and tensor operations. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import { openFamily } from '../../../../src/algorithms/learned-initialization/families/index.js'
import type { Instances } from '../../../../src/algorithms/learned-initialization/families/family.js'
import type { FamilyOf } from '../../../../src/algorithms/learned-initialization/families/spec.js'
import { openStream } from '../../../../src/math/random.js'
import { openBatch } from '../../../../src/optimizers/batched/open.js'
import { projectRoot } from '../../../../src/paths.js'
import { openEngine } from '../../../../src/tensor/open-engine.js'

type Channel = FamilyOf<'sum-rate'>
const channel = (changes: Partial<Channel> = {}): Channel => ({ type: 'sum-rate', users: 5, noise: 0.1, power: 2, variable: 'logit', ...changes })
const engine = await openEngine({ backend: 'wasm', threads: 1 })
after(() => { engine.close() })

function draw (spec: Channel, count: number): { instances: Instances, states: Float64Array } {
  const family = openFamily(spec)
  return { instances: family.sample(count, openStream(2, 'instances')), states: family.start(count, openStream(2, 'starts')) }
}

function evaluate (spec: Channel, instances: Instances, states: Float64Array, active?: Uint8Array) {
  const objective = openFamily(spec).open(instances)
  const values = new Float64Array(instances.count).fill(7)
  const gradients = new Float64Array(states.length).fill(7)
  objective.gradients!(states, gradients, values, active)
  const alone = new Float64Array(instances.count).fill(7)
  objective.values(states, alone, active)
  objective.close?.()
  assert.deepEqual(alone, values)
  return { values, gradients }
}

/** The definition. */
function rateOf ({ users: K, noise, power, variable }: Channel, gains: Float64Array, state: Float64Array): number {
  const p = state.map(t => variable === 'power' ? t : power / (1 + Math.exp(-t)))
  let rate = 0
  for (let i = 0; i < K; i++) {
    let heard = noise
    for (let j = 0; j < K; j++) if (j !== i) heard += gains[i * K + j]! * p[j]!
    rate += Math.log2(1 + gains[i * K + i]! * p[i]! / heard)
  }
  return rate
}

const partOf = ({ data }: Instances, K: number, i: number): Instances => ({ count: 1, data: data.slice(i * K * K, (i + 1) * K * K) })
const nearTo = (value: number, expected: number, by: number): void => {
  assert.ok(Math.abs(value - expected) <= by * Math.max(1, Math.abs(expected)), `${value} is not ${expected}`)
}

for (const variable of ['logit', 'power'] as const) {
  for (const users of [2, 5, 10]) {
    test(`sum-rate: ${users} users by ${variable}, values are the definition's and gradients central differences`, () => {
      const spec = channel({ users, variable })
      const { instances, states } = draw(spec, 5)
      const { values, gradients } = evaluate(spec, instances, states)
      for (let i = 0; i < 5; i++) {
        const { data } = partOf(instances, users, i)
        const row = states.slice(i * users, (i + 1) * users)
        nearTo(values[i]!, -rateOf(spec, data, row), 1e-14)
        for (let k = 0; k < users; k++) {
          const h = 1e-5
          const at = (by: number): number => rateOf(spec, data, row.with(k, row[k]! + by))
          nearTo(gradients[i * users + k]!, -(at(h) - at(-h)) / (2 * h), 1e-8)
        }
      }
    })
  }
}

test('sum-rate: an instance has the same bits alone, beside any other and where others are left out', () => {
  const spec = channel()
  const { instances, states } = draw(spec, 7)
  const { values, gradients } = evaluate(spec, instances, states)
  const active = Uint8Array.of(0, 1, 0, 0, 1, 0, 1)
  const masked = evaluate(spec, instances, states, active)
  for (let i = 0; i < 7; i++) {
    const row = states.slice(5 * i, 5 * i + 5)
    const alone = evaluate(spec, partOf(instances, 5, i), row)
    assert.deepEqual([alone.values[0], ...alone.gradients], [values[i], ...gradients.slice(5 * i, 5 * i + 5)])
    if (active[i] === 1) assert.deepEqual([masked.values[i], ...masked.gradients.slice(5 * i, 5 * i + 5)], [values[i], ...alone.gradients])
  }
})

test('sum-rate: saturated logits have rates of corners, and what is no number stays with its instance', () => {
  const spec = channel({ users: 2 })
  const { instances } = draw(spec, 3)
  const states = Float64Array.of(800, -800, NaN, 0, -50, Infinity)
  const { values, gradients } = evaluate(spec, instances, states)
  const rate = (gain: number): number => -Math.log2(1 + gain * 2 / 0.1)
  nearTo(values[0]!, rate(instances.data[0]!), 1e-14)
  nearTo(values[2]!, rate(instances.data[11]!), 1e-14)
  assert.ok(Number.isNaN(values[1]))
  for (const k of [0, 1, 5]) assert.ok(Math.abs(gradients[k]!) < 1e-300)
})

test('sum-rate: negative powers whose rate is no real number have none', () => {
  const spec = channel({ users: 2, variable: 'power' })
  const instances = { count: 1, data: Float64Array.of(1, 0, 0, 1) }
  assert.deepEqual([...evaluate(spec, instances, Float64Array.of(-0.2, 1)).values], [NaN])
  assert.deepEqual([...evaluate(spec, instances, Float64Array.of(-0.1, 1)).values], [NaN])
  nearTo(evaluate(spec, instances, Float64Array.of(-0.05, 0)).values[0]!, 1, 1e-14)
})

interface Frozen { users: number, noise: number, gains: number[], starts: number[], ends: number[], rates: number[] }
const frozen: Frozen[] = JSON.parse(readFileSync(path.join(projectRoot, 'test/algorithms/learned-initialization/sum-rate/fixtures/numpy.json'), 'utf8'))
for (const { users, noise, gains, starts, ends, rates } of frozen) {
  test(`sum-rate: 60 steps of ${users} users end where NumPy ends`, () => {
    const spec = channel({ users, noise, power: 1 })
    const objective = openFamily(spec).open({ count: rates.length, data: Float64Array.from(gains) })
    const run = openBatch(objective, { type: 'gradient', learningRate: 2, momentum: 0, steps: 60, tolerance: 0 }, Float64Array.from(starts))
    run.advance(60)
    run.states.forEach((t, k) => { nearTo(t, ends[k]!, 1e-9) })
    run.values.forEach((value, i) => { nearTo(-value, rates[i]!, 1e-10) })
  })
}

test('sum-rate: objectiveOf is the objective of what logits stand for, with its gradient', () => {
  const { tf } = engine
  const spec = channel()
  const { instances, states } = draw(spec, 4)
  const { values, gradients } = evaluate(spec, instances, states)
  const family = openFamily(spec)
  tf.tidy(() => {
    const logits = tf.tensor2d(Float32Array.from(states), [4, 5])
    const gains = tf.tensor2d(Float32Array.from(instances.data), [4, 25])
    family.objectiveOf!(engine, logits, gains).dataSync().forEach((value, i) => { nearTo(value, values[i]!, 1e-5) })
    const slope = tf.grad(outputs => tf.sum(family.objectiveOf!(engine, outputs, gains)))(logits)
    slope.dataSync().forEach((value, k) => { nearTo(value, gradients[k]!, 1e-5) })
  })
})
