/** Claims that compare arms with arms on test examples. Pure. */
import { bootstrapMean } from '../../../math/bootstrap.js'
import { leadOf, say, saySure, sureOf } from '../../kit/sure.js'
import type { Judged } from '../../kit/verdict.js'
import { pairsOfModes } from '../arms.js'
import { curveOf, finalCurve, finalOf, firstBelow, ofType, valueAt, type Finished, type RanArm } from './trials.js'

/**
 * What counts as worse: a tenth of the other's error, but 0.3 points at least, which 10,000 test examples can tell, and 2 at
 * most, which 2,000 can.
 */
export const margin = { part: 0.1, least: 0.003, most: 0.02 }

/** Whether LSGD is surely not worse than EASGD and one worker, by a paired bootstrap over examples and seeds. */
export function judgeNotWorse (arms: RanArm[]): Judged {
  const others = [...ofType(arms, 'easgd'), ...ofType(arms, 'sgd')]
  const judged = ofType(arms, 'lsgd').flatMap(leader => others.map(other => {
    const [ours, error] = [errorOf(leader), errorOf(other)]
    const allowed = Math.min(margin.most, Math.max(margin.least, margin.part * error))
    const worse = differenceOf(leader.trials, other.trials)
    return { leader, other, allowed, worse, ours, error }
  }))
  return {
    holds: judged.every(({ worse, allowed }) => worse !== undefined && worse.high < allowed),
    evidence: judged.map(({ leader, other, worse, allowed, ours, error }) =>
      `${leader.name} misses ${percent(ours)} %, ${other.name} ${percent(error)} %: ${worse === undefined ? 'not to be compared' : `${points(worse.mean)} points (${points(worse.low)} to ${points(worse.high)})`}, ${points(allowed)} allowed`).join('; ')
  }
}

/** Of the final models, mean over the seeds. */
function errorOf ({ trials }: RanArm): number {
  return sureOf(trials.map(({ result }) => finalOf(result)?.error ?? null)).mean
}

/** What the left one misses more, seed by seed and example by example; undefined where there are no examples to tell. */
function differenceOf (left: readonly Finished[], right: readonly Finished[]): ReturnType<typeof bootstrapMean> | undefined {
  const examples = left[0]?.result.testExamples
  const isTold = ({ result }: Finished) => result.mistakes !== undefined && result.testExamples === examples
  if (examples === undefined || ![...left, ...right].every(isTold)) return undefined
  return bootstrapMean(left.map(({ result: { mistakes: ours = [] } }, s) => {
    const theirs = new Set(right[s]!.result.mistakes)
    const own = new Set(ours)
    return [
      ...ours.filter(example => !theirs.has(example)).map(example => [example, 1] as const),
      ...[...theirs].filter(example => !own.has(example)).map(example => [example, -1] as const)
    ]
  }), examples)
}

/** Whether arms in mode async are surely sooner near the error that both come to, seed by seed. */
export function judgeSooner (arms: RanArm[]): Judged {
  const judged = pairsOfModes(arms).map(({ async, sync }) => {
    const times = async.trials.map((trial, s) => timesOf(trial, sync.trials[s]!))
    return { async, sync, lead: leadOf(times.map(({ right }) => right), times.map(({ left }) => left)), times }
  })
  return {
    holds: judged.every(({ lead }) => lead.low > 0),
    evidence: judged.map(({ async, sync, lead, times }) =>
      `${async.name} is there after ${say(sureOf(times.map(({ left }) => left)).mean)} mean steps, ${sync.name} after ${say(sureOf(times.map(({ right }) => right)).mean)}: ${saySure(lead)} sooner`).join('; ')
  }
}

/** How far above the error that both come to counts as there: single errors scatter. */
export const nearly = 0.1

/** Simulated times at which two trainings are near the higher one of their last errors. */
function timesOf (left: Finished, right: Finished): { left: number | null, right: number | null } {
  const level = (1 + nearly) * Math.max(...[left, right].map(trial => finalCurve(trial, 'error').values.at(-1) ?? NaN))
  const timeOf = (trial: Finished) => {
    const step = firstBelow(finalCurve(trial, 'error'), level)
    return step === undefined ? null : valueAt(curveOf(trial, 'virtualTime'), step) ?? null
  }
  return { left: timeOf(left), right: timeOf(right) }
}

function percent (part: number): string {
  return (100 * part).toFixed(2)
}

function points (part: number): string {
  return (100 * part).toFixed(2)
}
