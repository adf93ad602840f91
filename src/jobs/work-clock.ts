/** How long a trial has worked: a clock that runs while its run does. */

export interface WorkClock {
  /** seconds of all attempts together */
  secondsUsed (): number
  /** Says whether the run works from now on. */
  run (isAtWork: boolean): void
}

/**
 * Makes a clock that stands.
 * @param usedBefore seconds of the attempts before
 * @param now        milliseconds, only forward
 */
export function createWorkClock (usedBefore: number, now: () => number = () => performance.now()): WorkClock {
  let seconds = usedBefore
  let since: number | undefined
  const running = (): number => since === undefined ? 0 : (now() - since) / 1000
  return {
    secondsUsed: () => seconds + running(),
    run (isAtWork) {
      seconds += running()
      since = isAtWork ? now() : undefined
    }
  }
}
