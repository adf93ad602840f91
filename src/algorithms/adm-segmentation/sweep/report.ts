/** The conclusion from sweeps: how smooth the cost of a boundary is, and from where descent on it finds the true one. Pure. */
import { meanInterval } from '../../../math/intervals.js'
import { meanOf } from '../../../math/mean.js'
import type { FinishedTrial, Report } from '../../contract.js'
import { toDigits } from '../../kit/rounding.js'
import { decide } from '../../kit/verdict.js'
import { armsOf } from '../arms.js'
import type { SweepClaimName } from '../claim-names.js'
import { predictionOf } from '../report/predicts.js'
import type { TrialResult } from '../result.js'
import type { SegmentationSpec } from '../spec.js'
import { sweptArms, type SweptArm } from './arms.js'
import { sweepClaims } from './claims.js'
import { drawSweeps } from './figures.js'
import type { SweptPicture } from './result.js'

const round = toDigits(4)

/** Draws the conclusion of an experiment of sweeps. */
export function reportSweeps (spec: SegmentationSpec, trials: readonly FinishedTrial<SegmentationSpec, TrialResult>[]): Report {
  const arms = sweptArms(spec, trials)
  return {
    verdict: {
      claim: 'What a boundary costs by a grid’s neighbours is flat with a narrow minimum at the true boundary, and rough with noise; by a dense CRF it is smooth, with a wide basin and a flatter minimum',
      predicts: predictionOf(spec),
      ...decide({ finished: arms.length, planned: armsOf(spec).length, failed: trials.length - arms.length }, () => ({
        judged: spec.claims.map(name => sweepClaims[name as SweepClaimName].judge(arms, spec))
      }))
    },
    tables: arms.length === 0 ? [] : [tableOf(arms)],
    figures: arms.length === 0 ? [] : drawSweeps(arms)
  }
}

function tableOf (arms: SweptArm[]): Report['tables'][number] {
  const numbers: [column: string, of: (picture: SweptPicture) => number][] = [
    ['pixels from the lowest position to the true boundary', ({ offset }) => offset],
    ['lowest within a pixel of it', ({ offset }) => Number(offset <= 1)],
    ['minima', ({ minima }) => minima],
    ['depth, of the mean cost', ({ depth }) => depth],
    ['width at half depth', ({ halfWidth }) => halfWidth],
    ['basin', ({ basin }) => basin]
  ]
  return {
    name: 'sweeps',
    title: 'Where a boundary costs least, and from how many positions descent finds the true one: means over pictures, of the basin with a 95 % interval',
    columns: ['cost', 'pictures', ...numbers.map(([column]) => column), 'low', 'high'],
    rows: arms.map(({ name, result: { pictures } }) => {
      const interval = meanInterval(pictures.map(({ basin }) => basin))
      const means = numbers.map(([, of]) => round(meanOf(pictures.map(of))))
      return [name, pictures.length, ...means, ...(interval ? [round(interval.low), round(interval.high)] : [null, null])]
    })
  }
}
