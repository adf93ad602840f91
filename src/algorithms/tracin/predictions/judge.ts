/** Predictions in words, and whether the trials of an experiment bear them out. Pure. */
import { methodTitles, type MethodName } from '../methods.js'
import {
  comparedMethods, differenceOf, measureTitles, minSeeds, percent, sayDifference, sayValue, valuesOf, type Finished
} from './compare.js'
import type { Measure, Prediction } from './schema.js'
import { meanOf } from '../../../math/mean.js'

/** A conclusion and what it rests on. */
export interface Judged {
  /** null: the evidence does not decide */
  holds: boolean | null
  evidence: string
}

/** All predictions as sentences. @param main  the method where a prediction names none */
export function sayPredictions (predictions: readonly Prediction[], main: MethodName): string {
  return predictions.map(prediction => say(prediction, main)).join('; ')
}

function say ({ method, measure, over, atLeast, atMost }: Prediction, main: MethodName): string {
  const title = methodTitles[method ?? main]
  const what = measure === 'auc' ? 'in the area under the curve' : `within ${measureTitles[measure]}`
  if (over !== undefined) {
    const least = atLeast > 0 ? `by at least ${amount(atLeast, measure, ' points')}, and ` : ''
    return `${title} is ahead of ${methodTitles[over]} ${what}, ${least}by the 95 % interval of the paired difference over at least ${minSeeds} seeds`
  }
  const bounds = [
    ...(atLeast > 0 || atMost === 1 ? [`at least ${amount(atLeast, measure, ' %')}`] : []),
    ...(atMost < 1 ? [`at most ${amount(atMost, measure, ' %')}`] : [])
  ].join(' and ')
  return measure === 'auc'
    ? `the area under the curve of ${title} is ${bounds}`
    : `${title} finds ${bounds} of the wrong labels ${what}`
}

function amount (part: number, measure: Measure, unit: string): string {
  return measure === 'auc' ? String(part) : `${Math.round(part * 1000) / 10}${unit}`
}

/** Holds when every prediction does; a single one that fails decides. */
export function judgePredictions (trials: readonly Finished[], predictions: readonly Prediction[], main: MethodName): Judged {
  const judged = predictions.map(prediction => judge(trials, prediction, main))
  const outcomes = judged.map(({ holds }) => holds)
  return {
    holds: outcomes.includes(false) ? false : outcomes.includes(null) ? null : true,
    evidence: judged.map(({ evidence }) => evidence).join('; ')
  }
}

function judge (trials: readonly Finished[], prediction: Prediction, main: MethodName): Judged {
  const { method = main, measure, over, atLeast, atMost } = prediction
  const missing = [method, ...(over === undefined ? [] : [over])].filter(name => !comparedMethods(trials).includes(name))
  if (missing.length > 0) return { holds: null, evidence: `There is nothing of ${missing.map(name => methodTitles[name]).join(' and ')}` }
  if (over === undefined) {
    const value = meanOf(valuesOf(trials, method, measure))
    const isWithin = value >= atLeast && value <= atMost
    return { holds: isWithin, evidence: `${methodTitles[method]}: ${sayValue(value, measure)}, ${isWithin ? 'as predicted' : 'not as predicted'}` }
  }
  const difference = differenceOf(trials, method, over, measure)
  const holds = difference.verdict === 'too few seeds' ? null : difference.verdict === 'ahead' && difference.mean >= atLeast
  return {
    holds,
    evidence: `${methodTitles[method]} less ${methodTitles[over]}, ${measureTitles[measure]}: ${sayDifference(difference, measure)}` +
      (holds === null ? '' : holds ? ', as predicted' : `, not ${atLeast > 0 ? percent(atLeast) : 'ahead'} as predicted`)
  }
}
