/** What claims are made of, and what they share. Pure. */
import type { Judged } from '../../kit/verdict.js'
import type { InitialiserSpec } from '../initialisers/spec.js'
import type { InitializationSpec } from '../spec.js'
import type { RanArm } from './trials.js'

export interface Claim {
  says (spec: InitializationSpec): string
  /** @param arms all of the spec, with all seeds; check-claims.ts has seen to it that those are there which the claim needs */
  judge (arms: RanArm[], spec: InitializationSpec): Judged
}

export const nobody = 'no initialiser is there to which the claim applies'

/** A claim holds where it does for all that it speaks of; where it speaks of none, or one says nothing, nobody knows. */
export function together<One> (judged: One[], { holds, say }: { holds (one: One): boolean | null, say (one: One): string }): Judged {
  if (judged.length === 0) return { holds: null, evidence: nobody }
  const each = judged.map(holds)
  return { holds: each.includes(false) ? false : each.includes(null) ? null : true, evidence: judged.map(say).join('; ') }
}

/** The arms whose initialisers are such. */
export function chosen (arms: RanArm[], is: (initialiser: InitialiserSpec) => boolean): RanArm[] {
  return arms.filter(({ initialiser }) => is(initialiser))
}

/** A part as percent, as short as it may be. */
export function percent (part: number): string {
  return String(Number((100 * part).toPrecision(4)))
}
