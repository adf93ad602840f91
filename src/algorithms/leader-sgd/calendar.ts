/**
 * When workers in step meet: at exchanges, where something is to be looked at, and so often that a run can be left every
 * second. Meetings that are no exchange change nothing.
 */

export interface Calendar {
  /** The step of the meeting after one at `step`. */
  next (step: number): number
  isLook (step: number): boolean
  isExchange (step: number): boolean
  /** Whether a run may be left there. */
  isBoundary (step: number): boolean
}

/** @param of.pace steps between boundaries at most; .period between exchanges; .looks further steps, the last one among them */
export function createCalendar (
  { steps, period, pace, looks }: { steps: number, period: number, pace: number, looks: readonly number[] }
): Calendar {
  const looked = new Uint8Array(steps + 1)
  for (const step of looks) looked[step] = 1
  const nextLook = new Uint32Array(steps) // of every step: one is asked for at each, and there are a million at most
  for (let step = steps - 1, next = steps; step >= 0; step--) {
    nextLook[step] = next
    if (looked[step]) next = step
  }
  const nextMultiple = (step: number, of: number) => of === Infinity ? steps : (Math.floor(step / of) + 1) * of
  return {
    next: step => Math.min(nextLook[step]!, nextMultiple(step, period), nextMultiple(step, pace)),
    isLook: step => looked[step] === 1,
    isExchange: step => step > 0 && step % period === 0,
    isBoundary: step => looked[step] === 1 || step % pace === 0
  }
}

/** Steps evenly spread from 0 to the last one, both among them. @param count  pieces */
export function evenly (steps: number, count: number): number[] {
  return Array.from({ length: Math.min(steps, count) + 1 }, (_, k) => Math.round(k * steps / Math.min(steps, count)))
}

/** Steps evenly spread on a logarithmic axis, from 1 on. */
export function logarithmically (steps: number, count: number): number[] {
  return [...new Set(Array.from({ length: count + 1 }, (_, k) => Math.round(steps ** (k / count))))]
}
