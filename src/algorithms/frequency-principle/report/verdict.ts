/** What an experiment claims, what it predicts, and whether that was found: over all arms, pairs of bands and seeds. Pure. */
import type { Report } from '../../contract.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import { constantOf, type Arm } from './arms.js'
import { differenceOf, leastSeeds, ordersOfArm, type GroupOrder } from './orders.js'

type Claim = Pick<Report['verdict'], 'claim' | 'predicts'>

const measure = 'Kendall\'s tau-b between frequency and step of learning over all pairs of bands, its mean over at least ' +
  `${leastSeeds} seeds with a 95 % interval`

/** The words of the verdict. */
export function claimOf ({ expected, spectrum: { threshold }, conditions, target }: FrequencyPrincipleSpec): Claim {
  const learned = `A band is learned when its relative error stays below ${threshold}; two that were not are no pair`
  const [first, last] = [conditions?.[0]?.name ?? 'the matched condition', conditions?.at(-1)?.name ?? 'the last']
  switch (expected) {
    case 'low-first': return {
      claim: 'Networks learn their target from low to high frequencies, whatever the optimizer',
      predicts: `Under every optimizer${conditions === undefined ? '' : ' and condition'} the order is low first: ${measure} above 0` +
        (target.type === 'data' ? ', in every group with two bands that are more than noise; of neither a constant predictor nor shuffled labels is that so' : '') +
        `. ${learned}`
    }
    case 'order-weakens': return {
      claim: `How far low frequencies are ahead of high ones depends on the conditions: less so under ${last}`,
      predicts: `Under every optimizer the order is low first under ${first} (${measure} above 0), and the lead of low frequencies, the ` +
        `mean of log10(T_j / T_i) over all pairs of bands i below j, is smaller under ${last} (95 % interval of the difference, paired ` +
        `by seed, below 0). ${learned}`
    }
    case 'order-breaks': return {
      claim: `The order from low to high frequencies is no law: under ${last} it is the other way round`,
      predicts: `Under every optimizer the order is low first under ${first} (${measure} above 0), and high first under ${last}: there ` +
        `the interval is below 0, and so is that of the difference of their leads, paired by seed. ${learned}`
    }
    default: return expected satisfies never
  }
}

/** Whether the seeds of an arm learned low frequencies first within a group; null when too few orders are known. */
export function isLowFirst ({ interval }: Pick<GroupOrder, 'interval'>): boolean | null {
  return interval === undefined ? null : interval.low > 0
}

/** Whether they did in every group that has an order; null when that is not known, or no group has. */
export function keepsOrder (arm: Arm): boolean | null {
  return all(ordersOfArm(arm).filter(({ bands }) => bands > 1).map(isLowFirst))
}

/** Whether high frequencies came first in every group that has an order. */
function reversesOrder (arm: Arm): boolean | null {
  return all(ordersOfArm(arm).filter(({ bands }) => bands > 1).map(({ interval }) => interval === undefined ? null : interval.high < 0))
}

/** False as soon as one is, else null when one is not known or there is none. */
function all (found: (boolean | null)[]): boolean | null {
  return found.includes(false) ? false : found.length === 0 || found.includes(null) ? null : true
}

/** Arms of one optimizer, in the order of their conditions. */
export function sweepsOf (arms: Arm[]): Arm[][] {
  return [...new Set(arms.map(({ optimizer }) => optimizer))].map(optimizer => arms.filter(arm => arm.optimizer === optimizer))
}

/** Whether what the spec expects was found. */
export function decide ({ expected }: FrequencyPrincipleSpec, arms: Arm[]): boolean | null {
  const real = arms.filter(({ isNull }) => !isNull)
  if (expected === 'low-first') {
    const holds = all(real.map(keepsOrder))
    return holds && fulfillingNulls(arms).length > 0 ? null : holds
  }
  return all(sweepsOf(real).flatMap(sweep => {
    const [matched, last] = [sweep[0]!, sweep.at(-1)!]
    if (matched === last) return [null]
    const difference = differenceOf(last, matched)
    const isLess = difference === undefined ? null : difference.high < 0
    return [keepsOrder(matched), isLess, ...(expected === 'order-breaks' ? [reversesOrder(last)] : [])]
  }))
}

/** Nulls of which the verdict holds as well: they leave it open. */
export function fulfillingNulls (arms: Arm[]): Arm[] {
  const constant = constantOf(arms)
  return [...arms.filter(({ isNull }) => isNull), ...(constant ? [constant] : [])].filter(arm => keepsOrder(arm) === true)
}
