/** From a finished trial to trainings without its suspects and with other labels for them. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { EndedTrial, FinishedTrial, RunEvent } from '../../../../src/algorithms/contract.js'
import { tracin } from '../../../../src/algorithms/tracin/index.js'
import { retrain, type RetrainRequest } from '../../../../src/algorithms/tracin/retrain/follow-up.js'
import type { TracinResult, TracinSpec } from '../../../../src/algorithms/tracin/spec.js'
import { openView } from '../../../../src/influence/view.js'
import { compileCheck } from '../../../../src/routes/validation.js'
import { drive, fillSpec, generateData } from '../../../helpers/drive.js'
import { openTestEngine } from '../../../tensor/helpers.js'

const engine = await openTestEngine()
const algorithm = tracin as unknown as Parameters<typeof fillSpec>[0]

const spec = fillSpec<TracinSpec>(algorithm, {
  data: { generator: { type: 'blobs', classes: 4, features: 6, train: 150, test: 40, spread: 0.25 } },
  network: { type: 'mlp', hidden: [12] },
  optimizer: { learningRate: 0.2 },
  epochs: 4,
  batchSize: 20,
  checkpoints: { type: 'every', epochs: 2 },
  labelNoise: { kind: 'hardest' },
  selfInfluence: ['last'],
  seeds: [7]
})

async function runTrial (trial: ReturnType<typeof tracin.plan>[number]): Promise<{ events: RunEvent[], result: TracinResult }> {
  const { events, result } = await drive(algorithm, trial, { engine, data: generateData(algorithm, trial) })
  assert.deepEqual(compileCheck(tracin.result, { root: 'result' })(structuredClone(result)), [])
  return { events, result: result as TracinResult }
}

const parent = await runTrial(tracin.plan(spec)[0]!)
const ended: EndedTrial<unknown, unknown> = { id: '0190a000-0000-7000-8000-000000000000', definition: tracin.plan(spec)[0]!, state: 'succeeded', result: parent.result }

function make (request: RetrainRequest, trials = [ended]) {
  return retrain.make({ trials, request })
}

function made (request: RetrainRequest): TracinSpec {
  const answer = make(request)
  assert.ok('spec' in answer, JSON.stringify(answer))
  assert.deepEqual(compileCheck(tracin.spec, { root: 'spec' })(structuredClone(answer.spec)), [])
  return answer.spec as TracinSpec
}

function labelsOf ({ events }: { events: RunEvent[] }) {
  const model = events.find(event => event.type === 'model' && event.name === 'trained') as Extract<RunEvent, { type: 'model' }>
  const { data: dataset } = generateData(algorithm, tracin.plan(spec)[0]!)
  return { view: model.trainingView!, ...openView({ ...model.trainingView!, datasetId: '' }, dataset!), own: dataset!.train.arrays.target! }
}

test('run: rows of the ranking have a suggested label, its probability and copies; orders are long enough to act upon', () => {
  const { ranking, triage, flipped } = parent.result
  const { balanced, orders, wrongLabels } = triage!
  assert.deepEqual(orders.map(({ by, indices }) => [by, indices.length]), [['score', 150], ['class-balanced', 150], ['random', 150]])
  ranking.forEach(({ index, suggestedLabel, probability, labelProbability, label }, i) => {
    assert.deepEqual([orders[0]!.indices[i], orders[0]!.suggestions[i]], [index, suggestedLabel])
    assert.ok(probability! >= labelProbability! && (suggestedLabel !== label || probability === labelProbability))
  })
  assert.deepEqual(balanced.slice(0, 20).map(({ index }) => index), orders[1]!.indices.slice(0, 20))
  const byIndex = new Map(ranking.map(row => [row.index, row]))
  flipped.forEach((index, i) => assert.equal(byIndex.get(index)!.label, wrongLabels[i]))
  const suggested = flipped.filter(index => byIndex.get(index)!.suggestedLabel === byIndex.get(index)!.trueLabel)
  assert.ok(suggested.length > flipped.length / 2, `${suggested.length} of ${flipped.length}: a model that has not learned them by heart knows better`)
})

test('retrain: trains as the trial did, with the same wrong labels, whatever the seed', async () => {
  const next = made({ suspects: { top: 15 }, seeds: [3] })
  assert.deepEqual([next.labelNoise.kind, next.seeds, next.edits!.compare!.suspects.indices], ['none', [3], parent.result.ranking.slice(0, 15).map(({ index }) => index)])
  const asIt = await runTrial(tracin.plan(next)[0]!)
  assert.deepEqual(asIt.result.flipped, parent.result.flipped)
  assert.deepEqual(labelsOf(asIt).target, labelsOf(parent).target)
})

test('retrain: without drops the suspects, corrected relabels them, views say so, and positions stay those of the split', async () => {
  const next = made({ suspects: { top: 15 }, labels: 'own', seeds: [3] })
  const plan = tracin.plan(next)
  const run = async (arm: string) => await runTrial(plan.find(trial => trial.arm === arm)!)
  const suspects = next.edits!.compare!.suspects.indices
  const without = await run('without the suspects')
  const { view, indices, target, own } = labelsOf(without)
  assert.deepEqual([view.dropped, view.count], [[...suspects].sort((a, b) => a - b), 135])
  assert.ok(indices.every(index => !suspects.includes(index)))
  const left = parent.result.flipped.filter(index => !suspects.includes(index))
  assert.deepEqual([without.result.flipped, without.result.trainExamples], [left, 135])
  assert.deepEqual(view.relabelled.indices, left)
  for (const row of without.result.ranking) {
    assert.ok(!suspects.includes(row.index))
    assert.deepEqual([row.label, row.trueLabel], [target[row.index], own[row.index]])
  }
  const corrected = await run('suspects corrected')
  assert.deepEqual([corrected.result.flipped, labelsOf(corrected).view.dropped, corrected.result.trainExamples], [left, [], 150])
})

test('retrain: a follow-up of a follow-up starts from what its trial was trained on', () => {
  const definition = tracin.plan(made({ suspects: { top: 10 }, arms: ['without'], seeds: [0] }))[1]!
  const result = { ...parent.result, trainExamples: 140 }
  const answer = make({ suspects: { indices: [parent.result.ranking[20]!.index] } }, [{ ...ended, definition, result }])
  assert.ok('spec' in answer)
  const { dropped, wrong } = (answer.spec as TracinSpec).edits!
  assert.deepEqual(dropped, parent.result.ranking.slice(0, 10).map(({ index }) => index).sort((a, b) => a - b))
  assert.deepEqual(wrong.indices, parent.result.flipped)
})

test('retrain: labels of the caller’s own choice, by name or number, make suspects of their examples', () => {
  const { suspects } = made({ suspects: { indices: [5, 6] }, corrections: [{ index: 9, label: '2' }, { index: 6, label: 3 }] }).edits!.compare!
  assert.deepEqual(suspects.indices, [5, 6, 9])
  assert.deepEqual(suspects.labels.slice(1), [3, 2])
})

test('retrain: what is wrong with a request is said by path and rule', () => {
  const cases: [RetrainRequest, string][] = [
    [{}, 'suspects must have top or indices, or corrections must name examples'],
    [{ suspects: { top: 3, indices: [1] } }, 'suspects must have either top or indices'],
    [{ suspects: { indices: [1], by: 'random' } }, 'suspects.by must come with top'],
    [{ suspects: { indices: [1, 150] } }, 'suspects.indices[1] must be among the 150 examples that the trial was trained on'],
    [{ suspects: { top: 151 } }, 'suspects.top must be <= 150, those that the order has'],
    [{ corrections: [{ index: 1, label: 'cat' }] }, 'corrections[0].label must be a class: its name, or 0 .. 3'],
    [{ corrections: [{ index: 1, label: 4 }] }, 'corrections[0].label must be a class: its name, or 0 .. 3'],
    [{ corrections: [{ index: 1, label: 1 }, { index: 1, label: 2 }] }, 'corrections[1].index must be listed once'],
    [{ trial: '0190a000-0000-7000-8000-000000000001', suspects: { top: 1 } }, 'trial must be a trial of the experiment that succeeded']
  ]
  for (const [request, expected] of cases) {
    const answer = make(request)
    assert.ok('violations' in answer)
    assert.deepEqual(answer.violations.map(({ path, rule }) => `${path} ${rule}`), [expected])
  }
  const { triage: _, ...old } = parent.result
  const answer = make({ suspects: { top: 1 } }, [{ ...ended, result: old }])
  assert.ok('violations' in answer && /earlier versions/.test(answer.violations[0]!.rule))
})

/** Trials of a comparison with given test losses by arm and seed. */
function makeTrials (lossOf: (arm: string, seed: number) => number): FinishedTrial<TracinSpec, TracinResult>[] {
  const next = made({ suspects: { top: 15 }, seeds: [0, 1, 2] })
  return tracin.plan(next).map((definition, i) => ({
    id: `t${i}`,
    definition,
    state: 'succeeded',
    result: { ...parent.result, accuracy: { ...parent.result.accuracy!, test: 1 - lossOf(definition.arm, definition.seed) / 2 } },
    metrics: { testLoss: { steps: [8, 16], values: [1, lossOf(definition.arm, definition.seed)] } }
  }))
}

