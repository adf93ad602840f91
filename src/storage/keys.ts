/**
 * Credentials: API keys with a role, browser sessions made from them, and the operator's ADMIN_KEY. Secrets are 256
 * random bits, so a plain sha-256 is enough to store; they are shown once.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { AppError } from '../errors.js'
import { withTransaction, type Connection, type Database } from './database.js'
import { checkId, notFound } from './team/page.js'
import { ensureDefaultTeam } from './teams.js'

export const roles = ['viewer', 'member', 'admin'] as const
export type Role = typeof roles[number]

/** Who is asking. */
export interface Principal {
  teamId: string
  role: Role
  /** holds ADMIN_KEY: may make teams */
  operator: boolean
  /** for the audit: "key NAME" or "operator" */
  actor: string
  /** the key behind it, if there is one */
  keyId?: string | undefined
  /** the browser session behind it, if there is one: the hash of its token */
  sessionHash?: string | undefined
}

const SESSION_HOURS = 12
/** How old lastUsedAt may be before it is written again: a write per request would cost more than the request. */
const LAST_USED_MS = 60_000

export type KeyResource = ReturnType<typeof toKey>

interface KeyRow { id: string, name: string, role: Role, createdAt: Date, lastUsedAt: Date | null, revokedAt: Date | null }
const columns = 'id, name, role, created_at as "createdAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"'

/** Makes a key; the secret is in this answer and nowhere else. */
export async function createKey (
  { pool }: Pick<Database, 'pool'>, teamId: string, key: { name: string, role: Role }, on: Connection = pool
): Promise<KeyResource & { secret: string }> {
  const secret = `dl_${randomBytes(32).toString('base64url')}`
  const { rows: [row] } = await on.query<KeyRow>(
    `insert into api_key (id, team_id, name, role, secret_hash) values ($1, $2, $3, $4, $5) returning ${columns}`,
    [newId(), teamId, key.name, key.role, hash(secret)])
  return { ...toKey(row!), secret }
}

/** Lists a team's keys, newest first, without secrets. */
export async function listKeys (db: Database, teamId: string): Promise<KeyResource[]> {
  const { rows } = await db.pool.query<KeyRow>(`select ${columns} from api_key where team_id = $1 order by id desc`, [teamId])
  return rows.map(toKey)
}

/**
 * Revokes a key and ends the sessions made with it. A team's last admin key stays, for nobody could make another.
 * @param options.evenLast the operator asks, who is an admin without a key
 * @throws AppError not_found, conflict for the last admin key
 */
export async function revokeKey (
  { pool }: Pick<Database, 'pool'>, teamId: string, keyId: string, options: { evenLast?: boolean } = {}, on: Connection = pool
): Promise<KeyResource> {
  const id = checkId('key', keyId)
  return await withTransaction(on, async client => {
    // One at a time: two admins who revoke each other must not both find that another is left.
    await client.query('select 1 from team where id = $1 for no key update', [teamId])
    await client.query(
      `update api_key set revoked_at = now() where id = $1 and team_id = $2 and revoked_at is null
         and ($3 or role <> 'admin' or exists (
           select 1 from api_key other where team_id = $2 and other.role = 'admin' and other.revoked_at is null and other.id <> $1))`,
      [id, teamId, options.evenLast === true])
    const { rows: [row] } = await client.query<KeyRow>(`select ${columns} from api_key where id = $1 and team_id = $2`, [id, teamId])
    if (row === undefined) throw notFound('key', keyId)
    if (row.revokedAt === null) throw new AppError('conflict', `key ${id} must not be the team's last admin key; make another first`)
    await client.query('delete from session where key_id = $1', [id])
    return toKey(row)
  })
}

/**
 * Finds those who were let in and may be no longer: their key was revoked, their session ended or expired. One query
 * each for keys and sessions, however many ask. The operator's key cannot be revoked while the service runs.
 */
