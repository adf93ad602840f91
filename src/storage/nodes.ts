/** The machines that work: their rows, and what every team may see of them; what they run is told only to the team that owns it. */
import type { Pool } from 'pg'
import type { Database } from './database.js'
import type { Lane, Node, Trial } from './generated/client.js'

export type NodeResource = ReturnType<typeof toNode>
/** What a lane's device really is; null where that is not known, or has no meaning for a CPU. */
export interface Hardware { name: string, driver: string | null, computeCapability: string | null, memoryBytes: number | null }
type RunningTrial = Pick<Trial, 'id' | 'experimentId' | 'arm' | 'seed' | 'state' | 'laneId'>

const FORGOTTEN_MS = 24 * 3_600_000

/**
 * Lists the nodes that work now or were heard of during the last day.
 * @param leaseSeconds a node that was not heard of for so long is silent: the leases of its trials have ended, too
 */
export async function listNodes ({ prisma }: Database, teamId: string, leaseSeconds: number): Promise<NodeResource[]> {
  const now = Date.now()
  const nodes = await prisma.node.findMany({
    where: { heartbeatAt: { gt: new Date(now - FORGOTTEN_MS) } }, include: { lanes: { orderBy: { device: 'asc' } } }, orderBy: { id: 'asc' }
  })
  const laneIds = nodes.flatMap(node => node.lanes.map(lane => lane.id))
  const trials = await prisma.trial.findMany({
    where: { teamId, state: { in: ['running', 'pausing', 'stopping'] }, laneId: { in: laneIds } },
    select: { id: true, experimentId: true, arm: true, seed: true, state: true, laneId: true },
    orderBy: { id: 'asc' }
  })
  const warm = [...new Set(nodes.flatMap(node => node.lanes.flatMap(lane => lane.warmModels)))]
  const models = await prisma.model.findMany({ where: { teamId, id: { in: warm } }, select: { id: true } })
  const own = new Set(models.map(model => model.id))
  return nodes.map(node => toNode(node, trials, own, now - leaseSeconds * 1000))
}

function toNode (row: Node & { lanes: Lane[] }, trials: RunningTrial[], ownModels: Set<string>, silentSince: number) {
  const silent = row.heartbeatAt.getTime() < silentSince
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    state: row.stoppedAt ? 'stopped' as const : silent ? 'silent' as const : 'alive' as const,
    startedAt: row.startedAt.toISOString(),
    heartbeatAt: row.heartbeatAt.toISOString(),
    lanes: row.lanes.map(lane => ({
      id: lane.id,
      device: lane.device,
      hardware: lane.hardware as Hardware | null,
      failure: lane.failure,
      backend: lane.backend,
      slots: lane.slots,
      threads: lane.threads,
      /** models held in memory that belong to the asking team */
      warmModels: lane.warmModels.filter(id => ownModels.has(id)),
      /** trials of the asking team that run here */
      trials: trials.filter(trial => trial.laneId === lane.id)
        .map(({ id, experimentId, arm, seed, state }) => ({ id, experimentId, arm, seed, state }))
    }))
  }
}

/**
 * Writes a node's row, unless another node is at work under its id: one with another name and a beat that is younger than
 * a lease. @returns whether the id is this node's
 */
export async function registerNode (
  pool: Pool, nodeId: string, { name, version, leaseSeconds }: { name: string, version: string, leaseSeconds: number }
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into node (id, name, version) values ($1, $2, $3)
     on conflict (id) do update set name = excluded.name, version = excluded.version, started_at = now(), heartbeat_at = now(), stopped_at = null
     where node.name = excluded.name or node.stopped_at is not null or node.heartbeat_at < now() - make_interval(secs => $4)`,
    [nodeId, name, version, leaseSeconds])
  return rowCount === 1
}

/** Says that a node lives. */
export async function beatNode (pool: Pool, nodeId: string): Promise<void> {
  await pool.query('update node set heartbeat_at = now(), stopped_at = null where id = $1', [nodeId])
}

/** Says that a node has stopped. */
export async function stopNode (pool: Pool, nodeId: string): Promise<void> {
  await pool.query('update node set stopped_at = now() where id = $1', [nodeId])
}
