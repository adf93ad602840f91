/**
 * Workers in step over memory that their threads share. Exchanges use the two copies of the room in turn: who is quick may
 * tell for the next exchange while others still read this one, and only after the next barrier, which all must reach, does
 * anybody write over it. So there is one barrier for each exchange, and one more where all compose a vector, of which there
 * are two as well. A thread alone has a barrier that does nothing.
 */
import type { Gather, Told, Vector } from './exchange.js'
import { makeRoom, stateIn, write, type Room } from './room.js'

/** What the threads of a gather have in common. */
export interface GatherRoom<V extends Vector = Vector> {
  room: Room<V>
  /** [2, numbers of what all compose] */
  composed: V
}

/** Which of the threads looks, and how it waits until all have come. */
export interface GatherPlace { barrier: () => void, thread: number, threads: number }

/** The place of a thread that waits for nobody. */
export const alone: GatherPlace = { barrier () {}, thread: 0, threads: 1 }

/** Where a part begins: no two threads write the same line of a cache, which has 64 bytes. */
const LINE = 16

/**
 * Makes the room.
 * @param make     gives a vector of zeros; in shared memory when threads are to have it
 * @param composed numbers of what all compose; 0 when they never do
 */
export function makeGatherRoom<V extends Vector> (
  make: (length: number) => V, { workers, size, composed }: { workers: number, size: number, composed: number }
): GatherRoom<V> {
  return { room: makeRoom(make, { workers, size }), composed: make(2 * composed) }
}

/** Opens one thread's view. All threads must open theirs before the first exchange. */
export function openGather<V extends Vector> (
  { room, composed }: GatherRoom<V>, { barrier, thread, threads }: GatherPlace = alone
): Gather<V> {
  const { workers, losses } = room
  const states = [0, 1].map(copy => Array.from({ length: workers }, (_, worker) => stateIn(room, copy, worker)))
  const length = composed.length / 2
  const wholes = [0, 1].map(copy => composed.subarray(copy * length, (copy + 1) * length) as V)
  const share = Math.ceil(length / (threads * LINE)) * LINE
  const [from, to] = [thread, thread + 1].map(part => Math.min(part * share, length)) as [number, number]
  let [copy, whole] = [0, 0]

  return {
    workers,
    tell (worker, told) {
      write(room, copy, worker, told)
    },
    meet (): readonly Told<V>[] {
      barrier()
      const met = copy
      copy = 1 - copy
      return states[met]!.map((state, worker) => ({ state, loss: losses[met * workers + worker]! }))
    },
    compose (make) {
      const made = wholes[whole]!
      whole = 1 - whole
      make(made.subarray(from, to) as V, from)
      barrier()
      return made
    }
  }
}
