/** The finished trials of a report by arm, and what figures, tables and claims read of them. Pure. */
import { bootstrapMean } from '../../../math/bootstrap.js'
import type { Interval } from '../../../math/intervals.js'
import { meanOf } from '../../../math/mean.js'
import type { FinishedTrial } from '../../contract.js'
import { armsOf, type Arm } from '../arms.js'
import type { Method } from '../methods.js'
import type { SegmentationResult } from '../result.js'
import type { SegmentationSpec } from '../spec.js'

export type Trial = FinishedTrial<SegmentationSpec, SegmentationResult>
export type Finished = Trial & { result: SegmentationResult }

/** An arm with its finished trials, by seed. */
export interface RanArm extends Arm { trials: Finished[] }

/** The arms that have trials, in the order of the spec. */
export function ranArms (spec: SegmentationSpec, trials: readonly Finished[]): RanArm[] {
  return armsOf(spec).flatMap(arm => {
    const own = trials.filter(({ definition }) => definition.arm === arm.name)
    return own.length === 0 ? [] : [{ ...arm, trials: own.sort((a, b) => a.definition.seed - b.definition.seed) }]
  })
}

export type Point = SegmentationResult['points'][number]

/** The last measurement. */
export function lastOf ({ result: { points } }: Finished): Point {
  return points.at(-1)!
}

/** Pictures that are compared: those of the test split, or those that are trained on. */
export type Judged = SegmentationSpec['judged']

/** Mean IoU of every picture, over the classes that it has. */
function pictureScores ({ result }: Finished, judged: Judged): number[] {
  return (judged === 'test' ? result.pictures : result.trainPictures).map(classes => meanOf(classes.filter(iou => iou !== null)))
}

/** Mean IoU of every picture; by seed. */
export function scoresOf ({ trials }: RanArm, judged: Judged): number[][] {
  return trials.map(trial => pictureScores(trial, judged))
}

/** Mean over pictures and seeds. */
export function meanScore (arm: RanArm, judged: Judged): number {
  return meanOf(scoresOf(arm, judged).map(meanOf))
}

/** The trials of two arms that have a seed in common. */
export function pairsOf (left: RanArm, right: RanArm): [Finished, Finished][] {
  const theirs = new Map(right.trials.map(trial => [trial.definition.seed, trial]))
  return left.trials.flatMap((trial): [Finished, Finished][] => {
    const other = theirs.get(trial.definition.seed)
    return other === undefined ? [] : [[trial, other]]
  })
}

/**
 * What one arm's pictures have more than another's, paired by picture and seed: the paired bootstrap over both, of what is left
 * beside the mean, for of few pictures Poisson's weights do not add up to their number. Undefined where no seed is in both.
 */
export function leadOf (left: RanArm, right: RanArm, judged: Judged): Interval | undefined {
  const differences = pairsOf(left, right).map(([ours, theirs]) => {
    const others = pictureScores(theirs, judged)
    return pictureScores(ours, judged).map((score, i) => score - others[i]!)
  })
  if (differences.length === 0) return undefined
  const mean = meanOf(differences.flat())
  const centred = differences.map(row => row.map((difference, i) => [i, difference - mean] as const))
  const { low, high, count } = bootstrapMean(centred, differences[0]!.length)
  return { mean, low: mean + low, high: mean + high, count }
}

/** Arms of one method's type, and pairs where it has them, with one length. */
export function armsLike (
  arms: readonly RanArm[], type: Method['type'], { pairs, length }: { pairs?: 'grid' | 'dense', length: number | undefined }
): RanArm[] {
  return arms.filter(({ method, ...arm }) => method.type === type && (arm.length === length || type === 'full') &&
    (pairs === undefined || ((method.type === 'gd' || method.type === 'adm') && method.pairs.type === pairs)))
}

/** The one whose pictures are read best. */
export function bestOf (arms: readonly RanArm[], judged: Judged): RanArm | undefined {
  const scores = arms.map(arm => meanScore(arm, judged))
  return arms[scores.indexOf(Math.max(...scores))]
}

/** The lengths of scribbles that there are arms of; undefined for stored ones. */
export function lengthsOf (arms: readonly RanArm[]): (number | undefined)[] {
  return [...new Set(arms.filter(({ method }) => method.type !== 'full').map(({ length }) => length))]
}
