/** Families by the type that a spec names. A new one is its folder, its schema in spec.ts and a line here. */
import type { Family } from './family.js'
import type { FamilyOf, FamilySpec } from './spec.js'
import { openSumRate } from './sum-rate/index.js'

const families: { [T in FamilySpec['type']]?: (spec: FamilyOf<T>) => Family } = {
  'sum-rate': openSumRate
}

/** Opens the family of a spec. */
export function openFamily (spec: FamilySpec): Family {
  const open = families[spec.type] as ((spec: FamilySpec) => Family) | undefined
  if (open === undefined) throw new Error(`No family ${spec.type}`)
  return open(spec)
}
