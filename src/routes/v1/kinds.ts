/** GET /v1/kinds: what can be submitted, straight from the registry. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Algorithm } from '../../algorithms/contract.js'
import { algorithms } from '../../algorithms/registry.js'
import { operationsOf } from '../../algorithms/operations.js'
import { listOf, problems } from '../schemas/common.js'
import { Kind } from '../schemas/service.js'

export const kindRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/kinds', {
    config: { access: 'viewer' },
    schema: {
      operationId: 'listKinds',
      tags: ['Experiments'],
      summary: 'List the kinds of experiments',
      description: 'Every kind with its paper, the JSON Schema of its spec, its metrics, what its models can be asked, what can follow its experiments, and its presets, smallest first.',
      response: { 200: { description: 'All kinds', content: { 'application/json': { schema: listOf(Kind) } } }, ...problems() }
    }
  }, async () => ({ items: algorithms.map(toKind) }))
}

function toKind (algorithm: Algorithm) {
  const { kind, title, version, paper, spec, metrics, outcomes, presets, inputs, followUps = {} } = algorithm
  return {
    id: kind,
    title,
    version,
    paper,
    spec: spec as Record<string, unknown>,
    metrics,
    outcomes,
    operations: Object.entries(operationsOf(algorithm)).map(([name, { title, request, mediaTypes, isLong = false, isPaged = false }]) => ({
      name, title, method: isPaged ? 'GET' as const : 'POST' as const, request: request as Record<string, unknown>, mediaTypes: [...mediaTypes], isLong
    })),
    followUps: Object.entries(followUps).map(([name, { title, request }]) => (
      { name, title, request: request as Record<string, unknown> })),
    presets: presets.map(({ name, title, needs, predicts, spec }) => ({
      name, title, needs: needs ?? null, predicts, spec: spec as Record<string, unknown>, inputs: inputs(spec)
    }))
  }
}
