/** How quick training is, what comes between its steps left out. */

export interface Stopwatch {
  /** Says that a step has been made. */
  lap (): void
  /** Median seconds between two steps since the last call; undefined before there are two. */
  read (): number | undefined
}

/**
 * Makes a stopwatch. The median is that of a usual step: not of one that was compiled first, or had a snapshot before it.
 * @param clock seconds
 */
export function createStopwatch (clock: () => number): Stopwatch {
  let last: number | undefined
  let laps: number[] = []
  return {
    lap () {
      const now = clock()
      if (last !== undefined) laps.push(now - last)
      last = now
    },
    read () {
      const found = laps.sort((a, b) => a - b)[laps.length >> 1]
      last = undefined
      laps = []
      return found
    }
  }
}
