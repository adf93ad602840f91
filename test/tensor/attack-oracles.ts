/** What attacks must do on every backend: closed forms of linear networks, projections against sorting and brute force. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { openStream } from '../../src/math/random.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { createAttack, type AttackedChunk, type AttackOptions, type Budget } from '../../src/tensor/attack.js'
import { directionOf, drawPoint, normOf, norms, project, type Norm } from '../../src/tensor/balls.js'
import type { Engine } from '../../src/tensor/engine.js'
import { createNetwork } from '../../src/tensor/network.js'
import { cnn, makeExamples } from './helpers.js'

const patient: Budget = { radius: 0.5, steps: 60, stepSize: 0.2, restarts: 1, startRadius: 0.5, seed: 1 }

/** Attacks all examples of a fresh network. @param inParts  how, where not as a whole @returns the chunks, put together */
export function attackAll (
  engine: Engine, architecture: Architecture, options: Partial<AttackOptions> & { norm: Norm }, budget: Partial<Budget> = {},
  inParts?: { part: number, onPart: () => void }
): Omit<AttackedChunk, 'at'> & { labels: Int32Array } {
  const network = createNetwork(engine, architecture, openStream(3, 'init'))
  const examples = makeExamples(architecture)
  const attack = createAttack(engine, network, { ...examples, objective: 'loss', ...options })
  const chunks: AttackedChunk[] = []
  const startRadius = budget.startRadius ?? budget.radius ?? patient.radius
  const indices = Int32Array.from({ length: 40 }, (_, i) => i)
  const asked = [indices, { ...patient, ...budget, startRadius }, (chunk: AttackedChunk) => { chunks.push(chunk) }] as const
  if (inParts === undefined) attack.run(...asked)
  else for (const parts = attack.runInParts(...asked, inParts.part); !parts.next().done;) inParts.onPart()
  attack.dispose()
  network.dispose()
  const all = <T extends Float32Array | Int32Array>(of: (chunk: AttackedChunk) => T) => chunks.flatMap(chunk => [...of(chunk)])
  return {
    clean: Int32Array.from(all(({ clean }) => clean)),
    attacked: Int32Array.from(all(({ attacked }) => attacked)),
    inputs: Float32Array.from(all(({ inputs }) => inputs)),
    perturbations: Float32Array.from(all(({ perturbations }) => perturbations)),
    margins: Float32Array.from(all(({ margins }) => margins)),
    labels: examples.target
  }
}

/** A binary linear network that withstands: class 0 leads by 8, and w is how class 1 gains. */
function attackLinear (
  engine: Engine, { w, x, radius, ...options }: Pick<AttackOptions, 'norm' | 'box' | 'objective'> & { w: number[], x: number[], radius: number }
): Float32Array {
  const width = w.length
  const network = createNetwork(engine, { inputShape: [width], layers: [{ type: 'dense', units: 2, activation: 'linear' }] }, openStream(1, 'init'))
  network.load({
    'layer0.weight': { shape: [width, 2], data: Float32Array.from(w.flatMap(value => [-value / 2, value / 2])) },
    'layer0.bias': { shape: [2], data: Float32Array.of(8, 0) }
  })
  const data = { inputs: Float32Array.from(x), count: 1 }
  const target = Int32Array.of(0)
  const attack = createAttack(engine, network, { data, target, inputShape: [width], preprocessing: { offset: 0, scale: 1 }, ...options })
  const found: Float32Array[] = []
  attack.run(Int32Array.of(0), { ...patient, radius, startRadius: radius }, ({ perturbations }) => { found.push(perturbations) })
  attack.dispose()
  network.dispose()
  return found[0]!
}

function dot (a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0)
}

/** The point of the l1 ball next to v, by sorting: Duchi et al. 2008. */
function projectSorted (v: number[], radius: number): number[] {
  if (normOf('l1', v) <= radius) return v
  const sorted = v.map(Math.abs).sort((a, b) => b - a)
  let sum = 0
  let threshold = 0
  sorted.forEach((size, i) => {
    sum += size
    if (size > (sum - radius) / (i + 1)) threshold = (sum - radius) / (i + 1)
  })
  return v.map(value => Math.sign(value) * Math.max(Math.abs(value) - threshold, 0))
}

