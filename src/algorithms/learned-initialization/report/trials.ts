/** The finished trials of a report by arm, and what figures, tables and claims read of them. Pure. */
import type { FinishedTrial } from '../../contract.js'
import { meanOf } from '../../../math/mean.js'
import { partInterval } from '../../../math/normal.js'
import { sureOf } from '../../kit/sure.js'
import { nameOf } from '../arms.js'
import type { InitialiserSpec } from '../initialisers/spec.js'
import type { InitializationResult } from '../result.js'
import type { InitializationSpec } from '../spec.js'

export type Trial = FinishedTrial<InitializationSpec, InitializationResult>
export type Finished = Trial & { result: InitializationResult }
export type Sense = InitializationResult['objective']['sense']

/** An initialiser with what came of it, a trial per seed. */
export interface RanArm { name: string, initialiser: InitialiserSpec, trials: Finished[] }

/** The arms that have trials, in the order of the spec; their trials by seed. */
export function ranArms ({ initialisers }: InitializationSpec, trials: readonly Finished[]): RanArm[] {
  return initialisers.flatMap(initialiser => {
    const name = nameOf(initialiser)
    const own = trials.filter(({ definition }) => definition.arm === name).sort((a, b) => a.definition.seed - b.definition.seed)
    return own.length === 0 ? [] : [{ name, initialiser, trials: own }]
  })
}

/** The arm that others are compared with; undefined where there is none. */
export function randomArm (arms: readonly RanArm[]): RanArm | undefined {
  return arms.find(({ initialiser }) => initialiser.type === 'random')
}

/** Of all arms: one family has one objective. */
export function objectiveOf ([arm]: readonly RanArm[]): InitializationResult['objective'] {
  return arm!.trials[0]!.result.objective
}

/** Mean objective at the end over instances and seeds. */
export function meanFinal ({ trials }: RanArm): number {
  return meanOf(trials.map(({ result: { finals } }) => meanOf(finals)))
}

/** Test instances of all seeds together. */
export function instancesOf ({ trials }: RanArm): number {
  return trials.reduce((sum, { result: { finals } }) => sum + finals.length, 0)
}

/** Of the intervals in which a part of instances must lie that is known: one true law in a hundred is missed. */
export const sureness = 0.99

/** Part of the instances of all seeds that ended in the best basin, and where its probability lies; undefined where nobody knows. */
export function successOf (arm: RanArm): { mean: number, low: number, high: number } | undefined {
  const { mean } = sureOf(arm.trials.map(({ result }) => result.succeeded ?? null))
  return Number.isNaN(mean) ? undefined : { mean, ...partInterval(mean, instancesOf(arm), sureness) }
}

/** Whether one value is as good as another, or better. */
export function reaches (sense: Sense, value: number, level: number): boolean {
  return sense === 'maximize' ? value >= level : value <= level
}

export type CurvePoint = InitializationResult['curve'][number]

/** The curve of an arm, a mean over its seeds at every step that any of them has: what has stopped stays where it is. */
export function meanCurve ({ trials }: RanArm): CurvePoint[] {
  const curves = trials.map(({ result: { curve } }) => curve).filter(curve => curve.length > 0)
  const steps = [...new Set(curves.flatMap(curve => curve.map(({ step }) => step)))].sort((a, b) => a - b)
  return steps.map(step => {
    const points = curves.map(curve => curve.findLast(point => point.step <= step) ?? curve[0]!)
    const mean = (of: 'mean' | 'low' | 'median' | 'high') => meanOf(points.map(point => point[of]))
    return { step, mean: mean('mean'), low: mean('low'), median: mean('median'), high: mean('high') }
  })
}

/** Steps after which a curve's mean is at a level, between its points as a straight line; undefined where it never is. */
export function stepsTo (curve: readonly CurvePoint[], level: number, sense: Sense): number | undefined {
  const at = curve.findIndex(({ mean }) => reaches(sense, mean, level))
  if (at < 1) return at < 0 ? undefined : curve[0]!.step
  const [before, after] = [curve[at - 1]!, curve[at]!]
  return before.step + (after.step - before.step) * (level - before.mean) / (after.mean - before.mean)
}
