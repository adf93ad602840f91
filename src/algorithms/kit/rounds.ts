/**
 * How a trial's own thread tells the others of its crew that there is something to do: by the first of some words of shared
 * memory, which counts rounds. What is to be done is written before; all meet at a barrier when it is done.
 */

/** How often threads that wait look whether there is nothing more to do. */
const LOOK_MS = 100

/** Begins a round: threads that wait for it wake. */
export function beginRound (words: Int32Array): void {
  Atomics.add(words, 0, 1)
  Atomics.notify(words, 0)
}

/**
 * Waits for another round than the last, for as long as it takes: a network may be trained between two of them, and no barrier
 * waits so long. @returns 0 when it ended
 */
export function awaitRound (words: Int32Array, last: number, ended: () => boolean): number {
  for (;;) {
    const round = Atomics.load(words, 0)
    if (round !== last) return round
    if (ended()) return 0
    Atomics.wait(words, 0, last, LOOK_MS)
  }
}