/** Registers the tests for an engine. */
export function testAttacks (engine: Engine): void {
  const { tf } = engine
  const rows = (values: number[][]) => tf.tensor2d(values)
  const valuesOf = (point: Tensor2D) => point.arraySync()

  test(`${engine.backend}: project onto l1 is what sorting finds, onto l2 a multiple, onto linf a clip; points inside stay to the bit`, () => {
    const stream = openStream(5, 'points')
    const point = (spread: number) => Array.from({ length: 17 }, () => Math.fround(stream.normal() * spread))
    const points = Array.from({ length: 30 }, (_, i) => point(i < 10 ? 0.01 : i))
    tf.tidy(() => {
      for (const norm of norms) {
        valuesOf(project(tf, norm, rows(points), tf.scalar(1.5))).forEach((found, i) => {
          const point = points[i]!
          const size = normOf(norm, point)
          if (size <= 1.5) assert.deepEqual(found, point)
          const expected = norm === 'l1'
            ? projectSorted(point, 1.5)
            : point.map(value => norm === 'l2' ? value * Math.min(1, 1.5 / size) : Math.min(Math.max(value, -1.5), 1.5))
          found.forEach((value, k) => assert.ok(Math.abs(value - expected[k]!) < 2e-6 * (1 + size), `${norm}: ${value} for ${expected[k]}`))
        })
      }
    })
  })

  test(`${engine.backend}: project within a box is the nearest point of both: no other point of them lies on v's side`, () => {
    const stream = openStream(6, 'points')
    const width = 5
    for (const norm of norms) {
      for (let round = 0; round < 20; round++) {
        const v = Array.from({ length: width }, () => stream.normal() * 2)
        const low = Array.from({ length: width }, () => -stream.uniform())
        const high = Array.from({ length: width }, () => stream.uniform())
        const inBox = (point: ArrayLike<number>) => Array.from(point, (value, i) => Math.min(Math.max(value, low[i]!), high[i]!))
        const found = tf.tidy(() => valuesOf(project(tf, norm, rows([v]), tf.scalar(1), { low: rows([low]), high: rows([high]) }))[0]!)
        assert.ok(normOf(norm, found) <= 1 + 1e-6)
        found.forEach((value, i) => assert.ok(value >= low[i]! - 1e-6 && value <= high[i]! + 1e-6))
        for (let k = 0; k < 300; k++) {
          const other = new Float32Array(width)
          drawPoint(norm, k % 3 === 0 ? 1 : stream.uniform(), stream, other)
          const feasible = inBox(other)
          // p is the projection of v exactly when (v - p)·(u - p) <= 0 for every feasible u
          const side = v.reduce((sum, value, i) => sum + (value - found[i]!) * (feasible[i]! - found[i]!), 0)
          assert.ok(side <= 1e-5, `${norm}: ${side}`)
        }
      }
    }
  })

  test(`${engine.backend}: directionOf keeps the direction of gradients that are next to nothing, and zeros`, () => {
    tf.tidy(() => {
      const [tiny, none] = valuesOf(directionOf(tf, 'l2', rows([[3e-30, -4e-30], [0, 0]])))
      tiny!.forEach((value, i) => assert.ok(Math.abs(value - [0.6, -0.8][i]!) < 1e-6))
      assert.deepEqual(none, [0, 0])
    })
  })

  const w = [0.5, -1.25, 0.25, 2, -0.75, 1]
  const x = [0.1, 0.9, 0.5, 0.8, 0.3, 0]
  const closed: Record<Norm, (radius: number) => number[]> = {
    linf: radius => w.map(value => radius * Math.sign(value)),
    l2: radius => w.map(value => radius * value / normOf('l2', w)),
    l1: radius => w.map(value => Math.abs(value) === 2 ? radius * Math.sign(value) : 0)
  }
  for (const norm of norms) {
    for (const objective of ['loss', 'margin'] as const) {
      test(`${engine.backend}: on a linear network the ${norm} attack on the ${objective} ends in the closed form`, () => {
        const found = attackLinear(engine, { norm, objective, w, x, radius: 0.5 })
        const optimum = closed[norm](0.5)
        assert.ok(Math.abs(dot(w, found) - dot(w, optimum)) < 2e-6, `${dot(w, found)} for ${dot(w, optimum)}`)
        // on a sphere what is gained is flat around the optimum: float32 cannot tell the last steps apart
        optimum.forEach((value, i) => assert.ok(Math.abs(found[i]! - value) < (norm === 'l2' ? 5e-4 : 1e-6), `${[...found]}`))
      })
    }

    test(`${engine.backend}: in a box the ${norm} attack on a linear network ends in the best point that brute force finds`, () => {
      const weights = [1, -0.6, 0.4]
      const example = [0.95, 0.3, 0.5]
      const found = attackLinear(engine, { norm, objective: 'loss', box: { low: 0, high: 1 }, w: weights, x: example, radius: 0.4 })
      let best = 0
      const grid = Array.from({ length: 81 }, (_, i) => -0.4 + i / 100)
      for (const a of grid) {
        for (const b of grid) {
          for (const c of grid) {
            const point = [a, b, c]
            const isValid = point.every((value, i) => example[i]! + value >= -1e-9 && example[i]! + value <= 1 + 1e-9)
            if (isValid && normOf(norm, point) <= 0.4 + 1e-9) best = Math.max(best, dot(weights, point))
          }
        }
      }
      assert.ok(normOf(norm, found) <= 0.4 + 1e-6)
      found.forEach((value, i) => assert.ok(example[i]! + value >= -1e-6 && example[i]! + value <= 1 + 1e-6))
      // the grid's best lies at most its spacing below the true one, which is not above ours
      assert.ok(dot(weights, found) >= best - 1e-5 && dot(weights, found) <= best + 0.02, `${dot(weights, found)} beside ${best}`)
    })
  }

  test(`${engine.backend}: examples keep to ball and box, and what is misread is what the network says of it`, () => {
    const box = { low: -2, high: 2 }
    for (const norm of norms) {
      const radius = { linf: 0.4, l2: 3, l1: 12 }[norm]
      const budget = { radius, steps: 8, stepSize: radius / 4 }
      const { clean, attacked, inputs, perturbations, labels, margins } = attackAll(engine, cnn, { norm, box, chunk: 16 }, budget)
      const network = createNetwork(engine, cnn, openStream(3, 'init'))
      const logits = (values: Float32Array) => tf.tidy(() => network.logits(tf.tensor(values.slice(), [40, 9, 8, 2])).arraySync())
      const argMax = (row: number[]) => row.indexOf(Math.max(...row))
      assert.deepEqual([...clean], logits(inputs).map(argMax))
      const seen = logits(inputs.map((value, i) => value + perturbations[i]!))
      assert.deepEqual([...attacked], seen.map(argMax))
      seen.forEach((row, i) => {
        const label = labels[i]!
        const margin = Math.max(...row.filter((_, c) => c !== label)) - row[label]!
        assert.ok(Math.abs(margin - margins[i]!) < 1e-4 * (1 + Math.abs(margin)))
      })
      for (let i = 0; i < 40; i++) {
        const own = perturbations.subarray(i * 144, (i + 1) * 144)
        assert.ok(normOf(norm, own) <= radius * (1 + 1e-5), `${norm}: ${normOf(norm, own)}`)
        if (clean[i] !== labels[i]) assert.ok(own.every(value => value === 0))
        own.forEach((value, k) => assert.ok(Math.abs(value + inputs[i * 144 + k]!) <= 2 + 1e-6))
      }
      const right = (predictions: Int32Array) => predictions.reduce((sum, predicted, i) => sum + Number(predicted === labels[i]), 0)
      assert.ok(right(attacked) < right(clean), `${norm}: ${right(attacked)} of ${right(clean)}`)
      network.dispose()
    }
  })

  test(`${engine.backend}: what becomes of an example depends on seed and position, not on its neighbours or the chunk`, () => {
    const options = { norm: 'l2', box: { low: -2, high: 2 } } as const
    const budget = { radius: 2, steps: 3, stepSize: 0.5, restarts: 2 }
    const { attacked, perturbations } = attackAll(engine, cnn, { ...options, chunk: 40 }, budget)
    const other = attackAll(engine, cnn, { ...options, chunk: 7 }, budget)
    assert.deepEqual(other.attacked, attacked)
    // batches of another size round otherwise
    other.perturbations.forEach((value, i) => assert.ok(Math.abs(value - perturbations[i]!) < 1e-3))
    assert.notDeepEqual(attackAll(engine, cnn, options, { ...budget, seed: 2 }).perturbations, perturbations)
    assert.deepEqual(attackAll(engine, cnn, { ...options, chunk: 40 }, budget).perturbations, perturbations)
  })

  test(`${engine.backend}: a network with statistics of its batches is attacked as it is evaluated, and stays as it was`, () => {
    const layers: Architecture['layers'] = [
      { type: 'dense', units: 6, activation: 'linear' }, { type: 'batch-norm', momentum: 0.1, epsilon: 1e-3 }, { type: 'dense', units: 3, activation: 'linear' }
    ]
    const once = attackAll(engine, { inputShape: [4], layers }, { norm: 'l2' })
    const inSmallChunks = attackAll(engine, { inputShape: [4], layers }, { norm: 'l2', chunk: 7 })
    assert.deepEqual(inSmallChunks.attacked, once.attacked, 'in training mode a neighbour would matter')
    assert.ok(once.attacked.some((label, i) => label !== once.clean[i]))
  })

  test(`${engine.backend}: a network that reads no classes is refused by name`, () => {
    const values: Architecture = { inputShape: [4], layers: [{ type: 'dense', units: 2, activation: 'linear' }], head: { type: 'values', loss: 'squared' } }
    assert.throws(() => attackAll(engine, values, { norm: 'l2' }), /an attack must get a network of head classes, got values/)
  })

  test(`${engine.backend}: attacks leave nothing behind`, () => {
    const run = () => attackAll(engine, cnn, { norm: 'l1', chunk: 16 }, { radius: 5, steps: 2, stepSize: 2, restarts: 2 })
    run()
    const before = engine.tensorCount()
    run()
    assert.equal(engine.tensorCount(), before)
  })
}
