import assert from 'node:assert/strict'
import test from 'node:test'
import { frequencyPrinciple } from '../../../src/algorithms/frequency-principle/index.js'
import { concludeTrial, groupBands } from '../../../src/algorithms/frequency-principle/result.js'
import { draw } from '../../../src/figures/draw.js'
import { makeSpec, runAll, sines, type Finished } from './helpers.js'

const bands = groupBands([1, 3, 5].map(frequency => ({ key: String(frequency), label: String(frequency), frequency, amplitude: 1 })), 'frequency')
const spec = makeSpec({ optimizers: [{ type: 'bfgs' }, { type: 'pso', hidden: [8] }], seeds: [0, 1, 2, 3, 4] })
const control = { ...spec, expected: 'order-breaks' as const }

/** Steps at which the bands are learned; 100 is after the end. */
type Steps = [number, number, number]
const low: Steps = [2, 3, 30]
const high: Steps = [30, 3, 2]
const neither: Steps = [100, 20, 100]

function makeTrial (arm: number, seed: number, steps: Steps): Finished {
  const definition = frequencyPrinciple.plan(spec).filter(trial => trial.seed === seed)[arm]!
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
    bands,
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

/** Trials of one optimizer, a seed each. */
function makeArm (arm: number, ...steps: Steps[]): Finished[] {
  return steps.map((own, seed) => makeTrial(arm, seed, own))
}

function holds (trials: Finished[], of = spec): boolean | null {
  return frequencyPrinciple.report(of, trials).verdict.holds
}

test('report: every seed of a method must keep the order, of a swarm 4 of 5', () => {
  assert.equal(holds([...makeArm(0, low, low, low, low, low), ...makeArm(1, low, low, high, low, low)]), true)
  assert.equal(holds([...makeArm(0, low, low, high, low, low), ...makeArm(1, low, low, low, low, low)]), false)
  assert.equal(holds([...makeArm(0, low, low, low, low, low), ...makeArm(1, low, high, high, low, low)]), false)
})

test('report: seeds that learned neither end decide nothing, seeds that learned only the high one break the order', () => {
  assert.equal(holds(makeArm(0, low, neither, low)), null)
  assert.equal(holds(makeArm(0, low, [100, 100, 5], low)), false)
  assert.equal(holds(makeArm(0, low, [5, 100, 100], low)), true) // never counts as last
  assert.match(frequencyPrinciple.report(spec, makeArm(0, low, neither)).verdict.evidence, /low first in 1 of 2 \(1 learned neither\)/)
})

test('report: a control holds where the order breaks, and says where', () => {
  const broken = [...makeArm(0, low, high, low, low, low), ...makeArm(1, low, low, low, low, low)]
  assert.equal(holds(broken, control), true)
  assert.equal(holds([...makeArm(0, low, low), ...makeArm(1, low, low)], control), false)
  assert.equal(holds(makeArm(0, low, neither), control), null)
  assert.match(frequencyPrinciple.report(control, broken).verdict.evidence, /The order broke under BFGS, seed 1: learned 5 at step 2, 1 at step 30/)
  assert.notEqual(frequencyPrinciple.report(control, broken).verdict.claim, frequencyPrinciple.report(spec, broken).verdict.claim)
})

test('report: trials without a result leave it open and are counted', () => {
  const [first, second] = makeArm(0, low, low)
  const { verdict, tables } = frequencyPrinciple.report(spec, [first!, { ...second!, state: 'failed', result: undefined }])
  assert.equal(verdict.holds, null)
  assert.match(verdict.evidence, /1 of 2 trials have no result/)
  assert.equal(tables.find(({ name }) => name === 'learning')!.rows.length, 1)
})

test('report: tables have medians per optimizer and the steps of every trial, empty where never', () => {
  const { tables } = frequencyPrinciple.report(spec, [...makeArm(0, low, [4, 5, 40], [6, 7, 100]), ...makeArm(1, low)])
  const [summary, learning, stops] = tables
  assert.deepEqual(summary!.rows[0], ['BFGS', 3, 3, 0, 0, 4, 40, 15, 1, 9, 81, 3, 0.02439]) // the never of seed 2 is the largest; 1 s before a restart, 2 after
  assert.deepEqual(summary!.rows.map(row => row[0]), ['BFGS', 'PSO (8)'])
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
    assert.deepEqual(figures.map(({ name }) => name), ['heat-maps', 'errors', 'spectra', 'fits', 'losses'])
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