test('report: a comparison holds when suspects beat both the training as it is and random ones, beyond their intervals', () => {
  const compared = made({ suspects: { top: 15 }, seeds: [0, 1, 2] })
  const losses: Record<string, number> = { 'as it is': 0.5, 'without the suspects': 0.4, 'without random ones': 0.51, 'suspects corrected': 0.3, 'random ones corrected': 0.49 }
  const noiseOf = (arm: string, seed: number) => 0.2 * seed + 0.001 * ((arm.length % 5 + 1) * seed % 4)
  const judge = (changes: Record<string, number> = {}) =>
    tracin.report(compared, makeTrials((arm, seed) => ({ ...losses, ...changes })[arm]! + noiseOf(arm, seed)))
  assert.equal(judge().verdict.holds, true)
  assert.equal(judge({ 'without random ones': 0.4 }).verdict.holds, false, 'random ones do as well')
  assert.equal(judge({ 'suspects corrected': 0.5 }).verdict.holds, false, 'no better than before')
  const [table] = judge().tables
  const row = table!.rows.find(([arm]) => arm === 'without the suspects')!
  assert.ok(Math.abs((row[5] as number) + 0.1) < 0.01 && (row[6] as number) < (row[5] as number) && (row[7] as number) > (row[5] as number))
})

test('report: a comparison without all of its trials, or with one seed, decides nothing', () => {
  const compared = made({ suspects: { top: 15 }, seeds: [0, 1, 2] })
  const trials = makeTrials(arm => arm.length / 100)
  const failed = trials.map((trial, i) => i === 4 ? { ...trial, state: 'failed' as const, result: undefined } : trial)
  assert.equal(tracin.report(compared, failed).verdict.holds, null)
  const single = trials.filter(({ definition }) => definition.seed === 0)
  const { verdict } = tracin.report({ ...compared, seeds: [0] }, single)
  assert.deepEqual([verdict.holds, /gives no interval/.test(verdict.evidence)], [null, true])
  assert.deepEqual(tracin.report(compared, failed.map(trial => ({ ...trial, state: 'canceled' as const, result: undefined }))).tables, [])
})
