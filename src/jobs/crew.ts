/**
 * Several threads that work on one trial: the words in shared memory that they meet by, and each thread's view of them.
 * Worker 0 is the trial's own thread, which alone yields events; the others share typed arrays with it and nothing else.
 * They wait for each other at barriers only, never for ever: a crew that is broken or ended wakes whoever waits, and so does
 * one that has lost a member and goes on, for it has nobody to wait for.
 * Next hops: crew-desk.ts starts the members, trial-thread.ts opens the crew.
 */
import { MAX_CREW, type Crew, type CrewEntry, type CrewOptions } from '../algorithms/contract.js'
import { AppError } from '../errors.js'

/** Where each word lies in the Int32Array. */
const STATE = 0
const ARRIVED = 1
const ROUND = 2
/** From here on a word for each worker: 1 when its thread is gone, in a crew that goes on without it. */
const LOST = 3
const WORDS = LOST + MAX_CREW

/** What STATE may be. */
const AT_WORK = 0
const BROKEN = 1
const ENDED = 2

/** Waking a thread takes some 50 µs: members that come at about the same time meet without sleeping. */
const SPINS = 2000

/** What a trial's thread asks the executor's main thread for. */
export interface CrewRequest {
  type: 'crew'
  size: number
  entry: CrewEntry
  /** typed arrays over shared memory, in plain objects */
  shared: unknown
  words: SharedArrayBuffer
  ifLost: NonNullable<CrewOptions['ifLost']>
}

/** Thrown out of a member's work when the trial needs it no more: the end of a member, not a failure. */
export class CrewEnded extends Error {
  override readonly name = 'CrewEnded'
}

/** Makes the words of one crew. */
export function createCrewWords (): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS * 4)
}

/** Which of a crew's threads looks, and how long it waits for the others at a barrier. */
export interface CrewPlace { size: number, worker: number, deadlineMs: number }

/** Opens one worker's view. */
export function viewCrew (memory: SharedArrayBuffer, { size, worker, deadlineMs }: CrewPlace): Crew {
  const words = new Int32Array(memory)

  const isLost = (other: number): boolean => Atomics.load(words, LOST + other) === 1

  function hasLost (): boolean {
    for (let other = 0; other < size; other++) if (isLost(other)) return true
    return false
  }

  function check (): void {
    const state = Atomics.load(words, STATE)
    if (state === BROKEN || hasLost()) throw new AppError('crew_broken', `worker ${worker} of ${size} needs all the others, and one of them ended`)
    if (state === ENDED) throw new CrewEnded('the trial has ended')
  }

  /** Waits until the round is over. @returns false when the time is */
  function sleep (round: number): boolean {
    const isOver = (): boolean => Atomics.load(words, ROUND) !== round
    for (let spins = 0; spins < SPINS; spins++) if (isOver()) return true
    const deadline = performance.now() + deadlineMs
    while (!isOver()) {
      const left = deadline - performance.now()
      if (left <= 0) return false
      // A wake-up proves nothing: that of the round before may come after this thread has fallen asleep again.
      Atomics.wait(words, ROUND, round, left)
    }
    return true
  }

  return {
    size,
    worker,
    barrier () {
      check()
      const round = Atomics.load(words, ROUND)
      if (Atomics.add(words, ARRIVED, 1) + 1 === size) {
        Atomics.store(words, ARRIVED, 0)
        turn(words)
      } else if (!sleep(round)) {
        breakCrew(memory)
        throw new AppError('hung', `worker ${worker} of ${size} waited ${deadlineMs / 1000} s at a barrier for the others`)
      }
      check()
    },
    isLost,
    ended: () => Atomics.load(words, STATE) !== AT_WORK
  }
}

/** Says that a member is gone, and wakes those that wait for it. */
export function breakCrew (memory: SharedArrayBuffer): void {
  leave(memory, BROKEN)
}

/** Says that a member is gone without which the others go on, and wakes those that wait for it all the same. */
export function loseMember (memory: SharedArrayBuffer, worker: number): void {
  const words = new Int32Array(memory)
  Atomics.store(words, LOST + worker, 1)
  turn(words)
}

/** Says that the trial needs its members no more, and wakes those that wait. */
export function endCrew (memory: SharedArrayBuffer): void {
  leave(memory, ENDED)
}

function leave (memory: SharedArrayBuffer, state: number): void {
  const words = new Int32Array(memory)
  if (Atomics.compareExchange(words, STATE, AT_WORK, state) === AT_WORK) turn(words)
}

/** The round's number is what threads wait on: who looked before it changed does not fall asleep after. */
function turn (words: Int32Array): void {
  Atomics.add(words, ROUND, 1)
  Atomics.notify(words, ROUND)
}
