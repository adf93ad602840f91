/** The conclusion from all trials: how well each method segments, and whether what the spec claims is so. Pure. */
import type { Report } from '../../contract.js'
import { countTrials, decide, type Settled } from '../../kit/verdict.js'
import { armsOf } from '../arms.js'
import type { TrainingClaimName } from '../claim-names.js'
import type { SegmentationSpec } from '../spec.js'
import { claims } from './claims.js'
import { drawFigures } from './figures.js'
import { predictionOf } from './predicts.js'
import { makeTables } from './tables.js'
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
      ...decide({
        finished: countTrials(arms),
        planned: armsOf(spec).length * spec.seeds.length,
        failed: trials.length - finished.length
      }, () => settle(spec, arms))
    },
    tables: arms.length === 0 ? [] : makeTables(spec, arms),
    figures: arms.length === 0 ? [] : drawFigures(spec, arms)
  }
}

/** Nothing is decided where partial cross-entropy has not learned its scribbles. */
function settle (spec: SegmentationSpec, arms: RanArm[]): Settled {
  const notes = misbehaved(arms)
  return { judged: spec.claims.map(name => claims[name as TrainingClaimName].judge(arms, spec)), notes, isVoid: notes.length > 0 }
}

/** The authors' own first check. */
function misbehaved (arms: RanArm[]): string[] {
  const failing = arms.filter(({ method, trials }) => method.type === 'pce' && trials.some(trial => lastOf(trial).scribbleAccuracy < BEHAVES)).map(({ name }) => name)
  return failing.length === 0 ? [] : [`Partial cross-entropy does not read ${100 * BEHAVES} % of the scribbles that it learned (${failing.join(', ')}): what is compared has not been trained`]
}
