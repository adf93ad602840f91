/** Stored models, and what is asked of them: predictions, influence, self-influence. The answers come from a lane. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { AppError } from '../../errors.js'
import {
  BuildIndexRequest, InfluenceRequest, InfluenceResponse, PredictRequest, PredictResponse, type Layers, type SelfInfluenceResponse
} from '../../influence/schemas.js'
import { askModel, buildIndex, type Question } from '../../jobs/queries.js'
import { recordAudit } from '../../storage/audit.js'
import { answerOnce } from '../idempotency.js'
import { splitCommas } from '../lists.js'
import { decodeOffset, encodeOffset } from '../offset-cursor.js'
import type { RouteContext } from '../parts.js'
import { IdempotencyHeader, IdParams, listOf, pageOf, problems } from '../schemas/common.js'
import { InfluenceIndex, Model, ModelQueryString, ModelSummary, Query, QueryAccepted, SelfInfluencePage, SelfInfluenceQuery } from '../schemas/models.js'

const tags = ['Models']
/** A question that is answered within this time needs no second request. */
const WAIT_MS = 2000

/** What a model is made of may have gone from the blob store. */
const missing = ['data_missing', 'file_missing'] as const

type Asking = Pick<FastifyRequest, 'principal' | 'team'> & { params: { id: string } }

/** Makes the routes of models. */
export function modelRoutes ({ parts }: RouteContext): FastifyPluginAsyncTypebox {
  /** @returns the answer, or what says where it will be */
  async function ask (request: Asking, reply: FastifyReply, operation: Question['operation'], question: unknown): Promise<unknown> {
    const { teamId } = request.principal
    const asked = await askModel(parts, { teamId, modelId: request.params.id, operation, request: question }, WAIT_MS)
    if (asked.failure !== undefined) throw new AppError(asked.failure.code, asked.failure.message)
    if (asked.state === 'succeeded') return asked.response
    reply.code(202).header('location', `/v1/queries/${asked.queryId}`).header('retry-after', '1')
    return { queryId: asked.queryId, state: asked.state }
  }

  /** @throws AppError not_found, no_checkpoint, index_missing with the request that builds it */
  async function needIndex (request: Asking, layers: Layers): Promise<void> {
    const { id } = request.params
    await request.team.models.needCheckpoint(id)
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
      schema: { operationId: 'getModel', tags, summary: 'Get a model with its training view', params: IdParams, response: { 200: Model, ...problems('not_found') } }
    }, async request => await request.team.models.get(request.params.id))

    app.post('/models/:id/predict', {
      config: { access: 'member' },
      schema: {
        operationId: 'predict',
        tags,
        summary: 'Ask what the model reads',
        description: 'Examples by split and index, or raw inputs in the data set’s stored units. Answered within 2 s, or 202 with the place of the answer.',
        params: IdParams,
        body: PredictRequest,
        response: { 200: PredictResponse, 202: QueryAccepted, ...problems('not_found', 'no_checkpoint', ...missing, 'invalid_input', 'non_finite_output') }
      }
    }, async (request, reply) => await ask(request, reply, 'predict', request.body) as PredictResponse)

    app.post('/models/:id/influence', {
      config: { access: 'member' },
      schema: {
        operationId: 'influence',
        tags,
        summary: 'Ask which training examples made the model read an example as it does',
        description: 'Proponents made the loss of the query smaller when they were trained on, opponents larger; shares say what each checkpoint adds. Needs an influence index: 409 index_missing says how to build it.',
        params: IdParams,
        body: InfluenceRequest,
        response: { 200: InfluenceResponse, 202: QueryAccepted, ...problems('not_found', 'no_checkpoint', 'index_missing', ...missing, 'invalid_input', 'non_finite_output') }
      }
    }, async (request, reply) => {
      await needIndex(request, request.body.layers ?? 'last')
      return await ask(request, reply, 'influence', request.body) as InfluenceResponse
    })

    app.get('/models/:id/self-influence', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getSelfInfluence',
        tags,
        summary: 'Rank the training examples by their influence on themselves',
        description: 'At the top stand examples that the model had to memorise: mislabelled or unusual ones.',
        params: IdParams,
        querystring: SelfInfluenceQuery,
        response: { 200: SelfInfluencePage, 202: QueryAccepted, ...problems('not_found', 'no_checkpoint', 'index_missing', ...missing, 'invalid_input', 'invalid_cursor') }
      }
    }, async (request, reply) => {
      const { limit, cursor, order, layers, checkpoints } = request.query
      await needIndex(request, layers ?? 'last')
      const steps = splitCommas(checkpoints)?.map(Number)
      const answer = await ask(request, reply, 'self-influence', {
        limit, order, layers, offset: decodeOffset(cursor), ...(steps === undefined ? {} : { checkpoints: steps })
      })
      if (reply.statusCode === 202) return answer as Static<typeof QueryAccepted>
      const { items, total, index, nextOffset } = answer as SelfInfluenceResponse
      return { items, nextCursor: nextOffset === null ? null : encodeOffset(nextOffset), total, index }
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
        response: { 202: InfluenceIndex, ...problems('not_found', 'no_checkpoint', 'conflict', 'idempotency_conflict', 'quota_exceeded') }
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
      schema: { operationId: 'getQuery', tags, summary: 'Get the answer to a question that took longer', params: IdParams, response: { 200: Query, ...problems('not_found') } }
    }, async request => await request.team.queries.get(request.params.id))
  }
}
