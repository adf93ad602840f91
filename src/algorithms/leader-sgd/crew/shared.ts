/** What a member of a crew is given, and what it opens of it: the same as the trial's own thread, less what that looks with. */
import type { Vector } from '../../../exchange/exchange.js'
import type { CrewEntry, CrewMember } from '../../contract.js'
import { armOf } from '../arms.js'
import type { Learning } from '../learning.js'
import { createMethod, criterionOf } from '../methods/index.js'
import type { Means } from '../part.js'
import { openAnalytic } from '../problems/open.js'
import { networkTaskOf, openNetworkLearning } from '../problems/open-network.js'
import type { NetworkTask } from '../problems/network-task.js'
import type { LeaderSpec } from '../spec.js'
import { calendarOf, type TrialState } from '../trial-state.js'

/** Plain objects and typed arrays: what every thread needs to know of a trial. */
export interface SharedTrial {
  spec: LeaderSpec
  /** what a network learns from; undefined of what has a closed form */
  task: NetworkTask | undefined
}

/** What the members of a trial's crew are told of it. */
export function sharedOf ({ spec, context }: Pick<TrialState, 'spec' | 'context'>): SharedTrial {
  return { spec, task: spec.problem.type === 'network' ? networkTaskOf(spec, context) : undefined }
}

/** How many threads a trial has: never more than workers. @param spec of one method */
export function threadsOf (spec: LeaderSpec): number {
  const { workers } = armOf(spec, spec.methods[0]!)
  return spec.execution.type === 'parallel' ? Math.min(spec.execution.threads, workers) : 1
}

/** A function of member.ts. */
export function memberEntry (name: string): CrewEntry {
  return { module: new URL('./member.js', import.meta.url).href, export: name }
}

/** Opens what a member runs its workers with. */
export async function openMeans ({ random, engine }: CrewMember, { spec, task }: SharedTrial): Promise<Means<Vector>> {
  const { method: methodSpec, workers } = armOf(spec, spec.methods[0]!)
  const learning = (task === undefined
    ? openAnalytic(spec, random).learning
    : openNetworkLearning(await engine(), task, spec, random)) as Learning
  const method = createMethod(methodSpec, { workers, learning })
  return { learning, method, criterion: criterionOf(methodSpec), calendar: calendarOf(spec, learning, method), workers, steps: spec.steps }
}
