/**
 * Says who is asking and whether the route allows it, before a body is read. Every route under /v1 names the role that
 * it needs; handlers find the team's storage as request.team and never see another team's.
 */
import { isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../errors.js'
import { authenticate, roles, type Principal, type Role } from '../storage/keys.js'
import { forTeam, type TeamStore } from '../storage/team-store.js'
import type { RouteContext } from './parts.js'

/** What a route asks of its caller: open asks nothing, operator the ADMIN_KEY. */
export type Access = 'open' | Role | 'operator'

/** Who is asking, and from where. */
export interface Caller extends Principal {
  /** the client's address; behind a proxy that TRUST_PROXY does not name, the proxy's; undefined on a Unix socket */
  address: string | undefined
}

declare module 'fastify' {
  interface FastifyContextConfig { access?: Access }
  interface FastifyRequest {
    /** who is asking */
    principal: Caller
    /** the storage of the caller's team */
    team: TeamStore
  }
}

/** The cookie that stands for a key in a browser. */
export const SESSION_COOKIE = 'descent_session'

/** Guards all routes that are registered in this scope after it. */
export function guard (app: FastifyInstance, { config, parts }: RouteContext): void {
  app.decorateRequest('principal', null as unknown as Caller)
  app.decorateRequest('team', null as unknown as TeamStore)

  app.addHook('onRoute', route => {
    if (route.config?.access === undefined) throw new Error(`The route ${String(route.method)} ${route.url} must name its access`)
  })

  app.addHook('onRequest', async request => {
    const access = request.routeOptions.config.access ?? 'operator'
    if (access === 'open') return
    const bearer = readBearer(request)
    const cookie = bearer === undefined ? request.cookies[SESSION_COOKIE] : undefined
    if (bearer === undefined && cookie === undefined) throw new AppError('unauthorized', 'the request carries no key')
    const principal = await authenticate(parts.db, config, { bearer, cookie })
    if (principal === undefined) throw new AppError('unauthorized', bearer === undefined ? 'the session has ended' : 'the key is unknown or revoked')
    if (cookie !== undefined) checkOrigin(request)
    checkAccess(principal, access)
    // A trusted proxy may pass on anything as the client's address.
    request.principal = { ...principal, address: isIP(request.ip) === 0 ? undefined : request.ip }
    request.team = forTeam(parts.db, principal.teamId)
  })
}

/** Reads `Authorization: Bearer <key>`. @throws AppError unauthorized for another scheme */
export function readBearer (request: FastifyRequest): string | undefined {
  const header = request.headers.authorization
  if (header === undefined) return undefined
  const match = /^Bearer +(\S+) *$/i.exec(header)
  if (match === null) throw new AppError('unauthorized', 'Authorization must be "Bearer <key>"')
  return match[1]
}

function checkAccess (principal: Principal, access: Exclude<Access, 'open'>): void {
  if (access === 'operator') {
    if (!principal.operator) throw new AppError('forbidden', 'only the operator’s key allows this')
    return
  }
  if (roles.indexOf(principal.role) < roles.indexOf(access)) {
    throw new AppError('forbidden', `the role must be ${access}, got ${principal.role}`)
  }
}

/**
 * A cookie is sent by the browser on its own, so a write or a socket must come from a page of this service. The cookie
 * is SameSite=Strict already; this holds where another service shares the site (another port of localhost).
 */
function checkOrigin (request: FastifyRequest): void {
  const isRead = ['GET', 'HEAD'].includes(request.method) && request.headers.upgrade === undefined
  if (isRead) return
  const { origin } = request.headers
  if (origin !== undefined && URL.canParse(origin) && new URL(origin).host === request.host) return
  throw new AppError('forbidden', `with a session cookie Origin must be this service, got ${JSON.stringify(origin ?? null)}`)
}
