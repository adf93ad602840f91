/**
 * Ends the streams of those who may read no longer: a key is revoked, a session ends or expires while a stream is open.
 * It looks by the clock and knows nothing of what the streams do, so that neither a long replay nor a client that does
 * not read puts it off.
 */
import type { Principal } from '../../storage/keys.js'

/** Those who were let in. */
export interface Admissions {
  /** Watches over one. @param expel called once when they may stay no longer @returns a function that ends the watch */
  admit (principal: Principal, expel: () => void): () => void
  close (): void
}

export interface AdmissionOptions {
  /** those of the given who may stay no longer */
  findExpelled: (principals: Principal[]) => Promise<Principal[]>
  checkEveryMs: number
  onError: (error: unknown) => void
}

/** Starts to look; all streams of the process are one question to the database. */
export function createAdmissions ({ findExpelled, checkEveryMs, onError }: AdmissionOptions): Admissions {
  /** by request: each has a principal of its own */
  const admitted = new Map<Principal, () => void>()
  let isLooking = false
  const timer = setInterval(() => { void look() }, checkEveryMs).unref()

  async function look (): Promise<void> {
    if (isLooking || admitted.size === 0) return
    isLooking = true
    try {
      for (const principal of await findExpelled([...admitted.keys()])) admitted.get(principal)?.()
    } catch (error) {
      onError(error) // the database is away: nobody can revoke anything either
    } finally {
      isLooking = false
    }
  }

  return {
    admit (principal, expel) {
      admitted.set(principal, expel)
      return () => { admitted.delete(principal) }
    },
    close: () => { clearInterval(timer) }
  }
}
