/** The arms of sweeps that have been run: one trial each, for a sweep draws nothing. Pure. */
import type { FinishedTrial } from '../../contract.js'
import { armsOf } from '../arms.js'
import type { TrialResult } from '../result.js'
import type { SegmentationSpec } from '../spec.js'
import type { Sweep } from './curve.js'
import type { SweepResult } from './result.js'

export interface SweptArm { name: string, method: Sweep, result: SweepResult }

/** Those that succeeded, in the order of the spec. */
export function sweptArms (spec: SegmentationSpec, trials: readonly FinishedTrial<SegmentationSpec, TrialResult>[]): SweptArm[] {
  return armsOf(spec).flatMap(({ name, method }) => {
    const result = trials.find(({ definition, state }) => definition.arm === name && state === 'succeeded')?.result
    return result?.outcome === 'swept' ? [{ name, method: method as Sweep, result }] : []
  })
}
