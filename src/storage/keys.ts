/**
 * Credentials: API keys with a role, browser sessions made from them, and the operator's ADMIN_KEY. Secrets are 256
 * random bits, so a plain sha-256 is enough to store; they are shown once.
 */
import type { Database } from './database.js'
import type { ApiKey } from './generated/client.js'

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
}

export type KeyResource = ReturnType<typeof toKey>

/** Makes a key; the secret is in this answer and nowhere else. */
export async function createKey (db: Database, teamId: string, key: { name: string, role: Role }): Promise<KeyResource & { secret: string }> {
  throw new Error(`not yet ${typeof db} ${teamId} ${key.name}`)
}

/** Lists a team's keys, newest first, without secrets. */
export async function listKeys (db: Database, teamId: string): Promise<KeyResource[]> {
  throw new Error(`not yet ${typeof db} ${teamId}`)
}

/** Revokes a key and ends the sessions made with it. @throws AppError not_found */
export async function revokeKey (db: Database, teamId: string, keyId: string): Promise<KeyResource> {
  throw new Error(`not yet ${typeof db} ${teamId} ${keyId}`)
}

/** Says who holds a credential: a bearer key or a session's cookie; undefined when nobody does. */
export async function authenticate (
  db: Database, config: { adminKey: string | undefined }, credential: { bearer?: string | undefined, cookie?: string | undefined }
): Promise<Principal | undefined> {
  throw new Error(`not yet ${typeof db} ${config.adminKey} ${credential.bearer}`)
}

/** Opens a browser session for a principal. @returns the cookie's value, which is not stored, and its end */
export async function openSession (db: Database, principal: Principal): Promise<{ token: string, expiresAt: string }> {
  throw new Error(`not yet ${typeof db} ${principal.actor}`)
}

/** Ends the session of a cookie, if there is one. */
export async function closeSession (db: Database, token: string): Promise<void> {
  throw new Error(`not yet ${typeof db} ${token}`)
}

function toKey (row: ApiKey) {
  return {
    id: row.id,
    name: row.name,
    role: row.role as Role,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null
  }
}
export const unused = toKey
