/** Teams, keys, sessions, usage and audit on the wire. */
import { Type } from '../../schema/type.js'
import { choice } from '../../choices.js'
import { closed, Id, Json, MAX_INTEGER, nullable, Timestamp } from './common.js'

const Name = Type.String({ minLength: 1, maxLength: 100 })
const Role = choice(['viewer', 'member', 'admin'], { description: 'viewer reads, member runs, admin manages keys and quotas' })
const quotaFields = {
  maxRunningTrials: nullable(Type.Integer({ minimum: 0, maximum: MAX_INTEGER })),
  maxStorageBytes: nullable(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }))
}
const Quotas = Type.Object(quotaFields, { ...closed, description: 'null means no limit' })

/** Only what is named changes. */
export const QuotaChanges = Type.Object({
  maxRunningTrials: Type.Optional(quotaFields.maxRunningTrials), maxStorageBytes: Type.Optional(quotaFields.maxStorageBytes)
}, { ...closed, minProperties: 1 })

export const Team = Type.Object({
  id: Id, name: Name, quotas: Quotas, version: Type.Integer({ description: 'the ETag' }), createdAt: Timestamp
}, { ...closed, description: 'Owns everything else' })

/** The caller's team, and the caller. */
export const OwnTeam = Type.Object({
  ...Team.properties,
  you: Type.Object({ actor: Type.String(), role: Role, operator: Type.Boolean() }, closed)
}, closed)

export const Key = Type.Object({
  id: Id, name: Name, role: Role, createdAt: Timestamp, lastUsedAt: nullable(Timestamp), revokedAt: nullable(Timestamp)
}, { ...closed, description: 'A credential, without its secret' })

export const NewKey = Type.Object({ name: Name, role: Role }, { ...closed, examples: [{ name: 'laptop', role: 'member' }] })

export const MadeKey = Type.Object({
  ...Key.properties,
  secret: Type.Optional(Type.String({ description: 'Shown once, and not stored: a repeated request with the same Idempotency-Key lacks it' }))
}, closed)

export const NewTeam = Type.Object({ name: Name, quotas: Type.Optional(QuotaChanges) }, { ...closed, examples: [{ name: 'vision' }] })

export const MadeTeam = Type.Object({ ...Team.properties, key: MadeKey }, { ...closed, description: 'A team with its first admin key' })

export const Session = Type.Object({ actor: Type.String(), role: Role, expiresAt: Timestamp }, closed)

export const Usage = Type.Object({
  experiments: Type.Integer(),
  trials: Type.Record(Type.String(), Type.Integer(), { description: 'number by state' }),
  datasets: Type.Integer(),
  models: Type.Integer(),
  storedBytes: Type.Integer()
}, closed)

export const AuditEntry = Type.Object({
  id: Id,
  at: Timestamp,
  actor: Type.String(),
  address: nullable(Type.String({ description: 'address from which it was asked for; behind a proxy the client’s where TRUST_PROXY names the proxy' })),
  action: Type.String({ description: 'resource and verb: key.create' }),
  subject: Type.String({ description: 'id of what it was done to' }),
  detail: Json
}, { ...closed, description: 'Who did what' })
