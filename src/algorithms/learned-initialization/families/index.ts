/** Families by the type that a spec names. A new one is its folder, its schema in spec.ts and a line here. */
import type { Family } from './family.js'
import type { FamilyOf, FamilySpec } from './spec.js'
import { openSumRate } from './sum-rate/index.js'
import { syntheticFamilies } from './synthetic/index.js'

const families: { [T in FamilySpec['type']]: (spec: FamilyOf<T>) => Family } = {
  'sum-rate': openSumRate,
  ...syntheticFamilies
}

/** Opens the family of a spec. */
export function openFamily (spec: FamilySpec): Family {
  return (families[spec.type] as (spec: FamilySpec) => Family)(spec)
}
