/** The conclusion from all trials: were low frequencies learned before high ones, by every optimizer? Pure. */
import type { Report } from '../../contract.js'
import { armsOf, hasBreak, judge, type Arm, type Finished, type Judged, type Trial } from './arms.js'
import { drawFigures } from './figures.js'
import { generalizationTable } from './generalization.js'
import { sayNetworks } from './networks.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import { groupTable, learningTable, stopTable, summaryTable } from './tables.js'

/** Draws the conclusion of an experiment. */
export function report (spec: FrequencyPrincipleSpec, trials: Trial[]): Report {
  const finished = trials.filter((trial): trial is Finished => trial.state === 'succeeded' && trial.result !== undefined)
  const missing = trials.length - finished.length
  const arms = armsOf(finished)
  const holds = finished.length === 0 || missing > 0 ? null : decide(spec, arms.map(judge))
  const parts = [
    ...(arms.length === 0 ? ['No trial succeeded'] : [arms.map(sayArm).join('; ')]),
    ...arms.flatMap(sayBreaks),
    ...[sayNetworks(arms)].flatMap(sentence => sentence ?? []),
    ...(missing > 0 ? [`${missing} of ${trials.length} trials have no result`] : [])
  ]
  return {
    verdict: { ...claimOf(spec), holds, evidence: parts.join('. ') },
    tables: finished.length === 0
      ? []
      : [summaryTable(arms), learningTable(finished), ...groupTable(finished), ...generalizationTable(finished), stopTable(finished)],
    figures: finished.length === 0 ? [] : drawFigures(spec, arms)
  }
}

function claimOf ({ expected, spectrum: { threshold } }: FrequencyPrincipleSpec) {
  const learned = `a frequency is learned when its relative error stays below ${threshold}; never counts as last`
  return expected === 'low-first'
    ? {
        claim: 'Networks learn their target from low to high frequencies, whatever the optimizer',
        predicts: `Every optimizer learns the lowest frequency no later than the highest in every seed (pso: in at least 4 of 5); ${learned}`
      }
    : {
        claim: 'The order from low to high frequencies is no law: under these conditions it breaks',
        predicts: `Under at least one optimizer seeds learn the highest frequency before the lowest (one is enough, pso: more than 1 of 5); ${learned}`
      }
}

function decide ({ expected }: FrequencyPrincipleSpec, judged: Judged[]): boolean | null {
  const kept = judged.some(({ holds }) => holds === false) ? false : judged.some(({ holds }) => holds === null) ? null : true
  return expected === 'low-first' || kept === null ? kept : !kept
}

function sayArm (arm: Arm): string {
  const { low, high, neither } = judge(arm)
  const ratios = arm.trials.flatMap(({ result }) => result.orders[0]!.ratio ?? [])
  const range = ratios.length === 0 ? '' : `, highest after lowest by a factor of ${span(ratios)}`
  const rest = [...(high > 0 ? [`${high} high first`] : []), ...(neither > 0 ? [`${neither} learned neither`] : [])]
  const tau = arm.trials.reduce((sum, { result }) => sum + result.orders[0]!.tau, 0) / arm.trials.length
  return `${arm.name}: low first in ${low} of ${arm.trials.length}${rest.length > 0 ? ` (${rest.join(', ')})` : ''}${range}, Kendall tau ${tau.toFixed(2)}`
}

/** Says where the order broke, seed by seed, three per optimizer at most. */
function sayBreaks ({ name, trials }: Arm): string[] {
  return trials.filter(({ result }) => hasBreak(result)).slice(0, 3).map(({ definition, result }) => {
    const broken = result.orders.find(({ ordered }) => !ordered)!
    const members = result.bands.flatMap((band, i) => band.group === broken.group ? [i] : [])
    const say = (i: number) => {
      const passage = result.learned[i]
      return `${result.bands[i]!.label} ${passage ? `at step ${passage.step}` : 'never'}`
    }
    return `The order broke under ${name}, seed ${definition.seed}: learned ${say(members.at(-1)!)}, ${say(members[0]!)}`
  })
}

function span (values: number[]): string {
  const say = (value: number) => String(Number(value.toPrecision(2)))
  const low = say(Math.min(...values))
  const high = say(Math.max(...values))
  return low === high ? low : `${low} to ${high}`
}
