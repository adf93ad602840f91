/** Teams: made by the operator, bounded by quotas. Their keys: keys.ts; what they own: team-store.ts. */
import { v7 as newId } from 'uuid'
import { AppError } from '../errors.js'
import type { Connection, Database } from './database.js'
import { checkId, notFound } from './team/page.js'

/** Bounds of a team; null means no limit. */
export interface Quotas { maxRunningTrials: number | null, maxStorageBytes: number | null }

export type TeamResource = ReturnType<typeof toTeam>

interface TeamRow { id: string, name: string, quotas: Partial<Quotas>, version: number, createdAt: Date }
const columns = 'id, name, quotas, version, created_at as "createdAt"'

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
export async function ensureDefaultTeam ({ pool }: Pick<Database, 'pool'>): Promise<string> {
  const { rows: [known] } = await pool.query<{ id: string }>({ name: 'default-team', text: "select id from team where name = 'default'" })
  if (known !== undefined) return known.id
  await pool.query("insert into team (id, name) values ($1, 'default') on conflict (name) do nothing", [newId()])
  return await ensureDefaultTeam({ pool })
}

/** Makes a team. @throws AppError conflict when the name is taken */
export async function createTeam (
  { pool }: Pick<Database, 'pool'>, team: { name: string, quotas?: Partial<Quotas> }, on: Connection = pool
): Promise<TeamResource> {
  const { rows: [row] } = await on.query<TeamRow>(
    `insert into team (id, name, quotas) values ($1, $2, $3) on conflict (name) do nothing returning ${columns}`,
    [newId(), team.name, JSON.stringify(team.quotas ?? {})])
  if (row === undefined) throw new AppError('conflict', `team name must be free, got ${JSON.stringify(team.name)}`)
  return toTeam(row)
}

/** Gets a team. @throws AppError not_found */
export async function getTeam ({ pool }: Pick<Database, 'pool'>, teamId: string, on: Connection = pool): Promise<TeamResource> {
  const { rows: [row] } = await on.query<TeamRow>({
    name: 'get-team', text: `select ${columns} from team where id = $1`, values: [checkId('team', teamId)]
  })
  if (row === undefined) throw notFound('team', teamId)
  return toTeam(row)
}

/** Changes the quotas that are given. @param version the one that was read; undefined overwrites @throws AppError not_found, stale */
export async function updateQuotas (
  { pool }: Pick<Database, 'pool'>, teamId: string, quotas: Partial<Quotas>, version?: number, on: Connection = pool
): Promise<TeamResource> {
  const { rows: [row] } = await on.query<TeamRow>(
    `update team set quotas = quotas || $2::jsonb, version = version + 1 where id = $1 and ($3::int8 is null or version = $3)
     returning ${columns}`, [checkId('team', teamId), JSON.stringify(quotas), version ?? null])
  if (row !== undefined) return toTeam(row)
  const team = await getTeam({ pool }, teamId, on)
  throw new AppError('stale', `team ${teamId} must have version ${version}, got ${team.version}`)
}

/** Counts what a team has and uses. */
export async function readUsage (db: Database, teamId: string): Promise<Usage> {
  const [experiments, datasets, models, trials, storedBytes] = await Promise.all([
    db.prisma.experiment.count({ where: { teamId } }),
    db.prisma.dataset.count({ where: { teamId } }),
    db.prisma.model.count({ where: { teamId } }),
    db.prisma.trial.groupBy({ by: ['state'], where: { teamId }, _count: true }),
    db.prisma.teamStorage.findUnique({ where: { teamId } })
  ])
  return {
    experiments,
    trials: Object.fromEntries(trials.map(({ state, _count }) => [state, _count])),
    datasets,
    models,
    storedBytes: Number(storedBytes?.bytes ?? 0)
  }
}

/**
 * Refuses more bytes than the team's quota leaves. Asked with 0 on the connection of a transaction that wrote rows
 * which name blobs, it counts these too, and nobody else's can come between: their triggers hold the team's count.
 * @throws AppError quota_exceeded
 */
export async function checkStorageQuota (
  { pool }: Pick<Database, 'pool'>, teamId: string, moreBytes: number, on: Connection = pool
): Promise<void> {
  const { rows: [team] } = await on.query<{ max: string | null, stored: string }>({
    name: 'check-storage',
    text: `select quotas ->> 'maxStorageBytes' as max, coalesce(bytes, 0) as stored
           from team left join team_storage on team_id = id where id = $1`,
    values: [teamId]
  })
  if (team === undefined || team.max === null || Number(team.stored) + moreBytes <= Number(team.max)) return
  const more = moreBytes > 0 ? ` and ${moreBytes} more` : ''
  throw new AppError('quota_exceeded', `stored bytes must be <= ${team.max}, got ${team.stored}${more}`)
}

function toTeam (row: TeamRow) {
  const { quotas } = row
  return {
    id: row.id,
    name: row.name,
    quotas: { maxRunningTrials: quotas.maxRunningTrials ?? null, maxStorageBytes: quotas.maxStorageBytes ?? null },
    version: row.version,
    createdAt: row.createdAt.toISOString()
  }
}
