import assert from 'node:assert/strict'
import test from 'node:test'
import { frequencyPrinciple } from '../../../src/algorithms/frequency-principle/index.js'
import { armsOf } from '../../../src/algorithms/frequency-principle/report/arms.js'
import { decide } from '../../../src/algorithms/frequency-principle/report/verdict.js'
import { concludeTrial, groupBands, type FrequencyPrincipleResult, type ResultBand } from '../../../src/algorithms/frequency-principle/result.js'
import type { FrequencyPrincipleSpec } from '../../../src/algorithms/frequency-principle/spec.js'
import { draw } from '../../../src/figures/draw.js'
import { openStream } from '../../../src/math/random.js'
import { makeSpec, runAll, sines, type Finished } from './helpers.js'

const bands = groupBands([1, 3, 5].map(frequency => ({ key: String(frequency), label: String(frequency), frequency, amplitude: 1 })), 'frequency')
const seeds = [0, 1, 2, 3, 4]
const spec = makeSpec({ optimizers: [{ type: 'bfgs' }, { type: 'pso', hidden: [8] }], seeds })
const pair = [{ name: 'small', init: { type: 'fan-in' } }, { name: 'large', init: { type: 'fan-in', gain: 5 } }]
/** BFGS alone under two conditions, of which the last is a control. */
const control = (expected: string) => makeSpec({ optimizers: [{ type: 'bfgs' }], conditions: pair, seeds, expected })

/** Steps at which the bands are learned; 100 is after the end. */
type Steps = [number, number, number]
const low: Steps = [2, 3, 30]
const high: Steps = [30, 3, 2]
const nothing: Steps = [100, 100, 100]

function makeTrial (of: FrequencyPrincipleSpec, arm: string, seed: number, steps: Steps, own: ResultBand[] = bands): Finished {
  const definition = frequencyPrinciple.plan(of).find(trial => trial.seed === seed && trial.arm === arm)!
  const records = Array.from({ length: 41 }, (_, step) => step)
  const history = {
    steps: records,
    evaluations: records.map(step => 2 * step + 1),
    losses: records.map(step => 1 / (1 + step)),
    errors: records.map(step => steps.map(at => step < at ? 0.8 : 0.05))
  }
  const moment = (step: number, label: string) => ({ step, label, loss: 1, fit: [0.1, 0.2, 0.3], spectrum: [0, 1, 0] })
  const result = concludeTrial({
    parameters: 10,
    points: 3,
    picture: null,
    bands: own,
    history,
    threshold: 0.2,
    stop: { reason: 'steps', text: 'the budget of 40 steps is used up', advice: 'raise steps' },
    counts: { steps: 40, functionEvaluations: 81, gradientEvaluations: 0 },
    target: Float64Array.of(0, 1, -1),
    spectrum: { frequencies: [0, 1, 2], target: [0, 1, 0.5] },
    snapshots: [moment(0, 'start'), moment(40, 'end')]
  })
  return { id: `${arm} ${seed}`, definition, state: 'succeeded', result, metrics: { seconds: { steps: [0, 10, 20, 40], values: [0, 1, 0.5, 2] } } }
}

/** Trials of one arm, a seed each. */
function makeArm (arm: string, steps: Steps[], of = spec, own: ResultBand[] = bands): Finished[] {
  return steps.map((steps, seed) => makeTrial(of, arm, seed, steps, own))
}

const five = (steps: Steps): Steps[] => Array<Steps>(5).fill(steps)

function holds (trials: Finished[], of = spec): boolean | null {
  return frequencyPrinciple.report(of, trials).verdict.holds
}

test('report: low first holds when the interval of tau over five seeds leaves 0 out, under every optimizer', () => {
  assert.equal(holds([...makeArm('BFGS', five(low)), ...makeArm('PSO (8)', five(low))]), true)
  const swap: Steps = [3, 2, 30] // tau 1 / 3: neighbours may swap in some seeds
  assert.equal(holds(makeArm('BFGS', [low, low, swap, low, swap])), true)
  assert.equal(holds([...makeArm('BFGS', five(low)), ...makeArm('PSO (8)', [low, high, high, low, low])]), false)
  assert.equal(holds(makeArm('BFGS', five(high))), false)
  assert.equal(holds(makeArm('BFGS', five([5, 5, 5]))), false) // at once is no order
})

test('report: fewer than five seeds decide nothing, nor do bands of which none was learned; these are not called last', () => {
  assert.equal(holds(makeArm('BFGS', [low, low, low, low])), null)
  assert.equal(holds(makeArm('BFGS', five(nothing))), null)
  assert.equal(holds(makeArm('BFGS', [low, low, low, low, nothing])), null)
  const { verdict, tables } = frequencyPrinciple.report(spec, makeArm('BFGS', five([2, 100, 100])))
  assert.equal(verdict.holds, true) // 1 is before both others; of these two the order is not known
  assert.match(verdict.evidence, /not learned: 3 in 5 of 5, 5 in 5 of 5/)
  const [row] = tables.find(({ name }) => name === 'orders')!.rows
  assert.deepEqual(row, ['BFGS', 'frequency', 3, 5, 1, 1, 1, 'yes', 10, 0, 0, 5, '3: 5 of 5, 5: 5 of 5'])
})

