/**
 * What the threads of a trial in mode async have in common, in shared memory: where each worker is, the centre or the leaders
 * that were elected last, and what is to be counted. What a worker tells is its vector, and after that its completed steps.
 */
import type { Noticeboard, Vector } from '../../../exchange/exchange.js'
import { makeNoticeboardRoom, openNoticeboard, type NoticeboardRoom } from '../../../exchange/noticeboard.js'
import type { Crew } from '../../contract.js'
import { hasCentre } from '../methods/index.js'
import type { Means } from '../part.js'
import { vectorSize } from '../workers.js'

/** The memory. */
export interface ApartRoom {
  workers: NoticeboardRoom
  /** of one teller, whoever elected: copies of the leaders [groups + 1, weights], and 1 where that of all pulls too */
  leaders: NoticeboardRoom
  /** of every election: steps of all, leader of all, leaders of the groups */
  elections: Int32Array
  /** by worker: steps of all between what it was pulled towards and its pulls, and how many pulls, or visits to a centre */
  staleness: Float64Array
  /** elections that were made; whether a loss is no finite number; by thread, whether its workers have made all their steps */
  words: Int32Array
}

const ELECTED = 0
const DIVERGED = 1
const FINISHED = 2

/** What a thread sleeps that has nothing more to do, before it looks where the others are. */
const MOMENT_MS = 20

/** Makes the memory. @param left steps that a worker has still to make at most */
export function makeApartRoom ({ workers, learning, method, criterion }: Means<Vector>, left: number, threads: number): ApartRoom {
  const make = (length: number): Vector => learning.room(length, true)
  const { weights } = learning
  const [centre, leaders, elections] = hasCentre(method)
    ? [weights, 0, 0]
    : [0, (method.groups + 1) * weights + 1, Math.ceil(left / method.period) + 1]
  return {
    workers: makeNoticeboardRoom(make, { workers, size: vectorSize(learning, method, criterion) + 1, shared: centre }),
    leaders: makeNoticeboardRoom(make, { workers: 1, size: leaders, shared: 0 }),
    elections: new Int32Array(new SharedArrayBuffer(4 * electionWidth(method.groups) * elections)),
    staleness: new Float64Array(new SharedArrayBuffer(8 * 2 * workers)),
    words: new Int32Array(new SharedArrayBuffer(4 * (FINISHED + threads)))
  }
}

/** An election, as it is counted. */
export interface Elected { total: number, all: number, groups: readonly number[] }

const electionWidth = (groups: number): number => 2 + groups

/** One thread's view. */
export interface Apart {
  board: Noticeboard
  leaders: Noticeboard
  /** whether the thread of a worker is gone */
  isLost: (worker: number) => boolean
  /** Notes an election; by one thread at a time. */
  noteElection: (elected: Elected) => void
  /** Elections from the n-th on. */
  electionsFrom: (n: number) => Elected[]
  /** Notes a pull or a visit of one of the thread's own workers. */
  noteStaleness: (worker: number, steps: number) => void
  stalenessOf: (worker: number) => { sum: number, count: number }
  diverge: () => void
  isDiverged: () => boolean
  finish: () => void
  /** Whether a thread has nothing more to do: it has finished, or is gone. */
  isDone: (thread: number) => boolean
  /** Sleeps until a thread has finished, or for a moment. */
  awaitDone: (thread: number) => void
}

/** Opens a thread's view. */
export function openApart ({ size: threads, worker: thread, isLost }: Crew, groups: number, room: ApartRoom): Apart {
  const place = { thread, isLost }
  const { elections, staleness, words } = room
  const width = electionWidth(groups)
  return {
    board: openNoticeboard(room.workers, place),
    leaders: openNoticeboard(room.leaders, place),
    isLost: worker => isLost(worker % threads),
    noteElection ({ total, all, groups }) {
      const n = Atomics.load(words, ELECTED)
      elections.set([total, all, ...groups], n * width)
      Atomics.store(words, ELECTED, n + 1)
    },
    electionsFrom: from => Array.from({ length: Atomics.load(words, ELECTED) - from }, (_, k) => {
      const [total = 0, all = 0, ...groups] = elections.subarray((from + k) * width, (from + k + 1) * width)
      return { total, all, groups }
    }),
    noteStaleness (worker, steps) {
      staleness[2 * worker]! += steps
      staleness[2 * worker + 1]!++
    },
    stalenessOf: worker => ({ sum: staleness[2 * worker]!, count: staleness[2 * worker + 1]! }),
    diverge () { Atomics.store(words, DIVERGED, 1) },
    isDiverged: () => Atomics.load(words, DIVERGED) === 1,
    finish () {
      Atomics.store(words, FINISHED + thread, 1)
      Atomics.notify(words, FINISHED + thread)
    },
    isDone: other => Atomics.load(words, FINISHED + other) === 1 || isLost(other),
    awaitDone (other) { Atomics.wait(words, FINISHED + other, 0, MOMENT_MS) }
  }
}
