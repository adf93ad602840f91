/** The machines that work, as every team may see them; what they run is told only to the team that owns it. */
import type { Database } from './database.js'

export interface NodeResource {
  id: string
  name: string
  version: string
  /** alive: heard of within 30 s */
  state: 'alive' | 'silent' | 'stopped'
  startedAt: string
  heartbeatAt: string
  lanes: {
    id: string
    device: string
    backend: string
    slots: number
    threads: number
    /** models held in memory that belong to the asking team */
    warmModels: string[]
    /** trials of the asking team that run here */
    trials: { id: string, experimentId: string, arm: string, seed: number, state: string }[]
  }[]
}

/** Lists the nodes that are alive or were during the last day. */
export async function listNodes (db: Database, teamId: string): Promise<NodeResource[]> {
  throw new Error(`not yet ${typeof db} ${teamId}`)
}
