/** When each method is at an error, or a loss, for the first time: in steps, samples and time. Pure. */
import type { Report } from '../../contract.js'
import type { LeaderSpec } from '../spec.js'
import { isWide } from './series.js'
import { curveOf, finalCurve, firstBelow, hasErrors, valueAt, type Finished, type RanArm } from './trials.js'

/** Levels of test errors: those that a training may pass. */
const errors = [0.5, 0.3, 0.2, 0.15, 0.1, 0.07, 0.05, 0.04, 0.03, 0.02, 0.015, 0.01]
/** Parts of the way from the first loss down to the least one of all arms. */
const parts = [0.5, 0.9, 0.99, 0.999]
/** Of losses above 0 that fall over decades, so many levels at most. */
const mostDecades = 6

/** The table; none where no level is reached. */
export function reachTable (spec: LeaderSpec, arms: RanArm[]): Report['tables'] {
  const what = hasErrors(arms) ? 'error' : 'loss'
  const ofClock = arms.some(arm => hasCores(spec, arm))
  const rows = levelsOf(arms, what).flatMap(level => arms.map(arm => {
    const reached = arm.trials.map(trial => reachedBy(trial, what, level))
    const middle = (of: (reach: Reach) => number | null | undefined) =>
      medianOf(reached.map(reach => reach === undefined ? null : of(reach) ?? null))
    return [
      Number(level.toPrecision(4)), arm.name, `${reached.filter(reach => reach !== undefined).length} of ${reached.length}`,
      middle(({ step }) => step), middle(({ samples }) => samples), middle(({ time }) => time),
      ...(ofClock ? [hasCores(spec, arm) ? middle(({ seconds }) => seconds) : null] : [])
    ]
  }))
  if (rows.length === 0) return []
  return [{
    name: 'reached',
    title: `When the ${what} of the final model is at a level for the first time: medians over the seeds`,
    columns: [what, 'method', 'seeds that reach it', 'steps of a worker', 'samples of all', 'simulated time', ...(ofClock ? ['seconds'] : [])],
    rows
  }]
}

/** Times of the clock say something of a method only where every worker had a thread of its own. */
function hasCores ({ execution }: LeaderSpec, { workers }: RanArm): boolean {
  return execution.type === 'parallel' && workers <= execution.threads
}

interface Reach { step: number, samples: number | null, time: number | undefined, seconds: number | undefined }

function reachedBy (trial: Finished, what: 'loss' | 'error', level: number): Reach | undefined {
  const step = firstBelow(finalCurve(trial, what), level)
  if (step === undefined) return undefined
  const { batchSize, workers } = trial.result
  return {
    step,
    samples: batchSize === null ? null : step * batchSize * workers.length,
    time: valueAt(curveOf(trial, 'virtualTime'), step),
    seconds: valueAt(curveOf(trial, 'seconds'), step)
  }
}

/** Levels that some training reaches and none begins with. */
function levelsOf (arms: RanArm[], what: 'loss' | 'error'): number[] {
  const curves = arms.flatMap(({ trials }) => trials.map(trial => finalCurve(trial, what).values)).filter(values => values.length > 0)
  const first = curves.reduce((most, values) => Math.max(most, values[0]!), -Infinity)
  const least = curves.reduce((low, values) => values.reduce((less, value) => Math.min(less, value), low), Infinity)
  if (!(least < first)) return []
  if (what === 'error') return errors.filter(level => level < first && level >= least)
  if (!isWide([first, least])) return parts.map(part => first - part * (first - least))
  const [from, to] = [Math.ceil(Math.log10(first)) - 1, Math.ceil(Math.log10(least))]
  const stride = Math.ceil((from - to + 1) / mostDecades)
  return Array.from({ length: Math.floor((from - to) / stride) + 1 }, (_, i) => 10 ** (from - i * stride))
}

/** Of all seeds; null where half of them or more have none. */
function medianOf (values: (number | null)[]): number | null {
  const sorted = values.map(value => value ?? Infinity).sort((a, b) => a - b)
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
  return Number.isFinite(middle) ? Number(middle.toPrecision(6)) : null
}
