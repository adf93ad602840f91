/** How much work a trial is, in steps of a worker: what its progress counts. Pure. */
import { armOf } from './arms.js'
import type { LeaderSpec } from './spec.js'

/** Steps of all workers, in all trainings of a trial. @param spec of one method */
export function stepsOf (spec: LeaderSpec): number {
  const { workers } = armOf(spec, spec.methods[0]!)
  return workers * spec.steps * repeatsOf(spec)
}

/** Trainings of a trial: more than one for sinc from random starts alone. */
export function repeatsOf ({ problem }: Pick<LeaderSpec, 'problem'>): number {
  return problem.type === 'sinc' && problem.starts.type === 'random' ? problem.starts.repeats : 1
}
