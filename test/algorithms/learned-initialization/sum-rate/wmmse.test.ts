/** WMMSE against NumPy's run of the same rounds, the first-order conditions, and the corners of two users. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { openFamily } from '../../../../src/algorithms/learned-initialization/families/index.js'
import type { FamilyOf } from '../../../../src/algorithms/learned-initialization/families/spec.js'
import { bestCorners } from '../../../../src/algorithms/learned-initialization/families/sum-rate/corners.js'
import { stationarity } from '../../../../src/algorithms/learned-initialization/families/sum-rate/stationarity.js'
import { openStream } from '../../../../src/math/random.js'
import { projectRoot } from '../../../../src/paths.js'

const channel = (users: number, noise: number, power = 1): FamilyOf<'sum-rate'> => ({ type: 'sum-rate', users, noise, power, variable: 'logit' })
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

interface Frozen { users: number, noise: number, gains: number[], wmmsePowers: number[], wmmseRates: number[] }
const frozen: Frozen[] = JSON.parse(readFileSync(path.join(projectRoot, 'test/algorithms/learned-initialization/sum-rate/fixtures/numpy.json'), 'utf8'))
for (const { users, noise, gains, wmmsePowers, wmmseRates } of frozen) {
  test(`WMMSE: ${users} users end where NumPy's rounds end`, () => {
    const family = openFamily(channel(users, noise))
    const { states, objectives } = family.reference!.solve({ count: wmmseRates.length, data: Float64Array.from(gains) })
    objectives.forEach((rate, i) => { assert.ok(Math.abs(rate - wmmseRates[i]!) < 1e-5, `${rate} is not ${wmmseRates[i]}`) })
    family.decisionOf(states).forEach((p, k) => { assert.ok(Math.abs(p - wmmsePowers[k]!) < 1e-4, `${p} is not ${wmmsePowers[k]}`) })
  })
}

for (const [users, noise, power] of [[5, 1, 1], [5, 0.1, 1], [10, 0.1, 1], [3, 1e-3, 50]] as const) {
  test(`WMMSE: ${users} users at noise ${noise}, power ${power} end within 1e-6 of a stationary point`, () => {
    const spec = channel(users, noise, power)
    const family = openFamily(spec)
    const instances = family.sample(100, openStream(6, 'instances'))
    const { states, objectives } = family.reference!.solve(instances)
    const violations = stationarity(instances, family.decisionOf(states), spec)
    assert.ok(violations.every(violation => violation <= 1.01e-6), `${Math.max(...violations)}`) // 1e-12 are lost to logits
    const values = new Float64Array(100)
    family.open(instances).values(states, values)
    objectives.forEach((rate, i) => { assert.ok(Math.abs(rate + values[i]!) < 1e-6) })
  })
}

for (const noise of [1, 0.1]) {
  test(`WMMSE: two users at noise ${noise} are never above the best corner, which is stationary, and come to nine tenths of it`, () => {
    const spec = channel(2, noise)
    const family = openFamily(spec)
    const instances = family.sample(500, openStream(6, 'instances'))
    const corners = bestCorners(instances, spec)
    const { objectives } = family.reference!.solve(instances)
    objectives.forEach((rate, i) => { assert.ok(rate <= corners[i]! + 1e-9, `${rate} ${corners[i]}`) })
    assert.ok(sum(objectives) >= 0.9 * sum(corners))
  })
}

test('stationarity: 0 at best corners, and as far as the gradient leads elsewhere', () => {
  const spec = channel(2, 0.1)
  const data = Float64Array.of(1, 3, 2, 1.5) // strong interference: the better user alone is best
  assert.deepEqual([...bestCorners({ count: 1, data }, spec)], [Math.log2(1 + 1.5 / 0.1)])
  assert.deepEqual([...stationarity({ count: 1, data }, Float64Array.of(0, 1), spec)], [0])
  const [silent] = stationarity({ count: 1, data: Float64Array.of(1, 0, 0, 1) }, Float64Array.of(1, 0.999), spec)
  assert.ok(Math.abs(silent! - 0.001) < 1e-12)
  assert.throws(() => bestCorners({ count: 1, data: new Float64Array(9) }, channel(3, 1)), /2 users, got 3/)
})
