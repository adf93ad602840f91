/** The synthetic families, by the type that a spec names; ../index.ts has all families. What theory says of them: theory.ts. */
import type { Family } from '../family.js'
import type { FamilyOf } from '../spec.js'
import { openConvex } from './convex.js'
import { openTwoBasins } from './two-basins.js'
import { openUnrelated } from './unrelated.js'

export const syntheticFamilies: { [Type in 'two-basins' | 'unrelated' | 'convex']: (spec: FamilyOf<Type>) => Family } = {
  'two-basins': openTwoBasins,
  unrelated: openUnrelated,
  convex: openConvex
}
