/**
 * Draws an experiment's conclusion when its last trial has ended, and with it ends the experiment. What the report says
 * is one moment's: it is read in one snapshot of the database, and written only if the trials are as they were then.
 */
import { findAlgorithm } from '../algorithms/registry.js'
import type { FinishedTrial, Report } from '../algorithms/contract.js'
import { withTransaction, type Database } from '../storage/database.js'
import { readEndedExperiment } from '../storage/reports.js'
import { finishExperiment } from '../storage/trials.js'

/** Makes the report and writes it together with the experiment's last state. Repeating it changes nothing. */
export async function makeReport (db: Database, experimentId: string, onError: (error: Error) => void): Promise<void> {
  const read = await withTransaction(db.pool, async client => await readEndedExperiment(client, experimentId), 'isolation level repeatable read read only')
  if (read === undefined) return
  const report = conclude(read.kind, read.spec, read.trials, onError)
  await withTransaction(db.pool, async client => { await finishExperiment(client, experimentId, report, read.trials) })
}

/** A report that throws is a bug of its kind: the experiment still ends, and says that there is no verdict. */
function conclude (kind: string, spec: unknown, trials: FinishedTrial<unknown, unknown>[], onError: (error: Error) => void): Report {
  try {
    return findAlgorithm(kind).report(spec, trials)
  } catch (error) {
    onError(error as Error)
    const evidence = `The report could not be made: ${(error as Error).message}`
    return { verdict: { claim: '', predicts: '', holds: null, evidence }, tables: [], figures: [] }
  }
}
