/** Who did what in a team: written by the routes that change something, read by the team's admins. */
import { v7 as newId } from 'uuid'
import type { Connection, Database } from './database.js'
import type { AuditEntry } from './generated/client.js'
import { readPage, type Page, type PageQuery } from './team/page.js'

export type AuditResource = ReturnType<typeof toAudit>

/** Who did it, in which team. */
export interface AuditedBy {
  teamId: string
  actor: string
  /** address from which it was asked for, where there is one */
  address?: string | undefined
}

export interface NewAuditEntry {
  /** resource and verb: "key.create", "experiment.cancel" */
  action: string
  /** id of what it was done to */
  subject: string
  detail?: Record<string, unknown>
}

/** Notes one action. @param on the transaction of what was done: neither is there without the other */
export async function recordAudit (
  { pool }: Pick<Database, 'pool'>, { teamId, actor, address }: AuditedBy, { action, subject, detail = {} }: NewAuditEntry, on: Connection = pool
): Promise<void> {
  await on.query({
    name: 'record-audit',
    text: 'insert into audit_entry (id, team_id, actor, address, action, subject, detail) values ($1, $2, $3, $4, $5, $6, $7)',
    values: [newId(), teamId, actor, address ?? null, action, subject, JSON.stringify(detail)]
  })
}

/** Lists a team's entries, newest first. @throws AppError invalid_cursor */
export async function listAudit (db: Database, teamId: string, query: PageQuery = {}): Promise<Page<AuditResource>> {
  return readPage(query, (below, take) =>
    db.prisma.auditEntry.findMany({ where: { teamId, ...below }, orderBy: { id: 'desc' }, take }), toAudit)
}

function toAudit (row: AuditEntry) {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: row.actor,
    address: row.address,
    action: row.action,
    subject: row.subject,
    detail: row.detail as Record<string, unknown>
  }
}
