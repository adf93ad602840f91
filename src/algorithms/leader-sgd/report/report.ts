/** The conclusion from all trials: what each way to train came to, what it cost, and whether what the spec claims is so. Pure. */
import type { Report } from '../../contract.js'
import { countTrials, decide } from '../../kit/verdict.js'
import type { LeaderResult } from '../result.js'
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
      ...decide({
        finished: countTrials(arms),
        planned: spec.methods.length * spec.seeds.length,
        failed: trials.length - finished.length
      }, () => ({ judged: spec.claims.map(name => claims[name].judge(arms, spec)), notes: warningsOf(arms) }))
    },
    tables: arms.length === 0 ? [] : makeTables(spec, arms),
    figures: arms.length === 0 ? [] : drawFigures(spec, arms)
  }
}

/** What to beware of; the table `warnings` has all of it. */
function warningsOf (arms: RanArm[]): string[] {
  const count = (is: (result: LeaderResult) => boolean) => arms
    .map(({ name, trials }) => ({ name, of: trials.length, count: trials.filter(({ result }) => is(result)).length }))
    .filter(({ count }) => count > 0).map(({ name, count, of }) => `${name} (${count} of ${of} trial${of === 1 ? '' : 's'})`).join(', ')
  const [diverged, warned] = [count(({ outcome }) => outcome === 'diverged'), count(({ warning }) => warning !== undefined)]
  return [
    ...(diverged === '' ? [] : [`Diverged: ${diverged}`]),
    ...(warned === '' ? [] : [`Beware of the average of the workers, which is worse than the worst of them: ${warned}`])
  ]
}
