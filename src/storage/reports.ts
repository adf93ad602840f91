/** What a report is made from: an experiment whose trials have all ended, with all that they left. Next hop: src/jobs/reports.ts. */
import type { ClientBase } from 'pg'
import type { FinishedTrial, TrialDefinition } from '../algorithms/contract.js'
import { readCurves } from './metrics.js'
import { isTerminal, type SeenTrial, type terminalStates } from './trials.js'

export interface EndedExperiment { kind: string, spec: unknown, trials: (FinishedTrial<unknown, unknown> & SeenTrial)[] }

/** Reads an experiment for its report; undefined when there is none, or a trial of it has not ended. */
export async function readEndedExperiment (client: ClientBase, id: string): Promise<EndedExperiment | undefined> {
  const { rows: [experiment] } = await client.query<{ kind: string, spec: unknown }>('select kind, spec from experiment where id = $1', [id])
  const { rows } = await client.query<{ id: string, definition: TrialDefinition, state: string, attempt: number, result: unknown }>(
    'select id, definition, state, attempt, result from trial where experiment_id = $1 order by ordinal', [id])
  if (experiment === undefined || !rows.every(hasEnded)) return undefined
  const trials: EndedExperiment['trials'] = []
  for (const row of rows.filter(hasEnded)) {
    trials.push({ ...row, result: row.result ?? undefined, metrics: await readCurves(client, row.id) })
  }
  return { ...experiment, trials }
}

function hasEnded<T extends { state: string }> (trial: T): trial is T & { state: typeof terminalStates[number] } {
  return isTerminal(trial.state)
}
