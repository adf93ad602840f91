/** What every claim compares must be there: problem, points, trainings. Pure. */
import type { Violation } from '../../errors.js'
import { isClean, isSame, type Arm } from './arms.js'
import { linearClaims, type ClaimName, type LinearClaim } from './claim-names.js'
import type { LinearProblem, Points } from './linear/spec.js'
import type { NetworkProblem } from './network/spec.js'
import type { AdversarialSpec } from './spec.js'

/** A training that must be among the arms, and how it is said. */
interface Wanted { say: string, is (arm: Arm<LinearProblem>): boolean }

const clean: Wanted = { say: 'a clean one', is: isClean }
const l2 = (say: string, is: (arm: Arm<LinearProblem>) => boolean): Wanted => ({ say, is: arm => arm.q === 2 && !isClean(arm) && is(arm) })
const asFraction = (is: (of: number) => boolean) => ({ radius }: Arm<LinearProblem>) => radius.type === 'fraction' && is(radius.of)
const otherNorm = ({ q }: Arm<LinearProblem>) => q !== 2

const needed: Record<LinearClaim, { points?: Points['type'][], trainings: Wanted[] }> = {
  faster: { trainings: [clean, l2('one with q 2 and a tuned radius, over 1,000 steps or more that are a power of ten', ({ radius, problem: { steps } }) => radius.type === 'tuned' && isPowerOfTen(steps))] },
  half: { trainings: [clean, l2('one with q 2 and a radius of 0.9 gamma_q', asFraction(of => of === 0.9))] },
  ahead: { trainings: [clean, l2('one with q 2 and a radius below gamma_q', ({ radius }) => radius.type !== 'fraction' || radius.of < 1)] },
  law: { points: ['two-vectors', 'forty'], trainings: [{ say: 'a clean one with the exponential loss and full batches', is: arm => isClean(arm) && arm.problem.loss === 'exponential' && arm.problem.batch === 'full' }] },
  limit: { points: ['given'], trainings: [{ say: 'one that is clean or has q 2 or infinity', is: hasLimit }] },
  'mixed-norm': { trainings: [{ say: 'one with another q than 2', is: arm => otherNorm(arm) && !isClean(arm) }] },
  control: { trainings: [{ say: 'one with a radius of gamma_q or more, as a fraction', is: asFraction(of => of >= 1) }] }
}

/** Whether the limit of one point has a closed form that needs no solver. */
export function hasLimit (arm: Pick<Arm, 'q' | 'radius'>): boolean {
  return isClean(arm) || arm.q === 2 || arm.q === 'infinity'
}

function isPowerOfTen (steps: number): boolean {
  return steps >= 1000 && Number.isInteger(Math.log10(steps))
}

/** Lists what claims lack. @param arms of the spec */
export function checkClaims ({ problem, claims }: AdversarialSpec, arms: readonly Arm[]): Violation[] {
  return claims.flatMap((claim, i) => {
    const type = isLinear(claim) ? 'linear' : 'network'
    if (problem.type !== type) return [{ path: `spec.claims[${i}]`, rule: `must be another for a problem of type ${problem.type}: ${claim} speaks of ${type} ones`, got: claim }]
    return isLinear(claim)
      ? checkLinearClaim(claim, problem as LinearProblem, arms as Arm<LinearProblem>[])
      : checkNetworkClaim(claim, arms as Arm<NetworkProblem>[])
  })
}

function isLinear (claim: ClaimName): claim is LinearClaim {
  return linearClaims.some(name => name === claim)
}

function checkLinearClaim (claim: LinearClaim, { points }: LinearProblem, arms: readonly Arm<LinearProblem>[]): Violation[] {
  const { points: types, trainings } = needed[claim]
  if (types !== undefined && !types.includes(points.type)) {
    return [{ path: 'spec.problem.points.type', rule: `must be ${types.join(' or ')} for the claim ${claim}`, got: points.type }]
  }
  if (claim === 'limit' && points.type === 'given' && points.points.length > 1) {
    return [{ path: 'spec.problem.points.points', rule: 'must be one point for the claim limit', got: points.points.length }]
  }
  return trainings.filter(({ is }) => !arms.some(is)).map(({ say }) =>
    ({ path: 'spec.trainings', rule: `must have ${say} for the claim ${claim}`, got: arms.map(({ name }) => name) }))
}

/** Arms are compared with the clean network of their own kind, and a network with wider ones at the same radius. */
function checkNetworkClaim (claim: Exclude<ClaimName, LinearClaim>, arms: readonly Arm<NetworkProblem>[]): Violation[] {
  const names = arms.map(({ name }) => name)
  const moved = arms.filter(arm => !isClean(arm))
  if (claim === 'robust') {
    const isBeside = (arm: Arm<NetworkProblem>) => arms.some(other => isClean(other) && other.q === arm.q && hasNetworkOf(other, arm))
    const isMeasured = ({ radius, problem: { evaluation } }: Arm<NetworkProblem>) => radius.type === 'absolute' && evaluation.radii.includes(radius.value)
    const alone = moved.find(arm => !isBeside(arm))
    const unseen = moved.find(arm => !isMeasured(arm))
    return [
      ...(moved.length > 0 ? [] : [{ path: 'spec.trainings', rule: 'must have one with a radius for the claim robust', got: names }]),
      ...(alone === undefined ? [] : [{ path: 'spec.trainings', rule: `must have a clean one of the same network and q as ${alone.name} for the claim robust`, got: names }]),
      ...(unseen === undefined ? [] : [{ path: 'spec.problem.evaluation.radii', rule: `must have the radius of ${unseen.name} for the claim robust`, got: unseen.problem.evaluation.radii }])
    ]
  }
  const hasPair = moved.some(arm => moved.some(other => other.q === arm.q && isSame(other.radius, arm.radius) && !hasNetworkOf(other, arm)))
  return hasPair ? [] : [{ path: 'spec.trainings', rule: 'must have two with one radius and different networks for the claim wide', got: names }]
}

function hasNetworkOf (left: Arm<NetworkProblem>, right: Arm<NetworkProblem>): boolean {
  return isSame(left.problem.network, right.problem.network)
}
