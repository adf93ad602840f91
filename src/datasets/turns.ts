/** Whose turn it is when many want to work and few may: in order of arrival, but no owner keeps the others from working. */

export interface Turns {
  /**
   * Waits for a turn.
   * @param signal  stops the waiting
   * @returns what ends the turn
   * @throws the signal's reason
   */
  take (owner: string, signal?: AbortSignal): Promise<() => void>
}

interface Waiting { owner: string, begin (): void }

/**
 * Makes turns. Who waits goes before who came later, unless the later one's owner has fewer turns under way.
 * @param max      turns at the same time
 * @param perOwner  turns of one owner at the same time: the rest is for others, who may come any moment
 */
export function createTurns (max: number, perOwner: number): Turns {
  const waiting: Waiting[] = []
  const running = new Map<string, number>()
  let total = 0

  const runningOf = (owner: string): number => running.get(owner) ?? 0

  function change (owner: string, by: 1 | -1): void {
    total += by
    const left = runningOf(owner) + by
    if (left === 0) running.delete(owner)
    else running.set(owner, left)
  }

  function beginNext (): void {
    const ready = waiting.filter(({ owner }) => runningOf(owner) < perOwner)
    if (total >= max || ready.length === 0) return
    const next = ready.reduce((best, one) => runningOf(one.owner) < runningOf(best.owner) ? one : best)
    waiting.splice(waiting.indexOf(next), 1)
    change(next.owner, 1)
    next.begin()
  }

  async function take (owner: string, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const entry: Waiting = { owner, begin () { signal?.removeEventListener('abort', leave); resolve() } }
      function leave (): void {
        waiting.splice(waiting.indexOf(entry), 1)
        reject(toError(signal?.reason))
      }
      signal?.addEventListener('abort', leave, { once: true })
      waiting.push(entry)
      beginNext()
    })
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      change(owner, -1)
      beginNext()
    }
  }

  return { take }
}

function toError (reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('no longer waited for', { cause: reason })
}
