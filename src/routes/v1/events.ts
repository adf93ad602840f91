/** GET /v1/experiments/{id}/events: one URL, three forms of the same numbered stream. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { readEvents, readHead } from '../../storage/events.js'
import { isRevoked } from '../../storage/keys.js'
import { splitCommas } from '../lists.js'
import { chooseType } from '../negotiation.js'
import type { RouteContext } from '../parts.js'
import { IdParams, nothing, problems } from '../schemas/common.js'
import { EventPage, EventQuery, eventTypes } from '../schemas/events.js'
import { follow, type EventSource, type Follower, type Outlet } from '../stream/follower.js'
import { keepAlive } from '../stream/keep-alive.js'
import { socketOutlet, sseOutlet } from '../stream/outlets.js'
import { violationError } from '../validation.js'
import type { Static } from 'typebox'
import type { WebSocket } from 'ws'

type EventRequest = FastifyRequest<{ Params: Static<typeof IdParams>, Querystring: Static<typeof EventQuery> }>

/** Makes the route of events. */
export function eventRoutes ({ parts, doorbell }: RouteContext): FastifyPluginAsyncTypebox {
  const followers = new Set<Follower>()

  function start (request: EventRequest, outlet: Outlet, after: number): Follower {
    const { id } = request.params
    const source: EventSource = {
      onNews: ring => doorbell.on(id, ring),
      head: async () => await readHead(parts.db.pool, id),
      read: async filter => await readEvents(parts.db.pool, id, filter),
      brief: async () => await request.team.experiments.brief(id),
      mayRead: async () => !await isRevoked(parts.db, request.principal)
    }
    const { type, trialId } = request.query
    const follower = follow(source, outlet, {
      after, types: splitCommas(type), trialId, onError: error => { request.log.warn({ err: error, experimentId: id }, 'stream interrupted') }
    })
    followers.add(follower)
    void follower.ended.finally(() => { followers.delete(follower) })
    return follower
  }

  return async app => {
    app.addHook('preClose', async () => {
      for (const follower of followers) follower.stop()
    })

    app.route({
      method: 'GET',
      url: '/experiments/:id/events',
      exposeHeadRoute: false,
      config: { access: 'viewer' },
      schema: {
        operationId: 'followEvents',
        tags: ['Events'],
        summary: 'Follow or page through what happens',
        description: 'As a WebSocket (Upgrade), as Server-Sent Events (Accept: text/event-stream; Last-Event-ID goes on after that event) or as a JSON page. ' +
          'A stream opens with hello, sends everything after `after`, then live; head comes after 15 quiet seconds, end closes it; ' +
          'a revoked key ends it within 15 seconds. ' +
          'Metrics and progress that a client is too slow for are replaced by skipped {from, to}; every other event is always sent. Frames are EventFrame and StreamNotice.',
        params: IdParams,
        querystring: EventQuery,
        response: {
          101: nothing('A WebSocket of EventFrame and StreamNotice'),
          200: {
            description: 'A page, or the stream',
            content: { 'application/json': { schema: EventPage }, 'text/event-stream': { schema: { type: 'string', description: 'id: seq, data: EventFrame or StreamNotice' } } }
          },
          204: nothing('The stream has ended and you have all of it: an EventSource stops here'),
          ...problems('not_found', 'not_acceptable')
        }
      },
      // Before an upgrade is accepted, so that another team's experiment is a 404 and not an open socket.
      preHandler: async request => {
        checkTypes(splitCommas(request.query.type))
        await request.team.experiments.brief(request.params.id)
      },
      wsHandler: (socket: WebSocket, request) => {
        const follower = start(request as EventRequest, socketOutlet(socket), (request as EventRequest).query.after ?? 0)
        keepAlive(socket)
        socket.on('close', () => { follower.stop() })
      },
      handler: async (request, reply) => {
        const { id } = request.params
        const type = chooseType(request, ['application/json', 'text/event-stream'])
        if (type === 'application/json') {
          const { after = 0, limit = 500, type: types, trialId } = request.query
          const headSeq = await readHead(parts.db.pool, id)
          const items = await readEvents(parts.db.pool, id, { after, limit, types: splitCommas(types), trialId })
          const last = items.at(-1)?.seq ?? after
          return await reply.send({ items, nextAfter: items.length === limit ? last : Math.max(last, headSeq, after), headSeq })
        }
        const lastId = Number(request.headers['last-event-id'] ?? NaN)
        const after = Math.max(request.query.after ?? 0, Number.isSafeInteger(lastId) ? lastId : 0)
        if (Number.isSafeInteger(lastId) && await isComplete(request as EventRequest, after)) return await reply.code(204).send(null)
        reply.hijack()
        reply.raw.writeHead(200, { ...reply.getHeaders() as Record<string, string>, 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
        const follower = start(request as EventRequest, sseOutlet(reply.raw), after)
        reply.raw.on('close', () => { follower.stop() })
      }
    })
  }

  /** A misspelt type would otherwise be a stream on which nothing ever comes. @throws AppError invalid_request */
  function checkTypes (types: string[] = []): void {
    const known: readonly string[] = eventTypes
    const violations = types.filter(type => !known.includes(type))
      .map(type => ({ path: 'query.type', rule: `must be one of ${known.join(', ')}`, got: type }))
    if (violations.length > 0) throw violationError('invalid_request', violations)
  }

  async function isComplete (request: EventRequest, after: number): Promise<boolean> {
    const { state } = await request.team.experiments.brief(request.params.id)
    return ['succeeded', 'failed', 'canceled'].includes(state) && await readHead(parts.db.pool, request.params.id) <= after
  }
}
