/** The tables of a report: means over seeds and instances, with 95 % intervals where they decide. Pure. */
import type { Report } from '../../contract.js'
import { meanOf } from '../../../math/mean.js'
import { toDigits } from '../../kit/rounding.js'
import { sureOf } from '../../kit/sure.js'
import { predict } from '../families/synthetic/theory.js'
import type { InitializationResult } from '../result.js'
import type { InitializationSpec } from '../spec.js'
import { breakEven, costOf, levelOf, stepsToLevel } from './cost.js'
import { sizesOf } from './offline-figure.js'
import type { Compared } from './paired.js'
import { instancesOf, meanFinal, objectiveOf, successOf, type RanArm } from './trials.js'

type Table = Report['tables'][number]
type Cell = string | number | null
type Interval = { mean: number, low: number, high: number }

/** All tables that the finished trials allow; at least one arm has a result. */
export function makeTables (spec: InitializationSpec, compared: Compared): Table[] {
  const { arms } = compared
  return [
    armTable(compared), ...costTable(compared), ...calibrationTable(arms), ...theoryTable(spec, arms), ...referenceTable(arms),
    ...offlineTable(compared), reasonTable(arms)
  ]
}

/** What every arm came to, and what it gains on random starts. */
function armTable ({ arms, random, besideRandom }: Compared): Table {
  const { name, unit, sense } = objectiveOf(arms)
  const level = random === undefined ? NaN : meanFinal(random)
  return {
    name: 'arms',
    title: `Where each start leads: ${name} (${unit}), to be ${sense}d; gains and wins are over random starts on the same instances`,
    columns: [
      'initialiser', 'seeds', 'instances', 'at the start', 'at the end', 'gain', 'gain from', 'gain to', 'gain in percent', 'wins', 'wins from', 'wins to',
      'numbers learned', 'trials that diverged'
    ],
    rows: arms.map(arm => {
      const paired = besideRandom.get(arm.name)
      return [
        arm.name, arm.trials.length, instancesOf(arm), meanResult(arm, ({ initials }) => meanOf(initials)), finite(meanFinal(arm)),
        ...cellsOf(paired?.gain), finite(100 * (paired?.gain.mean ?? NaN) / Math.abs(level)), ...cellsOf(paired?.wins),
        meanResult(arm, ({ parameters }) => parameters), arm.trials.filter(({ result: { outcome } }) => outcome === 'diverged').length
      ]
    })
  }
}

/** Steps to random's level, and after how many instances what came before is made good. */
function costTable (compared: Compared): Table[] {
  const { arms, random } = compared
  const level = random === undefined ? undefined : levelOf(random)
  if (random === undefined || level === undefined) return []
  const plain = costOf(compared, random, level)
  return [{
    name: 'cost',
    title: `What it costs, in solver steps of one instance, until the mean is where random starts end (${toDigits(6)(level.value)}): before, for each new instance, and after how many new instances it has cost less than random starts`,
    columns: [
      'initialiser', 'steps to the level', 'part of random’s', 'steps before', 'training before, in steps', 'queries before',
      'steps of a new instance until it is surely there, all starts', 'steps of a new instance to the end', 'queries of a new instance', 'instances to break even', 'by solver steps alone'
    ],
    rows: arms.map(arm => {
      const cost = costOf(compared, arm, level)
      const steps = stepsToLevel(arm, level)
      const before = meanResult(arm, ({ cost: { offlineSteps } }) => offlineSteps)
      return [
        arm.name, finite(steps), finite((steps ?? NaN) / level.steps), before, finite(cost.offline - (before ?? NaN)),
        meanResult(arm, ({ cost: { offlineQueries } }) => offlineQueries), finite(cost.online),
        meanResult(arm, ({ cost: { onlineSteps } }) => onlineSteps), meanResult(arm, ({ cost: { onlineQueries } }) => onlineQueries),
        ...(arm === random ? [null, null] : [sayEven(breakEven(cost, plain)), sayEven(breakEven(cost.steps, plain.steps))])
      ]
    })
  }]
}

function sayEven (even: number | 'never'): Cell {
  return even === 'never' ? even : Math.ceil(even)
}

