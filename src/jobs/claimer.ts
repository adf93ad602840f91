/** Looks for work for one lane: each lane has its own, so that one that waits for the database keeps no other waiting. */
import type { Claimed } from '../storage/claims.js'
import type { Lane } from './lane.js'

export interface Claimer {
  /** Looks now; a call while it looks makes it look once more. */
  wake (): void
  /** Looks no more, and waits until a look that is under way is over. */
  stop (): Promise<void>
}

/** Makes the claimer of a lane. claim gives the next trial, if there is one; errors are reported, the next wake tries again. */
export function openClaimer (
  lane: Pick<Lane, 'freeSlots' | 'run'>, claim: () => Promise<Claimed | undefined>, onError: (error: Error) => void
): Claimer {
  let looking: Promise<void> | undefined
  let again = false
  let stopped = false

  async function look (): Promise<void> {
    while (again && !stopped) {
      again = false
      while (!stopped && lane.freeSlots() > 0) {
        const trial = await claim()
        if (trial === undefined) break
        await lane.run(trial)
      }
    }
  }

  return {
    wake () {
      again = true
      looking ??= look().catch(onError).finally(() => { looking = undefined })
    },
    async stop () {
      stopped = true
      await looking
    }
  }
}
