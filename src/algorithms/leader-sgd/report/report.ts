/** The conclusion from all trials: what each way to train came to, what it cost, and whether what the spec claims is so. Pure. */
import type { Report } from '../../contract.js'
import type { LeaderSpec } from '../spec.js'
import { claims } from './claims.js'
import { drawFigures } from './figures.js'
import { predictionOf } from './predicts.js'
import { makeTables } from './tables.js'
import { ranArms, type Finished, type RanArm, type Trial } from './trials.js'

/** Draws the conclusion of an experiment. */
export function report (spec: LeaderSpec, trials: Trial[]): Report {
  const finished = trials.filter((trial): trial is Finished => trial.state === 'succeeded' && trial.result !== undefined)
  const arms = ranArms(spec, finished)
  return {
    verdict: {
      claim: 'Workers that follow the best of them train better than workers that follow their average',
      predicts: predictionOf(spec),
      ...decide(spec, arms, trials.length - finished.length)
    },
    tables: arms.length === 0 ? [] : makeTables(spec, arms),
    figures: arms.length === 0 ? [] : drawFigures(spec, arms)
  }
}

/** Arms are compared, paired by seed: nothing is decided while a trial is missing. */
function decide (spec: LeaderSpec, arms: RanArm[], failed: number): Pick<Report['verdict'], 'holds' | 'evidence'> {
  if (arms.length === 0) return { holds: null, evidence: 'No trial succeeded' }
  const planned = spec.methods.length * spec.seeds.length
  const missing = Math.max(failed, planned - arms.reduce((sum, { trials }) => sum + trials.length, 0))
  if (missing > 0) return { holds: null, evidence: `${missing} of ${planned} trials have no result` }
  const beware = warningsOf(arms)
  if (spec.claims.length === 0) return { holds: null, evidence: ['Nothing was claimed', ...beware].join('. ') }
  const judged = spec.claims.map(name => claims[name].judge(arms, spec))
  return {
    holds: judged.every(({ holds }) => holds),
    evidence: [...judged.map(({ holds, evidence }) => `${holds ? 'Found' : 'Not found'}: ${evidence}`), ...beware].join('. ')
  }
}

/** What to beware of, arm by arm; the table `warnings` has all of it. */
function warningsOf (arms: RanArm[]): string[] {
  return arms.flatMap(({ name, trials }) => {
    const warned = trials.filter(({ result }) => result.warning !== undefined).length
    const diverged = trials.filter(({ result }) => result.outcome === 'diverged').length
    const of = `of ${trials.length} trial${trials.length === 1 ? '' : 's'}`
    return [
      ...(diverged > 0 ? [`${name} diverged in ${diverged} ${of}`] : []),
      ...(warned > 0 ? [`Beware of the average of ${name}: worse than the worst worker in ${warned} ${of}`] : [])
    ]
  })
}
