/**
 * What is known without any network: references, closed forms, and families in which nothing can be gained. Thresholds are those of
 * the closed forms; intervals over instances and seeds, 95 % unless said otherwise.
 */
import { meanOf } from '../../../math/mean.js'
import { say, saySure, sureOf } from '../../kit/sure.js'
import { isArgInit, isBlind } from '../check-claims.js'
import type { KnownClaim } from '../claim-names.js'
import { predict } from '../families/synthetic/theory.js'
import type { InitialiserSpec } from '../initialisers/spec.js'
import type { InitializationResult } from '../result.js'
import { chosen, nobody, percent, together, type Claim } from './judging.js'
import { compare, gainsOf, sayInterval, sayPercent } from './paired.js'
import { randomArm, successOf, sureness, type RanArm } from './trials.js'

/** What WMMSE has of the best corner, and by how much rounding may lift it above. */
const corner = { part: 0.9, above: 1e-9 }
const stationary = 1e-6
/** How far ends of a convex family may be apart, as part of what descent falls by. */
const equal = 1e-6
/** Part of the instances on which a network that has learned succeeds. */
const learned = 0.99
/** Where nothing can be learned: what cannot be told from 0 must be less than this part of what there is to gain. */
const negligible = 0.1

/** The claims by name. */
export const knownClaims: Record<KnownClaim, Claim> = {
  'reference-below-corner': {
    says: () => `for two users the reference is never above the best of the corners 10, 01 and 11, and has at least ${100 * corner.part} % of it in the mean`,
    judge: arms => together(referencesOf(arms).map(arm => ({
      arm, above: worstOf(arm, ({ aboveCorner }) => aboveCorner), part: sureOf(arm.trials.map(({ result }) => result.cornerPart ?? null))
    })), {
      holds: ({ above, part }) => Number.isNaN(above + part.mean) ? null : above <= corner.above && part.low >= corner.part,
      say: ({ arm, above, part }) => `${arm.name} has ${saySure(part)} of the best corner in the mean, and at most ${above.toExponential(1)} more`
    })
  },
  'reference-stationary': {
    says: () => `where the reference ends, the first-order conditions are violated by at most ${stationary}`,
    judge: arms => together(referencesOf(arms).map(arm => ({ arm, violation: worstOf(arm, result => result.stationarity) })), {
      holds: ({ violation }) => Number.isNaN(violation) ? null : violation <= stationary,
      say: ({ arm, violation }) => `${arm.name} violates them by at most ${violation.toExponential(1)}`
    })
  },
  'convex-equal': {
    says: () => `with one minimum every start comes to the same objective, within ${equal} of what random starts fall by`,
    judge (arms) {
      const random = randomArm(arms)!
      const fall = Math.abs(meanOf(random.trials.map(({ result: { initials, finals } }) => meanOf(initials) - meanOf(finals))))
      const judged = arms.filter(arm => arm !== random).map(arm =>
        ({ arm, apart: gainsOf(arm, random).flat().reduce((most, one) => Math.max(most, Math.abs(one)), 0) }))
      return together(judged, {
        holds: ({ apart }) => apart <= equal * fall,
        say: ({ arm, apart }) => `${arm.name} ends at most ${apart.toExponential(1)} away from ${random.name}`
      })
    }
  },
  'basin-mass': {
    says: () => `from starts that are drawn anew for every instance as many end in the best basin as the closed form says, within the binomial interval of ${100 * sureness} %: of random ones as P0 has there`,
    judge: (arms, { family }) => together(chosen(arms, ({ type }) => isDrawn(type))
      .map(arm => ({ arm, known: predict(family, arm.initialiser).success, seen: successOf(arm) }))
      .filter(({ known, seen }) => known !== undefined && known > 0 && known < 1 && seen !== undefined), {
      holds: ({ known, seen }) => seen!.low <= known! && known! <= seen!.high,
      say: ({ arm, known, seen }) => `${arm.name} succeeds on ${sayPercent(seen!)} of the instances, ${percent(known!)} % are foretold`
    })
  },
  'learned-succeeds': {
    says: () => `a network that learns solutions of which more than half are in the better basin starts there in at least ${100 * learned} % of the instances`,
    judge (arms, { family }) {
      const judged = chosen(arms, isArgInit).map(arm => ({ arm, known: predict(family, arm.initialiser).success, seen: successOf(arm) }))
        .filter(({ known, seen }) => known === 1 && seen !== undefined)
      const random = successOf(randomArm(arms)!)
      return together(judged, {
        holds: ({ seen }) => seen!.mean >= learned,
        say: ({ arm, seen }) => `${arm.name} succeeds on ${sayPercent(seen!)} of the instances${random === undefined ? '' : `, random on ${sayPercent(random)}`}`
      })
    }
  },
  'nothing-to-learn': {
    says: () => `where what is seen says nothing of the minima, no initialiser beats random starts, by intervals that are right for all of them together with 95 %, and none can have gained more than ${percent(negligible)} % of what there is to gain`,
    judge (arms, { family }) {
      const random = randomArm(arms)!
      const others = arms.filter(arm => arm !== random && isBlind(arm.initialiser))
      const [blind, best] = [{ type: 'random' } as InitialiserSpec, { type: 'reference' } as InitialiserSpec].map(one => predict(family, one).mean!)
      const most = negligible * Math.abs(best! - blind!)
      const judged = others.map(arm => ({ arm, gain: compare(arm, random, 1 - 0.05 / others.length)!.gain }))
      const strongest = judged.toSorted((a, b) => b.gain.mean - a.gain.mean)[0]
      const { holds } = together(judged, { holds: ({ gain }) => gain.low > 0 ? false : gain.high <= most ? true : null, say: () => '' })
      return {
        holds,
        evidence: strongest === undefined ? nobody : `${holds === false ? 'something beats random starts' : 'nothing beats random starts'}: the strongest of ${others.length}, ${strongest.arm.name}, gains ${sayInterval(strongest.gain)} of ${say(Math.abs(best! - blind!))} that there is to gain`
      }
    }
  }
}

/** Others share stored solutions, or a network: their successes are not independent of each other. */
function isDrawn (type: InitialiserSpec['type']): boolean {
  return type === 'random' || type === 'conditional' || type === 'multi-start'
}

function referencesOf (arms: RanArm[]): RanArm[] {
  return chosen(arms, ({ type }) => type === 'reference')
}

/** The largest of the seeds; NaN where one has none. */
function worstOf ({ trials }: RanArm, of: (result: InitializationResult) => number | undefined): number {
  return Math.max(...trials.map(({ result }) => of(result) ?? NaN))
}
