/**
 * What a verdict can be held against: each claim says in words what it predicts and looks whether that is so, over seeds with
 * 95 % intervals. Thresholds were set before anything was measured: by the paper's figures and theorems, or by what the papers'
 * experiments gave when they were repeated. What a theorem says must be so in every trial.
 */
import { leadOf, say, saySure, sureOf } from '../../kit/sure.js'
import type { Judged } from '../../kit/verdict.js'
import type { ClaimName } from '../claim-names.js'
import type { LeaderSpec } from '../spec.js'
import { judgeNotWorse, judgeSooner, margin, nearly } from './comparisons.js'
import { ofType, type RanArm } from './trials.js'

interface Claim {
  says (spec: LeaderSpec): string
  /** @param arms all of the spec, with all seeds */
  judge (arms: RanArm[], spec: LeaderSpec): Judged
}

/** Losses of the four starts of the paper's figure after 100 steps, by worker (repeated to four digits). */
const sincLosses = { independent: [-0.0425, -0.0135, -0.0121, -0.0090], easgd: [-0.0912], lsgd: [-0.2172] }
const sincWithin = 1e-3
/** Percent of trainings from random starts that reach the lowest ring, and how far from it they may be. */
const escapes = { independent: [6, 3], easgd: [9, 3], lsgd: [44, 4] } as const
/** Orders of magnitude between EASGD's best worker and LSGD's: the figure's 1e-2 to 1.2 against 1e-7 to 1e-3. */
const completionOrders = 3
/** Gradients at rest, and what is none. */
const [atRest, moving] = [1e-6, 1e-3]
/** What the fitted exponent may be above -1. */
const exponentWithin = 0.2

