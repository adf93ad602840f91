/**
 * Where a trial's thread gets its crew: starts the members in threads of the same pool, and tells everybody when one of
 * them ends. On the executor's main thread, which sees a thread die while the others sleep at a barrier.
 */
import type { Piscina } from 'piscina'
import type { Failure } from '../errors.js'
import { breakCrew, endCrew, loseMember, type CrewRequest } from './crew.js'
import type { MemberTask } from './crew-thread.js'

export interface CrewDesk {
  /** Starts the members that a trial's thread asked for; none when it has ended meanwhile: its end may overtake its request. */
  open (request: CrewRequest): void
  /**
   * Lets the members go, those that do not by force after the time, and waits until none works.
   * @returns how the crew broke, if it did, and whether a thread of it ended that had not finished: by force, or by itself
   */
  close (graceMs: number): Promise<{ broke: Broke | undefined, died: boolean }>
}

/** failure: a member's code threw; death: its thread ended without a word, as the trial's own thread may. */
export type Broke = { type: 'failure', failure: Failure } | { type: 'death', how: string }

/** @param task what every member is given beside the request @param signal ends their threads */
export function openCrewDesk (
  threads: Piscina, task: Pick<MemberTask, 'seed' | 'backend' | 'threads' | 'deadlineMs'>, signal: AbortSignal
): CrewDesk {
  const force = new AbortController()
  const members: Promise<void>[] = []
  let words: SharedArrayBuffer | undefined
  let broke: Broke | undefined
  let isClosed = false
  let died = false

  async function run (request: CrewRequest, worker: number): Promise<void> {
    const { size, entry, shared } = request
    const { seed, backend, threads: tensorThreads, deadlineMs } = task
    const member: MemberTask = { seed, backend, threads: tensorThreads, deadlineMs, size, entry, shared, worker, words: request.words }
    let end: Broke | undefined
    try {
      const failure = await threads.run(member, { name: 'joinCrew', signal: AbortSignal.any([signal, force.signal]) }) as Failure | undefined
      if (failure !== undefined) end = { type: 'failure', failure }
    } catch (error) {
      died = true
      if (request.ifLost === 'go on') return loseMember(request.words, worker)
      end = { type: 'death', how: `a thread of its crew ended: ${(error as Error).message}` }
    }
    if (end === undefined) return
    broke ??= end
    breakCrew(request.words)
  }

  return {
    open (request) {
      if (isClosed) return endCrew(request.words)
      words = request.words
      for (let worker = 1; worker < request.size; worker++) members.push(run(request, worker))
    },
    async close (graceMs) {
      isClosed = true
      if (words !== undefined) endCrew(words)
      const timer = setTimeout(() => { force.abort() }, graceMs)
      await Promise.all(members)
      clearTimeout(timer)
      return { broke: force.signal.aborted ? undefined : broke, died }
    }
  }
}
