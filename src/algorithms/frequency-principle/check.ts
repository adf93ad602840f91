/** What a spec that fits its schema still gets wrong, with the figures. Pure. */
import type { Violation } from '../../errors.js'
import type { InputDescriptions } from '../contract.js'
import { checkConditions } from './conditions.js'
import { checkData } from './data/check.js'
import { checkFunction } from './function/check.js'
import { armOf } from './optimizer-spec.js'
import type { FrequencyPrincipleSpec } from './spec.js'

/** Lists the broken rules. */
export function check (spec: FrequencyPrincipleSpec, inputs: InputDescriptions): Violation[] {
  return [...checkNames(spec), ...checkConditions(spec), ...(spec.target.type === 'data' ? checkData(spec, inputs) : checkFunction(spec, spec.target))]
}

function checkNames ({ optimizers }: FrequencyPrincipleSpec): Violation[] {
  const arms = optimizers.map(armOf)
  return arms.flatMap((arm, i) => arms.indexOf(arm) === i
    ? []
    : [{ path: `spec.optimizers[${i}].name`, rule: 'must be given and be another for each optimizer, where type and hidden are the same', got: arm }])
}
