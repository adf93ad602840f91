import assert from 'node:assert/strict'
import test from 'node:test'
import { claimNames } from '../../../src/algorithms/learned-initialization/claim-names.js'
import { learnedInitialization } from '../../../src/algorithms/learned-initialization/index.js'
import { predictionOf } from '../../../src/algorithms/learned-initialization/report/predicts.js'
import { pooled } from '../../../src/algorithms/learned-initialization/report/paired.js'
import { stepsTo } from '../../../src/algorithms/learned-initialization/report/trials.js'
import { meanInterval } from '../../../src/math/intervals.js'
import { openStream } from '../../../src/math/random.js'
import { draw } from '../../../src/figures/draw.js'
import { curveTo, finish, free, judge, makeSpec, type Changes, type Made } from './made-results.js'

const arms = [{ type: 'random' }, { type: 'multi-start' }, { type: 'arg-init' }, { type: 'val-init' }, { type: 'reference' }]
const sumRate = makeSpec({ family: { type: 'sum-rate', users: 5 }, initialisers: arms, seeds: [0, 1, 2] })
const hard = makeSpec({ family: { type: 'sum-rate', users: 10, noise: 0.1 }, initialisers: arms, seeds: [0, 1, 2] })

/** Results by type of initialiser. */
const by = (types: Partial<Record<Made['initialiser']['type'], Changes>>) => ({ initialiser: { type } }: Made): Changes => types[type] ?? {}
const gaining = (gain: number, more = 0.2) => by({ 'arg-init': { gain }, 'multi-start': { gain: more } })
const judged = (spec: typeof sumRate, claim: typeof claimNames[number], make: (made: Made) => Changes) =>
  judge(spec, claim, finish(spec, make)).holds

test('arg-init-gains: a part of random’s mean, more where it is hard, and surely', () => {
  assert.equal(judged(sumRate, 'arg-init-gains', gaining(0.035)), true)
  assert.equal(judged(sumRate, 'arg-init-gains', gaining(0.02)), false, 'surely above 0, and too little')
  assert.equal(judged(hard, 'arg-init-gains', gaining(0.035)), false)
  assert.equal(judged(hard, 'arg-init-gains', gaining(0.1)), true)
  const unsure = finish(sumRate, gaining(0.035))
  for (const { definition: { arm }, result } of unsure) {
    if (arm === 'arg-init') result.finals = result.finals.map((value, i) => i % 10 === 0 ? value + 10 * (i % 20 - 9) : value)
  }
  assert.equal(judge(sumRate, 'arg-init-gains', unsure).holds, false, 'an interval with 0 in it')
})

test('arg-init-gains: networks that learn from a part of the instances or no solutions, and oracles, are not spoken of', () => {
  const spec = makeSpec({ family: { type: 'sum-rate' }, initialisers: [{ type: 'random' }, { type: 'arg-init', offline: 5 }, { type: 'arg-init', loss: 'objective' }, { type: 'arg-init', oracle: true }, { type: 'arg-init' }] })
  assert.equal(judged(spec, 'arg-init-gains', ({ name }) => ({ gain: name === 'arg-init' ? 0.1 : 0 })), true)
})

test('arg-init-sooner: steps to where random starts end, over all that these take', () => {
  const ending = (after: number) => by({ 'arg-init': { curve: curveTo(2.02, 60, after) }, random: { curve: curveTo(2, 60) } })
  const level = (after: number) => finish(sumRate, ending(after))
  assert.equal(judge(sumRate, 'arg-init-sooner', level(30)).holds, true)
  assert.equal(judge(sumRate, 'arg-init-sooner', level(50)).holds, false)
  const never = judge(sumRate, 'arg-init-sooner', finish(sumRate, by({ 'arg-init': { curve: curveTo(1.5, 60) } })))
  assert.deepEqual([never.holds, never.evidence.startsWith('arg-init is never there')], [false, true])
})

test('order: random, arg-init, multi-start', () => {
  assert.equal(judged(sumRate, 'order', gaining(0.1, 0.2)), true)
  assert.equal(judged(sumRate, 'order', gaining(0.2, 0.1)), false)
  assert.equal(judged(sumRate, 'order', gaining(-0.1, 0.1)), false)
})

test('val-init-gains and val-init-ranks: surely above random, and candidates in the order in which they end', () => {
  assert.deepEqual([0.02, -0.02, 0].map(gain => judged(sumRate, 'val-init-gains', by({ 'val-init': { gain } }))), [true, false, false])
  const ranked = (spearman: number) => by({ 'val-init': { calibration: { spearman, low: spearman, high: spearman, instances: 10, deciles: [] } } })
  assert.deepEqual([0.11, 0.09].map(spearman => judged(sumRate, 'val-init-ranks', ranked(spearman))), [true, false])
  assert.equal(judged(sumRate, 'val-init-ranks', () => ({})), null, 'nothing was measured')
})

