/** Claims that were judged, in one verdict. Pure. */
import type { Report } from '../../contract.js'
import type { Judged } from './claims.js'

/** All must hold. @param restless why nothing can be decided, if anything */
export function concludeOf (judged: readonly Judged[], restless: readonly string[] = []): Pick<Report['verdict'], 'holds' | 'evidence'> {
  if (judged.length === 0) return { holds: null, evidence: ['Nothing was claimed', ...restless].join('. ') }
  const holds = judged.map(({ holds }) => holds)
  return {
    holds: restless.length > 0 ? null : holds.includes(false) ? false : holds.includes(null) ? null : true,
    evidence: [...judged.map(({ holds, evidence }) => `${holds === null ? 'Not decided' : holds ? 'Found' : 'Not found'}: ${evidence}`), ...restless].join('. ')
  }
}
