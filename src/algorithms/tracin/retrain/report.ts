/**
 * What came of leaving suspects out and of correcting them: every arm against the training as it is, and against the same
 * done to as many random examples, on the test split, paired by seed. Pure.
 */
import { meanInterval, type Interval } from '../../../math/intervals.js'
import type { FinishedTrial, Report } from '../../contract.js'
import { toDigits } from '../../kit/rounding.js'
import type { TracinResult, TracinSpec } from '../spec.js'
import { armsOf, asIs } from './arms.js'
import { drawComparison, type Difference, type Outcome } from './figures.js'
import type { Compare, Treatment } from './spec.js'
import { meanOf } from '../../../math/mean.js'

type Trial = FinishedTrial<TracinSpec, TracinResult>

const precise = toDigits(5)

/** What is measured of a trial on the test split: all lower for better. */
export interface Measured { loss: number, error: number }

/** Draws the conclusion. */
export function reportComparison (spec: TracinSpec, compare: Compare, trials: Trial[]): Report {
  const measured = new Map(trials.flatMap(trial => {
    const value = measure(trial)
    return value === undefined ? [] : [[keyOf(trial.definition.arm, trial.definition.seed), value] as const]
  }))
  const subtract = (arm: string, other: string): Difference => {
    const pairs = spec.seeds.flatMap(seed => {
      const [a, b] = [measured.get(keyOf(arm, seed)), measured.get(keyOf(other, seed))]
      return a === undefined || b === undefined ? [] : [{ loss: a.loss - b.loss, error: a.error - b.error }]
    })
    return { loss: meanInterval(pairs.map(({ loss }) => loss)), error: meanInterval(pairs.map(({ error }) => error)) }
  }
  const outcomes = compare.arms.map((treatment): Outcome => {
    const { suspects, random } = armsOf[treatment]
    return {
      treatment, arm: suspects, before: subtract(suspects, asIs), randomBefore: subtract(random, asIs), random: subtract(suspects, random)
    }
  })
  const missing = trials.length - measured.size
  const isOfValues = trials.some(({ result }) => result?.errors !== undefined)
  const decided = missing === 0 && outcomes.every(({ before, random }) => before.loss && random.loss)
  return {
    verdict: {
      claim: `Training ${compare.arms.map(say).join(' and ')} makes the model better on the test split`,
      predicts: `For each of these (${compare.suspects.indices.length} suspects) the test loss at the end is below that of the training as it is, ` +
        'and below that of the same done to as many random examples: the 95 % intervals of both differences, paired by seed, lie below 0',
      holds: decided ? outcomes.every(({ before, random }) => before.loss!.high < 0 && random.loss!.high < 0) : null,
      evidence: `${outcomes.map(outcome => sayOutcome(outcome, isOfValues)).join('. ')}. ${spec.seeds.length} seed${spec.seeds.length === 1 ? ', which gives no interval' : 's'}` +
        (missing === 0 ? '' : `; ${missing} of ${trials.length} trials have no result`)
    },
    tables: measured.size === 0 ? [] : [meansTable(trials, outcomes, isOfValues), seedsTable(trials, isOfValues)],
    figures: measured.size === 0 ? [] : drawComparison(trials, outcomes, isOfValues)
  }
}

function keyOf (arm: string, seed: number): string {
  return `${seed} ${arm}`
}

/** Loss and error at the end: 1 - accuracy, of values the root mean square of their errors over their deviations. */
function measure ({ state, result, metrics }: Trial): Measured | undefined {
  const loss = metrics.testLoss?.values.at(-1)
  if (state !== 'succeeded' || result === undefined || loss === undefined) return undefined
  const { accuracy, errors = [] } = result
  const error = accuracy === null
    ? Math.sqrt(errors.reduce((sum, { test, deviation }) => sum + (deviation > 0 ? test / deviation : 0) ** 2, 0) / errors.length)
    : 1 - accuracy.test
  return { loss, error }
}

const say = (treatment: Treatment): string => treatment === 'without' ? 'without the suspects' : 'with corrected labels for them'

function sayOutcome ({ treatment, before, randomBefore, random }: Outcome, isOfValues: boolean): string {
  const what = isOfValues ? 'relative error' : 'error rate'
  return `${treatment === 'without' ? 'Without the suspects' : 'With corrected labels'} the test loss changes by ${sayInterval(before.loss)}, ` +
    `the ${what} by ${sayInterval(before.error)}; with as many random examples the loss by ${sayInterval(randomBefore.loss)}; ` +
    `the suspects beat these by ${sayInterval(negate(random.loss))}`
}

function negate (interval: Interval | undefined): Interval | undefined {
  return interval && { ...interval, mean: -interval.mean, low: -interval.high, high: -interval.low }
}

function sayInterval (interval: Interval | undefined): string {
  return interval === undefined ? 'nothing that is known' : `${signed(interval.mean)} [${signed(interval.low)}, ${signed(interval.high)}]`
}

function signed (value: number): string {
  return `${value > 0 ? '+' : ''}${Number(value.toPrecision(3))}`
}

/** The arms in the order of the plan. */
function armNames (trials: Trial[]): string[] {
  return [...new Set(trials.map(({ definition }) => definition.arm))]
}

function meansTable (trials: Trial[], outcomes: Outcome[], isOfValues: boolean): Report['tables'][number] {
  const what = isOfValues ? 'relative error' : 'error rate'
  const cells = (interval: Interval | undefined) =>
    interval === undefined ? [null, null, null] : [interval.mean, interval.low, interval.high].map(precise)
  const rows = armNames(trials).map(arm => {
    const own = trials.filter(({ definition }) => definition.arm === arm)
    const results = own.flatMap(({ result }) => result === undefined ? [] : [result])
    const values = own.flatMap(trial => measure(trial) ?? [])
    const outcome = outcomes.find(one => one.arm === arm)
    const twin = outcomes.find(({ treatment }) => armsOf[treatment].random === arm)
    const before = outcome?.before ?? twin?.randomBefore
    return [
      arm, mean(results.map(({ trainExamples }) => trainExamples)), mean(results.map(({ flipped }) => flipped.length)),
      mean(values.map(({ loss }) => loss)), mean(values.map(({ error }) => error)),
      ...cells(before?.loss), ...cells(before?.error), ...cells(outcome?.random.loss), ...cells(outcome?.random.error)
    ]
  })
  const interval = (words: string) => [words, 'from', 'to']
  return {
    name: 'before-and-after',
    title: 'Before and after, on the test split: means over seeds, and differences paired by seed with 95 % intervals (below 0 is better)',
    columns: [
      'arm', 'training examples', 'labels that are not the data set’s', 'test loss', `test ${what}`,
      ...interval('loss less as it is'), ...interval(`${what} less as it is`), ...interval('loss less random'), ...interval(`${what} less random`)
    ],
    rows
  }
}

function seedsTable (trials: Trial[], isOfValues: boolean): Report['tables'][number] {
  return {
    name: 'by-seed',
    title: 'Every training, on the test split',
    columns: ['seed', 'arm', 'test loss', isOfValues ? 'test relative error' : 'test error rate', 'state'],
    rows: trials.map(trial => {
      const { definition: { seed, arm }, state } = trial
      const measured = measure(trial)
      return [seed, arm, ...(measured === undefined ? [null, null] : [precise(measured.loss), precise(measured.error)]), state]
    })
  }
}

function mean (values: number[]): number | null {
  return values.length === 0 ? null : precise(meanOf(values))
}
