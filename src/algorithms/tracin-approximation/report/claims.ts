/**
 * What a verdict can be held against: each claim says in words what it predicts and looks whether that is so, over seeds
 * with 95 % intervals. Thresholds were set before anything was measured: by the derivation, or as papers state them. What
 * the derivation says of small steps is judged at the smallest rate.
 */
import { slope } from '../../../math/least-squares.js'
import { leadOf, say, saySure, sureOf, type Sure } from '../../kit/sure.js'
import type { Judged } from '../../kit/verdict.js'
import { places } from '../checkpoints.js'
import type { ApproximationSpec, ClaimName } from '../spec.js'
import { sumIn, type Arm, type Finished } from './arms.js'

/** Rounding of some thousand differences in Float64 stays far below. */
const completeTo = 1e-9
/** What the first-order form has at least where steps are small; the paper is remembered with about 0.98. */
const leastPearson = 0.95
/** How far a ratio of units may be from 1. */
const ratioWithin = 0.05
/** How far the fitted exponent of d may be from -1/2. */
const exponentWithin = 0.1

interface Claim {
  says (spec: ApproximationSpec): string
  judge (spec: ApproximationSpec, arms: Arm[]): Judged
}

/** The claims by name. */
export const claims: Record<ClaimName, Claim> = {
  completeness: {
    says: () => `the ideal influences of all training examples sum to the change of every test loss, to ${completeTo}, in every trial`,
    judge (_, arms) {
      const worst = arms.flatMap(({ trials }) => trials).reduce((most, { result }) => Math.max(most, result.incompleteness), 0)
      return { holds: worst <= completeTo, evidence: `the ideal influences miss the changes of the test losses by at most ${worst.toExponential(1)}` }
    }
  },
  'first-order': {
    says: spec => `at rate ${smallestRate(spec)} the first-order influences have a Pearson correlation of at least ${leastPearson} with the ideal ones`,
    judge (spec, arms) {
      const judged = ofSmallestRate(spec, arms).map(arm => ({ arm, sure: sureOf(firstOrder(arm)) }))
      return {
        holds: judged.every(({ sure }) => sure.low >= leastPearson),
        evidence: judged.map(({ arm, sure }) => `first order has ${saySure(sure)} at ${arm.name}`).join(', ')
      }
    }
  },
  rates: {
    says: () => 'this correlation falls from every rate to the next larger one',
    judge (_, arms) {
      const falls = neighbours(arms).map(([small, large]) => ({ small, large, lead: leadOf(firstOrder(small), firstOrder(large)) }))
      const kept = falls.filter(({ lead }) => !(lead.low > 0))
      return {
        holds: falls.length > 0 && kept.length === 0,
        evidence: kept.length === 0
          ? `it falls in ${falls.length} of ${falls.length} steps from rate to rate, to ${arms.map(arm => `${say(sureOf(firstOrder(arm)).mean)} at ${arm.name}`).join(', ')}`
          : kept.map(({ small, large, lead }) => `from ${small.name} to ${large.name} it falls by ${saySure(lead)}`).join(', ')
      }
    }
  },
  checkpoints: {
    says: ({ checkpoints: { counts }, ...spec }) => `at rate ${smallestRate(spec)} TracInCP with ${Math.max(...counts)} checkpoints correlates better with the ideal than with ${Math.min(...counts)}, and no step from one count to the next larger one makes it worse, wherever in its interval a checkpoint stands`,
    judge ({ checkpoints: { counts }, ...spec }, arms) {
      const ascending = [...counts].sort((a, b) => a - b)
      const judged = ofSmallestRate(spec, arms).flatMap(arm => places.map(at => {
        const values = ascending.map(count => arm.trials.map(({ result }) => sumIn(result, count, at, 'interval').pearson))
        const falls = values.slice(1).map((next, i) => leadOf(next, values[i]!)).filter(({ high }) => !(high >= 0))
        return { arm, at, rise: leadOf(values.at(-1)!, values[0]!), falls, ends: [values[0]!, values.at(-1)!].map(sureOf) }
      }))
      return {
        holds: judged.every(({ rise, falls }) => rise.low > 0 && falls.length === 0),
        evidence: judged.map(({ arm, at, rise, falls, ends: [few, many] }) =>
          `TracInCP at the ${at}s goes from ${say(few!.mean)} to ${say(many!.mean)}, by ${saySure(rise)}, at ${arm.name}` +
          (falls.length === 0 ? '' : `, with ${falls.length} fall${falls.length === 1 ? '' : 's'} between`)).join('; ')
      }
    }
  },
  sum: {
    says: ({ checkpoints: { counts }, ...spec }) => `at rate ${smallestRate(spec)} the sum over ${Math.max(...counts)} checkpoints correlates better with the ideal than the last checkpoint alone, and no single one, chosen with hindsight, does surely better than the sum`,
    judge ({ checkpoints: { counts }, ...spec }, arms) {
      const judged = ofSmallestRate(spec, arms).map(arm => ({ arm, leads: leadsOverSingles(arm, Math.max(...counts)) }))
      const nearest = (leads: Lead[]) => leads.reduce((least, lead) => lead.sure.mean < least.sure.mean ? lead : least)
      return {
        holds: judged.every(({ leads }) => leads.at(-1)!.sure.low > 0 && leads.every(({ sure }) => sure.high >= 0)),
        evidence: judged.map(({ arm, leads }) => `the sum leads by ${saySure(leads.at(-1)!.sure)} over the last checkpoint ` +
          `and by ${saySure(nearest(leads).sure)} over the one that comes nearest, after epoch ${nearest(leads).epoch}, at ${arm.name}`).join('; ')
      }
    }
  },
  projections: {
    says: spec => `at rate ${smallestRate(spec)} the error of random projections falls as 1 / sqrt(d): the exponent fitted over d is -1/2, give or take ${exponentWithin}`,
    judge (spec, arms) {
      const judged = ofSmallestRate(spec, arms).map(arm => ({ arm, sure: sureOf(arm.trials.map(exponentOf)) }))
      return {
        holds: judged.every(({ sure: { low, high } }) => low >= -0.5 - exponentWithin && high <= -0.5 + exponentWithin),
        evidence: judged.map(({ arm, sure }) => `errors of projections fall with d to the power of ${saySure(sure)} at ${arm.name}`).join('; ')
      }
    }
  },
  units: {
    says: ({ checkpoints: { counts } }) => `the influences by TracInCP with ${Math.max(...counts)} checkpoints, weighed by interval, sum to the real change of the test loss within ${100 * ratioWithin} %, wherever in its interval a checkpoint stands`,
    judge ({ checkpoints: { counts } }, arms) {
      const ratio = (arm: Arm, at: 'start' | 'end', weights: 'interval' | 'rate') =>
        sureOf(arm.trials.map(({ result }) => sumIn(result, Math.max(...counts), at, weights).ratio))
      const judged = arms.flatMap(arm => places.map(at => ({ arm, at, interval: ratio(arm, at, 'interval'), rate: ratio(arm, at, 'rate') })))
      return {
        holds: judged.every(({ interval: { low, high } }) => low >= 1 - ratioWithin && high <= 1 + ratioWithin),
        evidence: judged.map(({ arm, at, interval, rate }) =>
          `${saySure(interval)} of the change at ${arm.name}, checkpoints at the ${at}s (by plain rates ${say(rate.mean)})`).join('; ')
      }
    }
  }
}

