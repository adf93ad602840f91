/**
 * Something that changes again and again, for those who wait until it is as they want. A signal carries no state: who
 * waits looks at the state itself, waits, and looks again, so that no change can be missed and no waiter forgotten.
 */

/** A way to wait for the next change. */
export interface Signal {
  /** Resolves at the next change. */
  wait (): Promise<void>
  /** Wakes all who wait. */
  give (): void
}

/** Makes a signal. */
export function createSignal (): Signal {
  let waiting: (() => void)[] = []
  return {
    wait: () => new Promise(resolve => { waiting.push(resolve) }),
    give () {
      const woken = waiting
      waiting = []
      for (const wake of woken) wake()
    }
  }
}