/** Orders drawn by chance. */
function chance (seed: number): Steps[] {
  return seeds.map(key => Array.from(openStream(seed, 'order', key).permutation(3), at => 2 + 10 * at) as Steps)
}

test('decide: orders by chance are found to be what is expected in no more than one of 20 experiments, in controls as well', () => {
  const drawn = Array.from({ length: 200 }, (_, i) => chance(i))
  const found = (of: FrequencyPrincipleSpec, trials: (steps: Steps[], i: number) => Finished[]) =>
    drawn.filter((steps, i) => decide(of, armsOf(trials(steps, i))) === true).length / drawn.length
  assert.ok(found(spec, steps => makeArm('BFGS', steps)) <= 0.05)
  for (const expected of ['order-weakens', 'order-breaks']) {
    const of = control(expected)
    const both = (steps: Steps[], i: number) => [...makeArm('BFGS, small', chance(1000 + i), of), ...makeArm('BFGS, large', steps, of)]
    assert.ok(found(of, both) <= 0.05, expected)
  }
  // beside an arm that keeps the order, chance is no reversal
  const of = control('order-breaks')
  assert.ok(found(of, steps => [...makeArm('BFGS, small', five(low), of), ...makeArm('BFGS, large', steps, of)]) <= 0.05)
})

test('report: a control is held against its matched arm', () => {
  const breaks = control('order-breaks')
  const weakens = control('order-weakens')
  const arms = (of: FrequencyPrincipleSpec, small: Steps[], large: Steps[]) => [...makeArm('BFGS, small', small, of), ...makeArm('BFGS, large', large, of)]
  assert.equal(holds(arms(breaks, five(low), five(high)), breaks), true)
  assert.equal(holds(arms(breaks, five(low), five(low)), breaks), false)
  assert.equal(holds(arms(breaks, five(high), five(high)), breaks), false) // it was no order that breaks
  assert.equal(holds(arms(breaks, five(low).slice(1), five(high)), breaks), null)
  const near: Steps[] = [[10, 11, 12], [10, 11, 13], [10, 11, 12], [10, 12, 13], [9, 11, 12]]
  assert.equal(holds(arms(weakens, five(low), near), weakens), true) // low first still, and by less
  assert.equal(holds(arms(breaks, five(low), near), breaks), false)
  assert.equal(holds(arms(weakens, near, five(low)), weakens), false)
  const { verdict } = frequencyPrinciple.report(breaks, arms(breaks, five(low), five(high)))
  assert.match(verdict.evidence, /BFGS, large against small: the lead differs by -1\.57 \(95 %: -1\.57 to -1\.57\) decades; the order is lost between small and large/)
})

test('report: a lead is taken from bands that were not learned only where that makes it harder to hold', () => {
  const of = control('order-weakens')
  const arms = (small: Steps[], large: Steps[]) => [...makeArm('BFGS, small', small, of), ...makeArm('BFGS, large', large, of)]
  assert.equal(holds(arms(five([2, 3, 100]), five([30, 30, 31])), of), true) // at least 40 / 2
  assert.equal(holds(arms(five([2, 3, 30]), five([30, 31, 100])), of), null) // under the control it may be much later
})

test('report: a control of an earlier version, which has no matched arm, is left open', () => {
  const { conditions: _, ...old } = control('order-breaks')
  assert.equal(holds(makeArm('BFGS', five(high), old), old), null)
})

/** A filter of one width, and what shuffled labels have in its low part. */
const filtered = (amplitude: number, constant: number): ResultBand[] => ['low 0.1', 'high 0.1'].map((key, i) => ({
  key,
  label: key,
  frequency: i + 1,
  amplitude: i === 0 ? amplitude : 1,
  group: 'filter 0.1',
  shuffled: { median: 0.2, high: 0.3 },
  isNoise: i === 0 && amplitude <= 0.3,
  constant: i === 0 ? constant : 1
}))
const onData = makeSpec({
  target: { type: 'data' },
  data: { generator: { type: 'glyphs' } },
  optimizers: [{ type: 'sgd' }],
  conditions: [{ name: 'given' }, { name: 'shuffled', labels: 'shuffled' }],
  seeds
})
const dataArms = (given: ResultBand[], shuffled: ResultBand[]) => [
  ...makeArm('SGD, given', five(low), onData, given), ...makeArm('SGD, shuffled', five(low), onData, shuffled)
]