function smallestRate ({ learningRates }: Pick<ApproximationSpec, 'learningRates'>): number {
  return Math.min(...learningRates)
}

/** The arms where steps are smallest, one per size of batch. */
function ofSmallestRate (spec: Pick<ApproximationSpec, 'learningRates'>, arms: Arm[]): Arm[] {
  return arms.filter(({ rate }) => rate === smallestRate(spec))
}

/** First-order correlations, one per seed. */
function firstOrder ({ trials }: Arm): (number | null)[] {
  return trials.map(({ result }) => result.firstOrder.pearson)
}

/** Of two arms with the same size of batch, next to each other in their rates. */
function neighbours (arms: Arm[]): [Arm, Arm][] {
  return arms.slice(1).flatMap((large, i): [Arm, Arm][] => arms[i]!.batchSize === large.batchSize ? [[arms[i]!, large]] : [])
}

/** What a sum has more than one checkpoint, seed by seed. */
interface Lead { epoch: number, sure: Sure }

/** Over every single checkpoint, in the order of the epochs. */
function leadsOverSingles ({ trials }: Arm, count: number): Lead[] {
  const sums = trials.map(({ result }) => sumIn(result, count, 'end', 'interval').pearson)
  return trials[0]!.result.singles.map(({ epoch }, i) =>
    ({ epoch, sure: leadOf(sums, trials.map(({ result }) => result.singles[i]!.pearson)) }))
}

/** Slope of log error over log d, by least squares. */
function exponentOf ({ result: { projections } }: Finished): number {
  const x = projections.map(({ dimension }) => Math.log(dimension))
  const y = projections.map(({ error }) => Math.log(error))
  return slope(x, y)
}
