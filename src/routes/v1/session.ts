/** /v1/session: a browser exchanges a key for a cookie that scripts cannot read. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../../errors.js'
import { closeSession, openSession } from '../../storage/keys.js'
import { readBearer, SESSION_COOKIE } from '../auth.js'
import type { RouteContext } from '../parts.js'
import { nothing, problems } from '../schemas/common.js'
import { Session } from '../schemas/teams.js'

const tags = ['Session']

/** Makes the routes of sessions. */
export function sessionRoutes ({ parts: { db } }: RouteContext): FastifyPluginAsyncTypebox {
  return async app => {
    app.post('/session', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'openSession',
        tags,
        summary: 'Exchange a key for a cookie',
        description: 'Send the key as Authorization: Bearer. The cookie is HttpOnly and SameSite=Strict; browser sockets use it.',
        response: { 201: Session, ...problems() }
      }
    }, async (request, reply) => {
      if (readBearer(request) === undefined) throw new AppError('unauthorized', 'a session is made from a key: send Authorization: Bearer <key>')
      const { token, expiresAt } = await openSession(db, request.principal)
      reply.code(201).setCookie(SESSION_COOKIE, token, { ...cookieOptions(request), expires: new Date(expiresAt) })
      const { actor, role } = request.principal
      return { actor, role, expiresAt }
    })

    app.delete('/session', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'closeSession',
        tags,
        summary: 'End the session of the cookie',
        response: { 204: nothing('Ended'), ...problems() }
      }
    }, async (request, reply) => {
      const token = request.cookies[SESSION_COOKIE]
      if (token !== undefined) await closeSession(db, token)
      return await reply.code(204).clearCookie(SESSION_COOKIE, cookieOptions(request)).send(null)
    })
  }
}

function cookieOptions (request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' } as const
}
