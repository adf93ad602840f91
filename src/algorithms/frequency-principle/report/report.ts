/** The conclusion from all trials: were low frequencies learned before high ones? verdict.ts decides. Pure. */
import type { Interval } from '../../../math/intervals.js'
import type { Report } from '../../contract.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import { armsOf, constantOf, type Arm, type Finished, type Trial } from './arms.js'
import { drawFigures } from './figures.js'
import { generalizationTable } from './generalization.js'
import { sayNetworks } from './networks.js'
import { crossingOf, differenceOf, leastSeeds, ordersOfArm, type GroupOrder } from './orders.js'
import { conditionTable, learningTable, nullTable, orderTable, stopTable, summaryTable } from './tables.js'
import { claimOf, decide, fulfillingNulls, sweepsOf } from './verdict.js'
import { meanOf } from '../../../math/mean.js'

/** Draws the conclusion of an experiment. */
export function report (spec: FrequencyPrincipleSpec, trials: Trial[]): Report {
  const finished = trials.filter((trial): trial is Finished => trial.state === 'succeeded' && trial.result !== undefined)
  const missing = trials.length - finished.length
  const arms = armsOf(finished)
  const parts = [
    ...(arms.length === 0 ? ['No trial succeeded'] : arms.map(sayArm)),
    ...sweepsOf(arms.filter(({ isNull }) => !isNull)).flatMap(saySweep),
    ...sayNulls(arms),
    ...[sayNetworks(arms)].flatMap(sentence => sentence ?? []),
    ...(missing > 0 ? [`${missing} of ${trials.length} trials have no result`] : [])
  ]
  return {
    verdict: { ...claimOf(spec), holds: finished.length === 0 || missing > 0 ? null : decide(spec, arms), evidence: parts.join('. ') },
    tables: finished.length === 0
      ? []
      : [
          summaryTable(arms), orderTable(arms), ...conditionTable(arms), learningTable(finished), ...generalizationTable(finished),
          ...nullTable(arms), stopTable(finished)
        ],
    figures: finished.length === 0 ? [] : drawFigures(spec, arms)
  }
}

function sayArm (arm: Arm): string {
  const orders = ordersOfArm(arm)
  const said = orders.map(order => `${orders.length === 1 ? '' : `${order.group} `}${sayOrder(order, arm.trials.length)}`)
  return `${arm.name}: ${said.join('; ')}`
}

function sayOrder ({ bands, withNoise, taus, interval, ratios, censored }: GroupOrder, seeds: number): string {
  if (bands < 2) return `not judged: fewer than two bands are more than noise (noise counted, tau ${withNoise === null ? 'not known' : round(withNoise)})`
  const known = taus.filter(tau => tau !== null)
  const mean = meanOf(known)
  const tau = interval !== undefined
    ? `tau ${sayInterval(interval)}`
    : `${known.length === 0 ? 'order not known' : `tau ${round(mean)}`} (of ${known.length} seeds, ${leastSeeds} are needed)`
  const ratio = ratios.length === 0 ? '' : `, highest after lowest by a factor of ${span(ratios)}`
  const never = censored.map(({ label, seeds: some }) => `${label} in ${some} of ${seeds}`)
  return `${tau}${ratio}${never.length === 0 ? '' : `, not learned: ${never.join(', ')}`}`
}

/** How the last condition differs from the first, and where the order is lost between them. */
function saySweep (sweep: Arm[]): string[] {
  if (sweep.length < 2) return []
  const [matched, last] = [sweep[0]!, sweep.at(-1)!]
  const difference = differenceOf(last, matched)
  const crossing = crossingOf(sweep)
  const where = crossing === undefined
    ? 'the order stands under all conditions'
    : `the order is lost ${crossing.from ? `between ${crossing.from.condition!.name} and ${crossing.to.condition!.name}` : `from ${crossing.to.condition!.name} on`}`
  const less = difference === undefined ? 'a difference that is not known' : `${sayInterval(difference)} decades`
  return [`${matched.optimizer}, ${last.condition!.name} against ${matched.condition!.name}: the lead differs by ${less}; ${where}`]
}

function sayNulls (arms: Arm[]): string[] {
  const nulls = [...arms.filter(({ isNull }) => isNull).map(({ name }) => name), ...(constantOf(arms) ? ['constant predictor'] : [])]
  if (nulls.length === 0) return []
  const fulfilling = fulfillingNulls(arms).map(({ name }) => name)
  return [fulfilling.length === 0 ? `No null does the same (${nulls.join('; ')})` : `Nulls do the same, which leaves it open: ${fulfilling.join('; ')}`]
}

/** An interval in words. */
function sayInterval ({ mean, low, high }: Interval): string {
  return `${round(mean)} (95 %: ${round(low)} to ${round(high)})`
}

function round (value: number): string {
  return value.toFixed(2).replace('-0.00', '0.00')
}

function span (values: number[]): string {
  const say = (value: number) => String(Number(value.toPrecision(2)))
  const low = say(Math.min(...values))
  const high = say(Math.max(...values))
  return low === high ? low : `${low} to ${high}`
}
