/**
 * How many threads the uploads of a process hold together: as many as the machine has cores. A count for each of them in
 * shared memory, which its own thread changes; who gave a share takes it back, and with it what a thread that died held.
 */
import { availableParallelism } from 'node:os'

/** The share of one upload; it goes to its thread. */
export interface CoreShare {
  /** Int32 for each upload: threads that it holds, 0 where there is none */
  held: SharedArrayBuffer
  /** place of this one */
  place: number
  cores: number
}

export interface Cores {
  /** Gives a share to an upload that begins: its own thread counts. */
  take (): CoreShare
  /** Takes it back when the upload has ended, however it did. */
  giveBack (share: CoreShare): void
}

/** Makes shares. @param most  uploads at the same time */
export function createCores (most: number, cores = availableParallelism()): Cores {
  const held = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * most)
  const counts = new Int32Array(held)
  const free = Array.from({ length: most }, (_, place) => place)
  return {
    take () {
      const place = free.pop()
      if (place === undefined) throw new Error(`There must be at most ${most} uploads at the same time, got more`)
      Atomics.store(counts, place, 1)
      return { held, place, cores }
    },
    giveBack ({ place }) {
      Atomics.store(counts, place, 0)
      free.push(place)
    }
  }
}

/** Counts one more thread of an upload, if there is a core for it. Of two that ask at the same moment none may get it. */
export function holdThread ({ held, place, cores }: CoreShare): boolean {
  const counts = new Int32Array(held)
  Atomics.add(counts, place, 1)
  if (countHeld(counts) <= cores) return true
  Atomics.sub(counts, place, 1)
  return false
}

/** Counts one less. */
export function releaseThread ({ held, place }: CoreShare): void {
  Atomics.sub(new Int32Array(held), place, 1)
}

/** Says whether an upload that came later lacks a core: then those that hold several threads end one. */
export function isCrowded ({ held, cores }: CoreShare): boolean {
  return countHeld(new Int32Array(held)) > cores
}

function countHeld (counts: Int32Array): number {
  return counts.reduce((sum, _, place) => sum + Atomics.load(counts, place), 0)
}
