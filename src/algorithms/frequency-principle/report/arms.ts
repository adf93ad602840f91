/** The trials of an experiment by arm: one optimizer under one condition. Pure. */
import type { FinishedTrial } from '../../contract.js'
import type { Condition } from '../condition-spec.js'
import { armOf } from '../optimizer-spec.js'
import type { FrequencyPrincipleResult } from '../result.js'
import type { FrequencyPrincipleSpec } from '../spec.js'

export type Trial = FinishedTrial<FrequencyPrincipleSpec, FrequencyPrincipleResult>
/** A trial that has a result. */
export type Finished = Trial & { result: FrequencyPrincipleResult }

export interface Arm {
  name: string
  optimizer: string
  condition: Condition | undefined
  /** it has nothing to learn the structure of: the verdict must not hold of it */
  isNull: boolean
  trials: Finished[]
}

/** Groups trials by arm, in the order in which they come. */
export function armsOf (trials: Finished[]): Arm[] {
  const names = [...new Set(trials.map(({ definition }) => definition.arm))]
  return names.map(name => {
    const own = trials.filter(({ definition }) => definition.arm === name)
    const { optimizers, conditions, target } = own[0]!.definition.spec
    return {
      name,
      optimizer: armOf(optimizers[0]!),
      condition: conditions?.[0],
      isNull: target.type === 'data' && target.labels === 'shuffled',
      trials: own
    }
  })
}

/**
 * A predictor that always says how frequent the classes are, as trials of its own: its errors are the same at every record.
 * None where bands have no such error: on grids.
 */
export function constantOf (arms: Arm[]): Arm | undefined {
  const [arm] = arms.filter(({ isNull }) => !isNull)
  if (arm === undefined || arm.trials.some(({ result }) => result.bands.some(({ constant }) => constant === undefined))) return undefined
  const trials = arm.trials.map(trial => {
    const { definition: { spec: { spectrum: { threshold } } }, result } = trial
    const learned = result.bands.map(({ constant }) => constant! < threshold ? { step: 0, evaluations: 0 } : null)
    return { ...trial, result: { ...result, learned } }
  })
  return { name: 'constant predictor', optimizer: 'constant predictor', condition: undefined, isNull: true, trials }
}