/** The claims by name. */
export const claims: Record<ClaimName, Claim> = {
  sinc: {
    says: () => 'from the paper’s four starts LSGD takes all workers to the lowest ring (-0.2172), EASGD takes all to the second (-0.0912), and independent ones end at -0.0425, -0.0135, -0.0121 and -0.0090, each within 0.001',
    judge (arms) {
      const judged = (['independent', 'easgd', 'lsgd'] as const).flatMap(type => ofType(arms, type).flatMap(({ name, trials }) => trials.map(({ result }) => {
        const wanted = sincLosses[type]
        const off = result.workers.map(({ loss }, i) => Math.abs((loss ?? Infinity) - (wanted[i] ?? wanted[0]!)))
        return { name, losses: result.workers.map(({ loss }) => loss), off: Math.max(...off) }
      })))
      return {
        holds: judged.every(({ off }) => off <= sincWithin),
        evidence: judged.map(({ name, losses }) => `${name} ends at ${losses.map(loss => loss?.toFixed(4) ?? 'none').join(', ')}`).join('; ')
      }
    }
  },
  escapes: {
    says: () => 'from random starts a worker reaches the lowest ring in 44 +- 4 % of LSGD’s trainings, 9 +- 3 % of EASGD’s and 6 +- 3 % of those of independent workers',
    judge (arms) {
      const judged = (['independent', 'easgd', 'lsgd'] as const).flatMap(type => ofType(arms, type).map(({ name, trials }) => {
        const [percent, within] = escapes[type]
        const sure = sureOf(trials.map(({ result: { repeats } }) => repeats === undefined ? null : 100 * repeats.reached / repeats.count))
        return { name, sure, isNear: sure.low >= percent - within && sure.high <= percent + within }
      }))
      return {
        holds: judged.every(({ isNear }) => isNear),
        evidence: judged.map(({ name, sure }) => `${name} in ${saySure(sure)} %`).join('; ')
      }
    }
  },
  completion: {
    says: () => `LSGD’s best worker ends at a loss at least ${completionOrders} orders of magnitude below that of EASGD’s best one`,
    judge (arms) {
      const best = ({ trials }: RanArm) => trials.map(({ result }) => logOf(leastLoss(result.workers)))
      const judged = ofType(arms, 'lsgd').flatMap(leader => ofType(arms, 'easgd').map(elastic => {
        const [ours, theirs] = [best(leader), best(elastic)]
        return { leader, elastic, ours: sureOf(ours), theirs: sureOf(theirs), orders: leadOf(theirs, ours) }
      }))
      return {
        holds: judged.every(({ orders }) => orders.low >= completionOrders),
        evidence: judged.map(({ leader, elastic, ours, theirs, orders }) =>
          `the best of ${leader.name} at ${power(ours.mean)}, of ${elastic.name} at ${power(theirs.mean)}: ${saySure(orders)} orders of magnitude` +
          ofType(arms, 'independent').map(alone => `, beside ${power(sureOf(best(alone)).mean)} of ${alone.name}`).join('')).join('; ')
      }
    }
  },
  stationary: {
    says: () => `where training has come to rest, the gradient is 0 at LSGD’s leader (length at most ${atRest}) and not at EASGD’s best worker (at least ${moving})`,
    judge (arms) {
      const lengths = (type: 'lsgd' | 'easgd') => ofType(arms, type).flatMap(({ trials }) => trials.map(({ result }) => result.gradientNorm ?? NaN))
      const [leaders, others] = [lengths('lsgd'), lengths('easgd')]
      return {
        holds: leaders.every(length => length <= atRest) && others.every(length => length >= moving),
        evidence: `the gradient is at most ${power(Math.log10(Math.max(...leaders)))} long at LSGD’s leaders and at least ${say(Math.min(...others))} at EASGD’s best workers`
      }
    }
  },
  'one-step': {
    says: () => 'at every step the expected loss keeps below what the theorem allows: (1 - m rate) (f(x) - f*) - rate lambda (f(x) - f(leader)) + rate² M sigma² / 2',
    judge (arms) {
      const judged = theoryOf(arms).map(({ oneStep }) => oneStep)
      const checked = judged.reduce((sum, one) => sum + one.checked, 0)
      const broken = judged.reduce((sum, one) => sum + one.broken, 0)
      return {
        holds: checked > 0 && broken === 0,
        evidence: `${broken} of ${checked} steps break it, with ${say(Math.min(...judged.map(({ slack }) => slack)))} of the right side left where it is nearest`
      }
    }
  },
  decay: {
    says: () => `with rates ~ 1 / k the loss falls like 1 / k: its fitted exponent is at most ${-1 + exponentWithin}`,
    judge (arms) {
      const judged = ofType(arms, 'lsgd').map(({ name, trials }) => ({ name, sure: sureOf(trials.map(({ result }) => result.theory?.decay.exponent ?? null)) }))
      return {
        holds: judged.every(({ sure }) => sure.high <= -1 + exponentWithin),
        evidence: judged.map(({ name, sure }) => `${name} falls with k to the power of ${saySure(sure)}`).join('; ')
      }
    }
  },
  'noisy-leader': {
    says: () => 'with noise of deviation sigma_f in the losses that choose the leader, the loss stays below its floor: (4 / m) lambda sqrt(p) sigma_f, and what the noise of the gradients adds',
    judge (arms) {
      const judged = ofType(arms, 'lsgd').map(({ name, trials }) => ({
        name,
        bound: trials[0]!.result.theory?.floor.bound ?? NaN,
        sure: sureOf(trials.map(({ result: { theory } }) => theory === undefined ? null : theory.floor.measured)),
        above: sureOf(trials.map(({ result: { theory } }) => theory === undefined ? null : theory.floor.measured - theory.floor.bound))
      }))
      return {
        holds: judged.every(({ above }) => above.high <= 0),
        evidence: judged.map(({ name, sure, bound }) => `${name} ends at ${saySure(sure)}, its floor is ${say(bound)}`).join('; ')
      }
    }
  },
  newton: {
    says: () => 'at least half of the places with a loss no larger turn the step towards Newton’s when they lead',
    judge (arms) {
      const judged = ofType(arms, 'lsgd').map(({ name, trials }) => ({
        name,
        sure: sureOf(trials.map(({ result: { theory } }) =>
          theory === undefined || theory.newton.samples === 0 ? null : theory.newton.closer / theory.newton.samples))
      }))
      return {
        holds: judged.every(({ sure }) => sure.low >= 0.5),
        evidence: judged.map(({ name, sure }) => `${saySure(sure)} of them with ${name}`).join('; ')
      }
    }
  },
  'not-worse': {
    says: () => `LSGD’s test error is not above EASGD’s or that of one worker by ${margin.part * 100} % of it or more (${margin.least * 100} points at least, ${margin.most * 100} at most), drawn again over test examples and seeds`,
    judge: judgeNotWorse
  },
  'all-lead': {
    says: () => 'every worker of LSGD leads at some time',
    judge (arms) {
      const judged = ofType(arms, 'lsgd').flatMap(({ name, trials }) => trials.map(({ result, definition: { seed } }) =>
        ({ name, seed, exchanges: result.exchanges, led: result.workers.filter(({ lost }) => !lost).map(({ led }) => led) })))
      const share = (one: typeof judged[number]) => Math.min(...one.led) / one.exchanges
      const least = judged.reduce((lowest, one) => share(one) < share(lowest) ? one : lowest)
      return {
        holds: judged.every(({ led }) => led.every(count => count > 0)),
        evidence: `the workers lead ${least.led.join(', ')} times of ${least.exchanges} where it is least even (${least.name}, seed ${least.seed})`
      }
    }
  },
  sooner: {
    says: () => `workers that wait for nobody are within ${100 * nearly} % of the error that both modes come to in less simulated time`,
    judge: judgeSooner
  }
}

function theoryOf (arms: RanArm[]) {
  return ofType(arms, 'lsgd').flatMap(({ trials }) => trials.flatMap(({ result }) => result.theory ?? []))
}

/** Of the workers whose losses are numbers; null where none is. */
function leastLoss (workers: readonly { loss: number | null }[]): number | null {
  const losses = workers.flatMap(({ loss }) => loss ?? [])
  return losses.length === 0 ? null : Math.min(...losses)
}

/** Decadic logarithm; what has fallen to 0 counts as the least number. */
function logOf (loss: number | null): number | null {
  return loss === null ? null : Math.log10(Math.max(loss, Number.MIN_VALUE))
}

/** 10 to a power, in words. */
function power (log: number): string {
  return Number.isFinite(log) ? (10 ** log).toExponential(1) : 'no number'
}
