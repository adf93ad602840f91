/**
 * What learned starts are held against. Thresholds were set before this code was measured: by what a plain program gave for the
 * paper's experiment. Arms are paired by seed and instance; intervals are over both, 95 %.
 */
import { say, saySure, sureOf } from '../../kit/sure.js'
import type { Judged } from '../../kit/verdict.js'
import { isArgInit, isOfSingleStarts, isValInit } from '../check-claims.js'
import type { GainClaim } from '../claim-names.js'
import type { InitialiserSpec } from '../initialisers/spec.js'
import type { InitializationSpec } from '../spec.js'
import { levelOf, stepsToLevel } from './cost.js'
import { chosen, percent, together, type Claim } from './judging.js'
import { compare, sayInterval, sayPercent, type Paired } from './paired.js'
import { meanFinal, randomArm, type RanArm } from './trials.js'

/** What arg-init gains at least, as part of random's mean; more where interference is strong and users are many. */
const gain = { usual: 0.015, hard: 0.04 }
/** Part of random's steps after which arg-init is at random's level. */
const sooner = 0.6
/** Rank correlation within an instance. */
const ranks = 0.1

/** The claims by name. */
export const gainClaims: Record<GainClaim, Claim> = {
  'arg-init-gains': {
    says: spec => `from the solution that a network predicts descent ends at least ${percent(gainOf(spec))} % better in the mean than from random starts, the interval excluding 0`,
    judge: (arms, spec) => besideRandom(arms, isArgInit, {
      holds: ({ gain }, level) => gain.mean >= gainOf(spec) * Math.abs(level) && gain.low > 0,
      say: ({ gain, wins }, level) => `gains ${sayPercent(gain, level)} and is better on ${sayPercent(wins)} of the instances`
    })
  },
  'arg-init-sooner': {
    says: () => `from the solution that a network predicts the mean is where random starts end after at most ${sooner} of their steps`,
    judge (arms) {
      const random = randomArm(arms)!
      return together(chosen(arms, isArgInit).map(arm => ({ arm, part: sureOf(arm.trials.map((_, s) => partOfSteps(arm, random, s))) })), {
        holds: ({ part }) => part.high <= sooner,
        say: ({ arm, part }) => Number.isNaN(part.mean) ? `${arm.name} is never there with every seed` : `${arm.name} is there after ${saySure(part)} of the steps`
      })
    }
  },
  order: {
    says: () => 'random starts end worst, the start that a network predicts from solutions of single starts better, the best of several random starts best, all intervals of their differences excluding 0',
    judge (arms) {
      const [random, several] = [randomArm(arms)!, chosen(arms, ({ type }) => type === 'multi-start')]
      const judged = chosen(arms, isOfSingleStarts).flatMap(arm => several.map(most =>
        ({ arm, most, gain: compare(arm, random)!.gain, more: compare(most, arm)!.gain })))
      return together(judged, {
        holds: ({ gain, more }) => gain.low > 0 && more.low > 0,
        say: ({ arm, most, gain, more }) => `${random.name} ${say(meanFinal(random))}, ${arm.name} ${say(meanFinal(arm))} (${sayInterval(gain)} better), ${most.name} ${say(meanFinal(most))} (${sayInterval(more)} better)`
      })
    }
  },
  'val-init-gains': {
    says: () => 'from the candidate whose predicted value is best descent ends better in the mean than from random starts, the interval excluding 0',
    judge: arms => besideRandom(arms, isValInit, {
      holds: ({ gain }) => gain.low > 0,
      say: ({ gain, wins }, level) => `gains ${sayPercent(gain, level)} and is better on ${sayPercent(wins)} of the instances`
    })
  },
  'val-init-ranks': {
    says: () => `within an instance, predicted values of candidates and those that are reached have a rank correlation of at least ${ranks} in the mean`,
    judge: arms => together(chosen(arms, isValInit).map(arm =>
      ({ arm, spearman: sureOf(arm.trials.map(({ result }) => result.calibration?.spearman ?? null)) })), {
      holds: ({ spearman }) => Number.isNaN(spearman.mean) ? null : spearman.mean >= ranks,
      say: ({ arm, spearman }) => `that of ${arm.name} is ${saySure(spearman)}`
    })
  }
}

/** Judges arms by what they gain on random starts, whose mean is the level. */
function besideRandom (
  arms: RanArm[], is: (initialiser: InitialiserSpec) => boolean,
  { holds, say }: { holds (paired: Paired, level: number): boolean, say (paired: Paired, level: number): string }
): Judged {
  const random = randomArm(arms)!
  const level = meanFinal(random)
  return together(chosen(arms, is).map(arm => ({ arm, paired: compare(arm, random)! })), {
    holds: ({ paired }) => holds(paired, level),
    say: ({ arm, paired }) => `${arm.name} ${say(paired, level)}`
  })
}

/** Of one seed: steps to random's level over random's own; null where it is never there. */
function partOfSteps (arm: RanArm, random: RanArm, seed: number): number | null {
  const [own, other] = [arm, random].map(one => ({ ...one, trials: [one.trials[seed]!] })) as [RanArm, RanArm]
  const level = levelOf(other)
  const steps = level === undefined ? undefined : stepsToLevel(own, level)
  return steps === undefined ? null : steps / level!.steps
}

function gainOf ({ family }: InitializationSpec): number {
  return family.type === 'sum-rate' && family.users >= 10 && family.noise <= 0.1 ? gain.hard : gain.usual
}