test('report: what a null does as well is not found: it is open', () => {
  assert.equal(holds(dataArms(filtered(0.8, 1), filtered(0.25, 1)), onData), true)
  const byShuffled = frequencyPrinciple.report(onData, dataArms(filtered(0.8, 1), filtered(0.5, 1))).verdict
  assert.equal(byShuffled.holds, null)
  assert.match(byShuffled.evidence, /Nulls do the same, which leaves it open: SGD, shuffled$/)
  // means left in, a constant predictor has an error of 0.07 in the low part of a wide filter
  const byConstant = frequencyPrinciple.report(onData, dataArms(filtered(0.8, 0.07), filtered(0.25, 1))).verdict
  assert.equal(byConstant.holds, null)
  assert.match(byConstant.evidence, /Nulls do the same, which leaves it open: constant predictor$/)
})

test('report: labels that are no more than noise are not judged, and every group of bands is spoken of', () => {
  const { verdict, tables } = frequencyPrinciple.report(onData, dataArms(filtered(0.2, 1), filtered(0.2, 1)))
  assert.equal(verdict.holds, null)
  const several = [...filtered(0.8, 1), ...filtered(0.2, 1).map(band => ({ ...band, group: 'filter 0.2' }))]
  const steps = five([2, 30, 2]).map(own => [...own, 30] as unknown as Steps)
  const { evidence } = frequencyPrinciple.report(onData, makeArm('SGD, given', steps, onData, several)).verdict
  assert.match(evidence, /SGD, given: filter 0\.1 tau 1\.00 .*; filter 0\.2 not judged: fewer than two bands are more than noise \(noise counted, tau 1\.00\)/)
  assert.deepEqual(tables.find(({ name }) => name === 'nulls')!.rows[0], ['low 0.1', 0.2, 0.2, 0.3, 'no', 1])
})

test('report: results of versions before, without pairs, noise and intervals, are read', () => {
  const trials = makeArm('BFGS', five(low)).map(trial => ({
    ...trial,
    result: { ...trial.result, orders: [{ group: 'frequency', ordered: true, swaps: 0, ratio: 15, tau: 1 }] } as unknown as FrequencyPrincipleResult
  }))
  const { verdict, figures } = frequencyPrinciple.report(spec, trials)
  assert.equal(verdict.holds, true)
  assert.ok(figures.some(({ name }) => name === 'orders'))
})

test('report: trials without a result leave it open and are counted', () => {
  const [first, second] = makeArm('BFGS', [low, low])
  const { verdict, tables } = frequencyPrinciple.report(spec, [first!, { ...second!, state: 'failed', result: undefined }])
  assert.equal(verdict.holds, null)
  assert.match(verdict.evidence, /1 of 2 trials have no result/)
  assert.equal(tables.find(({ name }) => name === 'learning')!.rows.length, 1)
})

test('report: tables have medians per optimizer and the steps of every trial, empty where never', () => {
  const { tables } = frequencyPrinciple.report(spec, [...makeArm('BFGS', [low, [4, 5, 40], [6, 7, 100]]), ...makeArm('PSO (8)', [low])])
  const [summary, orders, learning, stops] = tables
  assert.deepEqual(summary!.rows[0], ['BFGS', 3, 4, 40, 15, 9, 81, 3, 0.02439]) // the never of seed 2 is the largest; 1 s before a restart, 2 after
  assert.deepEqual(summary!.rows.map(row => row[0]), ['BFGS', 'PSO (8)'])
  assert.deepEqual(orders!.rows[0], ['BFGS', 'frequency', 3, 3, null, null, null, null, 9, 0, 0, 0, '5: 1 of 3'])
  assert.deepEqual(learning!.rows[2], ['BFGS', 2, 6, 7, null, null, 1, 0, 40, 81, 3, 'steps', 0.02439])
  assert.deepEqual(stops!.rows[0], ['BFGS', 0, 'steps', 'the budget of 40 steps is used up', 'raise steps'])
  for (const { columns, rows } of tables) for (const row of rows) assert.equal(row.length, columns.length)
})

test('report: figures of real runs have their data inside and can be drawn, on a grid and on a picture', async () => {
  const optimizers = [{ type: 'bfgs', steps: 40 }, { type: 'adam', steps: 60 }]
  const network = { hidden: [6] }
  const cases = [
    makeSpec({ target: sines([1, 3], { points: 32 }), network, optimizers, seeds: [0, 1] }),
    makeSpec({ target: { type: 'image', side: 8, bands: 3 }, network, optimizers })
  ]
  for (const own of cases) {
    const { figures } = frequencyPrinciple.report(own, await runAll(own))
    assert.deepEqual(figures.map(({ name }) => name), ['heat-maps', 'errors', 'orders', 'spectra', 'fits', 'losses'])
    for (const figure of figures) {
      const { name } = figure
      assert.ok('vegaLite' in figure, name)
      const svg = new TextDecoder().decode(await draw({ vegaLite: figure.vegaLite, format: 'svg' }))
      assert.match(svg, /^<svg/, name)
      assert.doesNotMatch(svg, /NaN|undefined/, name)
      if (name === 'fits' && own.target.type === 'image') assert.equal(svg.match(/<image /g)!.length, 2 * (1 + 4))
    }
  }
})
