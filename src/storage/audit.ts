/** Who did what in a team: written by the routes that change something, read by the team's admins. */
import { v7 as newId } from 'uuid'
import type { Database } from './database.js'
import type { AuditEntry, Prisma } from './generated/client.js'
import { readPage, type Page, type PageQuery } from './team/page.js'

export type AuditResource = ReturnType<typeof toAudit>

export interface NewAuditEntry {
  actor: string
  /** resource and verb: "key.create", "experiment.cancel" */
  action: string
  /** id of what it was done to */
  subject: string
  detail?: Record<string, unknown>
}

/** Notes one action. */
export async function recordAudit (db: Database, teamId: string, entry: NewAuditEntry): Promise<void> {
  const { actor, action, subject } = entry
  const detail = (entry.detail ?? {}) as Prisma.InputJsonObject
  await db.prisma.auditEntry.create({ data: { id: newId(), teamId, actor, action, subject, detail } })
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
    action: row.action,
    subject: row.subject,
    detail: row.detail as Record<string, unknown>
  }
}
