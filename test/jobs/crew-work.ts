/** What threads of crew.test.ts do: worker 0's side, and several ways to be a member. */
import type { CrewMember } from '../../src/algorithms/contract.js'
import { AppError, toFailure, type Failure } from '../../src/errors.js'
import { createCrewWords, viewCrew, type CrewRequest } from '../../src/jobs/crew.js'
import type { MessagePort } from 'node:worker_threads'

export { joinCrew } from '../../src/jobs/crew-thread.js'

/** Numbers that all see; rounds of work between barriers; here[0] is 1 when a member that comes to no barrier is at work. */
export interface Shared { sums: Float64Array, rounds: number, here: Int32Array }
/** awaits: whether worker 0 waits until such a member is at work */
export interface LeadTask {
  size: number
  member: string
  rounds: number
  deadlineMs: number
  awaits: boolean
  ifLost: CrewRequest['ifLost']
  port: MessagePort
}

/** Worker 0: opens a crew, works with it, and tells what the others left in the shared memory, or what went wrong. */
export default function lead (
  { size, member, rounds, deadlineMs, awaits, ifLost, port }: LeadTask
): { sums: number[] } | { failure: Failure, lost: boolean[] } {
  const shared: Shared = {
    sums: new Float64Array(new SharedArrayBuffer(8 * size)), rounds, here: new Int32Array(new SharedArrayBuffer(4))
  }
  const words = createCrewWords()
  const request: CrewRequest = { type: 'crew', size, entry: { module: import.meta.url, export: member }, shared, words, ifLost }
  port.postMessage(request)
  if (awaits) Atomics.wait(shared.here, 0, 0)
  const crew = viewCrew(words, { size, worker: 0, deadlineMs })
  try {
    work(crew, shared)
    return { sums: [...shared.sums] }
  } catch (error) {
    return { failure: toFailure(error), lost: Array.from({ length: size }, (_, worker) => crew.isLost(worker)) }
  }
}

/** Every worker adds up what all had one round before: right only if nobody runs ahead or lags behind. */
export function work ({ worker, size, barrier }: Pick<CrewMember, 'worker' | 'size' | 'barrier'>, { sums, rounds }: Shared): void {
  for (let round = 0; round < rounds; round++) {
    let sum = 1
    for (let other = 0; other < size; other++) sum += sums[other]!
    barrier()
    sums[worker] = sum % 1009
    barrier()
  }
}

export function throws (): void {
  throw new AppError('non_finite', 'the loss of worker 1 must stay finite, got NaN')
}

export function dies (): void {
  process.exit(3)
}

/** One goes on, the other's thread dies. */
export async function secondDies (member: CrewMember, shared: Shared): Promise<void> {
  if (member.worker === 2) dies()
  await polls(member, shared)
}

/** Comes to no barrier: works until it hears that the trial has ended. */
export async function polls ({ ended }: CrewMember, shared: Shared): Promise<void> {
  sayHere(shared)
  while (!ended()) await new Promise(resolve => { setImmediate(resolve) })
}

/** Hears nothing. */
export function isDeaf (_: CrewMember, shared: Shared): void {
  sayHere(shared)
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
}

function sayHere ({ here }: Shared): void {
  Atomics.store(here, 0, 1)
  Atomics.notify(here, 0)
}
