import assert from 'node:assert/strict'
import { test } from 'node:test'
import { energyOf, type LabellingProblem } from '../../src/graphcut/energy.js'
import { expand, swap, type Labelling } from '../../src/graphcut/moves.js'
import { createProposals, type Proposals } from '../../src/graphcut/proposals.js'
import { openStream, type RandomStream } from '../../src/math/random.js'
import { leastEnergy } from './brute-force.js'

/** A problem of 3 x 3 pixels. */
function draw (stream: RandomStream, labels: number, distances?: number[]): LabellingProblem {
  const neighbours = stream.uniform() < 0.5 ? 4 as const : 8 as const
  return {
    shape: { width: 3, height: 3, neighbours },
    labels,
    unary: Float64Array.from({ length: 9 * labels }, () => 3 * stream.uniform()),
    weights: Array.from({ length: neighbours / 2 }, () => Float64Array.from({ length: 9 }, () => stream.uniform())),
    ...(distances === undefined ? {} : { distances: Float64Array.from(distances) })
  }
}

function assertFalls (problem: LabellingProblem, { energies, energy, labels }: Labelling): void {
  for (let i = 1; i < energies.length; i++) assert.ok(energies[i]! < energies[i - 1]!)
  assert.equal(energies.at(-1), energy.total)
  assert.deepEqual(energyOf(problem, labels), energy)
}

test('expand: with two labels the least energy of all labellings, from any start', () => {
  const stream = openStream(1, 'two-labels')
  for (let round = 0; round < 40; round++) {
    const problem = draw(stream, 2)
    const start = Uint8Array.from({ length: 9 }, () => stream.integer(2))
    const labelling = expand(problem, { start, rounds: 1 })
    assertFalls(problem, labelling)
    assert.ok(Math.abs(labelling.energy.total - leastEnergy(problem)) < 1e-9, `round ${round}`)
    assert.ok(Math.abs(swap(problem, { start, rounds: 1 }).energy.total - leastEnergy(problem)) < 1e-9, `round ${round}`)
  }
})

test('expand and swap: with three labels energies fall, and an expansion ends within twice the least one; most often in it', () => {
  const stream = openStream(1, 'three-labels')
  let met = 0
  for (let round = 0; round < 12; round++) {
    const problem = draw(stream, 3)
    const least = leastEnergy(problem)
    const [expanded, swapped] = [expand(problem, { rounds: 20, order: stream }), swap(problem, { rounds: 20 })]
    for (const labelling of [expanded, swapped]) {
      assertFalls(problem, labelling)
      assert.ok(labelling.isSettled)
      // What was made after the last change is not made again, nor what made it.
      assert.ok(labelling.cuts <= 3 * labelling.rounds - Number(labelling.energies.length > 1))
      assert.ok(labelling.energy.total >= least - 1e-9)
    }
    assert.ok(expanded.energy.total <= 2 * least)
    met += Number(expanded.energy.total < least + 1e-9)
  }
  assert.ok(met >= 8, `in ${met} of 12`)
})

test('expand takes any metric, swap tables that are none', () => {
  const stream = openStream(1, 'metrics')
  const line = [0, 1, 2, 1, 0, 1, 2, 1, 0]
  const squares = [0, 1, 4, 1, 0, 1, 4, 1, 0]
  for (let round = 0; round < 6; round++) {
    const problem = draw(stream, 3, line)
    const expanded = expand(problem, { rounds: 20 })
    assertFalls(problem, expanded)
    assert.ok(expanded.energy.total <= 4 * leastEnergy(problem)) // 2 max V / min V
    const other = draw(stream, 3, squares)
    assertFalls(other, swap(other, { rounds: 20 }))
    const message = 'distances must satisfy the triangle inequality, got 4 for 0 and 2, and 2 by way of 1'
    assert.throws(() => expand(other, { rounds: 1 }), { name: 'RangeError', message })
  }
})

test('createProposals: expansions that begin with flow are those that begin without, also once labels, and so capacities, have changed', () => {
  const stream = openStream(1, 'flows')
  const [width, height, labels] = [24, 20, 5]
  for (const neighbours of [4, 8] as const) {
    const pixels = width * height
    const draw = (count: number, most: number) => Float64Array.from({ length: count }, () => stream.integer(most))
    const problem = {
      shape: { width, height, neighbours },
      labels,
      unary: draw(labels * pixels, 60),
      weights: Array.from({ length: neighbours / 2 }, () => draw(pixels, 12))
    }
    const [kept, fresh] = [true, false].map(wants => createProposals(problem, new Uint8Array(pixels), wants)) as [Proposals, Proposals]
    assert.deepEqual([kept.keepsFlows, fresh.keepsFlows], [true, false])
    let taken = 0
    for (let move = 0; move < 40; move++) {
      const label = stream.integer(labels)
      const energy = kept.expandTo(label)
      assert.deepEqual(energy, fresh.expandTo(label))
      if (energy === undefined || stream.uniform() < 0.3) continue // what is proposed need not be taken
      for (const proposals of [kept, fresh]) proposals.take()
      assert.deepEqual(kept.labels, fresh.labels)
      taken++
    }
    assert.ok(taken > 5, `${taken} moves`)
  }
})

test('expand: without weights the least unary of each pixel; with heavy ones a single label; what is forbidden is never taken', () => {
  const stream = openStream(1, 'limits')
  const problem = draw(stream, 3)
  const unaryOf = (label: number, p: number) => problem.unary[9 * label + p]!
  const cheapest = Uint8Array.from({ length: 9 }, (_, p) => [0, 1, 2].reduce((a, b) => unaryOf(b, p) < unaryOf(a, p) ? b : a))
  const start = new Uint8Array(9).fill(2)
  assert.deepEqual(expand({ ...problem, weights: problem.weights.map(() => 0) }, { start, rounds: 5 }).labels, cheapest)
  assert.equal(new Set(expand({ ...problem, weights: problem.weights.map(() => 1000) }, { rounds: 5 }).labels).size, 1)
  const seeded = problem.unary.slice()
  for (const [p, label] of [[0, 1], [8, 2]] as const) for (const other of [0, 1, 2]) if (other !== label) seeded[9 * other + p] = Infinity
  for (const way of [expand, swap]) {
    const { labels, energy } = way({ ...problem, unary: seeded, weights: problem.weights.map(() => 1000) }, { rounds: 5 })
    assert.deepEqual([labels[0], labels[8]], [1, 2])
    assert.ok(Number.isFinite(energy.total))
  }
})

test('expand: the same stream gives the same labels; bad problems are refused', () => {
  const problem = draw(openStream(1, 'order'), 3)
  const run = () => expand(problem, { rounds: 10, order: openStream(3, 'labels') })
  assert.deepEqual(run(), run())
  assert.throws(() => expand({ ...problem, unary: new Float64Array(3) }, { rounds: 1 }), { message: /^unary must have 3 x 9 numbers, got 3/ })
  const forbidden = new Float64Array(27).fill(Infinity)
  assert.throws(() => expand({ ...problem, unary: forbidden }, { rounds: 1 }), { message: /^unary of pixel 0 must be finite for one label/ })
  assert.throws(() => expand({ ...problem, weights: [1] }, { rounds: 1 }), { message: /^weights must be of [24] ways, got 1/ })
  const negative = problem.weights.map(() => -1)
  assert.throws(() => expand({ ...problem, weights: negative }, { rounds: 1 }), { message: /^weights of pixel \d must be finite numbers >= 0, got -1/ })
  assert.throws(() => expand(problem, { rounds: 1, start: new Uint8Array(9).fill(3) }), { message: /^start must have 9 labels below 3/ })
})
