/**
 * What linear classifiers can be held against. Thresholds were set before this code was measured: by the paper, by closed
 * forms, or by what a plain program gave on the same points (those of `faster` and `half`). Arms are paired by seed.
 */
import { distance, norm } from '../../../math/vectors.js'
import { leadOf, say, saySure, sureOf } from '../../kit/sure.js'
import type { Judged } from '../../kit/verdict.js'
import { isClean, type Arm } from '../arms.js'
import { hasLimit } from '../check-claims.js'
import type { LinearClaim } from '../claim-names.js'
import type { LinearProblem } from '../linear/spec.js'
import type { LinearResult } from '../result.js'
import type { AdversarialSpec } from '../spec.js'
import { cleanTwin, isPromised, lastMetric, lastOf, recordAt, type Found, type LinearArm } from './trials.js'

export interface Claim<Ran> {
  says (spec: AdversarialSpec): string
  /** @param arms all of the spec, with all seeds */
  judge (arms: Ran[], spec: AdversarialSpec): Judged
}

/** Error at T over error at T / 10: 1 / sqrt(T) with its logarithm is about .4, 1 / log T about .8. */
const fall = { tuned: 0.56, clean: 0.68 }
/** What 0.9 gamma leaves of the clean error. */
const halved = 0.5
/** How far from its closed form clean error times norm may be. */
const lawWithin = 0.03
/** How far from its closed form the direction of one point may be. */
const limitWithin = 1e-3
/** What is left of the distance between two limits, and what limits must be apart to be told from each other. */
const [ownPart, apart] = [0.25, 0.05]
/** What a norm may still grow by in the last power of ten to have come to rest. */
const restWithin = 0.01

const errorOf = (trial: Found<LinearResult>) => lastOf(trial).directionError
const errors = ({ trials }: LinearArm) => trials.map(errorOf)

/** The claims by name. */
export const linearJudges: Record<LinearClaim, Claim<LinearArm>> = {
  faster: {
    says: () => `with l2 perturbations whose radius is tuned to the horizon the direction error at T is at most ${fall.tuned} of that at T / 10, as 1 / sqrt(T) up to logarithms; in clean training at least ${fall.clean} of it is left, as 1 / log T`,
    judge (arms) {
      const judged = compare(arms, ({ q, radius }) => q === 2 && radius.type === 'tuned').map(({ arm, clean }) => ({ arm, tuned: sureOf(falls(arm)), clean: sureOf(falls(clean)) }))
      return together(judged, {
        holds: ({ tuned, clean }) => tuned.high <= fall.tuned && clean.low >= fall.clean,
        say: ({ arm, tuned, clean }) => `of the error at T / 10 ${arm.name} has ${saySure(tuned)} left, clean training ${saySure(clean)}`
      })
    }
  },
  half: {
    says: () => `l2 perturbations of 0.9 gamma_q leave at most ${halved} of the direction error of clean training`,
    judge (arms) {
      const judged = compare(arms, ({ q, radius }) => q === 2 && radius.type === 'fraction' && radius.of === 0.9)
        .map(({ arm, clean }) => ({ arm, left: sureOf(errors(arm).map((error, s) => error / errors(clean)[s]!)), clean }))
      return together(judged, {
        holds: ({ left }) => left.high <= halved,
        say: ({ arm, left, clean }) => `${arm.name} has ${saySure(left)} of the error of ${clean.name}, which is ${say(sureOf(errors(clean)).mean)}`
      })
    }
  },
  ahead: {
    says: () => 'with l2 perturbations below gamma_q training ends nearer to the direction of largest margin than clean training with the same steps, and with a larger margin',
    judge (arms) {
      const judged = compare(arms, arm => arm.q === 2 && !isClean(arm)).map(({ arm, clean }) => {
        const margins = ({ trials }: LinearArm) => trials.map(trial => lastOf(trial).margin)
        return {
          arm,
          nearer: leadOf(errors(clean), errors(arm)),
          wider: leadOf(margins(arm), margins(clean)),
          margin: sureOf(margins(arm)),
          bound: arm.trials[0]!.of.clean!.margin
        }
      })
      return together(judged, {
        holds: ({ nearer, wider }) => nearer.low > 0 && wider.low > 0,
        say: ({ arm, nearer, wider, margin, bound }) => `${arm.name} is ${saySure(nearer)} nearer than clean training, its margin is ${saySure(margin)} of ${say(bound)}, ${saySure(wider)} more`
      })
    }
  },
  law: {
    says: spec => `clean error times norm comes within ${100 * lawWithin} % of ln(a1 / a2) / (a1 + a2) = ${say(lawConstant(spec))}: the error falls as the norm grows, as log T`,
    judge (arms, spec) {
      const constant = lawConstant(spec)
      const judged = arms.filter(arm => isClean(arm) && arm.problem.loss === 'exponential' && arm.problem.batch === 'full')
        .map(arm => ({ arm, product: sureOf(arm.trials.map(trial => errorOf(trial) * lastOf(trial).norm)) }))
      return together(judged, {
        holds: ({ product: { low, high } }) => low >= (1 - lawWithin) * constant && high <= (1 + lawWithin) * constant,
        say: ({ arm, product }) => `${arm.name} ends with ${saySure(product)}`
      })
    }
  },
  limit: {
    says: spec => `of one point z the direction comes within ${limitWithin} of z itself in clean training and with q = 2, and of what is left of z, each number moved towards 0 by the radius and no farther, with q = infinity: ${armsWithLimit(spec).join(', ')}`,
    judge (arms, { problem }) {
      const point = (problem as LinearProblem & { points: { points: number[][] } }).points.points[0]!
      const judged = arms.filter(arm => hasLimit(arm) && isPromised(arm)).map(arm => {
        const away = arm.trials.map(({ of: { direction, curve } }) => between(direction, limitOf(point, arm, curve.at(-1)!.radius)))
        return { arm, away: Math.max(...away), direction: arm.trials[0]!.of.direction }
      })
      return together(judged, {
        holds: ({ away }) => away <= limitWithin,
        say: ({ arm, away, direction }) => `${arm.name} ends at (${direction.slice(0, 4).map(value => value.toFixed(4)).join(', ')}${direction.length > 4 ? ', …' : ''}), ${away.toExponential(1)} away`
      })
    }
  },
  'mixed-norm': {
    says: () => `training with another q than 2 comes to the direction of largest mixed-norm margin and not to that of largest l2 margin: at most ${ownPart} of their distance is left, which is ${apart} at least`,
    judge (arms) {
      const judged = arms.filter(arm => arm.q !== 2 && !isClean(arm) && isPromised(arm)).map(arm => {
        const distances = arm.trials.map(({ of: { mixed, clean } }) => between(mixed!.direction, clean!.direction))
        return { arm, limits: sureOf(distances), left: sureOf(errors(arm).map((error, s) => error / distances[s]!)) }
      })
      return together(judged, {
        holds: ({ limits, left }) => limits.low >= apart ? left.high <= ownPart : null,
        say: ({ arm, limits, left }) => limits.low >= apart
          ? `the limits of ${arm.name} and of l2 are ${saySure(limits)} apart, ${saySure(left)} of that is left`
          : `the limits of ${arm.name} and of l2 are ${saySure(limits)} apart: too near to tell`
      })
    }
  },
  control: {
    says: () => `with a radius of gamma_q or more the norm comes to rest (it grows by less than ${100 * restWithin} % from T / 10 to T), and some points stay misread under the worst perturbation: no direction is promised`,
    judge (arms) {
      const judged = arms.filter(({ radius }) => radius.type === 'fraction' && radius.of >= 1).map(arm => ({
        arm,
        growth: sureOf(arm.trials.map(trial => lastOf(trial).norm / recordAt(trial, lastOf(trial).step / 10).norm - 1)),
        misread: sureOf(arm.trials.map(trial => lastMetric(trial, 'robustError') ?? null)),
        isFinite: arm.trials.every(({ outcome }) => outcome === 'finite')
      }))
      return together(judged, {
        holds: ({ growth: { low, high }, misread, isFinite }) => isFinite && low >= -restWithin && high <= restWithin && misread.low > 0,
        say: ({ arm, growth, misread }) => `the norm of ${arm.name} grows by ${(100 * growth.mean).toPrecision(2)} %, ${saySure(misread)} of the points stay misread`
      })
    }
  }
}

