/** One member of a crew inside its thread: loads the kind's function for members, and tells how its work ended. */
import type { CrewEntry, CrewMember } from '../algorithms/contract.js'
import { toFailure, type Failure } from '../errors.js'
import { openStream } from '../math/random.js'
import { CrewEnded, viewCrew } from './crew.js'
import { threadEngine } from './thread-engine.js'

/** What a member is given. */
export interface MemberTask {
  /** the trial's */
  seed: number
  backend: 'auto' | 'tensorflow' | 'wasm'
  threads: number
  /** 1 .. size - 1 */
  worker: number
  size: number
  entry: CrewEntry
  shared: unknown
  words: SharedArrayBuffer
  /** how long it waits for the others at a barrier */
  deadlineMs: number
}

type Work = (member: CrewMember, shared: unknown) => void | Promise<void>

/** Works until the function returns or the trial ends. @returns what failed: errors lose their class on their way out */
export async function joinCrew (task: MemberTask): Promise<Failure | undefined> {
  try {
    const { [task.entry.export]: work } = await import(task.entry.module) as Record<string, Work | undefined>
    if (work === undefined) throw new Error(`${task.entry.module} must export ${task.entry.export}, the work of a crew's member`)
    await work({
      ...viewCrew(task.words, task),
      random: (purpose, ...keys) => openStream(task.seed, purpose, ...keys),
      engine: async () => await threadEngine(task.backend, task.threads)
    }, task.shared)
    return undefined
  } catch (error) {
    return error instanceof CrewEnded ? undefined : toFailure(error)
  }
}
