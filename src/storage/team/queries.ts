/** A team's questions to its models: asked here, answered by a lane (storage/queries.ts), kept until read. */
import type { ClientBase } from 'pg'
import { v7 as newId } from 'uuid'
import type { Failure } from '../../errors.js'
import { withTransaction, type Database } from '../database.js'
import { toJson } from '../events.js'
import type { Query } from '../generated/client.js'
import { checkId, notFound } from './page.js'

export type QueryResource = ReturnType<typeof toQuery>

export interface NewQuery {
  /** made by whoever must know it beforehand; a new one when left out */
  id?: string
  modelId: string
  operation: string
  request: unknown
  /** what the answer shall be; JSON when left out */
  mediaType?: string | undefined
}

export interface TeamQueries {
  /**
   * Stores a question.
   * @param enqueue asks for the answer, within the transaction
   * @throws AppError not_found for the model
   */
  create (query: NewQuery, enqueue?: (client: ClientBase) => Promise<void>): Promise<{ id: string }>
  /** Gets one with its answer, if there is one yet. @throws AppError not_found */
  get (id: string): Promise<QueryResource>
  /** Reads the file that is the answer; null when it is JSON, or not there yet. @throws AppError not_found */
  file (id: string): Promise<Uint8Array | null>
}

/** Gives the queries of one team. */
export function teamQueries ({ prisma, pool }: Database, teamId: string): TeamQueries {
  async function create (query: NewQuery, enqueue?: (client: ClientBase) => Promise<void>): Promise<{ id: string }> {
    const { id = newId(), modelId, operation, request, mediaType = 'application/json' } = query
    await withTransaction(pool, async client => {
      const { rowCount } = await client.query(
        'insert into query (id, team_id, model_id, operation, request, media_type) select $1, team_id, id, $4, $5::jsonb, $6 from model where id = $2 and team_id = $3',
        [id, checkId('model', modelId), teamId, operation, toJson(request), mediaType])
      if (rowCount === 0) throw notFound('model', modelId)
      await enqueue?.(client)
    })
    return { id }
  }

  async function get (id: string): Promise<QueryResource> {
    const row = await prisma.query.findFirst({ where: { id: checkId('query', id), teamId }, omit: { file: true } })
    if (!row) throw notFound('query', id)
    return toQuery(row)
  }

  async function file (id: string): Promise<Uint8Array | null> {
    const row = await prisma.query.findFirst({ where: { id: checkId('query', id), teamId }, select: { file: true } })
    if (!row) throw notFound('query', id)
    return row.file
  }

  return { create, get, file }
}

function toQuery (row: Omit<Query, 'file'>) {
  return {
    id: row.id,
    modelId: row.modelId,
    operation: row.operation,
    mediaType: row.mediaType,
    request: row.request as Record<string, unknown>,
    state: row.state as 'queued' | 'running' | 'succeeded' | 'failed',
    response: row.response as unknown,
    failure: row.failure as Failure | null,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null
  }
}
