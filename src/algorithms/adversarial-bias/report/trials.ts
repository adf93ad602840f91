/** The finished trials of a report by arm, and what figures, tables and claims read of them. Pure. */
import type { FinishedTrial } from '../../contract.js'
import { armsOf, isClean, isSame, type Arm } from '../arms.js'
import type { LinearProblem } from '../linear/spec.js'
import type { NetworkProblem } from '../network/spec.js'
import type { AdversarialResult, LinearResult, NetworkResult } from '../result.js'
import type { AdversarialSpec } from '../spec.js'

export type Trial = FinishedTrial<AdversarialSpec, AdversarialResult>
export type Finished = Trial & { result: AdversarialResult }

/** A finished trial, with what was found. */
export interface Found<Result> { id: string, seed: number, outcome: AdversarialResult['outcome'], metrics: Trial['metrics'], of: Result }

/** An arm with what came of it, a trial per seed. */
export interface RanArm<Problem, Result> extends Arm<Problem> { trials: Found<Result>[] }
export type LinearArm = RanArm<LinearProblem, LinearResult>
export type NetworkArm = RanArm<NetworkProblem, NetworkResult>

/** The arms of linear classifiers that have trials, in the order of the spec; their trials by seed. */
export function linearArms (spec: AdversarialSpec, trials: readonly Finished[]): LinearArm[] {
  return ranArms(spec, trials, (of): of is LinearResult => of.type === 'linear') as LinearArm[]
}

/** The same of networks. */
export function networkArms (spec: AdversarialSpec, trials: readonly Finished[]): NetworkArm[] {
  return ranArms(spec, trials, (of): of is NetworkResult => of.type === 'network') as NetworkArm[]
}

function ranArms<Of extends AdversarialResult['of']> (
  spec: AdversarialSpec, trials: readonly Finished[], is: (of: AdversarialResult['of']) => of is Of
): (Arm & { trials: Found<Of>[] })[] {
  return armsOf(spec).flatMap(arm => {
    const own = trials.flatMap(({ id, definition, metrics, result: { outcome, of } }) =>
      definition.arm === arm.name && is(of) ? [{ id, seed: definition.seed, outcome, metrics, of }] : [])
    return own.length === 0 ? [] : [{ ...arm, trials: own.sort((a, b) => a.seed - b.seed) }]
  })
}

export type CurvePoint = LinearResult['curve'][number]

/** The last record. */
export function lastOf ({ of: { curve } }: Found<LinearResult>): CurvePoint {
  return curve.at(-1)!
}

/** The record that is nearest to a step, in powers of ten. */
export function recordAt ({ of: { curve } }: Found<LinearResult>, step: number): CurvePoint {
  const away = (point: CurvePoint) => Math.abs(Math.log(point.step / step))
  return curve.reduce((nearest, point) => away(point) < away(nearest) ? point : nearest)
}

/** What a metric was last; undefined where it was never recorded. */
export function lastMetric ({ metrics }: Pick<Found<unknown>, 'metrics'>, name: string): number | undefined {
  return metrics[name]?.values.at(-1)
}

/** Whether the paper promises it a direction: its radius is below gamma_q in every trial. */
export function isPromised ({ trials }: LinearArm): boolean {
  return trials.every(({ of, outcome }) => of.mixed !== null && outcome !== 'finite' && outcome !== 'not-separable')
}

/** Clean training of the same loss, batch, rate and steps; undefined where there is none. */
export function cleanTwin (
  arms: readonly LinearArm[], { problem: { loss, batch, learningRate, steps } }: LinearArm
): LinearArm | undefined {
  return arms.find(arm => isClean(arm) && arm.problem.loss === loss && arm.problem.batch === batch &&
    arm.problem.learningRate === learningRate && arm.problem.steps === steps)
}

/** Clean training of the same network, measured in the same norm; undefined where there is none. */
export function cleanNetwork (arms: readonly NetworkArm[], { q, problem: { network } }: NetworkArm): NetworkArm | undefined {
  return arms.find(arm => isClean(arm) && arm.q === q && isSame(arm.problem.network, network))
}
