/**
 * How a trial that succeeded ended: which endings are findings is declared by its kind; here they are checked and
 * explained, for executors and for the wire.
 */
import { AppError } from '../errors.js'
import type { Algorithm } from './contract.js'
import { algorithms } from './registry.js'

type Declared = Pick<Algorithm, 'kind' | 'outcomes'>

/**
 * Checks that a result names one of the outcomes that its kind declares, or none where none is declared.
 * @throws AppError trial_error
 */
export function checkOutcome ({ kind, outcomes }: Declared, result: unknown): void {
  const outcome: unknown = typeof result === 'object' && result !== null && 'outcome' in result ? result.outcome : undefined
  const names = Object.keys(outcomes)
  const isDeclared = names.length === 0 ? outcome === undefined : names.some(name => name === outcome)
  if (isDeclared) return
  const rule = names.length === 0 ? `be left out, ${kind} declares none` : `be one of ${names.join(', ')}`
  throw new AppError('trial_error', `result.outcome must ${rule}, got ${JSON.stringify(outcome)}`)
}

/** Whether metrics that are NaN or infinite may be findings: a kind without such an outcome fails by them. */
export function allowsNonFinite ({ outcomes }: Pick<Algorithm, 'outcomes'>): boolean {
  return Object.values(outcomes).some(({ nonFinite }) => nonFinite)
}

/** An outcome with what can be done about it; no advice where the kind declares it no more, null where there is none. */
export function explainOutcome (kind: string, name: string | null): { name: string, advice: string | null } | null {
  if (name === null) return null
  const outcomes = algorithms.find(one => one.kind === kind)?.outcomes ?? {}
  return { name, advice: Object.hasOwn(outcomes, name) ? outcomes[name]!.advice : null }
}
