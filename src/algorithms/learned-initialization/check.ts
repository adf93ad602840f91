/** What a spec that fits its schema still gets wrong. Pure. */
import type { Violation } from '../../errors.js'
import type { InputDescriptions } from '../contract.js'
import type { InitializationSpec } from './spec.js'

/** Lists the broken rules. */
export function check (_spec: InitializationSpec, _inputs: InputDescriptions): Violation[] {
  return []
}
