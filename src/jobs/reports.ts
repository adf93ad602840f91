/**
 * Draws an experiment's conclusion when its last trial has ended, and with it ends the experiment. What the report says
 * is one moment's: it is read in one snapshot of the database, and written only if the trials are as they were then.
 */
import type { ClientBase } from 'pg'
import { findAlgorithm } from '../algorithms/registry.js'
import type { FinishedTrial, Report, TrialDefinition } from '../algorithms/contract.js'
import { withTransaction, type Database } from '../storage/database.js'
import { readCurves } from '../storage/metrics.js'
import { finishExperiment, isTerminal, type SeenTrial, type terminalStates } from '../storage/trials.js'

type Seen = FinishedTrial<unknown, unknown> & SeenTrial

/** Makes the report and writes it together with the experiment's last state. Repeating it changes nothing. */
export async function makeReport (db: Database, experimentId: string, onError: (error: Error) => void): Promise<void> {
  const read = await withTransaction(db.pool, async client => await readExperiment(client, experimentId), 'isolation level repeatable read read only')
  if (read === undefined) return
  const report = conclude(read.kind, read.spec, read.trials, onError)
  await withTransaction(db.pool, async client => { await finishExperiment(client, experimentId, report, read.trials) })
}

/** Reads an experiment with all that its trials left; undefined when there is none, or a trial of it has not ended. */
async function readExperiment (client: ClientBase, id: string): Promise<{ kind: string, spec: unknown, trials: Seen[] } | undefined> {
  const { rows: [experiment] } = await client.query<{ kind: string, spec: unknown }>('select kind, spec from experiment where id = $1', [id])
  const { rows } = await client.query<{ id: string, definition: TrialDefinition, state: string, attempt: number, result: unknown }>(
    'select id, definition, state, attempt, result from trial where experiment_id = $1 order by ordinal', [id])
  if (experiment === undefined || !rows.every(hasEnded)) return undefined
  const trials: Seen[] = []
  for (const row of rows.filter(hasEnded)) {
    trials.push({ ...row, result: row.result ?? undefined, metrics: await readCurves(client, row.id) })
  }
  return { ...experiment, trials }
}

function hasEnded<T extends { state: string }> (trial: T): trial is T & { state: typeof terminalStates[number] } {
  return isTerminal(trial.state)
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
