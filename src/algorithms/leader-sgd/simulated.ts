/**
 * Mode async in simulated time: one thread, and always the step that ends next. Nobody waits for anybody.
 *
 *   lsgd      when the steps of all are a multiple of workers x tau, leaders are elected, and copies of them set out; a worker
 *             is pulled at the first of its own steps' ends at which they have arrived. Nobody is elected while copies are
 *             under way.
 *   a centre  a worker visits it every so many steps of its own, and goes on when what is sent has come.
 *
 * A worker's steps depend on nobody until one of the two happens, so they are made then, in one go.
 * Source: Teng et al. 2019, arXiv 1905.10395, algorithm 1. Differs: a leader is elected once for all, not by every worker that
 * finds the count right.
 */
import type { Vector } from '../../exchange/exchange.js'
import type { Learning, Pull } from './learning.js'
import { hasCentre } from './methods/index.js'
import { leaderConstants, pullsAtSteps, pullToLeaders, type LeaderConstants } from './methods/leader.js'
import { leadersOf, takeOff, type Leaders, type Method } from './methods/method.js'
import type { Method as MethodSpec } from './methods/spec.js'
import type { Times } from './virtual-time.js'
import type { Worker } from './workers.js'

/** What is simulated. */
export interface Simulation<V extends Vector = Vector> {
  learning: Learning<V>
  method: Method<V>
  spec: MethodSpec
  workers: Worker<V>[]
  /** of every worker */
  steps: number
  duration: (worker: number, step: number) => number
  /** how long so many copies of the weights are under way, one after the other */
  taken: (copies: number) => number
  times: Times
}

/** Leaders that set out. */
export interface Election<V extends Vector = Vector> {
  /** steps of all by then */
  total: number
  /** when they arrive, in simulated time */
  arrival: number
  /** whether the leader of all pulls too */
  isOfAll: boolean
  /** of the groups and of all: [groups + 1, weights] */
  leaders: V
}

/** What a simulation goes on from, beside the workers' vectors and steps, and times. */
export interface Progressing<V extends Vector = Vector> {
  /** steps of all */
  total: number
  election: Election<V> | undefined
  /** by worker: the election it was pulled by last, whose leaders pull at every step where there are such pulls */
  followed: (Election<V> | undefined)[]
  /** by worker: what is to be taken off its weights after its next step */
  owed: (V | undefined)[]
  /** by worker: steps of all at its last visit to the centre */
  visited: number[]
}

/** What happens. */
export type Happening =
  | { type: 'election', leaders: Leaders, isOfAll: boolean }
  | { type: 'pull', worker: number, staleness: number }
  | { type: 'visit', worker: number, step: number, staleness: number }
  /** as many steps of all as there are workers have ended since the last one of these; every step is made */
  | { type: 'round', step: number }

/** Nothing yet. */
export function beginProgressing<V extends Vector> (workers: number): Progressing<V> {
  const none = () => new Array<undefined>(workers).fill(undefined)
  return { total: 0, election: undefined, followed: none(), owed: none(), visited: new Array<number>(workers).fill(0) }
}

/**
 * Goes on to the end. First comes the round at which it stands.
 * @param isWanted  whether somebody will look at a round
 */
