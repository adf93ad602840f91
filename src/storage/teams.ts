/** Teams: made by the operator, bounded by quotas. Their keys: keys.ts; what they own: team-store.ts. */
import { v7 as newId } from 'uuid'
import { AppError } from '../errors.js'
import type { Database } from './database.js'
import { Prisma, type Team } from './generated/client.js'
import { checkId, notFound } from './team/page.js'

/** Bounds of a team; null means no limit. */
export interface Quotas { maxRunningTrials: number | null, maxStorageBytes: number | null }

export type TeamResource = ReturnType<typeof toTeam>

/** What a team has and uses. */
export interface Usage {
  experiments: number
  /** number of trials by state */
  trials: Record<string, number>
  datasets: number
  models: number
  /** bytes of the blobs that the team refers to, each counted once */
  storedBytes: number
}

/** Makes the team `default` if it is missing. @returns its id */
export async function ensureDefaultTeam (db: Pick<Database, 'prisma'>): Promise<string> {
  await db.prisma.team.createMany({ data: { id: newId(), name: 'default' }, skipDuplicates: true })
  return (await db.prisma.team.findUniqueOrThrow({ where: { name: 'default' } })).id
}

/** Makes a team. @throws AppError conflict when the name is taken */
export async function createTeam (db: Database, team: { name: string, quotas?: Partial<Quotas> }): Promise<TeamResource> {
  const id = newId()
  const { count } = await db.prisma.team.createMany({ data: { id, name: team.name, quotas: { ...team.quotas } }, skipDuplicates: true })
  if (count === 0) throw new AppError('conflict', `team name must be free, got ${JSON.stringify(team.name)}`)
  return getTeam(db, id)
}

/** Gets a team. @throws AppError not_found */
export async function getTeam (db: Pick<Database, 'prisma'>, teamId: string): Promise<TeamResource> {
  const row = await db.prisma.team.findUnique({ where: { id: checkId('team', teamId) } })
  if (!row) throw notFound('team', teamId)
  return toTeam(row)
}

/** Changes quotas. @param version the one that was read; undefined overwrites @throws AppError not_found, stale */
export async function updateQuotas (db: Database, teamId: string, quotas: Partial<Quotas>, version?: number): Promise<TeamResource> {
  throw new Error(`not yet ${typeof db} ${teamId} ${typeof quotas} ${version} ${Prisma.sql.length}`)
}

/** Counts what a team has and uses. */
export async function readUsage (db: Database, teamId: string): Promise<Usage> {
  throw new Error(`not yet ${typeof db} ${teamId}`)
}

/** Refuses more bytes than the team's quota leaves. @throws AppError quota_exceeded */
export async function checkStorageQuota (db: Pick<Database, 'prisma' | 'pool'>, teamId: string, moreBytes: number): Promise<void> {
  throw new Error(`not yet ${typeof db} ${teamId} ${moreBytes}`)
}

function toTeam (row: Team) {
  const quotas = row.quotas as Partial<Quotas>
  return {
    id: row.id,
    name: row.name,
    quotas: { maxRunningTrials: quotas.maxRunningTrials ?? null, maxStorageBytes: quotas.maxStorageBytes ?? null },
    version: row.version,
    createdAt: row.createdAt.toISOString()
  }
}
