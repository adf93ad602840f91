/**
 * Workers in step on a crew: every thread has the loop of sync.ts over its own workers, and all meet at the crew's barrier.
 * The numbers are those of one thread, to the bit. A thread that dies is the attempt's death. Next hop: member.ts.
 */
import type { Vector } from '../../../exchange/exchange.js'
import type { GatherRoom } from '../../../exchange/gather.js'
import type { Crew } from '../../contract.js'
import { openPart, roomOf, type Means } from '../part.js'
import { beginTogether, trainTogether, type Part, type Standing } from '../sync.js'
import { meansOf, type TrialState } from '../trial-state.js'
import { memberEntry, sharedOf, threadsOf, type SharedTrial } from './shared.js'

/** What the threads of a trial in step have in common. */
export interface SharedInStep extends SharedTrial {
  room: GatherRoom
  /** where the training goes on; undefined: at its beginning */
  standing: Standing<Vector> | undefined
}

/** Opens the crew. @returns the part of the trial's own thread */
export function openCrewInStep (trial: TrialState, standing: Standing<Vector> | undefined): Part<Vector> {
  const means = meansOf(trial)
  const shared: SharedInStep = { ...sharedOf(trial), room: roomOf(means, true), standing }
  return join(trial.context.crew(threadsOf(trial.spec), memberEntry('trainInStep'), shared), shared, means)
}

function join ({ size: threads, worker: thread, barrier }: Crew, { room }: SharedInStep, means: Means<Vector>): Part<Vector> {
  return openPart(means, room, { barrier, thread, threads })
}

/** What a member does: the same as the trial's own thread, but nobody looks. */
export function followInStep (member: Crew, shared: SharedInStep, means: Means<Vector>): void {
  const part = join(member, shared, means)
  const meetings = trainTogether(part, shared.standing ?? beginTogether(part))
  while (meetings.next().done !== true);
}
