/** Experiments made of experiments that ended (src/algorithms/follow-ups.ts): one route for each follow-up that a kind declares. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { collectFollowUps, pickFollowUp } from '../../algorithms/follow-ups.js'
import { algorithms, findAlgorithm } from '../../algorithms/registry.js'
import { recordAudit } from '../../storage/audit.js'
import { answerOnce } from '../idempotency.js'
import type { RouteContext } from '../parts.js'
import { IdempotencyHeader, IdParams, problems } from '../schemas/common.js'
import { Experiment } from '../schemas/experiments.js'
import { readSubmission, toExperiment } from '../submission.js'
import { violationError } from '../validation.js'
import { toWire } from './experiments.js'

/** Makes the routes of follow-ups. */
export function followUpRoutes ({ parts }: RouteContext): FastifyPluginAsyncTypebox {
  return async app => {
    for (const [name, followUp] of Object.entries(collectFollowUps(algorithms))) {
      app.post(`/experiments/:id/${name}`, {
        config: { access: 'member' },
        schema: {
          operationId: name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
          tags: ['Experiments'],
          summary: followUp.title,
          description: followUp.description,
          headers: IdempotencyHeader,
          params: IdParams,
          body: followUp.request,
          response: {
            201: Experiment,
            ...problems('not_found', 'unknown_follow_up', 'not_finished', 'invalid_spec', 'unfit_dataset', 'unfit_artifact', 'data_missing', 'no_checkpoint', 'file_missing', 'idempotency_conflict', 'quota_exceeded')
          }
        }
      }, async (request, reply) => {
        const own = { ...parts, team: request.team }
        return await answerOnce(parts.db, request, reply, request.body, async () => {
          const { kind } = await request.team.experiments.brief(request.params.id)
          const { make, title } = pickFollowUp(kind, findAlgorithm(kind), name)
          const parent = await request.team.experiments.ended(request.params.id)
          const made = make({ trials: parent.trials, request: request.body })
          if ('violations' in made) throw violationError('invalid_request', made.violations)
          const submitted = { kind, name: `${title}: ${parent.name}`.slice(0, 200), tags: parent.tags, spec: made.spec as Record<string, unknown>, parent: parent.id }
          const experiment = await toExperiment(own, submitted, await readSubmission(own, submitted), request.principal.actor)
          return async client => {
            const body = toWire(await request.team.experiments.create(experiment, client))
            await recordAudit(parts.db, request.principal, {
              action: 'experiment.create', subject: body.id, detail: { kind, name: body.name, parent: parent.id, followUp: name }
            }, client)
            return { status: 201, location: `/v1/experiments/${body.id}`, body }
          }
        })
      })
    }
  }
}
