/**
 * Workers that wait for nobody, over memory that their threads share. Nothing here waits for a thread that is gone, and
 * what a thread left half done when it ended is not seen: what is told, and what all share, is written into the copy that
 * nobody is to read, and then takes the other's place.
 */
import type { Noticeboard, Vector } from './exchange.js'
import { makeRoom, stateIn, write, type Room } from './room.js'

/** Where each word lies in the Int32Array; after them is, of every worker, how often it has told something. */
const OWNER = 0
const SHARED_COPY = 1
const COUNT = 2
const TOLD = 3

/** How long somebody sleeps who waits for what all share before it looks whether the thread that has it is gone. */
const LOOK_MS = 5

/** What the threads of a noticeboard have in common. */
export interface NoticeboardRoom<V extends Vector = Vector> {
  room: Room<V>
  /** [2, numbers that all share] */
  shared: V
  words: Int32Array
}

/** Which thread looks, and what it hears of the others. */
export interface NoticeboardPlace {
  thread: number
  /** Whether a thread is gone, and writes nothing any more. */
  isLost: (thread: number) => boolean
}

/**
 * Makes the room.
 * @param make   gives a vector of zeros; in shared memory when threads are to have it
 * @param shared numbers of what all share; they begin as zeros
 */
export function makeNoticeboardRoom<V extends Vector> (
  make: (length: number) => V, { workers, size, shared }: { workers: number, size: number, shared: number }
): NoticeboardRoom<V> {
  return {
    room: makeRoom(make, { workers, size }),
    shared: make(2 * shared),
    words: new Int32Array(new SharedArrayBuffer(4 * (TOLD + workers)))
  }
}

/** Opens one thread's view. A worker is told for by one thread at a time. */
export function openNoticeboard<V extends Vector> (
  { room, shared, words }: NoticeboardRoom<V>, { thread, isLost }: NoticeboardPlace = { thread: 0, isLost: () => false }
): Noticeboard<V> {
  const size = shared.length / 2
  const copies = [0, 1].map(copy => shared.subarray(copy * size, (copy + 1) * size) as V)

  /** A word of 0 is nobody's, otherwise it is the thread's number + 1. */
  function take (): void {
    for (;;) {
      const owner = Atomics.compareExchange(words, OWNER, 0, thread + 1)
      if (owner === 0) return
      if (owner === thread + 1) throw new Error('share() must not be called from its own change')
      if (isLost(owner - 1) && Atomics.compareExchange(words, OWNER, owner, thread + 1) === owner) return
      Atomics.wait(words, OWNER, owner, LOOK_MS)
    }
  }

  function giveBack (): void {
    Atomics.store(words, OWNER, 0)
    Atomics.notify(words, OWNER, 1)
  }

  return {
    workers: room.workers,
    tell (worker, told) {
      // The copy that is written was read, if by anybody, before the count moved on from it: see read().
      write(room, (words[TOLD + worker]! + 1) & 1, worker, told)
      Atomics.add(words, TOLD + worker, 1)
    },
    read (worker, into) {
      for (;;) {
        const told = Atomics.load(words, TOLD + worker)
        if (told === 0) return undefined
        const copy = told & 1
        into.set(stateIn(room, copy, worker).subarray(0, into.length))
        const loss = room.losses[copy * room.workers + worker]!
        // By a change that changes nothing, and not by a look: a look may come before the copying that stands above it, a
        // change cannot, and if it finds the count as it was, the worker's next writing into this copy comes after it.
        if (Atomics.add(words, TOLD + worker, 0) === told) return loss
      }
    },
    share (change) {
      take()
      try {
        const current = words[SHARED_COPY]!
        const next = copies[1 - current]!
        next.set(copies[current]!)
        const made = change(next)
        Atomics.store(words, SHARED_COPY, 1 - current)
        return made
      } finally {
        giveBack()
      }
    },
    count: steps => Atomics.add(words, COUNT, steps) + steps
  }
}