/** Arms that the paper promises a direction, each with clean training of the same settings. */
function compare (arms: LinearArm[], is: (arm: LinearArm) => boolean): { arm: LinearArm, clean: LinearArm }[] {
  return arms.filter(arm => is(arm) && isPromised(arm)).flatMap(arm => {
    const clean = cleanTwin(arms, arm)
    return clean === undefined ? [] : [{ arm, clean }]
  })
}

/** A claim holds where it does for all that it speaks of; where it speaks of none, or one says nothing, nobody knows. */
function together<One> (judged: One[], { holds, say }: { holds (one: One): boolean | null, say (one: One): string }): Judged {
  if (judged.length === 0) return { holds: null, evidence: 'no training is there to which the claim applies' }
  const each = judged.map(holds)
  return { holds: each.includes(false) ? false : each.includes(null) ? null : true, evidence: judged.map(say).join('; ') }
}

/** What is left of the error from T / 10 to T, one per seed. */
function falls ({ trials }: LinearArm): number[] {
  return trials.map(trial => errorOf(trial) / recordAt(trial, lastOf(trial).step / 10).directionError)
}

/** ln(a1 / a2) / (a1 + a2) of the two support vectors gamma u + a1 v, gamma u - a2 v. */
function lawConstant ({ problem }: AdversarialSpec): number {
  if (problem.type !== 'linear') return NaN
  const [a1, a2] = problem.points.type === 'two-vectors' ? problem.points.along as [number, number] : [3, 0.4]
  return Math.abs(Math.log(a1 / a2)) / (a1 + a2)
}

/**
 * z - P(z), at length 1, P(z) being the point of the ball of perturbations that is nearest to z: z for q = 2, the soft threshold
 * for q = infinity.
 */
function limitOf (point: readonly number[], { q, radius }: Pick<Arm, 'q' | 'radius'>, c: number): number[] {
  const rest = q === 'infinity' && radius.type !== 'none' ? point.map(value => Math.sign(value) * Math.max(0, Math.abs(value) - c)) : [...point]
  const length = norm(Float64Array.from(rest))
  return rest.map(value => value / length)
}

function armsWithLimit ({ problem, trainings }: AdversarialSpec): string[] {
  if (problem.type !== 'linear' || problem.points.type !== 'given') return []
  const point = problem.points.points[0]!
  return trainings.filter(hasLimit).flatMap(training => {
    if (training.radius.type !== 'none' && training.radius.type !== 'absolute') return []
    const limit = limitOf(point, training, training.radius.type === 'none' ? 0 : training.radius.value)
    return limit.every(Number.isFinite) ? [`(${limit.slice(0, 4).map(value => value.toFixed(4)).join(', ')}${limit.length > 4 ? ', …' : ''})`] : []
  })
}

function between (left: readonly number[], right: readonly number[]): number {
  return distance(Float64Array.from(left), Float64Array.from(right))
}
