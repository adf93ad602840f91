import assert from 'node:assert/strict'
import test from 'node:test'
import { claimNames, type ClaimName } from '../../../src/algorithms/leader-sgd/claim-names.js'
import { leaderSgd } from '../../../src/algorithms/leader-sgd/index.js'
import { predictionOf } from '../../../src/algorithms/leader-sgd/report/predicts.js'
import type { Finished } from '../../../src/algorithms/leader-sgd/report/trials.js'
import type { LeaderResult } from '../../../src/algorithms/leader-sgd/result.js'
import type { LeaderSpec } from '../../../src/algorithms/leader-sgd/spec.js'
import { draw } from '../../../src/figures/draw.js'
import { fillSpec } from '../../helpers/drive.js'
import { algorithm, finish, judge, makeNetworkSpec, makeSpec, recorded, workersWith } from './made-results.js'

const theory = (changes: object = {}): LeaderResult['theory'] => ({
  oneStep: { checked: 100, broken: 0, slack: 0.01 },
  newton: { samples: 100, closer: 60 },
  floor: { measured: 0.1, bound: 0.2 },
  decay: { exponent: -1.05 },
  ...changes
})

const quadratic = makeSpec({ problem: { type: 'quadratic' }, methods: [{ type: 'lsgd' }], seeds: [0, 1, 2] })
const sinc = makeSpec({ methods: [{ type: 'independent' }, { type: 'easgd' }, { type: 'lsgd' }] })
const escapes = makeSpec({ ...sinc, problem: { type: 'sinc', starts: { type: 'random', repeats: 3000 } }, seeds: [0, 1] })
const completion = makeSpec({ ...sinc, problem: { type: 'matrix-completion' }, seeds: [0, 1, 2] })
const wells = makeSpec({ problem: { type: 'double-well' }, methods: [{ type: 'easgd' }, { type: 'lsgd' }], seeds: [0, 1] })
const network = makeNetworkSpec({ seeds: [0, 1, 2] })
const modes = makeNetworkSpec({ methods: [{ type: 'lsgd' }, { type: 'lsgd', name: 'late', mode: 'async' }], seeds: [0, 1, 2] })

/** Trials of which the theory says this. */
const saying = (changes: object = {}) => finish(quadratic, () => ({ theory: theory(changes)! }))

const sincLosses = (lsgd: number) => ({ arm }: { arm: string }) => ({
  workers: workersWith(arm === 'independent' ? [-0.0425, -0.0135, -0.0121, -0.009] : Array<number>(4).fill(arm === 'easgd' ? -0.0912 : lsgd))
})
const escaped = (lsgd: number) => ({ arm, seed }: { arm: string, seed: number }) =>
  ({ repeats: { count: 1000, reached: { independent: 60, easgd: 90, lsgd: lsgd + seed }[arm]!, meanLoss: -0.1 } })
const bestLoss = (lsgd: number) => ({ arm, seed }: { arm: string, seed: number }) =>
  ({ workers: workersWith([100, (arm === 'lsgd' ? lsgd : 10) * (1 + seed / 10), 200, 300]) })
const lengths = (lsgd: number, easgd: number) => ({ arm }: { arm: string }) => ({ gradientNorm: arm === 'lsgd' ? lsgd : easgd })
/** Test examples that are missed: the first so many. */
const missed = (lsgd: number) => ({ arm }: { arm: string }) => {
  const count = arm === 'lsgd' ? lsgd : 50
  return { testExamples: 1000, mistakes: Array.from({ length: count }, (_, i) => i), points: [{ name: 'leader' as const, loss: 1, error: count / 1000 }] }
}
/** Errors of 50, 20, 10 percent, each so long after the other. */
const timed = (late: number) => ({ arm, seed }: { arm: string, seed: number }) => {
  const pace = arm === 'late' ? late : 10
  return { metrics: { leaderError: recorded(0.5, 0.2, 0.1), virtualTime: recorded(0, pace + seed / 10, 2 * pace + seed / 10) } }
}

