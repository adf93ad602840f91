/** Teams: made by the operator, bounded by quotas. Their keys: keys.ts; what they own: team-store.ts. */
import { v7 as newId } from 'uuid'
import { AppError } from '../errors.js'
import type { Database } from './database.js'
import type { Team } from './generated/client.js'
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
export async function ensureDefaultTeam ({ prisma }: Pick<Database, 'prisma'>): Promise<string> {
  const known = await prisma.team.findUnique({ where: { name: 'default' }, select: { id: true } })
  if (known) return known.id
  await prisma.team.createMany({ data: { id: newId(), name: 'default' }, skipDuplicates: true })
  return ensureDefaultTeam({ prisma })
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

/** Changes the quotas that are given. @param version the one that was read; undefined overwrites @throws AppError not_found, stale */
export async function updateQuotas (db: Database, teamId: string, quotas: Partial<Quotas>, version?: number): Promise<TeamResource> {
  const { rowCount } = await db.pool.query(
    'update team set quotas = quotas || $2::jsonb, version = version + 1 where id = $1 and ($3::int is null or version = $3)',
    [checkId('team', teamId), JSON.stringify(quotas), version ?? null])
  const team = await getTeam(db, teamId)
  if (rowCount === 0) throw new AppError('stale', `team ${teamId} must have version ${version}, got ${team.version}`)
  return team
}

/** Counts what a team has and uses. */
export async function readUsage (db: Database, teamId: string): Promise<Usage> {
  const [experiments, datasets, models, trials, storedBytes] = await Promise.all([
    db.prisma.experiment.count({ where: { teamId } }),
    db.prisma.dataset.count({ where: { teamId } }),
    db.prisma.model.count({ where: { teamId } }),
    db.prisma.trial.groupBy({ by: ['state'], where: { teamId }, _count: true }),
    sumStoredBytes(db, teamId)
  ])
  return { experiments, trials: Object.fromEntries(trials.map(({ state, _count }) => [state, _count])), datasets, models, storedBytes }
}

/** Refuses more bytes than the team's quota leaves. @throws AppError quota_exceeded */
export async function checkStorageQuota (db: Pick<Database, 'prisma' | 'pool'>, teamId: string, moreBytes: number): Promise<void> {
  const { quotas: { maxStorageBytes } } = await getTeam(db, teamId)
  if (maxStorageBytes === null) return
  const stored = await sumStoredBytes(db, teamId)
  if (stored + moreBytes > maxStorageBytes) {
    throw new AppError('quota_exceeded', `stored bytes must be <= ${maxStorageBytes}, got ${stored} and ${moreBytes} more`)
  }
}

/** Sums the sizes of the blobs that a team's rows refer to; a blob that several of them share counts once. */
async function sumStoredBytes (db: Pick<Database, 'pool'>, teamId: string): Promise<number> {
  const { rows } = await db.pool.query<{ bytes: string }>(
    `with used as (
       select blob_sha from dataset where team_id = $1
       union select blob_sha from checkpoint where team_id = $1
       union select blob_sha from artifact where team_id = $1
       union select snapshot.blob_sha from snapshot join trial on trial.id = trial_id where team_id = $1
       union select influence_part.blob_sha from influence_part join influence_index on influence_index.id = index_id where team_id = $1
     ) select coalesce(sum(size_bytes), 0) as bytes from blob join used on blob.sha256 = used.blob_sha`, [teamId])
  return Number(rows[0]?.bytes ?? 0)
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
