/** Crews for runs that a test drives in its own thread: members are plain threads, the test's thread is worker 0. */
import { Worker } from 'node:worker_threads'
import type { RunContext } from '../../src/algorithms/contract.js'
import type { Failure } from '../../src/errors.js'
import { breakCrew, createCrewWords, endCrew, loseMember, viewCrew } from '../../src/jobs/crew.js'
import type { MemberTask } from '../../src/jobs/crew-thread.js'
import { createLoadLock } from '../../src/tensor/load-lock.js'
import type { Dying } from './dying-member.js'

const deadlineMs = 60_000

export interface TestCrews {
  crew: RunContext['crew']
  /** Waits until the thread of a member of the last crew is gone; its crew breaks, or goes on. */
  gone: (worker: number) => Promise<void>
  /** @throws Error when a member failed */
  close: () => Promise<void>
}

export interface TestCrewOptions {
  seed: number
  /** the most that a crew may have */
  slots: number
  /** of the members' engines, which have as many threads as that of this process */
  backend?: MemberTask['backend'] | undefined
  /** a member whose thread ends when it has looked so often whether the trial has */
  dies?: { worker: number, looks: number } | undefined
}

export function openTestCrews ({ seed, slots, backend = 'wasm', dies }: TestCrewOptions): TestCrews {
  const crews: SharedArrayBuffer[] = []
  const members: Promise<unknown>[] = []
  const loadLock = createLoadLock()
  let failure: Failure | undefined
  let exits: Promise<unknown>[] = []

  return {
    crew (size, entry, shared, { ifLost = 'break' } = {}) {
      if (size > slots) throw new Error(`A crew must be 1 .. ${slots}, got ${size}`)
      const words = createCrewWords()
      crews.push(words)
      exits = Array.from({ length: size - 1 }, async (_, i) => {
        const worker = i + 1
        const threads = Number(process.env.TF_NUM_INTRAOP_THREADS ?? 1)
        const task: MemberTask = { seed, backend, threads, worker, size, entry, shared, words, deadlineMs }
        if (dies?.worker === worker) {
          task.entry = { module: new URL('./dying-member.js', import.meta.url).href, export: 'dies' }
          task.shared = { entry, shared, looks: dies.looks } satisfies Dying
        }
        const thread = new Worker(new URL('./crew-member.js', import.meta.url), { workerData: { task, loadLock } })
        thread.once('message', (told: Failure) => { failure ??= told })
        const code = await new Promise(resolve => { thread.once('exit', resolve) })
        if (code === 0) return
        if (ifLost === 'go on') loseMember(words, worker)
        else breakCrew(words)
      })
      members.push(...exits)
      return viewCrew(words, { size, worker: 0, deadlineMs })
    },
    gone: async worker => { await exits[worker - 1] },
    async close () {
      crews.forEach(endCrew)
      await Promise.all(members)
      if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`)
    }
  }
}