/** Whether predicted values rank the candidates of an instance as those that are reached do. */
function calibrationTable (arms: RanArm[]): Table[] {
  const rows = arms.flatMap(({ name, trials }) => trials.flatMap(({ definition: { seed }, result: { calibration } }) =>
    calibration === undefined
      ? []
      : [[name, seed, finite(calibration.spearman), finite(calibration.low), finite(calibration.high), calibration.instances]]))
  return rows.length === 0
    ? []
    : [{ name: 'calibration', title: 'Rank correlation of predicted and reached values of candidates within an instance, mean over instances', columns: ['initialiser', 'seed', 'mean', 'from', 'to', 'instances'], rows }]
}

/** What closed forms say beside what was measured. */
function theoryTable ({ family }: InitializationSpec, arms: RanArm[]): Table[] {
  const known = arms.map(arm => ({ arm, ...predict(family, arm.initialiser) }))
    .filter(({ success, mean }) => success !== undefined || mean !== undefined)
  if (known.length === 0) return []
  const blind = known.find(({ arm }) => arm.initialiser.type === 'random')?.mean
  return [{
    name: 'theory',
    title: 'What closed forms say, and what was measured; success is the part of the instances that end in the best basin, with its binomial interval of 99 %',
    columns: ['initialiser', 'success foretold', 'success', 'success from', 'success to', 'mean foretold', 'mean', 'better than random by theory'],
    rows: known.map(({ arm, success, mean }) => [
      arm.name, finite(success), ...cellsOf(successOf(arm)), finite(mean), finite(meanFinal(arm)),
      mean === undefined || blind === undefined || arm.initialiser.type === 'random' ? null : mean < blind - 1e-9 ? 'yes' : 'no'
    ])
  }]
}

/** How good the reference is itself. */
function referenceTable (arms: RanArm[]): Table[] {
  const told = arms.filter(({ trials }) =>
    trials.some(({ result: { stationarity, cornerPart } }) => stationarity !== undefined || cornerPart !== undefined))
  if (told.length === 0) return []
  return [{
    name: 'reference',
    title: 'The reference solver: violation of the first-order conditions; of two users the best of the corners 10, 01 and 11 is the optimum',
    columns: ['initialiser', 'largest violation', 'largest excess over the best corner', 'mean, of that of the best corner'],
    rows: told.map(arm => [
      arm.name, largestResult(arm, ({ stationarity }) => stationarity), largestResult(arm, ({ aboveCorner }) => aboveCorner),
      meanResult(arm, ({ cornerPart }) => cornerPart)
    ])
  }]
}

/** Gains by how many stored instances were learned from. */
function offlineTable (compared: Compared): Table[] {
  const sizes = sizesOf(compared)
  return sizes.length === 0
    ? []
    : [{
        name: 'offline',
        title: 'What is gained on random starts by how many solved instances were learned from',
        columns: ['learner', 'solved instances', 'at the end', 'gain', 'gain from', 'gain to'],
        rows: sizes.map(({ learner, size, arm, gain }) => [learner, size, finite(meanFinal(arm)), ...cellsOf(gain)])
      }]
}

/** Why instances stopped, all seeds together. */
function reasonTable (arms: RanArm[]): Table {
  const counts = (arm: RanArm, reason: string) =>
    arm.trials.reduce((sum, { result: { reasons } }) => sum + (reasons[reason as keyof typeof reasons] ?? 0), 0)
  const told = [...new Set(arms.flatMap(({ trials }) => trials.flatMap(({ result: { reasons } }) => Object.keys(reasons))))]
  return {
    name: 'reasons', title: 'Why instances stopped: test instances of all seeds', columns: ['initialiser', ...told], rows: arms.map(arm => [arm.name, ...told.map(reason => counts(arm, reason))])
  }
}

function largestResult ({ trials }: RanArm, of: (result: InitializationResult) => number | undefined): number | null {
  return finite(Math.max(...trials.map(({ result }) => of(result) ?? NaN)))
}

function meanResult ({ trials }: RanArm, of: (result: InitializationResult) => number | undefined): number | null {
  return finite(sureOf(trials.map(({ result }) => of(result) ?? null)).mean)
}

function cellsOf (interval: Interval | undefined): Cell[] {
  return (['mean', 'low', 'high'] as const).map(of => finite(interval?.[of]))
}

function finite (value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) ? toDigits(6)(value) : null
}
