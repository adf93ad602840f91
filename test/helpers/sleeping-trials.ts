/** Trials for nodes and lanes that run in a test, stored as the API stores them. They sleep: see kinds/sleepers.ts. */
import { v7 as newId } from 'uuid'
import type { Needs } from '../../src/algorithms/contract.js'
import type { Database } from '../../src/storage/database.js'
import { forTeam } from '../../src/storage/team-store.js'
import { createTeam } from '../../src/storage/teams.js'
import { sleepers } from '../kinds/sleepers.js'
import { noInputs } from './inputs.js'

/** NODE_OPTIONS of the executors that run them. */
export const preloadSleepers = `--import=${new URL('../kinds/sleepers.js', import.meta.url).href}`

/**
 * Stores an experiment of one trial that takes one slot, for 20 ms a step.
 * @param otherwise what the trial is to need instead of what its kind says
 * @returns its id and the trial's
 */
export async function submitTrial (
  db: Database, steps: number, otherwise: Partial<Needs> = {}
): Promise<{ teamId: string, experimentId: string, trialId: string }> {
  const { id: teamId } = await createTeam(db, { name: `team ${newId()}` })
  const { id, trials } = await forTeam(db, teamId).experiments.create({
    kind: sleepers.kind,
    kindVersion: sleepers.version,
    name: 'test',
    spec: { steps },
    createdBy: 'test',
    datasetIds: [],
    trials: sleepers.plan({ steps }).map(definition => ({ definition, needs: { ...sleepers.needs(definition, noInputs), ...otherwise } }))
  })
  return { teamId, experimentId: id, trialId: trials[0]!.id }
}
