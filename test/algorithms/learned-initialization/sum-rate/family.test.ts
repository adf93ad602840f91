/** What is drawn of interference channels, where people start, what networks see and say. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openFamily } from '../../../../src/algorithms/learned-initialization/families/index.js'
import type { FamilyOf } from '../../../../src/algorithms/learned-initialization/families/spec.js'
import { openStream } from '../../../../src/math/random.js'

const spec: FamilyOf<'sum-rate'> = { type: 'sum-rate', users: 3, noise: 0.5, power: 2, variable: 'logit' }
const family = openFamily(spec)
const byPower = openFamily({ ...spec, variable: 'power' })
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
const rounded = (values: ArrayLike<number>): number[] => Array.from(values, value => Math.round(value * 1e6) / 1e6)

test('sum-rate: gains are exponential of mean 1, and more instances begin with fewer', () => {
  const { data } = family.sample(4000, openStream(1, 'instances'))
  assert.ok(Math.abs(mean(data) - 1) < 4 / Math.sqrt(data.length))
  assert.ok(Math.abs(mean(data.map(gain => gain > Math.LN2 ? 1 : 0)) - 0.5) < 2 / Math.sqrt(data.length))
  assert.deepEqual([...family.sample(2, openStream(1, 'instances')).data], [...data.slice(0, 18)])
})

test('sum-rate: P0 is standard normal in logits, whichever variable is moved', () => {
  const t = family.start(3000, openStream(1, 'starts'))
  assert.ok(Math.abs(mean(t)) < 4 / Math.sqrt(t.length) && Math.abs(mean(t.map(x => x * x)) - 1) < 6 / Math.sqrt(t.length))
  assert.deepEqual(rounded(byPower.start(3000, openStream(1, 'starts'))), rounded(family.decisionOf(t)))
})

test('sum-rate: conditional starts lie around the signal-to-leakage-and-noise ratio', () => {
  const data = Float64Array.of(1, 0.5, 0, 0.25, 2, 0, 1, 0, 1e-9)
  const count = 2000
  const instances = { count, data: Float64Array.from({ length: count * 9 }, (_, k) => data[k % 9]!) }
  const t = family.startGiven(instances, openStream(1, 'given'))
  const expected = [Math.log(2 / (0.5 + 2.5)), Math.log(4 / (0.5 + 1)), -3]
  expected.forEach((centre, j) => {
    const own = t.filter((_, k) => k % 3 === j)
    assert.ok(Math.abs(mean(own) - centre) < 4 / Math.sqrt(count), `${mean(own)} ${centre}`)
  })
})

test('sum-rate: heuristics, by hand', () => {
  const dominant = [2, 1, 1, 0, 1, 3, 1, 1, 1.5] // users 0 and 2 are louder than who interferes with them
  const drowned = [1, 2, 0, 3, 2, 0, 2, 0, 1]
  const instances = { count: 2, data: Float64Array.of(...dominant, ...drowned) }
  const [loud, low] = rounded([2 / (1 + Math.exp(-2)), 2 / (1 + Math.exp(2))]) as [number, number]
  const decisions = Object.fromEntries(Object.entries(family.heuristics).map(([name, startOf]) =>
    [name, rounded(family.decisionOf(startOf(instances)))]))
  assert.deepEqual(decisions, {
    'full-power': [loud, loud, loud, loud, loud, loud],
    strongest: [loud, low, low, low, loud, low],
    threshold: [loud, low, loud, low, loud, low]
  })
  assert.deepEqual([...byPower.heuristics['threshold']!(instances)], [2, 0, 2, 0, 2, 0])
})

test('sum-rate: features and codes', () => {
  const { data } = family.sample(2, openStream(1, 'instances'))
  assert.deepEqual([...family.features.of({ count: 2, data })], Array.from(data, gain => Math.fround(Math.log(gain + 1e-3) / 3)))
  const states = Float64Array.of(0, Math.log(3), -20)
  assert.deepEqual(rounded(family.coding.encode(states, 1)), [0.5, 0.75, 0])
  assert.deepEqual(rounded(byPower.coding.encode(Float64Array.of(1, 1.5, 0), 1)), [0.5, 0.75, 0])
  const logits = Float32Array.of(0, 1, 30, -30)
  assert.deepEqual(rounded(family.coding.decode(logits, 1)), rounded([0, 1, Math.log(0.98 / 0.02), -Math.log(0.98 / 0.02)]))
  assert.deepEqual(rounded(byPower.coding.decode(logits, 1)), rounded([1, 2 / (1 + Math.exp(-1)), 1.96, 0.04]))
})

test('sum-rate: powers are projected onto what a user may send with', () => {
  const { project } = byPower.open({ count: 1, data: new Float64Array(9).fill(1) })
  const states = Float64Array.of(-1, 1, 3)
  project!(states)
  assert.deepEqual([...states], [0, 1, 2])
  assert.equal(family.open({ count: 1, data: new Float64Array(9).fill(1) }).project, undefined)
})
