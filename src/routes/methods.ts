/**
 * Which methods a path has, as its routes tell: what OPTIONS answers, and what a method that it lacks is refused with
 * (405 with Allow, RFC 9110). Paths that have none are unknown. Both are said before a key or a body is looked at.
 */
import type { FastifyInstance } from 'fastify'
import { AppError } from '../errors.js'

/** Finds the methods of a path; none when no route has it. */
export type FindMethods = (url: string) => string[]

/** What is known of the routes so far. */
export interface RouteTable {
  findMethods: FindMethods
  add (url: string, methods: string[]): void
}

/** Makes an empty table: it is needed before there is an app. */
export function createRouteTable (): RouteTable {
  const routes = new Map<string, { pattern: RegExp, methods: Set<string> }>()
  return {
    findMethods (url) {
      const path = url.split('?')[0]!
      const found = [...routes.values()].find(({ pattern }) => pattern.test(path))
      return [...found?.methods ?? []].sort()
    },
    add (url, methods) {
      const route = routes.get(url) ?? { pattern: toPattern(url), methods: new Set(['OPTIONS']) }
      routes.set(url, route)
      for (const method of methods) route.methods.add(method)
    }
  }
}

/** Enters the routes that are registered after it into the table, and answers for the methods and paths that they lack. */
export function answerOtherMethods (app: FastifyInstance, { add, findMethods }: RouteTable): void {
  app.addHook('onRoute', ({ url, method }) => { add(url, [method].flat()) })
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return
    const methods = findMethods(request.url)
    if (methods.length === 0) throw lacksRoute(request.method, request.url)
    reply.header('allow', methods.join(', '))
    if (request.method !== 'OPTIONS') throw lacksMethod(request.method, request.url, methods)
    return await reply.code(204).send()
  })
}

/** The error for a method that a path lacks. */
export function lacksMethod (method: string, url: string, methods: string[]): AppError {
  return new AppError('method_not_allowed', `the method of ${url.split('?')[0]} must be one of ${methods.join(', ')}, got ${method}`)
}

/** The error for a path that has no method at all. */
export function lacksRoute (method: string, url: string): AppError {
  return new AppError('not_found', `no route ${method} ${url.split('?')[0]}`)
}

/** Of "/v1/experiments/:id" and "/docs/static/*". */
function toPattern (url: string): RegExp {
  const escaped = url.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll(/:\w+/g, '[^/]+')}$`)
}