test('reference-below-corner and reference-stationary: what holds of every seed', () => {
  const two = makeSpec({ family: { type: 'sum-rate', users: 2 }, initialisers: arms, seeds: [0, 1, 2] })
  const corner = (aboveCorner: number, cornerPart: number) => by({ reference: { aboveCorner, cornerPart } })
  assert.deepEqual([corner(-0.1, 0.95), corner(1e-12, 0.9), corner(1e-6, 0.95), corner(-0.1, 0.89)].map(make => judged(two, 'reference-below-corner', make)), [true, true, false, false])
  assert.deepEqual([1e-7, 1e-5].map(stationarity => judged(two, 'reference-stationary', by({ reference: { stationarity } }))), [true, false])
  const once = ({ initialiser: { type }, seed }: Made) => type === 'reference' ? { stationarity: seed === 1 ? 1 : 0 } : {}
  assert.equal(judged(two, 'reference-stationary', once), false)
})

const minimized = { objective: { name: 'objective', unit: '1', sense: 'minimize' as const } }

test('convex-equal: no instance may end elsewhere', () => {
  const spec = makeSpec({ family: { type: 'convex' }, initialisers: [{ type: 'random' }, { type: 'conditional' }, { type: 'multi-start' }] })
  const ends = (away: number) => ({ name }: Made) => ({ ...minimized, finals: Array.from({ length: 300 }, (_, i) => i === 7 && name === 'conditional' ? away : 0), initials: Array(300).fill(1) })
  assert.deepEqual([0, 9e-7, 2e-6].map(away => judged(spec, 'convex-equal', ends(away))), [true, true, false])
})

const twoBasins = makeSpec({
  family: { type: 'two-basins' },
  testInstances: 1000,
  seeds: [0, 1],
  initialisers: [{ type: 'random' }, { type: 'conditional' }, { type: 'arg-init' }, { type: 'arg-init', labels: 10 }]
})
const succeeding = (parts: Record<string, number>) => ({ name }: Made) =>
  ({ ...minimized, succeeded: parts[name]!, finals: Array.from({ length: 1000 }, (_, i) => i < 1000 * parts[name]! ? -2 : -1) })
const asForetold = { random: 0.16, conditional: 0.84, 'arg-init': 0, 'arg-init best of 10': 1 }

test('basin-mass: what is foretold must lie in the binomial interval of all instances', () => {
  assert.equal(judged(twoBasins, 'basin-mass', succeeding(asForetold)), true)
  assert.equal(judged(twoBasins, 'basin-mass', succeeding({ ...asForetold, random: 0.19 })), false, 'three of its deviations away')
  assert.equal(judged(twoBasins, 'basin-mass', succeeding({ ...asForetold, conditional: 0.8 })), false)
  assert.match(judge(twoBasins, 'basin-mass', finish(twoBasins, succeeding(asForetold))).evidence, /random succeeds on 16\.00 % .* 15\.87 % are foretold; conditional .* 84\.13 % are foretold$/)
})

test('learned-succeeds: of a network whose labels are good enough alone', () => {
  assert.equal(judged(twoBasins, 'learned-succeeds', succeeding(asForetold)), true)
  assert.equal(judged(twoBasins, 'learned-succeeds', succeeding({ ...asForetold, 'arg-init best of 10': 0.98 })), false)
})

test('nothing-to-learn: the strongest of all that see no values; what cannot be told is not decided', () => {
  const spec = makeSpec({ family: { type: 'unrelated', size: 4 }, initialisers: [{ type: 'random' }, { type: 'nearest' }, { type: 'arg-init' }, { type: 'multi-start' }], seeds: [0, 1, 2] })
  const ends = (better: number, scatter = 0.1) => ({ name, seed }: Made) => {
    const own = openStream(seed, name)
    return { ...minimized, finals: Array.from({ length: 300 }, () => -0.55 + scatter * own.normal() - (name === 'arg-init' ? better : name === 'multi-start' ? 0.3 : 0)) }
  }
  assert.equal(judged(spec, 'nothing-to-learn', ends(0)), true, 'multi-start looks at values, and is not spoken of')
  const beaten = judge(spec, 'nothing-to-learn', finish(spec, ends(0.05)))
  assert.deepEqual([beaten.holds, /something beats random starts: the strongest of 2, arg-init, gains/.test(beaten.evidence)], [false, true])
  assert.equal(judged(spec, 'nothing-to-learn', ends(0, 1)), null, 'too wide an interval')
})

test('report: trials that are missing decide nothing; divergence, and what beats the reference, are told', () => {
  const trials = finish(sumRate, gaining(0.1))
  assert.match(learnedInitialization.report({ ...sumRate, claims: ['order'] }, trials.slice(1)).verdict.evidence, /^1 of 15 trials have no result$/)
  assert.match(learnedInitialization.report(sumRate, []).verdict.evidence, /^No trial succeeded$/)
  const told = learnedInitialization.report(sumRate, finish(sumRate, by({ 'multi-start': { gain: 0.2 }, 'val-init': { outcome: 'diverged' } }))).verdict
  assert.equal(told.holds, null)
  const found = learnedInitialization.report({ ...sumRate, claims: ['order', 'val-init-ranks'] }, finish(sumRate, gaining(0.1))).verdict
  assert.equal(found.holds, null, 'one holds, of the other nothing was measured')
  assert.match(found.evidence, /^Found: random 2, arg-init .*\. Not decided: that of val-init is NaN/)
  assert.match(told.evidence, /^Nothing was claimed\. multi-start 10 is \d+\.\d+ % .* better than reference\. Beware .* val-init \(3 of 3 trials\)$/)
})

