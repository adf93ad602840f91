/** A thread's part of a training in step: all of it where there is one thread, otherwise every so manieth worker. */
import type { Vector } from '../../exchange/exchange.js'
import { alone, makeGatherRoom, openGather, type GatherPlace, type GatherRoom } from '../../exchange/gather.js'
import type { Calendar } from './calendar.js'
import type { Learning } from './learning.js'
import type { Method } from './methods/method.js'
import type { LeaderCriterion } from './methods/spec.js'
import type { Part } from './sync.js'
import { createWorker, vectorSize } from './workers.js'

/** What a thread runs workers with. */
export interface Means<V extends Vector> {
  learning: Learning<V>
  method: Method<V>
  criterion: LeaderCriterion
  calendar: Calendar
  /** of all threads together */
  workers: number
  /** of every worker */
  steps: number
}

/** Makes the room in which workers in step tell. */
export function roomOf<V extends Vector> ({ learning, method, criterion, workers }: Means<V>, isShared: boolean): GatherRoom<V> {
  return makeGatherRoom(
    length => learning.room(length, isShared), { workers, size: vectorSize(learning, method, criterion), composed: method.composed }
  )
}

/** Opens one thread's part: worker i is of thread i mod threads. */
export function openPart<V extends Vector> (means: Means<V>, room: GatherRoom<V>, place: GatherPlace): Part<V> {
  const { learning, method, criterion, calendar, workers, steps } = means
  return {
    learning,
    method,
    calendar,
    steps,
    gather: openGather(room, place),
    workers: workersOf(place.thread, place.threads, workers).map(worker => createWorker(worker, learning, method, criterion))
  }
}

/** A part that is all of it. */
export function openWhole<V extends Vector> (means: Means<V>): Part<V> {
  return openPart(means, roomOf(means, false), alone)
}

/** The workers of a thread, in their order. */
export function workersOf (thread: number, threads: number, workers: number): number[] {
  return Array.from({ length: workers }, (_, worker) => worker).filter(worker => worker % threads === thread)
}
