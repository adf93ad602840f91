/** Stored models, and what is asked of them (src/algorithms/operations.ts). The answers come from a lane. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from '../../schema/type.js'
import { collectOperations, operationsOf } from '../../algorithms/operations.js'
import { algorithms, findOperation } from '../../algorithms/registry.js'
import { AppError } from '../../errors.js'
import type { AnswerType, Operation } from '../../influence/operation.js'
import { operations as common } from '../../influence/operations.js'
import { BuildIndexRequest, type Layers, type SelfInfluenceResponse } from '../../influence/schemas.js'
import { askModel, buildIndex, needInfluence } from '../../jobs/queries.js'
import { recordAudit } from '../../storage/audit.js'
import { answerOnce } from '../idempotency.js'
import { splitCommas } from '../lists.js'
import { chooseType } from '../negotiation.js'
import { decodeOffset, encodeOffset } from '../offset-cursor.js'
import type { RouteContext } from '../parts.js'
import { Binary, IdempotencyHeader, IdParams, listOf, pageOf, problems } from '../schemas/common.js'
import { InfluenceIndex, Model, ModelQueryString, ModelSummary, Query, QueryAccepted, SelfInfluencePage, SelfInfluenceQuery } from '../schemas/models.js'
import { violationError } from '../validation.js'

const tags = ['Models']
/** A question that is answered within this time needs no second request. */
const WAIT_MS = 2000

/** What a model is made of may have gone from the blob store. */
const missing = ['data_missing', 'file_missing'] as const
const selfInfluence: Operation = common['self-influence']

interface Asked { name: string, operation: Operation, question: unknown, mediaType: AnswerType }

type Asking = Pick<FastifyRequest, 'principal' | 'team'> & { params: { id: string } }

