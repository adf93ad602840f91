/** The finished trials of a report by arm, and what figures, tables and claims read of them. Pure. */
import type { FinishedTrial } from '../../contract.js'
import { armsOf, type Arm } from '../arms.js'
import type { LeaderResult, PointName } from '../result.js'
import type { LeaderSpec, metrics } from '../spec.js'

export type Trial = FinishedTrial<LeaderSpec, LeaderResult>
export type Finished = Trial & { result: LeaderResult }

/** An arm with what came of it, a trial per seed. */
export interface RanArm extends Arm { trials: Finished[] }

/** The arms that have trials, in the order of the spec; their trials by seed. */
export function ranArms (spec: LeaderSpec, trials: readonly Finished[]): RanArm[] {
  return armsOf(spec).flatMap(arm => {
    const own = trials.filter(({ definition }) => definition.arm === arm.name).sort((a, b) => a.definition.seed - b.definition.seed)
    return own.length === 0 ? [] : [{ ...arm, trials: own }]
  })
}

/** Arms of one method. */
export function ofType (arms: readonly RanArm[], type: Arm['method']['type']): RanArm[] {
  return arms.filter(({ method }) => method.type === type)
}

/** One of the points of a result; undefined where it has none of this name. */
export function pointOf ({ points }: LeaderResult, name: PointName): LeaderResult['points'][number] | undefined {
  return points.find(point => point.name === name)
}

/** The point that stands for the training. */
export function finalOf (result: LeaderResult): LeaderResult['points'][number] | undefined {
  return pointOf(result, result.final)
}

/** What is recorded of each point on the way: an average is the centre of methods that have no other. */
const recorded = {
  centre: { loss: 'centreLoss', error: 'centreError' },
  average: { loss: 'centreLoss', error: 'centreError' },
  reestimated: { loss: 'reestimatedLoss', error: 'reestimatedError' },
  leader: { loss: 'leaderLoss', error: 'leaderError' },
  worst: { loss: 'worstLoss', error: 'worstLoss' }
} as const satisfies Record<PointName, { loss: keyof typeof metrics, error: keyof typeof metrics }>

export interface Curve { steps: number[], values: number[] }

/** A recorded metric; empty where there is none. */
export function curveOf ({ metrics }: Trial, name: string): Curve {
  return metrics[name] ?? { steps: [], values: [] }
}

/** Loss or error of the final point on the way. */
export function finalCurve (trial: Finished, what: 'loss' | 'error'): Curve {
  return curveOf(trial, recorded[trial.result.final][what])
}

/** What another metric was at a step: the last one recorded until then; undefined before the first. */
export function valueAt ({ steps, values }: Curve, step: number): number | undefined {
  const at = steps.findLastIndex(one => one <= step)
  return at < 0 ? undefined : values[at]
}

/** The first step at which a curve is at a level or below. */
export function firstBelow ({ steps, values }: Curve, level: number): number | undefined {
  const at = values.findIndex(value => value <= level)
  return at < 0 ? undefined : steps[at]
}

/** Whether there are test errors to show. */
export function hasErrors (arms: readonly RanArm[]): boolean {
  return arms.some(({ trials }) => trials.some(trial => finalCurve(trial, 'error').values.length > 0))
}
