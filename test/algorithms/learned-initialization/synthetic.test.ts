import assert from 'node:assert/strict'
import test from 'node:test'
import type { Family, Instances } from '../../../src/algorithms/learned-initialization/families/family.js'
import { syntheticFamilies } from '../../../src/algorithms/learned-initialization/families/synthetic/index.js'
import { openStream } from '../../../src/math/random.js'
import { meanOf } from '../../../src/math/mean.js'
import { openEngine } from '../../../src/tensor/open-engine.js'

const families: Record<string, Family> = {
  'two basins': syntheticFamilies['two-basins']({ type: 'two-basins', gap: 1, shift: 1 }),
  'two basins, deep': syntheticFamilies['two-basins']({ type: 'two-basins', gap: 20, shift: 0.2 }),
  unrelated: syntheticFamilies.unrelated({ type: 'unrelated', size: 3 }),
  convex: syntheticFamilies.convex({ type: 'convex', size: 3, condition: 10 })
}

const draw = (purpose: string, seed = 0) => openStream(seed, purpose)

/** Plain gradient descent. @returns where it ends */
function descend ({ open }: Family, instances: Instances, starts: Float64Array, rate: number, steps: number): Float64Array {
  const objective = open(instances)
  const states = starts.slice()
  const [gradient, values] = [new Float64Array(states.length), new Float64Array(instances.count)]
  for (let step = 0; step < steps; step++) {
    objective.gradients!(states, gradient, values)
    gradient.forEach((slope, i) => { states[i]! -= rate * slope })
  }
  return states
}

function valuesOf ({ open }: Family, instances: Instances, states: Float64Array): Float64Array {
  const values = new Float64Array(instances.count)
  open(instances).values(states, values)
  return values
}

for (const [name, family] of Object.entries(families)) {
  test(`${name}: gradients are those of central differences, values beside them, and what is left out stays as it was`, () => {
    const instances = family.sample(20, draw('instances'))
    const states = family.start(20, draw('starts')).map(value => 3 * value)
    const [gradient, values] = [new Float64Array(states.length), new Float64Array(20)]
    family.open(instances).gradients!(states, gradient, values)
    assert.deepEqual(values, valuesOf(family, instances, states))
    for (let k = 0; k < family.size; k++) {
      const moved = (by: number) => valuesOf(family, instances, states.map((value, i) => i % family.size === k ? value + by : value))
      const [up, down] = [moved(1e-5), moved(-1e-5)]
      for (let i = 0; i < 20; i++) assert.ok(Math.abs((up[i]! - down[i]!) / 2e-5 - gradient[i * family.size + k]!) < 1e-7)
    }
    const some = new Float64Array(20).fill(7)
    family.open(instances).values(states, some, Uint8Array.from({ length: 20 }, (_, i) => i % 2))
    assert.deepEqual([some[0], some[1]], [7, values[1]])
  })

  test(`${name}: no state is better than the reference's, where the gradient is 0`, () => {
    const instances = family.sample(30, draw('instances'))
    const { states, objectives } = family.reference!.solve(instances)
    const gradient = new Float64Array(states.length)
    const values = new Float64Array(30)
    family.open(instances).gradients!(states, gradient, values)
    assert.ok(gradient.every(slope => Math.abs(slope) < 1e-12))
    for (let i = 0; i < 30; i++) assert.ok(Math.abs(values[i]! - objectives[i]!) < 1e-12)
    for (const scale of [1, 5]) {
      valuesOf(family, instances, family.start(30, draw('others')).map(value => scale * value)).forEach((value, i) => { assert.ok(value >= objectives[i]!) })
    }
  })

  test(`${name}: what a network predicts of solutions can be taken back`, () => {
    const states = family.start(10, draw('starts'))
    const { size, encode, decode } = family.coding
    assert.equal(encode(states, 10).length, 10 * size)
    assert.deepEqual(decode(encode(states, 10), 10), Float64Array.from(Float32Array.from(states)))
    assert.equal(family.features.of(family.sample(10, draw('instances'))).length, 10 * family.features.size)
  })
}

test('objectiveOf: the same values in tensors', async () => {
  const engine = await openEngine({ backend: 'wasm', threads: 1 })
  for (const [name, family] of Object.entries(families)) {
    const instances = family.sample(12, draw('instances'))
    const states = family.start(12, draw('starts')).map(value => 2 * value)
    const tensor = (numbers: Float64Array) => engine.tf.tensor2d(Float32Array.from(numbers), [12, numbers.length / 12])
    const values = engine.tf.tidy(() => family.objectiveOf!(engine, tensor(states), tensor(instances.data)).dataSync<'float32'>())
    assert.equal(values.length, 12, name)
    valuesOf(family, instances, states).forEach((value, i) => { assert.ok(Math.abs(value - values[i]!) < 1e-4, `${name}: ${value} and ${values[i]}`) })
  }
  engine.close()
})

