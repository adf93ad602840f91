/** The conclusion from all trials: how near each approximation comes, and whether what the spec claims is so. Pure. */
import type { Report } from '../../contract.js'
import { decide } from '../../kit/verdict.js'
import type { ApproximationSpec } from '../spec.js'
import { armsOf, type Finished, type Trial } from './arms.js'
import { claims } from './claims.js'
import { drawFigures } from './figures.js'
import { predictionOf } from './predicts.js'
import { armTable, checkpointTable, projectionTable, singleTable } from './tables.js'

/** Draws the conclusion of an experiment. */
export function report (spec: ApproximationSpec, trials: Trial[]): Report {
  const finished = trials.filter((trial): trial is Finished => trial.state === 'succeeded' && trial.result !== undefined)
  const arms = armsOf(finished)
  return {
    verdict: {
      claim: 'TracIn’s approximations come near to its ideal form, where their derivation says so',
      predicts: predictionOf(spec),
      ...decide({
        finished: finished.length,
        planned: trials.length,
        failed: trials.length - finished.length
      }, () => ({ judged: spec.claims.map(name => claims[name].judge(spec, arms)) }))
    },
    tables: arms.length === 0 ? [] : [armTable(arms), checkpointTable(arms), singleTable(arms), ...projectionTable(arms)],
    figures: arms.length === 0 ? [] : drawFigures(arms)
  }
}
