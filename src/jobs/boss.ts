/**
 * Everything that is no trial goes through pg-boss on the same Postgres: queries, index builds, reports, sweeps.
 * The LISTEN connection, which pg-boss watches by itself, wakes a worker within milliseconds; polling is only the floor
 * beneath it. Jobs are sent within the transaction that writes the row they are about; what becomes of rows whose job
 * is gone: lost.ts.
 */
import type { ClientBase } from 'pg'
import { PgBoss, type Db, type JobWithMetadata } from 'pg-boss'
import { asExecutor, connectionBounds } from '../storage/database.js'

/** A day for whoever looks into what went wrong; answers are rows of their own. */
const KEPT_SECONDS = 24 * 3600

/**
 * Queues and how their jobs fare: heartbeats let a silent worker's job go to another one, so that a job may take as
 * long as it needs. `exclusive` is one job per singletonKey that waits or runs.
 */
const queues = {
  report: { retryLimit: 5, retryDelay: 1, expireInSeconds: 600, heartbeatSeconds: 20, notify: true, deleteAfterSeconds: KEPT_SECONDS },
  query: { retryLimit: 2, expireInSeconds: 3600, heartbeatSeconds: 10, notify: true, deleteAfterSeconds: 600 },
  'long-query': { retryLimit: 2, expireInSeconds: 3 * 3600, heartbeatSeconds: 10, notify: true, deleteAfterSeconds: 600 },
  'index-build': { policy: 'exclusive', retryLimit: 3, expireInSeconds: 23 * 3600, heartbeatSeconds: 10, notify: true, deleteAfterSeconds: KEPT_SECONDS },
  sweep: { retryLimit: 1, expireInSeconds: 600, deleteAfterSeconds: KEPT_SECONDS }
} as const

/** A lane's queue is the quick way: what fails there goes on in the common queue, what nobody takes there is there, too. */
const laneSettings = { ...queues.query, retryLimit: 0, deadLetter: 'query', retentionSeconds: 60 } as const
const LANE_QUEUE = 'query-'

/** What is not announced: a retry that has become due, and whatever came while the announcements were cut off. */
const POLL_SECONDS = 1

export interface BossOptions {
  /** one process of a deployment at least keeps house: expiry, retries, schedules */
  keepsHouse?: boolean
  /** how long a statement may take before its connection counts as dead: all of them are short */
  answerMs?: number
  onError: (error: Error) => void
}

/** Opens the job queue, making its tables and queues when they are missing. */
export async function openBoss (url: string, options: BossOptions): Promise<PgBoss> {
  const boss = new PgBoss({
    ...connectionBounds(options.answerMs ?? 30_000),
    connectionString: url,
    application_name: 'descent-lab jobs',
    max: 3,
    useListenNotify: true,
    supervise: options.keepsHouse ?? false,
    schedule: options.keepsHouse ?? false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 600
  })
  boss.on('error', options.onError)
  await boss.start()
  await Promise.all(Object.entries(queues).map(async ([name, settings]) => { await boss.createQueue(name, settings) }))
  return boss
}

/**
 * Works a queue, one job at a time, until it is empty: at every announcement, and every pollSeconds. pg-boss by itself
 * takes one job per announcement and forgets those that come while it fetches, so that the rest of a burst would wait
 * for the poll. It ends when boss stops.
 */
export async function workQueue<Data extends object> (
  boss: PgBoss, name: string, handle: (job: JobWithMetadata<Data>) => Promise<void>, pollSeconds = POLL_SECONDS
): Promise<void> {
  const poll = { pollingIntervalSeconds: pollSeconds, notifyPollingIntervalSeconds: pollSeconds }
  const options = { batchSize: 1, includeMetadata: true, ...poll } as const
  const worker: string = await boss.work(name, options, async ([job]: JobWithMetadata<Data>[]) => {
    boss.notifyWorker(worker) // after this one it looks again
    await handle(job!)
  })
}

/** The queue of one lane: queries go there first while it holds their model warm. */
export function laneQueue (laneId: string): string {
  return LANE_QUEUE + laneId
}

/** Makes a lane's queue. */
export async function createLaneQueue (boss: PgBoss, laneId: string): Promise<void> {
  await boss.createQueue(laneQueue(laneId), laneSettings)
}

/** Removes the queues of lanes that are gone; one that comes back makes its queue anew. */
export async function removeLaneQueues (boss: PgBoss, known: ReadonlySet<string>): Promise<void> {
  for (const { name } of await boss.getQueues()) {
    if (name.startsWith(LANE_QUEUE) && !known.has(name.slice(LANE_QUEUE.length))) await boss.deleteQueue(name)
  }
}

/** Lets a pg-boss call take part in a transaction that is open on `client`. */
export function within (client: ClientBase): { db: Db } {
  return { db: asExecutor(client) }
}

/** Enqueues the report of an experiment whose last trial ended in this transaction. */
export async function sendReport (boss: PgBoss, client: ClientBase, experimentId: string): Promise<void> {
  await boss.send('report', { experimentId }, { ...within(client) })
}

/** Enqueues the building of an influence index in this transaction; nothing happens while that waits or runs already. */
export async function sendBuild (boss: PgBoss, client: ClientBase, indexId: string): Promise<void> {
  await boss.send('index-build', { indexId }, { singletonKey: indexId, ...within(client) })
}
