/** The trials of an experiment by optimizer, and what an optimizer's seeds say of the order. Pure. */
import type { FinishedTrial } from '../../contract.js'
import type { OptimizerType } from '../optimizer-spec.js'
import type { FrequencyPrincipleResult } from '../result.js'
import type { FrequencyPrincipleSpec } from '../spec.js'

export type Trial = FinishedTrial<FrequencyPrincipleSpec, FrequencyPrincipleResult>
/** A trial that has a result. */
export type Finished = Trial & { result: FrequencyPrincipleResult }

/** Part of the seeds that must keep the order; a swarm is a random search, and one seed of five may miss. */
export const needed = (type: OptimizerType): number => type === 'pso' ? 0.8 : 1

/** The trials of one optimizer. */
export interface Arm { name: string, type: OptimizerType, trials: Finished[] }

/**
 * How an optimizer's trials went: low before high, high before low, or neither learned, which decides nothing.
 * holds: enough seeds kept the order; null when seeds that learned nothing make the difference.
 */
export interface Judged { low: number, high: number, neither: number, holds: boolean | null }

/** Groups trials by optimizer, in the order in which they come. */
export function armsOf (trials: Finished[]): Arm[] {
  const names = [...new Set(trials.map(({ definition }) => definition.arm))]
  return names.map(name => {
    const own = trials.filter(({ definition }) => definition.arm === name)
    return { name, type: own[0]!.definition.spec.optimizers[0]!.type, trials: own }
  })
}

/** Counts the seeds of an optimizer by what came first. */
export function judge ({ type, trials }: Arm): Judged {
  const low = trials.filter(({ result }) => result.ordered).length
  const neither = trials.filter(({ result }) => !result.ordered && !hasBreak(result)).length
  const enough = Math.ceil(needed(type) * trials.length)
  const holds = low >= enough ? true : low + neither >= enough ? null : false
  return { low, high: trials.length - low - neither, neither, holds }
}

/** Whether in some group of bands the highest was learned and the lowest later or never. */
export function hasBreak ({ bands, learned, orders }: FrequencyPrincipleResult): boolean {
  return orders.some(({ group, ordered }) => {
    const highest = bands.findLastIndex(band => band.group === group)
    return !ordered && learned[highest] !== null
  })
}
