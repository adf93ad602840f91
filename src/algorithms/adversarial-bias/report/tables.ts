/** The tables of linear classifiers: means over the seeds of an arm, with 95 % intervals where they decide. Pure. */
import type { Report } from '../../contract.js'
import { toDigits } from '../../kit/rounding.js'
import { sureOf, type Sure } from '../../kit/sure.js'
import type { LinearResult } from '../result.js'
import { cleanTwin, lastMetric, recordAt, type CurvePoint, type Found, type LinearArm } from './trials.js'

type Table = Report['tables'][number]
type Cell = string | number | null

/** All tables; none where no trial has a result. */
export function linearTables (arms: LinearArm[]): Table[] {
  return arms.length === 0 ? [] : [armTable(arms), errorTable(arms), referenceTable(arms), lawTable(arms)]
}

/** What every arm came to: over q, radius and loss. */
function armTable (arms: LinearArm[]): Table {
  return {
    name: 'arms',
    title: 'What every training came to',
    columns: [
      'training', 'q', 'radius c', 'c / gamma_q', 'loss', 'batch', 'steps', 'rate', 'seeds', 'direction error', 'from', 'to', 'of clean training',
      'l2 margin', 'mixed margin', 'norm', 'error x norm', 'points misread under attack', 'outcome'
    ],
    rows: arms.map(arm => {
      const { name, q, problem: { loss, batch, steps, learningRate }, trials } = arm
      const mean = (of: (trial: Found<LinearResult>) => number | null | undefined) => meanOf(trials, of)
      const { mean: error, low, high } = errorOf(trials)
      const clean = cleanTwin(arms, arm)
      return [
        name, q, mean(({ of }) => endOf(of)?.radius), mean(({ of }) => (endOf(of)?.radius ?? NaN) / of.gammaQ),
        loss, batch, steps, learningRate, trials.length,
        finite(error), finite(low), finite(high),
        clean === undefined ? null : finite(error / errorOf(clean.trials).mean),
        mean(({ of }) => endOf(of)?.margin), mean(({ of }) => endOf(of)?.mixedMargin), mean(({ of }) => endOf(of)?.norm),
        mean(({ of }) => (endOf(of)?.directionError ?? NaN) * (endOf(of)?.norm ?? NaN)), mean(trial => lastMetric(trial, 'robustError')),
        [...new Set(trials.map(({ outcome }) => outcome))].join(', ')
      ]
    })
  }
}

/** The last record; undefined of points that no line separates, which have no direction to be held against. */
function endOf ({ curve }: LinearResult): CurvePoint | undefined {
  return curve.at(-1)
}

function errorOf (trials: LinearArm['trials']): Sure {
  return sureOf(trials.map(({ of }) => endOf(of)?.directionError ?? null))
}

/** Direction errors at the powers of ten, as papers print them. */
function errorTable (arms: LinearArm[]): Table {
  const longest = Math.max(...arms.map(({ problem: { steps } }) => steps))
  const powers = [100, 1000, 10_000, 100_000, 1_000_000, 10_000_000].filter(power => power <= longest)
  return {
    name: 'errors',
    title: 'Direction error after so many steps; of a tuned training every horizon is a training of its own',
    columns: ['training', 'q', 'loss', ...powers.map(power => `T ${power}`)],
    rows: arms.map(({ name, q, problem: { loss, steps }, trials }) => [
      name, q, loss, ...powers.map(power =>
        power > steps ? null : meanOf(trials, trial => endOf(trial.of) && recordAt(trial, power).directionError))
    ])
  }
}

/** What directions are held against, and how sure that is. */
function referenceTable (arms: LinearArm[]): Table {
  const columns = ['margin', 'no larger than', 'gap', 'supports']
  const cells = (trials: LinearArm['trials'], of: (result: LinearResult) => LinearResult['clean']): Cell[] => [
    meanOf(trials, trial => of(trial.of)?.margin), meanOf(trials, trial => of(trial.of)?.bound),
    largestOf(trials.map(trial => of(trial.of)?.gap ?? null)), meanOf(trials, trial => of(trial.of)?.supports)
  ]
  return {
    name: 'references',
    title: 'The directions of largest margin, and the largest gap between margin and bound',
    columns: ['training', 'points', 'dimensions', 'largest |z|', 'gamma_q', ...columns.map(name => `l2: ${name}`), ...columns.map(name => `mixed: ${name}`)],
    rows: arms.map(({ name, trials }) => [
      name, meanOf(trials, ({ of }) => of.points), meanOf(trials, ({ of }) => of.dimensions),
      meanOf(trials, ({ of }) => of.largestNorm), meanOf(trials, ({ of }) => of.gammaQ),
      ...cells(trials, ({ clean }) => clean), ...cells(trials, ({ mixed }) => mixed)
    ])
  }
}

/** The laws fitted to the direction error, and what they leave. */
function lawTable (arms: LinearArm[]): Table {
  return {
    name: 'laws',
    title: 'Laws of the direction error, fitted over the last two powers of ten',
    columns: ['training', 'error ~ T to the power of', 'a of a / log T + b', 'its residual', 'a of a / sqrt(T) + b', 'its residual', 'nearer'],
    rows: arms.map(({ name, trials }) => {
      const mean = (of: (law: LinearResult['law']) => number | null) => meanOf(trials, trial => of(trial.of.law))
      const [logarithmic, power] = [mean(law => law.logarithmicResidual), mean(law => law.powerResidual)]
      return [
        name, mean(law => law.exponent), mean(law => law.logarithmic), logarithmic, mean(law => law.power), power,
        logarithmic === null || power === null ? null : Number(logarithmic) <= Number(power) ? '1 / log T' : '1 / sqrt(T)'
      ]
    })
  }
}

/** Null where one seed has none. */
function meanOf<Of> (trials: readonly Of[], of: (trial: Of) => number | null | undefined): number | null {
  return finite(sureOf(trials.map(trial => of(trial) ?? null)).mean)
}

function largestOf (values: (number | null)[]): number | null {
  return values.includes(null) ? null : finite(Math.max(...values as number[]))
}

function finite (value: number): number | null {
  return Number.isFinite(value) ? toDigits(8)(value) : null
}
