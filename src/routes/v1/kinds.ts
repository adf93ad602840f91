/** GET /v1/kinds: what can be submitted, straight from the registry. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Algorithm } from '../../algorithms/contract.js'
import { algorithms } from '../../algorithms/registry.js'
import { operations } from '../../influence/operations.js'
import { listOf, problems } from '../schemas/common.js'
import { Kind } from '../schemas/service.js'

export const kindRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/kinds', {
    config: { access: 'viewer' },
    schema: {
      operationId: 'listKinds',
      tags: ['Experiments'],
      summary: 'List the kinds of experiments',
      description: 'Every kind with its paper, the JSON Schema of its spec, its metrics and its presets, smallest first.',
      response: { 200: { description: 'All kinds', content: { 'application/json': { schema: listOf(Kind) } } }, ...problems() }
    }
  }, async () => ({ items: algorithms.map(toKind) }))
}

function toKind ({ kind, title, version, paper, spec, metrics, outcomes, presets }: Algorithm) {
  return {
    id: kind,
    title,
    version,
    paper,
    spec: spec as Record<string, unknown>,
    metrics,
    outcomes,
    operations: Object.keys(operations),
    presets: presets.map(({ name, title, needs, predicts, spec }) => ({
      name, title, needs: needs ?? null, predicts, spec: spec as Record<string, unknown>
    }))
  }
}
