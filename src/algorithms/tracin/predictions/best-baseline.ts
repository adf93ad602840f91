/**
 * The question that is judged where a spec predicts nothing else: does the gradient find wrong labels sooner than everything
 * that one has beside it for nothing? And, beside every verdict, whether the mean of the loss does as well. Pure.
 */
import { methodTitles, type MethodName } from '../methods.js'
import {
  bestBaseline, comparedMethods, differenceOf, measureTitles, minSeeds, sayDifference, sayValue, valuesOf, type Finished
} from './compare.js'
import type { Judged } from './judge.js'
import type { Measure } from './schema.js'
import { meanOf } from '../../../math/mean.js'

/** Where the orders differ, and over the whole of them. */
const judged = ['found10', 'auc'] as const satisfies readonly Measure[]

/** The prediction in words. */
export function sayAhead (main: MethodName): string {
  return `${methodTitles[main]} is ahead of the best baseline (that with the highest mean over the seeds) in the wrong labels found within ` +
    `the first 10 % of the examples and in the area under the curve: the 95 % intervals of the paired differences over at least ${minSeeds} seeds ` +
    'lie above 0. It fails where one lies below 0, and is undecided where one includes 0'
}

/** Holds when TracInCP is ahead by both measures, fails when it is behind by one. */
export function judgeAhead (trials: readonly Finished[], main: MethodName): Judged {
  const compared = judged.map(measure => ({ measure, best: bestBaseline(trials, measure) }))
  if (compared.some(({ best }) => best === undefined)) return { holds: null, evidence: 'There is no baseline to compare with' }
  const differences = compared.map(({ measure, best }) => ({ measure, best: best!, ...differenceOf(trials, main, best!, measure) }))
  const verdicts = differences.map(({ verdict }) => verdict)
  return {
    holds: verdicts.includes('behind') ? false : verdicts.every(verdict => verdict === 'ahead') ? true : null,
    evidence: differences.map(difference => {
      const { measure, best, verdict } = difference
      const values = [main, best].map(name => meanOf(valuesOf(trials, name, measure)))
      return `${methodTitles[main]}: ${sayValue(values[0]!, measure)}; the best baseline, ${methodTitles[best]}: ${sayValue(values[1]!, measure)}; ` +
        `difference ${sayDifference(difference, measure)}${outcomes[verdict]}`
    }).join('. ')
  }
}

const outcomes = {
  ahead: ', TracInCP is ahead', behind: ', TracInCP is behind', level: ', which includes 0: the baseline does as well', 'too few seeds': ''
} as const

/** What the mean of the loss over the same checkpoints comes to beside TracInCP; '' where it was not computed. */
export function sayMeanLoss (trials: readonly Finished[], main: MethodName): string {
  if (!comparedMethods(trials).includes('mean-loss')) return ''
  const differences = judged.map(measure => ({ measure, ...differenceOf(trials, main, 'mean-loss', measure) }))
  const said = differences.map(one => `${sayDifference(one, one.measure)} in ${one.measure === 'auc' ? 'the ' : ''}${measureTitles[one.measure]}`).join(' and ')
  const verdicts = differences.map(({ verdict }) => verdict)
  const averaging = 'averaging the loss over the same checkpoints does'
  const conclusion = verdicts.includes('too few seeds')
    ? ''
    : verdicts.every(verdict => verdict === 'ahead')
      ? `: the gradients find more than ${averaging}`
      : `: ${averaging} ${verdicts.includes('behind') ? 'as well or better' : verdicts.includes('ahead') ? 'as well by one of the two' : 'as well'}`
  return `TracInCP less the mean loss is ${said}${conclusion}`
}
