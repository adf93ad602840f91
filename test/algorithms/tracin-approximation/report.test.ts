import assert from 'node:assert/strict'
import test from 'node:test'
import { tracinApproximation } from '../../../src/algorithms/tracin-approximation/index.js'
import { predictionOf } from '../../../src/algorithms/tracin-approximation/report/predicts.js'
import type { Trial } from '../../../src/algorithms/tracin-approximation/report/arms.js'
import { claimNames, type ClaimName } from '../../../src/algorithms/tracin-approximation/spec.js'
import { fillSpec } from '../../helpers/drive.js'
import { algorithm, makeSpec, runAll } from './helpers.js'

const spec = makeSpec({ learningRates: [0.01, 0.1], projections: [4, 16, 64, 256], seeds: [0, 1, 2, 3, 4] })
const trials = await runAll(spec)
const { report } = tracinApproximation

function judge (claim: ClaimName, changed: readonly Trial[] = trials) {
  return report({ ...spec, claims: [claim] }, [...changed]).verdict
}

/** The trials with results that are changed in one respect. */
function changed (change: (result: Trial['result'] & object, rate: number) => void): Trial[] {
  return trials.map(({ events: _, ...trial }) => {
    const copy = structuredClone(trial)
    change(copy.result, copy.definition.spec.learningRates[0]!)
    return copy
  })
}

test('report: what holds of small trainings is found', () => {
  for (const claim of ['completeness', 'first-order', 'rates', 'checkpoints'] as const) assert.equal(judge(claim).holds, true, judge(claim).evidence)
})

test('report: every claim fails where what it says is not so', () => {
  const broken: Record<ClaimName, Trial[]> = {
    completeness: changed(result => { result.incompleteness = 2e-9 }),
    'first-order': changed((result, rate) => { if (rate === 0.01) result.firstOrder.pearson = 0.94 }),
    rates: changed(result => { result.firstOrder.pearson = 0.99 }),
    checkpoints: changed(result => { for (const entry of result.checkpoints) if (entry.count === 2) entry.pearson = 0.1 }),
    sum: changed(result => {
      for (const entry of result.checkpoints) entry.pearson = 0.9
      result.singles.forEach((entry, epoch) => { entry.pearson = epoch === 1 ? 0.91 : 0.8 })
    }),
    projections: changed(result => { for (const entry of result.projections) entry.error = entry.dimension ** -0.25 }),
    units: changed(result => { for (const entry of result.checkpoints) entry.ratio = 1.06 })
  }
  for (const claim of claimNames) assert.equal(judge(claim, broken[claim]).holds, false, claim)
  const kept: Trial[] = changed(result => {
    result.singles.forEach(entry => { entry.pearson = 0.1 })
    for (const entry of result.projections) entry.error = 3 * entry.dimension ** -0.5
    for (const entry of result.checkpoints) entry.ratio = 1.04
  })
  for (const claim of ['sum', 'projections', 'units'] as const) assert.equal(judge(claim, kept).holds, true, judge(claim, kept).evidence)
})

test('report: a seed that falls out of the row makes an interval, not a mean, decide', () => {
  const unsure = changed((result, rate) => { if (rate === 0.01) result.firstOrder.pearson = 0.97 })
  unsure.find(({ definition: { spec, seed } }) => spec.learningRates[0] === 0.01 && seed === 2)!.result!.firstOrder.pearson = 0.9
  const { holds, evidence } = judge('first-order', unsure) // the mean is 0.956
  assert.equal(holds, false, evidence)
})

test('report: correlations that do not exist fulfil no claim, and missing trials decide nothing', () => {
  assert.equal(judge('first-order', changed(result => { result.firstOrder.pearson = null })).holds, false)
  assert.equal(judge('checkpoints', changed(result => { for (const entry of result.checkpoints) entry.pearson = null })).holds, false)
  assert.equal(judge('rates', trials.slice(1).concat({ ...trials[0]!, state: 'failed', result: undefined } as never)).holds, null)
})

test('report: the verdict says what presets predict, every claim of it', () => {
  for (const preset of tracinApproximation.presets) {
    const filled = fillSpec<typeof preset.spec>(algorithm, { ...preset.spec, data: preset.spec.data ?? { datasetId: '00000000-0000-7000-8000-000000000000' } })
    assert.equal(report(filled, []).verdict.predicts, preset.predicts)
    assert.equal(preset.predicts, predictionOf(filled))
    assert.equal(preset.predicts.split('; ').length, filled.claims.length)
  }
})

test('report: tables have a row per arm, and the pictures are those that the arms allow', () => {
  const { tables, figures } = report(spec, trials)
  const rows = Object.fromEntries(tables.map(({ name, rows }) => [name, rows.length]))
  assert.deepEqual(rows, { 'first-order': 2, checkpoints: 2 * 3 * 4, singles: 2 * 5, projections: 2 * 4 })
  assert.deepEqual(figures.map(({ name }) => name), ['pairs', 'rates', 'checkpoints', 'singles', 'projections'])
})
