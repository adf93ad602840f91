/**
 * Workers in step over memory that their threads share. Exchanges use the two copies of the room in turn: who is quick may
 * tell for the next exchange while others still read this one, and only after the next barrier, which all must reach, does
 * anybody write over it. So there is one barrier for each exchange. A thread alone has a barrier that does nothing.
 */
import type { Gather, Told, Vector } from './exchange.js'
import { stateIn, write, type Room } from './room.js'

/** Opens one thread's view. All threads must open theirs before the first exchange. @param barrier waits until all have come */
export function openGather<V extends Vector> (room: Room<V>, barrier: () => void): Gather<V> {
  const { workers, losses } = room
  const states = [0, 1].map(copy => Array.from({ length: workers }, (_, worker) => stateIn(room, copy, worker)))
  let copy = 0

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
    }
  }
}
