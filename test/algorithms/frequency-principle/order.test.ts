/** What the paper claims, and what an independent run in NumPy and SciPy showed, for five seeds per optimizer. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { frequencyPrinciple } from '../../../src/algorithms/frequency-principle/index.js'
import { errorAt, learnedSteps, makeSpec, runAll, sines } from './helpers.js'

const seeds = [0, 1, 2, 3, 4]
const small = { hidden: [15] }
const two = sines([1, 3], { points: 64 })

async function stepsOf (changes: object): Promise<number[][]> {
  return (await runAll(makeSpec({ seeds, ...changes }))).map(({ result }) => learnedSteps(result))
}

/** How often the lowest band was learned, and not after the highest. */
function countOrdered (steps: number[][]): number {
  return steps.filter(own => own[0]! < Infinity && own[0]! <= own.at(-1)!).length
}

test('order: BFGS on sin x + sin 3x + sin 5x learns 5 at least 4 times as late as 1, in every seed', async () => {
  for (const [one, , five] of await stepsOf({ optimizers: [{ type: 'bfgs', steps: 300 }] })) assert.ok(five! / one! >= 4, `${one}, ${five}`)
})

test('order: CG on the same learns 5 at least 10 times as late as 1, in every seed', async () => {
  for (const [one, , five] of await stepsOf({ optimizers: [{ type: 'cg', steps: 1000 }] })) assert.ok(five! / one! >= 10, `${one}, ${five}`)
})

test('order: L-BFGS, gradient descent and Adam learn low before high in every seed; never is last', async () => {
  for (const optimizer of [{ type: 'lbfgs', steps: 400 }, { type: 'gd', steps: 4000 }, { type: 'adam', steps: 4000 }]) {
    assert.equal(countOrdered(await stepsOf({ optimizers: [optimizer] })), seeds.length, optimizer.type)
  }
})

test('order: one sweep of Powell leaves frequency 1 below 0.25 and 3 above 0.35, and 3 comes later, in every seed', async () => {
  const spec = makeSpec({ seeds, target: two, network: small, optimizers: [{ type: 'powell', steps: 30 }], spectrum: { threshold: 0.3 } })
  for (const { result } of await runAll(spec)) {
    assert.ok(errorAt(result, '1', 1) < 0.25, `1: ${errorAt(result, '1', 1)}`)
    assert.ok(errorAt(result, '3', 1) > 0.35, `3: ${errorAt(result, '3', 1)}`)
    const [one, three] = learnedSteps(result)
    assert.ok(one! < three!)
  }
})

test('order: particle swarms learn low before high in at least 4 of 5 seeds', async () => {
  const steps = await stepsOf({ target: two, network: { hidden: [10] }, optimizers: [{ type: 'pso', steps: 1200 }] })
  assert.ok(countOrdered(steps) >= 4, JSON.stringify(steps))
})

/** A control's preset under BFGS alone. */
async function reportOf (name: string) {
  const preset = makeSpec(frequencyPrinciple.presets.find(preset => preset.name === name)!.spec)
  const spec = { ...preset, optimizers: preset.optimizers.filter(({ type }) => type === 'bfgs') }
  return frequencyPrinciple.report(spec, await runAll(spec))
}

test('order: BFGS loses it when the high frequency has three times the amplitude, not at twice, and the report says so', async () => {
  const { verdict, tables } = await reportOf('control-amplitude')
  assert.equal(verdict.holds, true)
  assert.match(verdict.evidence, /the order is lost between amplitude 2 and amplitude 3/)
  const low = tables.find(({ name }) => name === 'orders')!.rows.map(row => row[7])
  assert.deepEqual(low, ['yes', 'yes', 'no', 'no'])
})

test('order: under large first weights the lead of low frequencies is smaller than under small ones, all else being the same', async () => {
  const { verdict, tables } = await reportOf('control-large-init')
  assert.equal(verdict.holds, true)
  const [small, large] = tables.find(({ name }) => name === 'conditions')!.rows
  assert.ok(Number(small![2]) > 0.5 && Number(large![2]) < 0.2, JSON.stringify([small, large])) // decades
})
