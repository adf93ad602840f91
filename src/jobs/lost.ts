/**
 * What ends rows that wait for a job that will never be done: its tries are used up, it lay in the queue of a lane that
 * is gone, or it was deleted. Also the queues of lanes that are gone. Every node looks; what it does bears being done
 * twice. How such rows are found: src/storage/lost.ts.
 */
import type { PgBoss } from 'pg-boss'
import { withTransaction, type Database } from '../storage/database.js'
import { failIndex } from '../storage/indexes.js'
import { listLanes } from '../storage/lanes.js'
import { findLostBuilds, findLostQueries, findLostReports } from '../storage/lost.js'
import { finishQuery } from '../storage/queries.js'
import { removeLaneQueues, sendReport } from './boss.js'

export interface LostParts { db: Database, boss: PgBoss }

/** Hours for which a lane that fell silent keeps its queue. */
const FORGOTTEN_HOURS = 24

/** Ends questions and builds, and asks again for reports, whose jobs are gone. */
export async function endLost (parts: LostParts): Promise<void> {
  await endQuestions(parts)
  await endBuilds(parts)
  await askReports(parts)
}

async function endQuestions ({ db: { pool } }: LostParts): Promise<void> {
  for (const { id, words } of await findLostQueries(pool)) {
    const message = `query ${id} was given up: ${words ?? 'the lane that took it is gone'}; ask again`
    await finishQuery(pool, id, { failure: { code: 'unavailable', message } })
  }
}

async function endBuilds ({ db: { pool } }: LostParts): Promise<void> {
  for (const { id, words } of await findLostBuilds(pool)) {
    await failIndex(pool, id, { code: 'unavailable', message: `building the index was given up: ${words || 'its job is gone'}; ask for it again` })
  }
}

/** An experiment whose trials have all ended ends with its report, however often that failed. */
async function askReports ({ db: { pool }, boss }: LostParts): Promise<void> {
  for (const id of await findLostReports(pool)) await withTransaction(pool, async client => { await sendReport(boss, client, id) })
}

/** Removes the queues of lanes that were not heard of for a day, or are no more. */
export async function forgetLanes ({ db, boss }: LostParts): Promise<void> {
  await removeLaneQueues(boss, new Set(await listLanes(db.pool, FORGOTTEN_HOURS)))
}
