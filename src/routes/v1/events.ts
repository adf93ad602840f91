/** GET /v1/experiments/{id}/events: one URL, three forms of the same numbered stream. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Static } from '../../schema/type.js'
import type { WebSocket } from 'ws'
import { AppError } from '../../errors.js'
import { readHead, readHeads, readPage } from '../../storage/events.js'
import { findExpelled } from '../../storage/keys.js'
import { isTerminal } from '../../storage/trials.js'
import { splitCommas } from '../lists.js'
import { chooseType } from '../negotiation.js'
import type { RouteContext } from '../parts.js'
import { IdParams, nothing, problems } from '../schemas/common.js'
import { EventPage, EventQuery, eventTypes } from '../schemas/events.js'
import { createAdmissions } from '../stream/admissions.js'
import { createFeeds, type EventStore } from '../stream/feeds.js'
import { follow, type Follower } from '../stream/follower.js'
import { cutWhenStalled, keepAlive } from '../stream/keep-alive.js'
import { socketOutlet, sseOutlet, type Outlet } from '../stream/outlets.js'
import { violationError } from '../validation.js'

type EventRequest = FastifyRequest<{ Params: Static<typeof IdParams>, Querystring: Static<typeof EventQuery> }>

/** Said by every stream: nginx and its like would hold frames back until a buffer is full, or to compress them. */
const SSE_HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' }

/** Makes the route of events. */
export function eventRoutes ({ parts: { db, bus }, streams }: RouteContext): FastifyPluginAsyncTypebox {
  return async app => {
    const followers = new Set<Follower>()
    const onError = (error: unknown): void => { app.log.warn({ err: error }, 'streams interrupted') }
    const store: EventStore = {
      readHeads: async ids => await readHeads(db.pool, ids),
      readPage: async (id, filter) => await readPage(db.pool, id, filter)
    }
    const feeds = createFeeds(bus, store, { ...streams, onError })
    const admissions = createAdmissions({ ...streams, findExpelled: async principals => await findExpelled(db, principals), onError })
    app.addHook('preClose', async () => {
      for (const follower of followers) follower.stop()
    })
    app.addHook('onClose', async () => {
      feeds.close()
      admissions.close()
    })

    function start (request: EventRequest, outlet: Outlet, after: number): Follower {
      const { id } = request.params
      const { type, trialId } = request.query
      const follower = follow(feeds.open(id), outlet, {
        after,
        types: splitCommas(type),
        trialId,
        brief: async () => await request.team.experiments.brief(id),
        headEveryMs: streams.headEveryMs,
        onError: error => { request.log.warn({ err: error, experimentId: id }, 'stream interrupted') }
      })
      const leave = admissions.admit(request.principal, () => {
        request.log.info({ experimentId: id }, 'stream ended: its key or session is no longer valid')
        follower.stop()
      })
      followers.add(follower)
      void follower.ended.finally(() => {
        followers.delete(follower)
        leave()
      })
      return follower
    }

    app.route({
      method: 'GET',
      url: '/experiments/:id/events',
      exposeHeadRoute: false,
      config: { access: 'viewer', socket: true },
      schema: {
        operationId: 'followEvents',
        tags: ['Events'],
        summary: 'Follow or page through what happens',
        description: 'As a WebSocket (Upgrade), as Server-Sent Events (Accept: text/event-stream; Last-Event-ID goes on after that event) or as a JSON page. ' +
          'A stream opens with hello, sends everything after `after`, then live; head comes after 15 quiet seconds, end closes it; ' +
          'a revoked key, or the end of the session, ends it within 15 seconds; a client that takes nothing for 3 minutes is cut off. ' +
          'A cursor, as `after` or as Last-Event-ID (which wins), is a number that an event had: one beyond the last event is refused as ' +
          '`invalid_cursor`, which names the last one, for it is of another experiment, mistyped, or from before a restore. ' +
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
          ...problems('not_found', 'not_acceptable', 'invalid_cursor')
        }
      },
      // Before an upgrade is accepted, so that another team's experiment is a 404 and not an open socket.
      preHandler: async request => {
        checkTypes(splitCommas(request.query.type))
        await request.team.experiments.brief(request.params.id)
        checkCursor(toCursor(request as EventRequest), await readHead(db.pool, request.params.id))
      },
      wsHandler: (socket: WebSocket, request) => {
        const outlet = socketOutlet(socket, { ...streams, connection: request.raw.socket })
        const follower = start(request as EventRequest, outlet, toCursor(request as EventRequest).value)
        keepAlive(socket, streams)
        socket.on('close', () => { follower.stop() })
      },
      handler: async (request, reply) => {
        const { id } = request.params
        if (chooseForm(request) === 'application/json') {
          const { after = 0, limit = 500, type, trialId } = request.query
          const { frames, head = 0, upTo } = await readPage(db.pool, id, { after, limit, types: splitCommas(type), trialId })
          return await reply.send({ items: frames, nextAfter: upTo, headSeq: head })
        }
        const { value: after } = toCursor(request as EventRequest)
        if (hasLastId(request) && await isComplete(request as EventRequest, after)) return await reply.code(204).send(null)
        reply.hijack()
        reply.raw.writeHead(200, { ...reply.getHeaders() as Record<string, string>, ...SSE_HEADERS })
        const follower = start(request as EventRequest, sseOutlet(reply.raw, streams), after)
        cutWhenStalled(reply.raw, streams)
        reply.raw.on('close', () => { follower.stop() })
      }
    })
  }

  async function isComplete (request: EventRequest, after: number): Promise<boolean> {
    const { state } = await request.team.experiments.brief(request.params.id)
    return isTerminal(state) && await readHead(db.pool, request.params.id) <= after
  }
}

/** A misspelt type would otherwise be a stream on which nothing ever comes. @throws AppError invalid_request */
function checkTypes (types: string[] = []): void {
  const known: readonly string[] = eventTypes
  const violations = types.filter(type => !known.includes(type))
    .map(type => ({ path: 'query.type', rule: `must be one of ${known.join(', ')}`, got: type }))
  if (violations.length > 0) throw violationError('invalid_request', violations)
}

interface Cursor { name: string, value: number }

/** Where the client is: an EventSource repeats its first URL and says in Last-Event-ID how far it came. */
function toCursor (request: EventRequest): Cursor {
  if (!hasLastId(request)) return { name: 'query.after', value: request.query.after ?? 0 }
  const text = String(request.headers['last-event-id'])
  const value = /^\d+$/.test(text) ? Number(text) : NaN
  if (Number.isSafeInteger(value)) return { name: 'Last-Event-ID', value }
  throw new AppError('invalid_cursor', `Last-Event-ID must be the number of an event, got ${JSON.stringify(text)}`)
}

/** Only an EventSource has a last id; it sends none, or an empty one, before the first event. */
function hasLastId (request: FastifyRequest): boolean {
  return !request.ws && (request.headers['last-event-id'] ?? '') !== '' && chooseForm(request) === 'text/event-stream'
}

function chooseForm (request: FastifyRequest) {
  return chooseType(request, ['application/json', 'text/event-stream'])
}

/** Nothing would ever come after such a cursor, or other events under the same numbers. @throws AppError invalid_cursor */
function checkCursor ({ name, value }: Cursor, head: number): void {
  if (value > head) throw new AppError('invalid_cursor', `${name} must be <= ${head}, the number of the last event, got ${value}`)
}
