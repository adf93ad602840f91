/** Families by the type that a spec names. A new one is its folder, its schema in spec.ts and a line here. */
import type { Family } from './family.js'
import type { FamilySpec } from './spec.js'

/** Opens the family of a spec. */
export function openFamily (spec: FamilySpec): Family {
  throw new Error(`No family ${spec.type} yet`)
}
