/** The conclusion from all trials: how well each method segments, and whether what the spec claims is so. Pure. */
import type { Report } from '../../contract.js'
import { armsOf } from '../arms.js'
import type { TrainingClaimName } from '../claim-names.js'
import type { SegmentationSpec } from '../spec.js'
import { claims } from './claims.js'
import { drawFigures } from './figures.js'
import { predictionOf } from './predicts.js'
import { makeTables } from './tables.js'
import { concludeOf } from './verdict.js'
import { lastOf, ranArms, type Finished, type RanArm, type Trial } from './trials.js'

/** Partial cross-entropy behaves when its network reads so many of the scribbles that it learned. */
const BEHAVES = 0.9

/** Draws the conclusion of an experiment. */
export function report (spec: SegmentationSpec, trials: Trial[]): Report {
  const finished = trials.filter((trial): trial is Finished => trial.state === 'succeeded' && trial.result !== undefined)
  const arms = ranArms(spec, finished)
  return {
    verdict: {
      claim: 'With a grid CRF a network that learns from scribbles segments better, and at a lower energy, by ADM with alpha-expansion than by gradient descent on a relaxation',
      predicts: predictionOf(spec),
      ...decide(spec, arms, trials.length - finished.length)
    },
    tables: arms.length === 0 ? [] : makeTables(spec, arms),
    figures: arms.length === 0 ? [] : drawFigures(spec, arms)
  }
}

/** Nothing is decided while a trial is missing, or where partial cross-entropy has not learned its scribbles. */
function decide (spec: SegmentationSpec, arms: RanArm[], failed: number): Pick<Report['verdict'], 'holds' | 'evidence'> {
  if (arms.length === 0) return { holds: null, evidence: 'No trial succeeded' }
  const planned = armsOf(spec).length * spec.seeds.length
  const missing = Math.max(failed, planned - arms.reduce((sum, { trials }) => sum + trials.length, 0))
  if (missing > 0) return { holds: null, evidence: `${missing} of ${planned} trials have no result` }
  const restless = misbehaved(arms)
  return concludeOf(spec.claims.map(name => claims[name as TrainingClaimName].judge(arms, spec)), restless)
}

/** The authors' own first check. */
function misbehaved (arms: RanArm[]): string[] {
  const failing = arms.filter(({ method, trials }) => method.type === 'pce' && trials.some(trial => lastOf(trial).scribbleAccuracy < BEHAVES)).map(({ name }) => name)
  return failing.length === 0 ? [] : [`Partial cross-entropy does not read ${100 * BEHAVES} % of the scribbles that it learned (${failing.join(', ')}): what is compared has not been trained`]
}
