/** The tables of a report: means over the seeds of an arm, correlations with their 95 % intervals. Pure. */
import type { Report } from '../../contract.js'
import { sureOf } from '../../kit/sure.js'
import type { ApproximationResult } from '../result.js'
import type { Arm } from './arms.js'

type Table = Report['tables'][number]
type Cell = string | number | null

/** What every arm came to, and how near the first order is. */
export function armTable (arms: Arm[]): Table {
  return {
    name: 'first-order',
    title: 'First order against the ideal',
    columns: [...armColumns, 'seeds', 'test loss before', 'after', 'ideal misses the change by', ...agreementColumns],
    rows: arms.map(arm => [
      ...armCells(arm),
      arm.trials.length,
      ...means(arm, ({ testLoss: { before, after } }) => [before, after]),
      Math.max(...arm.trials.map(({ result }) => result.incompleteness)),
      ...agreementCells(arm, ({ firstOrder }) => firstOrder)
    ])
  }
}

/** TracInCP by count, place and weights. */
export function checkpointTable (arms: Arm[]): Table {
  return {
    name: 'checkpoints',
    title: 'TracInCP against the ideal',
    columns: [...armColumns, 'k', 'at', 'weights', ...agreementColumns],
    rows: arms.flatMap(arm => arm.trials[0]!.result.checkpoints.map(({ count, at, weights }, i) =>
      [...armCells(arm), count, at, weights, ...agreementCells(arm, ({ checkpoints }) => checkpoints[i]!)]))
  }
}

/** Every observed checkpoint alone. */
export function singleTable (arms: Arm[]): Table {
  return {
    name: 'singles',
    title: 'Single checkpoints against the ideal',
    columns: [...armColumns, 'epoch', ...agreementColumns],
    rows: arms.flatMap(arm => arm.trials[0]!.result.singles.map(({ epoch }, i) =>
      [...armCells(arm), epoch, ...agreementCells(arm, ({ singles }) => singles[i]!)]))
  }
}

/** Random projections by dimension, where there are any. */
export function projectionTable (arms: Arm[]): Table[] {
  if (arms[0]!.trials[0]!.result.projections.length === 0) return []
  return [{
    name: 'projections',
    title: 'Random projections against the TracInCP that they project, and against the ideal',
    columns: [...armColumns, 'd', 'error', 'expected error', 'Pearson', 'Spearman'],
    rows: arms.flatMap(arm => arm.trials[0]!.result.projections.map(({ dimension }, i) => [
      ...armCells(arm),
      dimension,
      ...means(arm, ({ projections }) => {
        const { error, expected, pearson, spearman } = projections[i]!
        return [error, expected, pearson, spearman]
      })
    ]))
  }]
}

const armColumns = ['rate', 'batch']
const agreementColumns = ['Pearson', 'low', 'high', 'Spearman', 'error', 'ratio', 'gap']

function armCells ({ rate, batchSize }: Arm): Cell[] {
  return [rate, batchSize]
}

function agreementCells (arm: Arm, of: (result: ApproximationResult) => ApproximationResult['firstOrder']): Cell[] {
  const { mean, low, high } = sureOf(arm.trials.map(({ result }) => of(result).pearson))
  return [
    ...[mean, low, high].map(finite),
    ...means(arm, result => {
      const { spearman, error, ratio, gap } = of(result)
      return [spearman, error, ratio, gap]
    })
  ]
}

/** Means over the seeds, number by number; null where one seed has none. */
function means ({ trials }: Arm, of: (result: ApproximationResult) => (number | null)[]): Cell[] {
  const values = trials.map(({ result }) => of(result))
  return values[0]!.map((_, i) => finite(sureOf(values.map(row => row[i]!)).mean))
}

function finite (value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(8)) : null
}
