/** Real trials for nodes and lanes that run in a test: stored as the API stores them, waited for by their rows. */
import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { v7 as newId } from 'uuid'
import type { Needs } from '../../src/algorithms/contract.js'
import { findAlgorithm } from '../../src/algorithms/registry.js'
import type { Database } from '../../src/storage/database.js'
import { forTeam } from '../../src/storage/team-store.js'
import { createTeam } from '../../src/storage/teams.js'
import { fillSpec } from './drive.js'
import { noInputs } from './inputs.js'

/**
 * Stores an experiment of one Float64 trial that takes one slot.
 * @param otherwise what the trial is to need instead of what its kind says
 * @returns its id and the trial's
 */
export async function submitTrial (
  db: Database, steps: number, otherwise: Partial<Needs> = {}
): Promise<{ teamId: string, experimentId: string, trialId: string }> {
  const { id: teamId } = await createTeam(db, { name: `team ${newId()}` })
  const algorithm = findAlgorithm('frequency-principle')
  const spec = fillSpec<Record<string, unknown>>(algorithm, {
    target: { type: 'sines', terms: [{ frequency: 1 }, { frequency: 3 }] }, optimizers: [{ type: 'gd', steps }], seeds: [1]
  })
  const { id, trials } = await forTeam(db, teamId).experiments.create({
    kind: algorithm.kind,
    kindVersion: algorithm.version,
    name: 'test',
    spec,
    createdBy: 'test',
    datasetIds: [],
    trials: algorithm.plan(spec).map(definition => ({ definition, needs: { ...algorithm.needs(definition, noInputs), ...otherwise } }))
  })
  return { teamId, experimentId: id, trialId: trials[0]!.id }
}

/** Waits until a question to the database has an answer that is not false, null or undefined. */
export async function until<T> (ask: () => Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    await delay(20)
  }
}

/** Waits until a trial is in a state. */
export async function untilState (db: Database, trialId: string, state: string): Promise<void> {
  await until(async () => (await db.pool.query('select from trial where id = $1 and state = $2', [trialId, state])).rowCount)
}

/** Processes that a process started, with their environment, and whether they are stopped. */
export function childrenOf (parent: number): { pid: number, environment: string, isStopped: boolean }[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(name => {
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8')
      if (!new RegExp(`^PPid:\\s+${parent}$`, 'm').test(status)) return []
      return [{ pid: Number(name), environment: readFileSync(`/proc/${name}/environ`, 'latin1'), isStopped: /^State:\s+T/m.test(status) }]
    } catch {
      return [] // ended while we looked
    }
  })
}
