/** A team's questions to its models: asked here, answered by a lane's query thread, kept until read. */
import { v7 as newId } from 'uuid'
import type { Failure } from '../../errors.js'
import type { Database } from '../database.js'
import type { Prisma, Query } from '../generated/client.js'
import { checkId, notFound } from './page.js'

export type QueryResource = ReturnType<typeof toQuery>

export interface TeamQueries {
  /** Stores a question. @throws AppError not_found for the model */
  create (query: { modelId: string, operation: string, request: unknown }): Promise<QueryResource>
  /** Gets one with its answer, if there is one yet. @throws AppError not_found */
  get (id: string): Promise<QueryResource>
  /** Stores the answer or the failure; the first one stays. @throws AppError not_found */
  finish (id: string, outcome: { response: unknown } | { failure: Failure }): Promise<void>
}

/** Gives the queries of one team. */
export function teamQueries ({ prisma }: Database, teamId: string): TeamQueries {
  async function create (query: { modelId: string, operation: string, request: unknown }): Promise<QueryResource> {
    const { modelId, operation } = query
    const known = await prisma.model.count({ where: { id: checkId('model', modelId), teamId } })
    if (known === 0) throw notFound('model', modelId)
    const request = query.request as Prisma.InputJsonValue
    return toQuery(await prisma.query.create({ data: { id: newId(), teamId, modelId, operation, request } }))
  }

  async function get (id: string): Promise<QueryResource> {
    const row = await prisma.query.findFirst({ where: { id: checkId('query', id), teamId } })
    if (!row) throw notFound('query', id)
    return toQuery(row)
  }

  async function finish (id: string, outcome: { response: unknown } | { failure: Failure }): Promise<void> {
    const data = 'response' in outcome
      ? { state: 'succeeded', response: outcome.response as Prisma.InputJsonValue }
      : { state: 'failed', failure: outcome.failure as unknown as Prisma.InputJsonValue }
    const where = { id: checkId('query', id), teamId, finishedAt: null }
    const { count } = await prisma.query.updateMany({ where, data: { ...data, finishedAt: new Date() } })
    if (count === 0) await get(id)
  }

  return { create, get, finish }
}

function toQuery (row: Query) {
  return {
    id: row.id,
    modelId: row.modelId,
    operation: row.operation,
    request: row.request as Record<string, unknown>,
    state: row.state as 'queued' | 'running' | 'succeeded' | 'failed',
    response: row.response as unknown,
    failure: row.failure as Failure | null,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null
  }
}
