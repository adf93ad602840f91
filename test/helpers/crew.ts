/** Crews for runs that a test drives in its own thread: members are plain threads, the test's thread is worker 0. */
import { Worker } from 'node:worker_threads'
import type { RunContext } from '../../src/algorithms/contract.js'
import type { Failure } from '../../src/errors.js'
import { breakCrew, createCrewWords, endCrew, loseMember, viewCrew } from '../../src/jobs/crew.js'
import type { MemberTask } from '../../src/jobs/crew-thread.js'
import { createLoadLock } from '../../src/tensor/load-lock.js'

const deadlineMs = 60_000

export interface TestCrews {
  crew: RunContext['crew']
  /** Ends the thread of a member of the last crew, as memory that runs out does; its crew breaks, or goes on. */
  kill: (worker: number) => Promise<void>
  /** @throws Error when a member failed */
  close: () => Promise<void>
}

/** @param slots the most that a crew may have @param backend of the members' engines, which have as many threads as that of this process */
export function openTestCrews (seed: number, slots: number, backend: MemberTask['backend'] = 'wasm'): TestCrews {
  const crews: SharedArrayBuffer[] = []
  const members: Promise<unknown>[] = []
  const loadLock = createLoadLock()
  let failure: Failure | undefined
  let kill = async (_: number): Promise<void> => {}

  return {
    crew (size, entry, shared, { ifLost = 'break' } = {}) {
      if (size > slots) throw new Error(`A crew must be 1 .. ${slots}, got ${size}`)
      const words = createCrewWords()
      crews.push(words)
      const threads = Array.from({ length: size - 1 }, (_, i) => {
        const threads = Number(process.env.TF_NUM_INTRAOP_THREADS ?? 1)
        const task: MemberTask = { seed, backend, threads, worker: i + 1, size, entry, shared, words, deadlineMs }
        const thread = new Worker(new URL('./crew-member.js', import.meta.url), { workerData: { task, loadLock } })
        thread.once('message', (told: Failure) => { failure ??= told })
        members.push(new Promise(resolve => { thread.once('exit', resolve) }))
        return thread
      })
      kill = async worker => {
        await threads[worker - 1]!.terminate()
        if (ifLost === 'go on') loseMember(words, worker)
        else breakCrew(words)
      }
      return viewCrew(words, { size, worker: 0, deadlineMs })
    },
    kill: async worker => { await kill(worker) },
    async close () {
      crews.forEach(endCrew)
      await Promise.all(members)
      if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`)
    }
  }
}
