/** The conclusion from all trials: how near each approximation comes, and whether what the spec claims is so. Pure. */
import type { Report } from '../../contract.js'
import type { ApproximationSpec } from '../spec.js'
import { armsOf, type Finished, type Trial } from './arms.js'
import { claims } from './claims.js'
import { drawFigures } from './figures.js'
import { predictionOf } from './predicts.js'
import { armTable, checkpointTable, projectionTable, singleTable } from './tables.js'

/** Draws the conclusion of an experiment. */
export function report (spec: ApproximationSpec, trials: Trial[]): Report {
  const finished = trials.filter((trial): trial is Finished => trial.state === 'succeeded' && trial.result !== undefined)
  const missing = trials.length - finished.length
  const arms = armsOf(finished)
  // Differences are paired by seed: nothing is compared while a trial is missing.
  const judged = arms.length === 0 || missing > 0 ? undefined : spec.claims.map(name => claims[name].judge(spec, arms))
  return {
    verdict: {
      claim: 'TracIn’s approximations come near to its ideal form, where their derivation says so',
      predicts: predictionOf(spec),
      holds: judged?.every(({ holds }) => holds) ?? null,
      evidence: judged === undefined
        ? arms.length === 0 ? 'No trial succeeded' : `${missing} of ${trials.length} trials have no result`
        : judged.map(({ holds, evidence }) => `${holds ? 'Found' : 'Not found'}: ${evidence}`).join('. ')
    },
    tables: arms.length === 0 ? [] : [armTable(arms), checkpointTable(arms), singleTable(arms), ...projectionTable(arms)],
    figures: arms.length === 0 ? [] : drawFigures(arms)
  }
}