/** For every claim trials of which it is true, and some of which it is not. */
const cases: Record<ClaimName, { spec: LeaderSpec, so: Finished[], not: Finished[] }> = {
  sinc: { spec: sinc, so: finish(sinc, sincLosses(-0.2169)), not: finish(sinc, sincLosses(-0.2159)) },
  escapes: { spec: escapes, so: finish(escapes, escaped(440)), not: finish(escapes, escaped(330)) },
  completion: { spec: completion, so: finish(completion, bestLoss(0.009)), not: finish(completion, bestLoss(0.02)) },
  stationary: { spec: wells, so: finish(wells, lengths(1e-9, 0.1)), not: finish(wells, lengths(1e-9, 1e-5)) },
  'one-step': { spec: quadratic, so: saying(), not: [...saying().slice(1), ...saying({ oneStep: { checked: 100, broken: 1, slack: -0.1 } }).slice(0, 1)] },
  decay: { spec: quadratic, so: saying(), not: saying({ decay: { exponent: -0.7 } }) },
  'noisy-leader': { spec: quadratic, so: saying(), not: saying({ floor: { measured: 0.3, bound: 0.2 } }) },
  newton: { spec: quadratic, so: saying(), not: saying({ newton: { samples: 100, closer: 49 } }) },
  'not-worse': { spec: network, so: finish(network, missed(51)), not: finish(network, missed(60)) },
  'all-lead': { spec: network, so: finish(network), not: finish(network, ({ workers }) => ({ workers: workersWith(Array<number>(workers).fill(1)).map((worker, i) => ({ ...worker, led: i })) })) },
  sooner: { spec: modes, so: finish(modes, timed(6)), not: finish(modes, timed(11)) }
}

test('report: every claim is found where it is so, and not where it is not', () => {
  for (const name of claimNames) {
    const { spec, so, not } = cases[name]
    const [found, missing] = [judge(spec, name, so), judge(spec, name, not)]
    assert.deepEqual([found.holds, missing.holds], [true, false], `${name}: ${found.evidence} / ${missing.evidence}`)
    assert.match(found.evidence, /^Found: /)
    assert.match(missing.evidence, /^Not found: /)
    assert.doesNotMatch(found.evidence + missing.evidence, /NaN|undefined|Infinity/)
  }
})

test('report: a seed that falls out of the row makes an interval, not a mean, decide', () => {
  const exponents = [-1.1, -0.6, -1.1] // their mean is -0.93
  const unsure = finish(quadratic, ({ seed }) => ({ theory: theory({ decay: { exponent: exponents[seed]! } })! }))
  assert.equal(judge(quadratic, 'decay', unsure).holds, false)
  const uneven = finish(completion, args => bestLoss(args.seed === 1 ? 0.05 : 1e-6)(args))
  assert.equal(judge(completion, 'completion', uneven).holds, false)
})

test('report: what was not measured fulfils no claim', () => {
  for (const name of ['one-step', 'decay', 'noisy-leader', 'newton'] as const) assert.equal(judge(quadratic, name, finish(quadratic)).holds, false, name)
  assert.equal(judge(wells, 'stationary', finish(wells, () => ({ gradientNorm: null }))).holds, false)
  assert.equal(judge(network, 'not-worse', finish(network)).holds, false)
  assert.equal(judge(modes, 'sooner', finish(modes)).holds, false)
  assert.equal(judge(completion, 'completion', finish(completion, () => ({ workers: workersWith([null, null, null, null]) }))).holds, false)
})

test('report: missing trials decide nothing, nor does a spec without claims; an average worse than all workers is named', () => {
  const trials = finish(sinc, sincLosses(-0.2172))
  assert.equal(judge(sinc, 'sinc', trials.slice(1)).holds, null)
  assert.equal(judge(sinc, 'sinc', [...trials.slice(1), { ...trials[0]!, state: 'failed', result: undefined as never }]).holds, null)
  const { verdict, tables } = leaderSgd.report(sinc, finish(sinc, ({ arm }) => arm === 'independent' ? { warning: 'worse' } : {}))
  assert.equal(verdict.holds, null)
  assert.match(verdict.evidence, /Beware of the average .*: independent \(1 of 1 trial\)/)
  assert.deepEqual(tables.find(({ name }) => name === 'warnings')!.rows, [['independent', 0, 'worse']])
})