test('two-basins: descent ends in the minimum of the side from which it starts, at any rate below 4', () => {
  for (const gap of [0.1, 1, 20]) {
    const shift = 1
    const family = syntheticFamilies['two-basins']({ type: 'two-basins', gap, shift })
    const instances = family.sample(400, draw('instances'))
    const starts = family.start(400, draw('starts')).map(value => 2 * value)
    const before = family.isBest!(instances, starts)
    assert.ok(before.includes(0) && before.includes(1))
    const width = Math.sqrt(8 * (1 + gap))
    for (const rate of [0.5, 2, 3.9]) {
      const ends = descend(family, instances, starts, rate, 2000)
      assert.deepEqual(family.isBest!(instances, ends), before)
      ends.forEach((end, i) => {
        const nearest = Math.sign(instances.data[i]!) * (shift + (before[i] === 1 ? width : -width))
        assert.ok(Math.abs(end - nearest) < 1e-6, `gap ${gap}, rate ${rate}: from ${starts[i]} to ${end}`)
      })
      valuesOf(family, instances, ends).forEach((value, i) => { assert.ok(Math.abs(value + (before[i] === 1 ? 1 + gap : 1)) < 1e-9) })
    }
  }
})

test('two-basins: the solvers’ usual rate and steps bring every start to its minimum', () => {
  const family = families['two basins']!
  const instances = family.sample(2000, draw('instances'))
  const starts = family.start(2000, draw('starts'))
  const ends = descend(family, instances, starts, 2, 60)
  const best = family.isBest!(instances, starts)
  valuesOf(family, instances, ends).forEach((value, i) => { assert.ok(Math.abs(value + 1 + best[i]!) < 1e-6, `from ${starts[i]} to ${value}`) })
})

test('basinMass: the part of P0 that is in the best basin, by quadrature and by counting', () => {
  for (const shift of [0, 0.3, 1, 2.5]) {
    const family = syntheticFamilies['two-basins']({ type: 'two-basins', gap: 1, shift })
    const one = { count: 1, data: Float64Array.of(-0.7) }
    let sum = 0
    for (let z = -9 + 5e-4; z < 9; z += 1e-3) {
      sum += family.isBest!(one, Float64Array.of(z))[0]! * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * 1e-3
    }
    assert.ok(Math.abs(family.basinMass!(one)[0]! - sum) < 1e-3, `shift ${shift}`)
  }
  const { unrelated } = families as { unrelated: Family }
  const instances = unrelated.sample(20_000, draw('many'))
  for (const starts of [unrelated.start(20_000, draw('starts')), unrelated.startGiven(instances, draw('given')), unrelated.heuristics.zero!(instances)]) {
    assert.ok(Math.abs(meanOf(unrelated.isBest!(instances, starts)) - (2 / 3) ** 3) < 0.01, 'whatever the start, three deviations')
  }
})

test('unrelated: descent at a rate of 2 or less crosses no border', () => {
  const { unrelated } = families as { unrelated: Family }
  const instances = unrelated.sample(300, draw('instances'))
  const starts = unrelated.start(300, draw('starts')).map(value => 3 * value)
  for (const rate of [0.7, 2]) {
    const ends = descend(unrelated, instances, starts, rate, 1500)
    assert.deepEqual(unrelated.isBest!(instances, ends), unrelated.isBest!(instances, starts))
    // each number of theta ends at one of the two values
    for (const value of valuesOf(unrelated, instances, ends)) {
      const worse = (value + 3 / 4) * 3
      assert.ok(Math.abs(worse - Math.round(worse)) < 1e-6)
    }
  }
})

test('unrelated: what is seen says nothing of what is hidden', () => {
  const { unrelated } = families as { unrelated: Family }
  const instances = unrelated.sample(4000, draw('instances'))
  const seen = unrelated.features.of(instances)
  const changed = { count: 4000, data: instances.data.map((value, i) => i % 6 < 3 ? value + 1 : value) }
  const states = unrelated.start(4000, draw('starts'))
  assert.deepEqual(valuesOf(unrelated, changed, states), valuesOf(unrelated, instances, states))
  assert.equal(seen[0], Math.fround(instances.data[0]!))
})

test('convex: from everywhere to the one minimum', () => {
  const { convex } = families as { convex: Family }
  const instances = convex.sample(50, draw('instances'))
  for (const starts of [convex.start(50, draw('starts')), convex.startGiven(instances, draw('given'))]) {
    assert.ok(descend(convex, instances, starts, 2, 400).every((value, i) => Math.abs(value - instances.data[i]!) < 1e-12))
  }
})
