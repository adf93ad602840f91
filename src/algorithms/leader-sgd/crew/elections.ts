/**
 * Workers that follow leaders, each when it comes by: lsgd in mode async. Whoever makes the steps of all reach a multiple of
 * workers x tau elects, from what all have told last, and puts up copies of the leaders; a worker that finds new ones is
 * pulled towards them. Who is lost leads no more.
 */
import type { Vector } from '../../../exchange/exchange.js'
import { pullsAtSteps, pullToLeaders, type LeaderConstants } from '../methods/leader.js'
import { leadersOf } from '../methods/method.js'
import type { Means } from '../part.js'
import type { Worker } from '../workers.js'
import type { Apart } from './apart-room.js'
import type { Encounters, Tell } from './encounters.js'

/** How often a worker looks within tau of its steps, where looking costs nothing but the telling of its vector. */
const LOOKS = 4

/** Makes what the workers of one thread do. */
export function createElections (
  { means, constants, apart, tell }: { means: Means<Vector>, constants: LeaderConstants, apart: Apart, tell: Tell }
): Encounters {
  const { learning, workers, criterion } = means
  const { board, leaders } = apart
  const { weights } = learning
  const { groups, tau, tauG, lambdaG } = constants
  const stride = criterion.type === 'window' ? Math.ceil(tau / LOOKS) : tau
  const nothing = learning.room(0)
  /** as this thread read them last, and steps of all at their election */
  const copies = learning.room((groups + 1) * weights + 1)
  let elected = leaders.read(0, copies) ?? 0
  /** by worker: steps of all at the election that it followed last */
  const followed = new Map<number, number>()
  const start = elected

  const copyOf = (at: number): Vector => copies.subarray(at * weights, (at + 1) * weights)
  const groupOf = (worker: number): number => Math.floor(worker / (workers / groups))

  /** From what all have told; the one who does it has what all share meanwhile. */
  function elect (total: number, isOfAll: boolean): void {
    const losses = Array.from({ length: workers }, (_, worker) => apart.isLost(worker) ? NaN : board.read(worker, nothing) ?? NaN)
    const chosen = leadersOf(losses, groups)
    const state = learning.room(copies.length)
    ;[...chosen.groups, chosen.all].forEach((leader, at) => { board.read(leader, state.subarray(at * weights, (at + 1) * weights)) })
    state[state.length - 1] = isOfAll ? 1 : 0
    leaders.tell(0, { state, loss: total })
    apart.noteElection({ total, ...chosen })
  }

  /** @returns whether it was pulled */
  function follow ({ number, vector, steps }: Worker): boolean {
    if ((leaders.read(0, nothing) ?? 0) !== elected) elected = leaders.read(0, copies)!
    if (elected === (followed.get(number) ?? start)) return false
    followed.set(number, elected)
    const all = copies.at(-1) === 1 ? copyOf(groups) : undefined
    pullToLeaders(vector, { group: copyOf(groupOf(number)), all }, constants, { weights, rate: learning.rate(number, steps - 1) })
    apart.noteStaleness(number, Math.max(0, board.count(0) - elected))
    return true
  }

  return {
    span: steps => stride - steps % stride,
    pulls: worker => elected === 0
      ? []
      : pullsAtSteps({ group: copyOf(groupOf(worker)), all: copyOf(groups) }, constants),
    comeBy (worker, made) {
      const loss = worker.loss()
      if (!Number.isFinite(loss)) apart.diverge()
      tell(worker, loss)
      const total = board.count(made)
      const reaches = (period: number): boolean => Math.floor(total / (workers * period)) > Math.floor((total - made) / (workers * period))
      if (reaches(tau)) board.share(() => { elect(total, groups > 1 && lambdaG > 0 && reaches(tauG)) })
      if (follow(worker)) tell(worker, loss)
    },
    takeOwed: () => undefined
  }
}
