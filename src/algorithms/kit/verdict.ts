/** How what was found of a spec's claims becomes the verdict of its report. Pure. */
import type { Report } from '../contract.js'

/** What was found of one claim. */
export interface Judged {
  /** null: the evidence does not decide */
  holds: boolean | null
  evidence: string
}

/** Counts of trials. */
export interface Ran {
  /** those that have a result */
  finished: number
  /** those that the spec asks for: one of each arm and seed */
  planned: number
  /** those that ended without a result */
  failed: number
}

export interface Settled {
  /** of each claim of the spec, in its order; none was made when empty */
  judged: Judged[]
  /** what to beware of, said after the evidence */
  notes?: string[]
  /** whether trials went so that no claim can be decided by them; the notes say why */
  isVoid?: boolean
}

/**
 * All claims must hold, and one that does not decides. Arms are compared, paired by seed: nothing is settled while a trial is missing.
 * @param settle is asked once all trials have results
 */
export function decide ({ finished, planned, failed }: Ran, settle: () => Settled): Pick<Report['verdict'], 'holds' | 'evidence'> {
  if (finished === 0) return { holds: null, evidence: 'No trial succeeded' }
  const missing = Math.max(failed, planned - finished)
  if (missing > 0) return { holds: null, evidence: `${missing} of ${planned} trials have no result` }
  const { judged, notes = [], isVoid = false } = settle()
  if (judged.length === 0) return { holds: null, evidence: ['Nothing was claimed', ...notes].join('. ') }
  const all = judged.map(({ holds }) => holds)
  return {
    holds: isVoid ? null : all.includes(false) ? false : all.includes(null) ? null : true,
    evidence: [...judged.map(say), ...notes].join('. ')
  }
}

function say ({ holds, evidence }: Judged): string {
  return `${holds === null ? 'Not decided' : holds ? 'Found' : 'Not found'}: ${evidence}`
}

/** Trials of all arms. */
export function countTrials (arms: readonly { trials: readonly unknown[] }[]): number {
  return arms.reduce((sum, { trials }) => sum + trials.length, 0)
}