export async function findExpelled<P extends Principal> (db: Database, principals: readonly P[]): Promise<P[]> {
  const keyIds = defined(principals.map(principal => principal.keyId))
  const hashes = defined(principals.map(principal => principal.sessionHash))
  const [keys, sessions] = await Promise.all([
    keyIds.length === 0 ? [] : db.prisma.apiKey.findMany({ where: { id: { in: keyIds }, revokedAt: null }, select: { id: true } }),
    hashes.length === 0 ? [] : db.prisma.session.findMany({ where: { tokenHash: { in: hashes }, expiresAt: { gt: new Date() } }, select: { tokenHash: true } })
  ])
  const valid = new Set([...keys.map(key => key.id), ...sessions.map(session => session.tokenHash)])
  return principals.filter(({ keyId, sessionHash }) => defined([keyId, sessionHash]).some(credential => !valid.has(credential)))
}

function defined (values: (string | undefined)[]): string[] {
  return [...new Set(values.filter(value => value !== undefined))]
}

/**
 * Says who holds a credential: a bearer key or a session's cookie; undefined when nobody does. The operator's key
 * stands for an admin of the team `default`.
 */
export async function authenticate (
  db: Database, config: { adminKey: string | undefined }, credential: { bearer?: string | undefined, cookie?: string | undefined }
): Promise<Principal | undefined> {
  const { bearer, cookie } = credential
  if (bearer !== undefined) return isSame(bearer, config.adminKey) ? operator(db) : findKeyHolder(db, bearer)
  return cookie === undefined ? undefined : findSession(db, cookie)
}

/** Opens a browser session for a principal. @returns the cookie's value, of which only a hash is stored, and its end */
export async function openSession (db: Database, principal: Principal): Promise<{ token: string, expiresAt: string }> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(Date.now() + SESSION_HOURS * 3_600_000)
  const { teamId, role, actor, operator, keyId = null } = principal
  await db.prisma.session.deleteMany({ where: { expiresAt: { lt: new Date() } } })
  await db.prisma.session.create({ data: { tokenHash: hash(token), teamId, role, actor, operator, keyId, expiresAt } })
  return { token, expiresAt: expiresAt.toISOString() }
}

/** Ends the session of a cookie, if there is one. */
export async function closeSession (db: Database, token: string): Promise<void> {
  await db.prisma.session.deleteMany({ where: { tokenHash: hash(token) } })
}

async function operator (db: Database): Promise<Principal> {
  return { teamId: await ensureDefaultTeam(db), role: 'admin', operator: true, actor: 'operator' }
}

async function findKeyHolder ({ pool }: Pick<Database, 'pool'>, secret: string): Promise<Principal | undefined> {
  const { rows: [row] } = await pool.query<KeyRow & { teamId: string }>({
    name: 'find-key', text: `select ${columns}, team_id as "teamId" from api_key where secret_hash = $1`, values: [hash(secret)]
  })
  if (row === undefined || row.revokedAt) return undefined
  if (!row.lastUsedAt || row.lastUsedAt.getTime() < Date.now() - LAST_USED_MS) {
    await pool.query('update api_key set last_used_at = now() where id = $1', [row.id])
  }
  return { teamId: row.teamId, role: row.role, operator: false, actor: `key ${row.name}`, keyId: row.id }
}

async function findSession (db: Database, token: string): Promise<Principal | undefined> {
  const row = await db.prisma.session.findUnique({ where: { tokenHash: hash(token) } })
  if (!row || row.expiresAt.getTime() <= Date.now()) return undefined
  const { teamId, role, operator, actor, keyId, tokenHash } = row
  return { teamId, role: role as Role, operator, actor, keyId: keyId ?? undefined, sessionHash: tokenHash }
}

/** Compares in constant time: how long it takes tells nothing about the key. */
function isSame (secret: string, expected: string | undefined): boolean {
  if (expected === undefined) return false
  return timingSafeEqual(createHash('sha256').update(secret).digest(), createHash('sha256').update(expected).digest())
}

function hash (secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function toKey (row: KeyRow) {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null
  }
}
