/**
 * lsgd (LGD on exact gradients): workers are pulled towards the best of their group and the best of all,
 *
 *   x <- x - lambda (x - leader of the group)     every tau steps
 *   x <- x - lambdaG (x - leader of all)          every tauG steps
 *
 * each after the gradient's step. Source: Teng et al. 2019, arXiv 1905.10395, equation 2 and algorithm 1. Differs: the kind's
 * README. The pulls at every step towards leaders as they were at the last exchange are the released code's.
 */
import type { Vector } from '../../../exchange/exchange.js'
import type { Pull } from '../learning.js'
import { pull } from '../../../exchange/mixing/index.js'
import { without, type Exchange, type Leaders, type Method, type Setting } from './method.js'
import type { MethodOf } from './spec.js'

export type LeaderConstants =
  Pick<MethodOf<'lsgd'>, 'groups' | 'lambda' | 'lambdaG' | 'tau' | 'tauG' | 'pulls' | 'rateInside' | 'proximal' | 'proximalG'>

/** Leaders that a worker is pulled towards; undefined: not now. */
export interface Targets<V extends Vector> { group: V, all: V | undefined }

/** The constants of an arm. With one group its leader is that of all, and it alone pulls. */
export function leaderConstants (method: MethodOf<'lsgd'>): LeaderConstants {
  return method.groups > 1 ? method : { ...method, lambdaG: 0, proximalG: 0, tauG: method.tau }
}

/** Pulls a worker, in place. @param rate in force at the step before */
export function pullToLeaders<V extends Vector> (
  x: V, { group, all }: Targets<V>, constants: LeaderConstants, { weights, rate }: { weights: number, rate: number }
): void {
  const { lambda, lambdaG, pulls, rateInside } = constants
  const scale = rateInside ? rate : 1
  if (all === undefined || pulls === 'sequential') {
    pull(x, group, scale * lambda, weights)
    if (all) pull(x, all, scale * lambdaG, weights)
    return
  }
  for (let i = 0; i < weights; i++) x[i] = x[i]! - scale * lambda * (x[i]! - group[i]!) - scale * lambdaG * (x[i]! - all[i]!)
}

/** Pulls of a worker at every step, towards leaders as they were when they were stored; those of strength 0 are left out. */
export function pullsAtSteps<V extends Vector> (
  { group, all }: { group: V, all: V }, { tau, tauG, proximal, proximalG }: LeaderConstants
): Pull<V>[] {
  return [{ target: group, strength: proximal / tau }, { target: all, strength: proximalG / tauG }].filter(({ strength }) => strength > 0)
}

/** Makes the method. */
export function createLeader<V extends Vector> ({ workers, learning }: Setting<V>, constants: LeaderConstants): Method<V> {
  const { groups, tau, tauG, lambdaG, proximal, proximalG } = constants
  const { weights } = learning
  const size = workers / groups
  const remembers = proximal > 0 || proximalG > 0
  /** leaders as they were at the last exchange, of the groups and of all: what lasts beyond it; two, used in turn */
  const copies = remembers ? [0, 1].map(() => learning.room((groups + 1) * weights)) : []
  let stored: V | undefined
  let last: Exchange<V> | undefined
  const isOfAll = (step: number) => lambdaG > 0 && step % tauG === 0
  const copyOf = (of: V, leader: number) => of.subarray(leader * weights, (leader + 1) * weights) as V
  const standing = new Map<number, Pull<V>[]>()

  return {
    ...without,
    period: tau,
    groups,
    agree (exchange) {
      last = exchange
      if (!remembers) return
      const { told, leaders, step } = exchange
      const next = stored === copies[0] ? copies[1]! : copies[0]!
      leaders.groups.forEach((leader, group) => copyOf(next, group).set(told[leader]!.state.subarray(0, weights)))
      const isNew = stored === undefined || step % tauG === 0
      copyOf(next, groups).set(isNew ? told[leaders.all]!.state.subarray(0, weights) : copyOf(stored!, groups))
      stored = next
      standing.clear()
    },
    follow (worker, vector) {
      const { told, leaders, step } = last!
      const group = told[leaders.groups[Math.floor(worker / size)]!]!.state
      const all = isOfAll(step) ? told[leaders.all]!.state : undefined
      pullToLeaders(vector, { group, all }, constants, { weights, rate: learning.rate(worker, step - 1) })
    },
    pulls (worker) {
      if (stored === undefined) return none
      const group = Math.floor(worker / size)
      let pulls = standing.get(group)
      if (pulls === undefined) {
        pulls = pullsAtSteps({ group: copyOf(stored, group), all: copyOf(stored, groups) }, constants)
        standing.set(group, pulls)
      }
      return pulls
    },
    state: (): Record<string, V> => stored === undefined ? {} : { leaders: stored },
    load ({ leaders }) {
      if (leaders === undefined) return
      copies[0]!.set(leaders)
      stored = copies[0]
      standing.clear()
    },
    traffic: ({ step, leaders }, worker) => leaderTraffic({ workers, groups, isOfAll: isOfAll(step) }, leaders, worker),
    sequential: step => workers === 1 ? 0 : (size > 1 ? 1 : 0) + (groups > 1 && isOfAll(step) ? 1 : 0)
  }
}

const none: never[] = []

/** Losses go to all others of the group; the leader of the group sends its weights once to them; so does that of all. */
export function leaderTraffic (
  { workers, groups, isOfAll }: { workers: number, groups: number, isOfAll: boolean }, leaders: Leaders, worker: number
): { sent: number, received: number, lossesSent: number, lossesReceived: number } {
  const size = workers / groups
  const others = size - 1
  const leads = leaders.groups[Math.floor(worker / size)] === worker
  const traffic = {
    sent: others > 0 && leads ? 1 : 0,
    received: others > 0 && !leads ? 1 : 0,
    lossesSent: others > 0 ? 1 : 0,
    lossesReceived: others
  }
  if (groups === 1 || !isOfAll) return traffic
  // The leaders of the groups tell each other their losses; the best one of them sends itself to all.
  if (leaders.all === worker) traffic.sent += 1
  else traffic.received += 1
  if (leads) {
    traffic.lossesSent += 1
    traffic.lossesReceived += groups - 1
  }
  return traffic
}
