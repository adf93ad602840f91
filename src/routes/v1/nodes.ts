/** GET /v1/nodes: the machines that work. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listNodes } from '../../storage/nodes.js'
import type { RouteContext } from '../parts.js'
import { listOf, problems } from '../schemas/common.js'
import { Node } from '../schemas/service.js'

/** Makes the route of nodes. */
export function nodeRoutes ({ config, parts: { db } }: RouteContext): FastifyPluginAsyncTypebox {
  return async app => {
    app.get('/nodes', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'listNodes',
        tags: ['Service'],
        summary: 'List nodes, their lanes, and what they run of yours',
        response: { 200: listOf(Node), ...problems() }
      }
    }, async request => ({ items: await listNodes(db, request.principal.teamId, config.leaseSeconds) }))
  }
}
