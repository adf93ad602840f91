/** Crews for runs that a test drives in its own thread: members are plain threads, the test's thread is worker 0. */
import { Worker } from 'node:worker_threads'
import type { RunContext } from '../../src/algorithms/contract.js'
import { createCrewWords, endCrew, viewCrew } from '../../src/jobs/crew.js'
import type { MemberTask } from '../../src/jobs/crew-thread.js'
import { createLoadLock } from '../../src/tensor/load-lock.js'

const deadlineMs = 60_000

/** @param slots the most that a crew may have */
export function openTestCrews (seed: number, slots: number): { crew: RunContext['crew'], close: () => Promise<void> } {
  const words: SharedArrayBuffer[] = []
  const members: Promise<unknown>[] = []
  return {
    crew (size, entry, shared) {
      if (size > slots) throw new Error(`A crew must be 1 .. ${slots}, got ${size}`)
      const own = createCrewWords()
      words.push(own)
      for (let worker = 1; worker < size; worker++) {
        const task: MemberTask = { seed, backend: 'wasm', threads: 1, worker, size, entry, shared, words: own, deadlineMs }
        const thread = new Worker(new URL('./crew-member.js', import.meta.url), { workerData: { task, loadLock: createLoadLock() } })
        members.push(new Promise(resolve => { thread.once('exit', resolve) }))
      }
      return viewCrew(own, { size, worker: 0, deadlineMs })
    },
    async close () {
      words.forEach(endCrew)
      await Promise.all(members)
    }
  }
}
