/** The tables of a report: means over the seeds of an arm, with 95 % intervals where they decide. Pure. */
import type { Report } from '../../contract.js'
import { sureOf } from '../../kit/sure.js'
import { pointNames, type LeaderResult, type PointName } from '../result.js'
import type { LeaderSpec } from '../spec.js'
import { reachTable } from './reach-table.js'
import { finalOf, pointOf, type RanArm } from './trials.js'

type Table = Report['tables'][number]
type Cell = string | number | null

/** All tables that the finished trials allow; at least one arm has a result. */
export function makeTables (spec: LeaderSpec, arms: RanArm[]): Table[] {
  return [
    armTable(arms), pointTable(arms), communicationTable(spec, arms), workerTable(arms),
    ...reachTable(spec, arms), ...theoryTable(arms), ...warningTable(arms)
  ].map(withoutEmpty)
}

/** Problems differ in what there is to say of them: a column that says nothing is left out. */
function withoutEmpty ({ columns, rows, ...table }: Table): Table {
  const isSaid = columns.map((_, i) => rows.some(row => row[i] !== null))
  return { ...table, columns: columns.filter((_, i) => isSaid[i]), rows: rows.map(row => row.filter((_, i) => isSaid[i])) }
}

/** What every arm came to, by the point that stands for it. */
function armTable (arms: RanArm[]): Table {
  return {
    name: 'arms',
    title: 'What every method came to',
    columns: ['method', 'workers', 'mode', 'seeds', 'final model', 'loss', 'loss from', 'loss to', 'error', 'error from', 'error to', 'diverged'],
    rows: arms.map(({ name, workers, mode, trials }) => [
      name, workers, mode, trials.length, trials[0]!.result.final,
      ...surely(trials.map(({ result }) => finalOf(result)?.loss ?? null)),
      ...surely(trials.map(({ result }) => finalOf(result)?.error ?? null)),
      trials.filter(({ result }) => result.outcome === 'diverged').length
    ])
  }
}

/** Centre, leader, average and re-estimated average beside each other. */
function pointTable (arms: RanArm[]): Table {
  const named = pointNames.filter(name => arms.some(({ trials }) => trials.some(({ result }) => pointOf(result, name))))
  const cells = ({ trials }: RanArm, name: PointName): Cell[] => {
    const points = trials.map(({ result }) => pointOf(result, name))
    return [meanOf(points.map(point => point?.loss ?? null)), meanOf(points.map(point => point?.error ?? null))]
  }
  return {
    name: 'points',
    title: 'What can be made of the workers: the final model is one of these',
    columns: ['method', 'final model', ...named.flatMap(name => [`${name}: loss`, `${name}: error`]), 'gradient at the leader'],
    rows: arms.map(arm => [
      arm.name,
      arm.trials[0]!.result.final,
      ...named.flatMap(name => cells(arm, name)),
      meanOf(arm.trials.map(({ result }) => result.gradientNorm))
    ])
  }
}

/** What was sent, as the method needs it. */
function communicationTable ({ steps }: LeaderSpec, arms: RanArm[]): Table {
  const megabytes = (bytes: number) => bytes / 1e6
  return {
    name: 'communication',
    title: 'What the workers told each other',
    columns: [
      'method', 'workers', 'numbers of a copy', 'exchanges', 'MB of an exchange', 'MB sent in all', 'sent by a worker', 'received by a worker', 'bytes of a worker’s step', 'staleness', 'waited'
    ],
    rows: arms.map(({ name, workers, trials }) => {
      const mean = (of: (result: LeaderResult) => number | null) => meanOf(trials.map(({ result }) => of(result)))
      const byWorker = (of: (worker: LeaderResult['workers'][number]) => number | null) => mean(result => averageOf(result.workers.map(of)))
      return [
        name,
        workers,
        mean(({ parameters }) => parameters),
        mean(({ exchanges }) => exchanges),
        mean(({ bytes }) => megabytes(bytes.exchange)),
        mean(({ bytes }) => megabytes(bytes.sent)),
        byWorker(({ sentBytes }) => megabytes(sentBytes)),
        byWorker(({ receivedBytes }) => megabytes(receivedBytes)),
        mean(({ bytes }) => bytes.sent / (workers * steps)),
        byWorker(({ staleness }) => staleness),
        byWorker(({ waited }) => waited)
      ]
    })
  }
}

/** Every worker: how often it led, what it came to. */
function workerTable (arms: RanArm[]): Table {
  return {
    name: 'workers',
    title: 'The workers one by one: means over the seeds',
    columns: ['method', 'worker', 'steps', 'led', 'loss', 'error', 'MB sent', 'MB received', 'simulated time', 'waited', 'staleness', 'lost'],
    rows: arms.flatMap(({ name, workers, trials }) => Array.from({ length: workers }, (_, i) => {
      const mean = (of: (worker: LeaderResult['workers'][number]) => number | null) =>
        meanOf(trials.map(({ result }) => of(result.workers[i]!)))
      return [
        name, i, mean(({ steps }) => steps), mean(({ led }) => led), mean(({ loss }) => loss), mean(({ error }) => error),
        mean(({ sentBytes }) => sentBytes / 1e6), mean(({ receivedBytes }) => receivedBytes / 1e6),
        mean(({ time }) => time), mean(({ waited }) => waited), mean(({ staleness }) => staleness),
        trials.filter(({ result }) => result.workers[i]!.lost).length
      ]
    }))
  }
}

/** What the theory says of quadratics, trial by trial. */
function theoryTable (arms: RanArm[]): Table[] {
  const rows = arms.flatMap(({ name, trials }) => trials.flatMap(({ result: { theory }, definition: { seed } }) => theory === undefined
    ? []
    : [[
        name, seed, theory.oneStep.checked, theory.oneStep.broken, finite(theory.oneStep.slack),
        theory.newton.samples, theory.newton.closer, finite(theory.floor.measured), finite(theory.floor.bound), theory.decay.exponent
      ]]))
  return rows.length === 0
    ? []
    : [{
        name: 'theory',
        title: 'What the theory says, and what was measured',
        columns: ['method', 'seed', 'steps checked', 'that break the inequality', 'least slack', 'candidate leaders', 'that turn towards Newton’s step', 'loss at the end', 'its floor', 'exponent'],
        rows
      }]
}

/** What to beware of. */
function warningTable (arms: RanArm[]): Table[] {
  const rows = arms.flatMap(({ name, trials }) => trials.flatMap(({ result: { warning }, definition: { seed } }) =>
    warning === undefined ? [] : [[name, seed, warning]]))
  return rows.length === 0 ? [] : [{ name: 'warnings', title: 'What to beware of', columns: ['method', 'seed', 'warning'], rows }]
}

/** A mean and its interval. */
function surely (values: (number | null)[]): Cell[] {
  const { mean, low, high } = sureOf(values)
  return [finite(mean), finite(low), finite(high)]
}

/** Null where one seed has none. */
function meanOf (values: (number | null)[]): number | null {
  return finite(averageOf(values) ?? NaN)
}

function averageOf (values: (number | null)[]): number | null {
  return values.some(value => value === null) ? null : values.reduce<number>((sum, value) => sum + value!, 0) / values.length
}

function finite (value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(8)) : null
}
