/** The rows of lanes as nodes and executors write them: which there are, what they found, whether they live, what they hold warm. */
import type { Pool } from 'pg'
import { v7 as newId } from 'uuid'
import type { Connection } from './database.js'
import type { Hardware } from './nodes.js'

/** Writes the lanes of a node, as they are before their executors have started, and removes those of devices that it no longer has. */
export async function writeLanes (pool: Pool, nodeId: string, lanes: readonly { device: string, slots: number }[]): Promise<void> {
  await pool.query('delete from lane where node_id = $1 and device <> all($2)', [nodeId, lanes.map(lane => lane.device)])
  for (const { device, slots } of lanes) {
    await pool.query(
      `insert into lane (id, node_id, device, backend, slots, threads, pid) values ($1, $2, $3, 'starting', $4, $4, 0)
       on conflict (node_id, device) do update set backend = 'starting', hardware = null, failure = null, slots = excluded.slots, threads = excluded.threads, pid = 0, warm_models = '{}'`,
      [newId(), nodeId, device, slots])
  }
}

/** Finds the lane of a device that writeLanes wrote. */
export async function findLane (pool: Pool, nodeId: string, device: string): Promise<string> {
  const { rows: [lane] } = await pool.query('select id from lane where node_id = $1 and device = $2', [nodeId, device])
  return lane.id
}

/** What the executor of a lane turned out to be. */
export interface LaneFacts { backend: string, threads: number, pid: number, hardware: Hardware | null }

/** Says what an executor is that is ready. */
export async function describeLane (pool: Pool, laneId: string, { backend, threads, pid, hardware }: LaneFacts): Promise<void> {
  await pool.query('update lane set backend = $2, threads = $3, pid = $4, warm_models = $5, hardware = $6, heartbeat_at = now() where id = $1',
    [laneId, backend, threads, pid, [], hardware])
}

/** Says that a lane lives. */
export async function beatLane (on: Connection, laneId: string): Promise<void> {
  await on.query('update lane set heartbeat_at = now() where id = $1', [laneId])
}

/** Says why a lane takes nothing. */
export async function failLane (pool: Pool, laneId: string, reason: string): Promise<void> {
  await pool.query("update lane set failure = $2, backend = 'none' where id = $1", [laneId, reason])
}

/** Says which models a lane holds in memory. */
export async function advertiseModels (pool: Pool, laneId: string, models: string[]): Promise<void> {
  await pool.query('update lane set warm_models = $2 where id = $1', [laneId, models])
}

/** Finds a lane that lives and holds a model in memory; of several the one that was heard of last. */
export async function findWarmLane (pool: Pool, modelId: string): Promise<string | undefined> {
  const { rows: [lane] } = await pool.query({
    name: 'warm-lane',
    text: "select id from lane where $1 = any(warm_models) and heartbeat_at > now() - interval '15 s' order by heartbeat_at desc limit 1",
    values: [modelId]
  })
  return lane?.id
}

/** Lists the lanes that were heard of during the last hours. */
export async function listLanes (pool: Pool, hours: number): Promise<string[]> {
  const { rows } = await pool.query('select id from lane where heartbeat_at > now() - make_interval(hours => $1)', [hours])
  return rows.map(lane => lane.id)
}