test('report: the verdict says what presets predict, every claim of it', () => {
  for (const preset of leaderSgd.presets) {
    const { problem } = preset.spec
    const data = problem.type === 'network' ? { data: { datasetId: '00000000-0000-7000-8000-000000000000' } } : {}
    const filled = fillSpec<LeaderSpec>(algorithm, { ...preset.spec, problem: { ...data, ...problem } })
    assert.equal(leaderSgd.report(filled, []).verdict.predicts, preset.predicts)
    assert.equal(preset.predicts, predictionOf(filled))
  }
})

/** All that a network's trials record. */
const curves = ({ arm, seed }: { arm: string, seed: number }) => {
  const metrics = {
    [arm === 'easgd' ? 'centreError' : 'leaderError']: recorded(0.9, 0.4 + seed / 100, arm === 'sgd' ? 0.2 : 0.05),
    [arm === 'easgd' ? 'centreLoss' : 'leaderLoss']: recorded(2, 1 + seed / 10, 0.5),
    virtualTime: recorded(0, 15, 30),
    seconds: recorded(0, 1, 2),
    'workerLoss/0': recorded(2, 1, 0.4),
    spread: recorded(0, 1, 2),
    leaderDistance: recorded(0, 2, 3)
  }
  return { metrics, batchSize: 8, final: arm === 'easgd' ? 'centre' as const : 'leader' as const, points: [{ name: arm === 'easgd' ? 'centre' as const : 'leader' as const, loss: 0.5, error: 0.05 }] }
}

test('report: tables say what was sent and when a level is reached; seconds only where every worker has a thread', () => {
  const { tables } = leaderSgd.report(network, finish(network, curves))
  const table = (name: string) => tables.find(one => one.name === name)!
  assert.deepEqual(tables.map(({ name, rows }) => [name, rows.length]), [['arms', 3], ['points', 3], ['communication', 3], ['workers', 1 + 4 + 4], ['reached', 7 * 3]])
  assert.deepEqual(table('communication').rows.map(row => [row[0], row[5], row[6]]), [['sgd', 0.004, 0.001], ['easgd', 0.004, 0.001], ['lsgd', 0.004, 0.001]])
  assert.deepEqual(table('arms').rows.map(row => [row[0], row[4], row[8]]), [['sgd', 'leader', 0.05], ['easgd', 'centre', 0.05], ['lsgd', 'leader', 0.05]])
  const reached = (rows: (string | number | null)[][], level: number) => rows.filter(row => row[0] === level)
  assert.deepEqual(reached(table('reached').rows, 0.1), [
    [0.1, 'sgd', '0 of 3', null, null, null], [0.1, 'easgd', '3 of 3', 20, 640, 30], [0.1, 'lsgd', '3 of 3', 20, 640, 30]
  ])
  const parallel = (threads: number) => ({ ...network, execution: { type: 'parallel' as const, threads } })
  const lastCells = (threads: number) => reached(leaderSgd.report(parallel(threads), finish(parallel(threads), curves)).tables.find(({ name }) => name === 'reached')!.rows, 0.5).map(row => row.at(-1))
  assert.deepEqual(lastCells(2), [1, null, null])
  assert.deepEqual(lastCells(4), [1, 1, 1])
})

test('report: every figure that the trials allow is drawn', async () => {
  const paths = [[[0, 1], [2, 3]], [[5, 5], [1, 1]], [[0, 0], [1, 0]], [[9, 9], [0, 9]]]
  const flat = { ...sinc, seeds: [0] }
  const reports = [
    leaderSgd.report(network, finish(network, curves)),
    leaderSgd.report(flat, finish(flat, args => ({ ...curves(args), batchSize: null, paths }))),
    leaderSgd.report(quadratic, finish(quadratic))
  ]
  assert.deepEqual(reports.map(({ figures }) => figures.map(({ name }) => name)), [
    ['error', 'loss', 'leaders', 'workers', 'distances'],
    ['error', 'loss', 'leaders', 'landscape', 'workers', 'distances'],
    ['loss', 'leaders']
  ])
  for (const { figures } of reports) {
    for (const figure of figures) {
      assert.ok('vegaLite' in figure)
      const svg = new TextDecoder().decode(await draw({ vegaLite: figure.vegaLite, format: 'svg' }))
      assert.doesNotMatch(svg, /NaN|undefined/, figure.name)
    }
  }
})
