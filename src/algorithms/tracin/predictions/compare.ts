/** Orders compared over the seeds of an experiment: means, paired differences, the best baseline. Pure. */
import { meanInterval, type Interval } from '../../../math/intervals.js'
import type { FinishedTrial } from '../../contract.js'
import { isBaseline, type MethodName } from '../methods.js'
import type { TracinResult, TracinSpec } from '../spec.js'
import type { Measure } from './schema.js'
import { meanOf } from '../../../math/mean.js'

/** A trial with a result. */
export type Finished = FinishedTrial<TracinSpec, TracinResult> & { result: TracinResult }

/** Seeds from which on a difference is judged: fewer give an interval that is wider than what there is to see. */
export const minSeeds = 5

/** What a measure is called after "found" or beside it. */
export const measureTitles: Record<Measure, string> = {
  found5: 'the first 5 %', found10: 'the first 10 %', found20: 'the first 20 %', found30: 'the first 30 %', auc: 'area under the curve'
}

/** Names of the orders that every trial has, in the order of the results. */
export function comparedMethods (trials: readonly Finished[]): MethodName[] {
  const [first, ...others] = trials.map(({ result }) => result.methods.map(({ name }) => name))
  return first!.filter(name => others.every(names => names.includes(name)))
}

/** A measure of one order, seed by seed. @param name  one of comparedMethods */
export function valuesOf (trials: readonly Finished[], name: MethodName, measure: Measure): number[] {
  return trials.map(({ result }) => {
    const { foundAt, auc } = result.methods.find(method => method.name === name)!
    return measure === 'auc' ? auc : foundAt[Number(measure.slice(5)) as 5 | 10 | 20 | 30]
  })
}

/** The paired difference of two orders over the seeds, with its interval of 95 %. */
export interface Difference {
  mean: number
  /** undefined with fewer than minSeeds seeds */
  interval: Interval | undefined
  /** ahead, behind: the whole interval lies above, below 0; level: it does not, or differs nowhere */
  verdict: 'ahead' | 'behind' | 'level' | 'too few seeds'
}

/** Compares two orders seed by seed: the same wrong labels, the same training, so that only the order differs. */
export function differenceOf (trials: readonly Finished[], left: MethodName, right: MethodName, measure: Measure): Difference {
  const others = valuesOf(trials, right, measure)
  const differences = valuesOf(trials, left, measure).map((value, i) => value - others[i]!)
  const interval = trials.length < minSeeds ? undefined : meanInterval(differences)
  return {
    mean: meanOf(differences),
    interval,
    verdict: !interval ? 'too few seeds' : interval.low > 0 ? 'ahead' : interval.high < 0 ? 'behind' : 'level'
  }
}

/**
 * The baseline with the highest mean over the seeds, the first of equals. It is chosen by what it is compared by, which is
 * in its favour and against TracInCP.
 */
export function bestBaseline (trials: readonly Finished[], measure: Measure): MethodName | undefined {
  const baselines = comparedMethods(trials).filter(isBaseline)
  const means = baselines.map(name => meanOf(valuesOf(trials, name, measure)))
  return baselines[means.indexOf(Math.max(...means))]
}

/** "-2.1 points (95 % interval -4 to -0.2 over 5 seeds)"; of areas in their unit. */
export function sayDifference ({ mean, interval }: Difference, measure: Measure): string {
  const [scale, unit, digits] = measure === 'auc' ? [1, '', 4] : [100, ' points', 1]
  const say = (value: number) => String(Number((value * scale).toFixed(digits)))
  return `${say(mean)}${unit} (${interval
    ? `95 % interval ${say(interval.low)} to ${say(interval.high)} over ${interval.count} seeds`
    : `no interval with fewer than ${minSeeds} seeds`})`
}

/** "81 % in the first 10 %"; "area under the curve .93". */
export function sayValue (value: number, measure: Measure): string {
  return measure === 'auc' ? `${measureTitles.auc} ${value.toFixed(3)}` : `${percent(value)} in ${measureTitles[measure]}`
}

/** A part as per cent, with one digit after the point. */
export function percent (part: number): string {
  return `${Math.round(part * 1000) / 10} %`
}
