/**
 * Arms compared on the same instances: what one gains on the other, and how often it wins, over instances and seeds. Pure.
 */
import { bootstrapMean } from '../../../math/bootstrap.js'
import type { Interval } from '../../../math/intervals.js'
import { meanOf } from '../../../math/mean.js'
import { say } from '../../kit/sure.js'
import { randomArm, type RanArm, type Sense } from './trials.js'

/** Groups of instances that are drawn again together: instances know nothing of each other, and thousands one by one take seconds. */
const GROUPS = 100

/** What an arm has more than another; above 0 it is the better one, whether its family maximizes or minimizes. */
export interface Paired {
  /** of all instances, seed by seed */
  gains: number[][]
  gain: Interval
  /** part of the instances on which it is better, equals as one half */
  wins: Interval
}

/** Compares an arm with another; seeds that one of them lacks are left out. */
export function compare (arm: RanArm, other: RanArm, confidence = 0.95): Paired | undefined {
  const gains = gainsOf(arm, other)
  if (gains.length === 0) return undefined
  return {
    gains,
    gain: pooled(gains, confidence),
    wins: pooled(gains.map(ofSeed => ofSeed.map(gain => gain > 0 ? 1 : gain < 0 ? 0 : 0.5)), confidence)
  }
}

/** By seed and instance: finals of equal number are of the same instance. */
export function gainsOf ({ trials }: RanArm, other: RanArm): number[][] {
  return trials.flatMap(({ definition: { seed }, result: { finals, objective: { sense } } }) => {
    const twin = other.trials.find(({ definition }) => definition.seed === seed)?.result.finals
    return twin === undefined ? [] : [finals.map((value, i) => signOf(sense) * (value - twin[i]!))]
  })
}

/** The mean over seeds and instances, and where it lies when both are drawn again. @param bySeed  a number for every instance */
export function pooled (bySeed: readonly (readonly number[])[], confidence = 0.95): Interval {
  const mean = meanOf(bySeed.map(meanOf))
  const { length: instances } = bySeed[0]!
  const groups = Math.min(GROUPS, instances)
  // around the mean: the weights of the bootstrap do not sum to one, which says nothing of what differs from 0
  const rows = bySeed.map(values => {
    const sums = new Float64Array(groups)
    values.forEach((value, i) => { sums[i % groups]! += value - mean })
    return Array.from(sums, (sum, group) => [group, sum * groups / instances] as const)
  })
  const { low, high, count } = bootstrapMean(rows, groups, confidence)
  return { mean, low: mean + low, high: mean + high, count }
}

/** 1 where more is better. */
export function signOf (sense: Sense): 1 | -1 {
  return sense === 'maximize' ? 1 : -1
}

/** A mean with its interval, in words. */
export function sayInterval ({ mean, low, high }: { mean: number, low: number, high: number }): string {
  return `${say(mean)} (${say(low)} to ${say(high)})`
}

/** The same as percent of something. */
export function sayPercent ({ mean, low, high }: { mean: number, low: number, high: number }, of = 1): string {
  const percent = (value: number) => (100 * value / Math.abs(of)).toFixed(2)
  return `${percent(mean)} % (${percent(low)} to ${percent(high)})`
}

/** The arms of a report, with what each gains on random starts: computed once for tables and figures. */
export interface Compared {
  arms: RanArm[]
  random: RanArm | undefined
  /** by the arm's name; none of random starts themselves */
  besideRandom: Map<string, Paired>
}

/** Compares all arms with random starts, where there are any. */
export function compareAll (arms: RanArm[]): Compared {
  const random = randomArm(arms)
  const pairs = random === undefined ? [] : arms.filter(arm => arm !== random).map(arm => [arm.name, compare(arm, random)] as const)
  return { arms, random, besideRandom: new Map(pairs.filter((pair): pair is readonly [string, Paired] => pair[1] !== undefined)) }
}
