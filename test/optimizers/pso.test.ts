/** The swarm against pyswarms: fixtures/pyswarms.json, made by fixtures/make.py. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Objective } from '../../src/math/objective.js'
import { createOptimizer } from '../../src/optimizers/index.js'
import { createParticleSwarm } from '../../src/optimizers/pso.js'
import { openStream, type RandomStream } from '../../src/math/random.js'
import { himmelblau, readFixture, rosenbrock, sphere } from './problems.js'

interface Move { own: number[], social: number[], bestBefore: number, positions: number[], velocities: number[] }
interface Swarm {
  topology: 'global' | 'ring'
  neighbours: number
  particles: number
  size: number
  inertia: number
  cognitive: number
  social: number
  positions: number[]
  velocities: number[]
  moves: Move[]
}
interface Whole { problem: string, form: string, particles: number, moves: number, seeds: number[], values: number[] }

const fixture = readFixture<{ swarms: Swarm[], runs: Whole[] }>('pyswarms.json')
const random = (seed: number) => (purpose: string, ...keys: number[]) => openStream(seed, purpose, ...keys)

/** A stream of given numbers. */
function replay (numbers: number[]): RandomStream {
  let at = 0
  const next = () => numbers[at++]!
  return { uniform: next, normal: next, integer: next, permutation: () => assert.fail('not asked for') }
}

for (const { topology, neighbours, ...swarm } of fixture.swarms) {
  test(`pso: moves as pyswarms does from its random numbers, ${topology} ${topology === 'ring' ? neighbours : ''}`, () => {
    const { particles, size, inertia, cognitive, social, moves } = swarm
    const optimizer = createParticleSwarm(
      { particles, inertia, cognitive, social, topology, neighbours, positionSpread: 1, velocitySpread: 1 },
      rosenbrock(size),
      { start: new Float64Array(size), random: (_, move) => replay(numbersOf(move!)) },
      (stream, into) => into.forEach((_, k) => { into[k] = stream.uniform() })
    )
    for (const [n, move] of moves.entries()) {
      assertClose(optimizer.value, move.bestBefore, `best before move ${n + 1}`)
      optimizer.step()
      const { positions, velocities } = optimizer.save().arrays
      move.positions.forEach((x, k) => assertClose(positions!.data[k]!, x, `position ${k} after move ${n + 1}`))
      move.velocities.forEach((v, k) => assertClose(velocities!.data[k]!, v, `velocity ${k} after move ${n + 1}`))
    }

    function numbersOf (move: number): number[] {
      if (move === 0) return [...swarm.positions, ...swarm.velocities]
      const { own, social: other } = moves[move - 1]!
      return Array.from({ length: particles }, (_, i) => [own, other].flatMap((drawn) => drawn.slice(i * size, (i + 1) * size))).flat()
    }
  })
}

function assertClose (got: number, wanted: number, what: string): void {
  assert.ok(Math.abs(got - wanted) <= 1e-9 * (1 + Math.abs(wanted)), `${what}: ${got}, pyswarms ${wanted}`)
}

for (const { problem, form, particles, moves, seeds, values } of fixture.runs) {
  test(`pso: reaches the minimum that pyswarms' ${form} reaches, ${problem}`, () => {
    const objective = { 'sphere-5': sphere(5), 'rosenbrock-2': rosenbrock(2), himmelblau }[problem]!
    const topology = form === 'GlobalBestPSO' ? 'global' : 'ring'
    const found = seeds.map((seed) => {
      const optimizer = createOptimizer({ type: 'pso', particles, topology }, objective, {
        start: new Float64Array(objective.size), random: random(seed), budget: { steps: moves }
      })
      while (optimizer.stop === undefined) optimizer.step()
      assert.equal(objective.value(optimizer.theta), optimizer.value)
      return optimizer.value
    })
    // Other random numbers: the middle of five seeds, within what 30 moves more or less would change.
    const middle = [...found].sort((a, b) => a - b)[2]!
    const theirs = [...values].sort((a, b) => a - b)[2]!
    assert.ok(middle <= 1e3 * theirs + 1e-12, `${middle}, pyswarms ${theirs}`)
    assert.ok(Math.max(...found) < 1e-2)
  })
}

test('pso: gives the whole swarm to values in one call and nothing to value', () => {
  const calls: number[] = []
  const plain = rosenbrock(3)
  const batched: Objective = {
    size: 3,
    value: () => assert.fail('value was called'),
    values (points, count, into) {
      calls.push(count)
      for (let i = 0; i < count; i++) into[i] = plain.value(points.subarray(3 * i, 3 * i + 3))
    }
  }
  const [a, b] = [batched, plain].map((objective) => {
    const optimizer = createOptimizer({ type: 'pso', particles: 7 }, objective, { start: new Float64Array(3), random: random(1) })
    for (let i = 0; i < 20; i++) optimizer.step()
    return optimizer
  })
  assert.deepEqual(calls, new Array(21).fill(7))
  assert.deepEqual(a!.save(), b!.save())
})

test('pso: the swarm lies around the start with the spreads that were asked for', () => {
  const start = Float64Array.of(5, -5)
  const optimizer = createOptimizer({ type: 'pso', particles: 4000, positionSpread: 0.5, velocitySpread: 3 }, sphere(2), { start, random: random(7) })
  const { positions, velocities } = optimizer.save().arrays
  const deviation = (data: ArrayLike<number>, means: number[]) =>
    Math.sqrt(Array.from(data).reduce((sum, x, k) => sum + (x - means[k % 2]!) ** 2, 0) / data.length)
  assert.ok(Math.abs(deviation(positions!.data, [5, -5]) - 0.5) < 0.02)
  assert.ok(Math.abs(deviation(velocities!.data, [0, 0]) - 3) < 0.1)
})
