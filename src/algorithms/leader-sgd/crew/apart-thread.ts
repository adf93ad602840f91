/**
 * Mode async in one thread of a crew: whichever of its workers has made the fewest steps makes some more, comes by, and tells
 * where it is. Nobody waits for anybody. Source: Teng et al. 2019, arXiv 1905.10395, algorithm 1; the kind's README says where
 * we differ. Next hops: elections.ts and visits.ts, what a worker does that comes by; apart.ts, the trial's own thread.
 */
import type { Vector } from '../../../exchange/exchange.js'
import type { Crew } from '../../contract.js'
import type { Learning } from '../learning.js'
import { hasCentre } from '../methods/index.js'
import { leaderConstants } from '../methods/leader.js'
import { takeOff } from '../methods/method.js'
import type { MethodOf } from '../methods/spec.js'
import { workersOf, type Means } from '../part.js'
import { createWorker, type Worker } from '../workers.js'
import { openApart, type Apart, type ApartRoom } from './apart-room.js'
import { createElections } from './elections.js'
import type { Encounters, Tell } from './encounters.js'
import type { SharedTrial } from './shared.js'
import { createVisits } from './visits.js'

/** What the threads of a trial in mode async are given. */
export interface SharedApart extends SharedTrial { room: ApartRoom }

/** One thread's part. */
export interface ApartPart {
  learning: Learning
  apart: Apart
  workers: Worker[]
  encounters: Encounters
  /** of every worker */
  steps: number
}

/** Opens one thread's part: its workers are where the memory says. */
export function joinApart (crew: Crew, { room, spec }: SharedApart, means: Means<Vector>): ApartPart {
  const { learning, method, criterion, steps } = means
  const apart = openApart(crew, method.groups, room)
  const workers = workersOf(crew.worker, crew.size, means.workers).map(number => createWorker(number, learning, method, criterion))
  const told = learning.room(room.workers.room.size)
  for (const worker of workers) {
    apart.board.read(worker.number, told)
    worker.vector.set(told.subarray(0, worker.vector.length))
    worker.steps = told.at(-1)!
  }
  const tell: Tell = ({ number, vector, steps }, loss, owed) => {
    told.set(vector)
    if (owed) takeOff(told, owed)
    told[told.length - 1] = steps
    apart.board.tell(number, { state: told, loss })
  }
  const encounters = hasCentre(method)
    ? createVisits({ method, apart, tell })
    : createElections({ means, constants: leaderConstants(spec.methods[0] as MethodOf<'lsgd'>), apart, tell })
  return { learning, apart, workers, encounters, steps }
}

/** Trains the workers of one thread to their ends, or until a loss is no finite number; yields whenever one has come by. */
export function * trainApartWith ({ learning, apart, workers, encounters, steps }: ApartPart): Generator<Worker, void> {
  while (!apart.isDiverged()) {
    const worker = workers.reduce((least, other) => other.steps < least.steps ? other : least)
    if (worker.steps >= steps) break
    const { number } = worker
    const count = Math.min(encounters.span(worker.steps), learning.pace, steps - worker.steps)
    const owed = encounters.takeOwed(number)
    worker.advance(count, encounters.pulls(number), owed && (vector => { takeOff(vector, owed) }))
    encounters.comeBy(worker, count)
    yield worker
  }
  apart.finish()
}

/** What a member does. */
export function followApart (member: Crew, shared: SharedApart, means: Means<Vector>): void {
  const own = trainApartWith(joinApart(member, shared, means))
  while (own.next().done !== true && !member.ended());
}
