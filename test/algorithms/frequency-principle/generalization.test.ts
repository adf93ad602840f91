/** Between the points: the denser grid of a function, its metrics, its place in the result and in the report. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { checkFunction } from '../../../src/algorithms/frequency-principle/function/check.js'
import { sayNetworks } from '../../../src/algorithms/frequency-principle/report/networks.js'
import type { Arm } from '../../../src/algorithms/frequency-principle/report/arms.js'
import { compileCheck } from '../../../src/routes/validation.js'
import { algorithm, makeSpec, runAll, runTrial, sines, type Finished } from './helpers.js'

/** Few points and a long training: what is between them is not what is at them. */
const spec = makeSpec({
  target: { ...sines([1, 3], { points: 16 }), testPoints: 96 },
  network: { hidden: [8] },
  init: { type: 'normal', deviation: 2 },
  optimizers: [{ type: 'bfgs', steps: 60 }]
})

test('run with testPoints: errors on the denser grid are those of the stored network there, by sums of the definition', async () => {
  const { events, result } = await runTrial(algorithm.plan(spec)[0]!)
  assert.deepEqual(compileCheck(algorithm.result, { root: 'result' })(structuredClone(result)), [])
  const arrays = events.flatMap(event => event.type === 'checkpoint' ? [event.arrays] : []).at(-1)!
  const [w, b, v, c] = ['layer0.weight', 'layer0.bias', 'layer1.weight', 'layer1.bias'].map(name => Array.from(arrays[name]!.data))
  const x = Array.from({ length: 96 }, (_, j) => -Math.PI + 2 * Math.PI * j / 96)
  const fit = x.map(at => w!.reduce((sum, weight, i) => sum + v![i]! * Math.tanh(weight * at + b![i]!), c![0]!))
  const goal = x.map(at => Math.sin(at) + Math.sin(3 * at))
  const size = (values: number[], k: number) => Math.hypot(...[Math.cos, Math.sin].map(wave =>
    values.reduce((sum, value, j) => sum + value * wave(2 * Math.PI * k * j / 96), 0)))
  const difference = fit.map((value, j) => value - goal[j]!)
  const errors = [1, 3].map(k => size(difference, k) / size(goal, k))
  // the stored weights are float32: seven digits of sums that cancel
  result.test!.errors.forEach((error, i) => assert.ok(Math.abs(error - errors[i]!) < 1e-4 * Math.max(1, error), `${error}, ${errors[i]}`))
  const loss = difference.reduce((sum, value) => sum + value ** 2, 0) / 96
  assert.ok(Math.abs(result.test!.loss - loss) < 1e-4 * loss)
  assert.ok(result.test!.loss > 2 * result.loss, 'it generalises worse than it fits')

  const measured = events.flatMap(event => event.type === 'metrics' ? [event.values] : [])
  assert.equal(measured.length, result.history.steps.length)
  for (const values of measured) for (const name of ['testLoss', 'testError/1', 'testError/3']) assert.ok(Number.isFinite(values[name]))
  assert.equal(measured.at(-1)!['testError/3'], result.test!.errors[1])
})

test('report with testPoints: a table has each band at the points and between them; without there is none', async () => {
  const tableOf = async (changes: object) => {
    const changed = { ...spec, ...changes }
    return algorithm.report(changed, await runAll(changed)).tables.find(({ name }) => name === 'generalization')
  }
  const { rows } = (await tableOf({}))!
  assert.deepEqual(rows.map(([arm, seed, band]) => [arm, seed, band]), [['BFGS', 0, '1'], ['BFGS', 0, '3']])
  assert.equal(await tableOf({ target: makeSpec({ target: sines([1, 3], { points: 16 }) }).target }), undefined)
})

test('checkFunction: a denser grid has more points', () => {
  const target = { ...sines([1], { points: 64 }), testPoints: 64 }
  const wrong = makeSpec({ target })
  assert.deepEqual(checkFunction(wrong, wrong.target as Parameters<typeof checkFunction>[1]).map(({ path, got }) => [path, got]), [['spec.target.testPoints', 64]])
})

test('sayNetworks: arms with a smaller network are named, and whether their method has the whole one too', () => {
  const arm = (optimizer: string, type: string, parameters: number): Arm => {
    const definition = { spec: { optimizers: [{ type }] } }
    return { name: `${optimizer}, a condition`, optimizer, condition: undefined, isNull: false, trials: [{ definition, result: { parameters } } as Finished] }
  }
  assert.equal(sayNetworks([arm('CG', 'cg', 91), arm('BFGS', 'bfgs', 91)]), undefined)
  assert.equal(
    sayNetworks([arm('CG', 'cg', 91), arm('Powell (15)', 'powell', 46), arm('Powell', 'powell', 91), arm('PSO (15)', 'pso', 46)]),
    'Not all optimizers fitted the same network of 91 parameters: Powell (15), 46 (and, as an arm of its own, the same network); PSO (15), 46'
  )
})