export function * simulate<V extends Vector> (
  simulation: Simulation<V>, state: Progressing<V>, isWanted: (step: number) => boolean
): Generator<Happening, void> {
  const { learning, method, spec, workers, steps, duration, taken, times } = simulation
  const { weights } = learning
  const constants = spec.type === 'lsgd' ? leaderConstants(spec) : undefined
  const pending = workers.map(() => 0)
  const stepsOf = (worker: number) => workers[worker]!.steps + pending[worker]!
  const ends = times.at.map((at, worker) => stepsOf(worker) < steps ? at + duration(worker, stepsOf(worker)) : Infinity)

  /** Makes the steps of a worker that have ended. */
  function catchUp (number: number): void {
    const worker = workers[number]!
    const owed = state.owed[number]
    const pulls = constants ? pullsOf(constants, state.followed[number], number) : []
    if (pending[number] === 0) return
    worker.advance(pending[number]!, pulls, owed && (vector => { takeOff(vector, owed) }))
    pending[number] = 0
    state.owed[number] = undefined
  }

  function pullsOf (constants: LeaderConstants, election: Election<V> | undefined, worker: number): Pull<V>[] {
    if (election === undefined) return []
    const { groups } = constants
    const [group, all] = [groupOf(worker, groups), groups].map(at => leaderIn(election, at, weights))
    return pullsAtSteps({ group: group!, all: all! }, constants)
  }

  function groupOf (worker: number, groups: number): number {
    return Math.floor(worker / (workers.length / groups))
  }

  function elect ({ groups, lambdaG, tau, tauG }: LeaderConstants, now: number): Happening | undefined {
    if (state.total % (workers.length * tau) !== 0 || (state.election && state.election.arrival > now)) return undefined
    workers.forEach((_, worker) => catchUp(worker))
    const leaders = leadersOf(workers.map(worker => worker.loss()), groups)
    const isOfAll = groups > 1 && lambdaG > 0 && state.total % (workers.length * tauG) === 0
    const copies = learning.room((groups + 1) * weights)
    ;[...leaders.groups, leaders.all].forEach((leader, at) => copies.set(workers[leader]!.vector.subarray(0, weights), at * weights))
    state.election = { total: state.total, arrival: now + taken(isOfAll ? 2 : 1), isOfAll, leaders: copies }
    return { type: 'election', leaders, isOfAll }
  }

  /** Pulls a worker that has a step's end now. */
  function follow (constants: LeaderConstants, worker: number, now: number): Happening | undefined {
    const { election } = state
    if (election === undefined || election === state.followed[worker] || election.arrival > now) return undefined
    catchUp(worker)
    const { vector, steps } = workers[worker]!
    const group = leaderIn(election, groupOf(worker, constants.groups), weights)
    const all = election.isOfAll ? leaderIn(election, constants.groups, weights) : undefined
    pullToLeaders(vector, { group, all }, constants, { weights, rate: learning.rate(worker, steps - 1) })
    state.followed[worker] = election
    return { type: 'pull', worker, staleness: state.total - election.total }
  }

  /** A visit takes the worker's time. */
  function visit (worker: number): Happening | undefined {
    if (!hasCentre(method) || stepsOf(worker) % method.period !== 0) return undefined
    catchUp(worker)
    const { vector, steps } = workers[worker]!
    state.owed[worker] = method.visit({ worker, step: steps }, vector, method.centre!)
    const wait = taken(method.sequential(steps))
    times.at[worker]! += wait
    times.waited[worker]! += wait
    const staleness = state.total - state.visited[worker]! - method.period
    state.visited[worker] = state.total
    return { type: 'visit', worker, step: steps, staleness }
  }

  for (;;) {
    if (state.total % workers.length === 0 && isWanted(state.total / workers.length)) {
      workers.forEach((_, worker) => catchUp(worker))
      yield { type: 'round', step: state.total / workers.length }
    }
    if (state.total === workers.length * steps) return
    const worker = ends.indexOf(Math.min(...ends))
    const now = ends[worker]!
    times.at[worker] = now
    pending[worker]!++
    state.total++
    const happened = constants
      ? [elect(constants, now), follow(constants, worker, now)]
      : [visit(worker)]
    for (const happening of happened) if (happening) yield happening
    ends[worker] = stepsOf(worker) < steps ? times.at[worker]! + duration(worker, stepsOf(worker)) : Infinity
  }
}

/** The copy of a group's leader, or after them of that of all. */
function leaderIn<V extends Vector> ({ leaders }: Election<V>, at: number, weights: number): V {
  return leaders.subarray(at * weights, (at + 1) * weights) as V
}