/** Makes the routes of models. */
export function modelRoutes ({ parts }: RouteContext): FastifyPluginAsyncTypebox {
  /** @returns the answer, or what says where it will be */
  async function ask (request: Asking, reply: FastifyReply, { name, operation, question, mediaType }: Asked): Promise<unknown> {
    const { teamId } = request.principal
    const { check, indexOf } = operation
    const violations = check?.(question) ?? []
    if (violations.length > 0) throw violationError('invalid_request', violations)
    if (indexOf !== undefined) await needIndex(request, { name, operation, layers: indexOf(question) })
    const asked = await askModel(parts, { teamId, modelId: request.params.id, operation: name, request: question, mediaType }, WAIT_MS)
    if (asked.failure !== undefined) throw new AppError(asked.failure.code, asked.failure.message)
    if (asked.file !== undefined) return reply.type(mediaType).send(asked.file)
    if (asked.state === 'succeeded') return asked.response
    reply.code(202).header('location', `/v1/queries/${asked.queryId}`).header('retry-after', '1')
    return { queryId: asked.queryId, state: asked.state }
  }

  /** @throws AppError not_found, no_checkpoint, no_dataset, unknown_operation, invalid_input; index_missing with what builds it */
  async function needIndex (request: Asking, { name, operation, layers }: Pick<Asked, 'name' | 'operation'> & { layers: Layers }): Promise<void> {
    const { id } = request.params
    const { kind, architecture } = await needInfluence(request.team, id, layers)
    findOperation(kind, name)
    operation.checkModel?.(architecture)
    const indexes = await request.team.indexes.list(id)
    const index = indexes.find(one => one.layers === layers)
    if (index?.state === 'ready') return
    const state = index === undefined ? 'has no' : index.state === 'building' ? 'is still building its' : 'failed to build its'
    throw new AppError('index_missing', `model ${id} ${state} influence index for layers=${layers}`, {
      remedy: { method: 'POST', path: `/v1/models/${id}/influence-indexes`, body: { layers } }
    })
  }

  return async app => {
    app.get('/models', {
      config: { access: 'viewer' },
      schema: { operationId: 'listModels', tags, summary: 'List models, newest first', querystring: ModelQueryString, response: { 200: pageOf(ModelSummary), ...problems('invalid_cursor') } }
    }, async request => await request.team.models.list(request.query))

    app.get('/models/:id', {
      config: { access: 'viewer' },
      schema: { operationId: 'getModel', tags, summary: 'Get a model with its training view, and what it can be asked', params: IdParams, response: { 200: Model, ...problems('not_found') } }
    }, async request => {
      const model = await request.team.models.get(request.params.id)
      return { ...model, operations: Object.keys(operationsOf(algorithms.find(({ kind }) => kind === model.kind))) }
    })

    for (const [name, operation] of Object.entries(collectOperations(algorithms))) {
      if (operation.isPaged) continue
      app.post(`/models/:id/${name}`, {
        config: { access: 'member' },
        ...(operation.maxBytes === undefined ? {} : { bodyLimit: operation.maxBytes }),
        schema: {
          operationId: name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
          tags,
          summary: operation.title,
          description: operation.description,
          params: IdParams,
          body: operation.request,
          response: answersOf(operation)
        }
      }, async (request, reply) => {
        const mediaType = operation.mediaTypes.length > 1 ? chooseType(request, operation.mediaTypes) : 'application/json'
        return await ask(request, reply, { name, operation, question: request.body, mediaType })
      })
    }

    app.get('/models/:id/self-influence', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getSelfInfluence',
        tags,
        summary: selfInfluence.title,
        description: selfInfluence.description,
        params: IdParams,
        querystring: SelfInfluenceQuery,
        response: { 200: SelfInfluencePage, 202: QueryAccepted, ...problems('not_found', 'no_checkpoint', ...missing, ...selfInfluence.codes) }
      }
    }, async (request, reply) => {
      const { limit, cursor, order, method, weights, layers, show, checkpoints } = request.query
      const steps = splitCommas(checkpoints)?.map(Number)
      const question = {
        limit,
        order,
        layers,
        offset: decodeOffset(cursor),
        ...(show ? { show } : {}),
        ...(method === undefined ? {} : { method }),
        ...(weights === undefined ? {} : { weights }),
        ...(steps === undefined ? {} : { checkpoints: steps })
      }
      const answer = await ask(request, reply, { name: 'self-influence', operation: selfInfluence, question, mediaType: 'application/json' })
      if (reply.statusCode === 202) return answer as Static<typeof QueryAccepted>
      const { items, total, method: used, index, nextOffset } = answer as SelfInfluenceResponse
      return { items, nextCursor: nextOffset === null ? null : encodeOffset(nextOffset), total, method: used, index }
    })

    app.post('/models/:id/influence-indexes', {
      config: { access: 'member' },
      schema: {
        operationId: 'buildInfluenceIndex',
        tags,
        summary: 'Build an influence index',
        description: 'Once per configuration; asked again it says how far it is, and goes on with one that lacks parts: whatever interrupted it, or added checkpoints.',
        headers: IdempotencyHeader,
        params: IdParams,
        body: BuildIndexRequest,
        response: { 202: InfluenceIndex, ...problems('not_found', 'no_checkpoint', 'no_dataset', 'invalid_input', 'conflict', 'idempotency_conflict', 'quota_exceeded') }
      }
    }, async (request, reply) => {
      const { id } = request.params
      return await answerOnce(parts.db, request, reply, request.body, async () => async client => {
        const body = await buildIndex(parts, request.principal.teamId, id, request.body.layers ?? 'last', client)
        await recordAudit(parts.db, request.principal, { action: 'influence-index.build', subject: body.id, detail: { modelId: id } }, client)
        return { status: 202, location: `/v1/models/${id}/influence-indexes`, body }
      })
    })

    app.get('/models/:id/influence-indexes', {
      config: { access: 'viewer' },
      schema: { operationId: 'listInfluenceIndexes', tags, summary: 'List a model’s influence indexes', params: IdParams, response: { 200: listOf(InfluenceIndex), ...problems('not_found') } }
    }, async request => ({ items: await request.team.indexes.list(request.params.id) }))

    app.get('/queries/:id', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getQuery',
        tags,
        summary: 'Get the answer to a question that took longer',
        description: 'JSON with the answer in it; a picture with the Accept that it was asked for with, once it is there.',
        params: IdParams,
        response: {
          200: { description: 'The question and its answer', content: { 'application/json': { schema: Query }, 'image/png': { schema: Binary } } },
          ...problems('not_found', 'not_finished', 'not_acceptable')
        }
      }
    }, async (request, reply) => {
      const { id } = request.params
      const query = await request.team.queries.get(id)
      const type = chooseType(request, ['application/json', 'image/png'])
      reply.header('vary', 'accept')
      if (type === 'application/json') return query
      if (query.mediaType !== type) throw new AppError('not_acceptable', `the answer to query ${id} is ${query.mediaType}, got ${JSON.stringify(request.headers.accept)}`)
      if (query.failure !== null) throw new AppError(query.failure.code, query.failure.message)
      const file = await request.team.queries.file(id)
      if (file === null) throw new AppError('not_finished', `query ${id} is ${query.state}`)
      return reply.type(type).send(file)
    })
  }
}

/** What asking an operation may answer: a picture too, where it has one. */
function answersOf ({ response, mediaTypes, codes }: Operation) {
  const answer = mediaTypes.length === 1
    ? response
    : {
        description: 'The answer',
        content: Object.fromEntries(mediaTypes.map(type => [type, { schema: type === 'application/json' ? response : Binary }]))
      }
  return { 200: answer, 202: QueryAccepted, ...problems('not_found', 'unknown_operation', 'no_checkpoint', ...missing, ...codes) }
}
