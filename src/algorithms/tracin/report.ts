/** The conclusion from all trials: does self-influence find the wrong labels, and sooner than what costs nothing? Pure. */
import type { FinishedTrial, Report } from '../contract.js'
import { drawFigures, type Setting } from './figures.js'
import type { MethodName } from './methods.js'
import { judgeAhead, sayAhead, sayMeanLoss } from './predictions/best-baseline.js'
import { comparedMethods, percent, valuesOf, type Finished } from './predictions/compare.js'
import { judgePredictions, sayPredictions, type Judged } from './predictions/judge.js'
import type { TracinResult, TracinSpec } from './spec.js'
import { drawTables } from './tables.js'
import { meanOf } from '../../math/mean.js'

/** Draws the conclusion of a tracin experiment. */
export function report (spec: TracinSpec, trials: FinishedTrial<TracinSpec, TracinResult>[]): Report {
  const finished = trials.filter((trial): trial is Finished => trial.state === 'succeeded' && trial.result !== undefined)
  const isWhole = finished.length === trials.length && finished.length > 0
  const setting = settingOf(spec, finished[0]?.result)
  const judged = finished.length === 0
    ? { holds: null, evidence: 'No trial succeeded' }
    : setting.noise === 'none' ? judgeClean(finished) : judgeSearch(spec, setting, finished)
  return {
    verdict: {
      ...claimOf(spec, setting.noise === 'none'),
      holds: isWhole ? judged.holds : null,
      evidence: isWhole ? judged.evidence : `${judged.evidence}; ${trials.length - finished.length} of ${trials.length} trials have no result`
    },
    tables: finished.length === 0 ? [] : drawTables(finished, setting.main),
    figures: finished.length === 0 ? [] : drawFigures(setting, finished)
  }
}

/** What an experiment claims and predicts; its presets say the same. */
export function claimOf (spec: Pick<TracinSpec, 'predictions' | 'selfInfluence'>, isClean: boolean): { claim: string, predicts: string } {
  if (isClean) {
    return {
      claim: 'Without wrong labels, self-influence belongs to the examples that the model finds hard',
      predicts: 'With every seed, the tenth of the examples with the highest self-influence has a mean loss above that of 95 % of the tenths drawn at random'
    }
  }
  return {
    claim: 'Wrong labels have high self-influence: checking the most self-influential examples first finds them soonest',
    predicts: spec.predictions ? sayPredictions(spec.predictions, mainOf(spec)) : sayAhead(mainOf(spec))
  }
}

/** The method that the verdict is about. */
function mainOf ({ selfInfluence }: Pick<TracinSpec, 'selfInfluence'>): MethodName {
  return selfInfluence.includes('last') ? 'tracin-last' : 'tracin-all'
}

/** What the trials had before them: the data decide what a spec left open. */
function settingOf (spec: TracinSpec, result: TracinResult | undefined): Setting {
  const { kind } = spec.labelNoise
  const noise = result?.labelNoise ?? (kind === 'auto' ? 'hardest' : kind)
  const units = new Set(result?.errors?.map(({ unit }) => unit))
  return {
    noise,
    main: mainOf(spec),
    isOfValues: result?.errors !== undefined,
    unit: units.size === 1 ? [...units][0] : undefined
  }
}

/**
 * The spec's own predictions, or that TracInCP is ahead of the best baseline. What the best baseline and the mean loss do is
 * said in any case.
 */
function judgeSearch (spec: TracinSpec, { main, isOfValues }: Setting, trials: Finished[]): Judged {
  const ahead = judgeAhead(trials, main)
  const predicted = spec.predictions && judgePredictions(trials, spec.predictions, main)
  const memorised = percent(meanOf(trials.map(({ result }) => result.memorised ?? 0)))
  const meanLoss = sayMeanLoss(trials, main)
  const chance = comparedMethods(trials).includes('random') ? [`A random order found ${percent(meanOf(valuesOf(trials, 'random', 'found10')))} in the first 10 %`] : []
  return {
    holds: (predicted ?? ahead).holds,
    evidence: [
      ...(predicted ? [predicted.evidence] : []),
      ahead.evidence,
      ...(meanLoss === '' ? [] : [meanLoss]),
      ...chance,
      `The model ${isOfValues ? `comes nearer to the wrong value than to the own one for ${memorised} of them` : `repeats ${memorised} of the wrong labels`}; ` +
        sayCount(trials)
    ].join('. ')
  }
}

/** A permutation test within every trial: loss against self-influence in another order. */
function judgeClean (trials: Finished[]): Judged {
  const ratios = trials.map(({ result }) => result.topLossRatio)
  const nulls = trials.flatMap(({ result: { topLossNull } }) => topLossNull === undefined ? [] : [topLossNull])
  return {
    holds: nulls.length < trials.length ? null : ratios.every((ratio, i) => ratio > nulls[i]!),
    evidence: `The top tenth by self-influence has ${ratios.map(ratio => ratio.toFixed(2)).join(', ')} times the mean loss ` +
      `(a tenth drawn at random, 95th percentile: ${nulls.length < trials.length ? 'not measured' : nulls.map(bound => bound.toFixed(2)).join(', ')}), ` +
      `and holds ${percent(meanOf(trials.map(({ result }) => result.concentration)))} of all self-influence; ${sayCount(trials)}`
  }
}

function sayCount ({ length }: Finished[]): string {
  return `${length} seed${length === 1 ? '' : 's'}`
}
