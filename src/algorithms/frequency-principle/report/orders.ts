/**
 * What the seeds of an arm say of the order in which bands were learned: Kendall's tau-b over all pairs of bands, its mean
 * over the seeds and a 95 % interval. Drawn from bands and passages alone, which results of all versions have. Pure.
 */
import { meanInterval, type Interval } from '../../../math/intervals.js'
import { groupsOf, orderIn } from '../result.js'
import type { Arm, Finished } from './arms.js'
import { meanOf } from '../../../math/mean.js'

/** Seeds without which there is no verdict: coins fall alike five times in 1 of 32 cases, four times still in 1 of 16. */
export const leastSeeds = 5

/** An arm's order within one group of bands. */
export interface GroupOrder {
  group: string
  /** bands that are more than noise, at least: with fewer than two there is no order */
  bands: number
  /** mean tau over all bands, noise or not, of the seeds in which it is known; null: in none */
  withNoise: number | null
  /** per seed; null when the order of no pair is known */
  taus: (number | null)[]
  /** of the mean of those that are known, within -1 .. 1; undefined for fewer than five */
  interval: Interval | undefined
  /** summed over the seeds */
  pairs: { concordant: number, discordant: number, tied: number, censored: number }
  /** step of the highest band over that of the lowest, of seeds that learned both */
  ratios: number[]
  /** bands that some seeds had not learned in the end, and how many: they are later, by how much is not known */
  censored: { label: string, seeds: number }[]
}

/** An arm's orders, group by group. */
export function ordersOfArm ({ trials }: Arm): GroupOrder[] {
  return groupsOf(trials[0]!.result.bands).map(group => {
    const orders = trials.map(({ result }) => orderIn(group, result))
    const taus = orders.map(({ tau }) => tau)
    const sum = (relation: 'concordant' | 'discordant' | 'tied' | 'censored') => orders.reduce((all, { pairs }) => all + pairs[relation], 0)
    return {
      group,
      bands: Math.min(...trials.map(({ result: { bands } }) => bands.filter(band => band.group === group && !band.isNoise).length)),
      withNoise: meanOrNull(trials.flatMap(({ result: { bands, learned } }) =>
        orderIn(group, { bands: bands.map(band => ({ ...band, isNoise: false })), learned }).tau ?? [])),
      taus,
      interval: intervalOf(taus),
      pairs: { concordant: sum('concordant'), discordant: sum('discordant'), tied: sum('tied'), censored: sum('censored') },
      ratios: orders.flatMap(({ ratio }) => ratio ?? []),
      censored: censoredIn(group, trials)
    }
  })
}

function meanOrNull (values: number[]): number | null {
  return values.length === 0 ? null : meanOf(values)
}

function censoredIn (group: string, trials: Finished[]): GroupOrder['censored'] {
  return trials[0]!.result.bands.flatMap(({ label, ...band }, i) => {
    const seeds = trials.filter(({ result: { bands, learned } }) => !bands[i]!.isNoise && learned[i] === null).length
    return band.group === group && seeds > 0 ? [{ label, seeds }] : []
  })
}

/** Mean and 95 % interval of what is known, cut to the values that it can have: -1 .. 1 for a tau. */
function intervalOf (values: readonly (number | null)[], bound = 1): Interval | undefined {
  const known = values.filter(value => value !== null)
  if (known.length < leastSeeds) return undefined
  const { low, high, ...rest } = meanInterval(known)!
  return { low: Math.max(-bound, low), high: Math.min(bound, high), ...rest }
}

/**
 * By how many decades high frequencies were learned after low ones: the mean of log10(T_j / T_i) over all pairs of bands i
 * below j of the first group, step 0 counting as 1. Of a band that was not learned the end is known to be before its step.
 * @param bound where that makes the lead uncertain: the least it can be, or the most
 * @returns null where the bound is not finite: neither of a pair was learned, or the one whose step it needs was not
 */
export function leadOf ({ result: { bands, learned, history } }: Finished, bound: 'least' | 'most'): number | null {
  const members = bands.flatMap((band, i) => band.group === bands[0]!.group && !band.isNoise ? [i] : [])
  const end = history.steps.at(-1)!
  const leads = members.flatMap((j, place) => members.slice(0, place).map(i => {
    const [low, high] = [learned[i]?.step, learned[j]?.step]
    const [known, other] = bound === 'least' ? [low, high] : [high, low]
    if (known === undefined) return null
    const ratio = Math.log10(Math.max(1, other ?? end) / Math.max(1, known))
    return bound === 'least' ? ratio : -ratio
  }))
  const finite = leads.filter(lead => lead !== null)
  return leads.length === 0 || finite.length < leads.length ? null : meanOf(finite)
}

/**
 * By how many decades the lead of low frequencies is larger in one arm than in the matched one, paired by seed; where bands
 * were not learned at most by so many.
 */
export function differenceOf (arm: Arm, matched: Arm): Interval | undefined {
  return intervalOf(arm.trials.map(trial => {
    const other = matched.trials.find(({ definition }) => definition.seed === trial.definition.seed)
    const [own, its] = [leadOf(trial, 'most'), other === undefined ? null : leadOf(other, 'least')]
    return own === null || its === null ? null : own - its
  }), Infinity)
}

/**
 * Where the order is lost on the way from the first condition to the last: the first of them whose mean tau is not above 0,
 * and the one before. undefined: the order stands under all of them.
 */
export function crossingOf (arms: Arm[]): { from: Arm | undefined, to: Arm } | undefined {
  const means = arms.map(({ trials }) => {
    return meanOrNull(trials.flatMap(({ result }) => orderIn(result.bands[0]!.group, result).tau ?? []))
  })
  const at = means.findIndex(mean => mean !== null && mean <= 0)
  return at < 0 ? undefined : { from: arms[at - 1], to: arms[at]! }
}
