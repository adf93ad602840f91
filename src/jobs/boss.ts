/**
 * Everything that is no trial goes through pg-boss on the same Postgres: queries, index builds, reports, sweeps.
 * The LISTEN connection wakes a worker within milliseconds; polling is only the floor beneath it.
 */
import type { ClientBase } from 'pg'
import { PgBoss, type Db } from 'pg-boss'

/** Queues and how their jobs fare: heartbeats let a silent worker's job go to another one. */
const queues = {
  report: { retryLimit: 5, retryDelay: 1, expireInSeconds: 600, heartbeatSeconds: 20, notify: true },
  query: { retryLimit: 2, expireInSeconds: 600, heartbeatSeconds: 10, notify: true, deleteAfterSeconds: 3600 },
  index: { retryLimit: 3, expireInSeconds: 7200, heartbeatSeconds: 10, notify: true },
  sweep: { retryLimit: 1, expireInSeconds: 600 }
} as const

export interface BossOptions {
  /** one process of a deployment at least keeps house: expiry, retries, schedules */
  keepsHouse?: boolean
  onError: (error: Error) => void
}

/** Opens the job queue, making its tables and queues when they are missing. */
export async function openBoss (url: string, options: BossOptions): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'descent-lab jobs',
    max: 3,
    useListenNotify: true,
    supervise: options.keepsHouse ?? false,
    schedule: options.keepsHouse ?? false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5
  })
  boss.on('error', options.onError)
  await boss.start()
  await Promise.all(Object.entries(queues).map(async ([name, settings]) => { await boss.createQueue(name, settings) }))
  return boss
}

/** The queue of one lane: queries go there first while it holds their model warm. */
export function laneQueue (laneId: string): string {
  return `query-${laneId}`
}

/** Makes a lane's queue. */
export async function createLaneQueue (boss: PgBoss, laneId: string): Promise<void> {
  await boss.createQueue(laneQueue(laneId), queues.query)
}

/** Lets a pg-boss call take part in a transaction that is open on `client`. */
export function within (client: ClientBase): { db: Db } {
  return { db: { executeSql: async (text, values) => await client.query(text, values) } }
}

/** Enqueues the report of an experiment whose last trial ended in this transaction. */
export async function sendReport (boss: PgBoss, client: ClientBase, experimentId: string): Promise<void> {
  await boss.send('report', { experimentId }, { ...within(client) })
}