test('report: every claim says what it holds the trials against', () => {
  for (const claim of claimNames) assert.ok(predictionOf({ ...sumRate, claims: [claim] }).length > 60, claim)
  assert.match(predictionOf({ ...hard, claims: ['arg-init-gains'] }), /4 % better/)
})

test('pooled: of one seed the interval of a mean; instances of all seeds together are surer', () => {
  const draws = Array.from({ length: 3 }, (_, seed) => Array.from({ length: 2000 }, (_, i) => 1 + openStream(seed, 'draw', i).normal()))
  const [one, all, known] = [pooled(draws.slice(0, 1)), pooled(draws), meanInterval(draws[0]!)!]
  assert.ok(Math.abs(one.low - known.low) < 0.01 && Math.abs(one.high - known.high) < 0.01)
  assert.ok(all.high - all.low < one.high - one.low && all.low < all.mean && all.mean < all.high)
  const apart = pooled(draws.map((values, s) => values.map(value => value + s)))
  assert.ok(apart.high - apart.low > 1, 'seeds that differ are no proof')
})

test('stepsTo: between two points of a curve, at its first, or never', () => {
  const curve = curveTo(1, 10)
  assert.deepEqual([0, 0.55, 1].map(level => Number(stepsTo(curve, level, 'maximize')!.toFixed(9))), [0, 5.5, 10])
  assert.equal(stepsTo(curve, 1.1, 'maximize'), undefined)
})

test('report: break-even is what came before over what an instance saves, or never', () => {
  const cost = (offlineSteps: number, trainingFlops: number) => ({ ...free, offlineSteps, trainingFlops, predictionFlops: 200 })
  const trials = finish(sumRate, by({
    random: { curve: curveTo(2, 60) },
    'arg-init': { curve: curveTo(2, 60, 30), cost: cost(1000, 40_000) },
    'val-init': { curve: curveTo(1.9, 60), cost: cost(1000, 40_000) }
  }))
  for (const trial of trials) trial.result.finals.fill(2)
  const { columns, rows } = learnedInitialization.report(sumRate, trials).tables.find(({ name }) => name === 'cost')!
  const even = (arm: string, by = 'instances to break even') => rows.find(([name]) => name === arm)![columns.indexOf(by)]
  // 30 steps and 2 for the prediction instead of 60, after 1000 + 400
  assert.deepEqual([even('arg-init'), even('val-init'), even('random')], [50, 'never', null])
  assert.equal(even('arg-init', 'by solver steps alone'), Math.ceil(1000 / 30))
})

test('report: every figure that the trials allow is drawn, and tables have a cell for every column', async () => {
  const sizes = makeSpec({
    family: { type: 'sum-rate' },
    seeds: [0, 1],
    initialisers: [{ type: 'random' }, { type: 'arg-init', offline: 100 }, { type: 'arg-init' }, { type: 'val-init' }, { type: 'reference' }]
  })
  const deciles = [-1, 0, 1].map(value => ({ predicted: value, reached: value / 2 }))
  const calibration = { spearman: 0.2, low: 0.1, high: 0.3, instances: 300, deciles }
  const cost = { ...free, offlineSteps: 1e5, trainingFlops: 1e9, predictionFlops: 1e3 }
  const alone = { ...sumRate, initialisers: [sumRate.initialisers[2]!] }
  const reports = [
    learnedInitialization.report(sizes, finish(sizes, by({ 'arg-init': { gain: 0.1, cost }, 'val-init': { gain: 0.01, cost, calibration }, reference: { curve: curveTo(2.1, 0, 1), stationarity: 1e-9 } }))),
    learnedInitialization.report(twoBasins, finish(twoBasins, succeeding(asForetold))),
    learnedInitialization.report(sumRate, finish(alone, () => ({ curve: [], examples: [] })))
  ]
  assert.deepEqual(reports.map(({ figures }) => figures.map(({ name }) => name)), [
    ['curves', 'bands', 'gains', 'wins', 'histogram', 'reached', 'break-even', 'offline', 'calibration', 'examples'],
    ['curves', 'bands', 'gains', 'wins', 'histogram', 'success', 'reached'],
    []
  ])
  assert.deepEqual(reports.map(({ tables }) => tables.map(({ name }) => name)), [
    ['arms', 'cost', 'calibration', 'reference', 'offline', 'reasons'], ['arms', 'cost', 'theory', 'reasons'], ['arms', 'reasons']
  ])
  for (const { figures, tables } of reports) {
    for (const { columns, rows } of tables) for (const row of rows) assert.equal(row.length, columns.length)
    for (const figure of figures) {
      if (!('vegaLite' in figure)) continue
      const svg = new TextDecoder().decode(await draw({ vegaLite: figure.vegaLite, format: 'svg' }))
      assert.doesNotMatch(svg, /NaN|undefined/, figure.name)
    }
  }
})
