/** /v1/experiments: submit, look, change, steer, delete. What runs them: src/jobs. What comes out: results.ts. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from '../../schema/type.js'
import { explainOutcome } from '../../algorithms/outcomes.js'
import { algorithms } from '../../algorithms/registry.js'
import { requestState, type StateRequest } from '../../jobs/states.js'
import { recordAudit } from '../../storage/audit.js'
import { withTransaction } from '../../storage/database.js'
import type { ExperimentResource } from '../../storage/team/experiments.js'
import { explainWait } from '../../storage/waiting.js'
import { readIfMatch, toEtag } from '../conditions.js'
import { answerOnce } from '../idempotency.js'
import type { RouteContext } from '../parts.js'
import { closed, IdempotencyHeader, IdParams, IfMatch, nothing, pageOf, problems } from '../schemas/common.js'
import { Experiment, ExperimentChanges, ExperimentNow, ExperimentQuery, ExperimentSummary, NewExperiment, Validation } from '../schemas/experiments.js'
import { readSubmission, toExperiment, validateSubmission } from '../submission.js'

const tags = ['Experiments']

/** What may be asked of a running experiment, in words for the documentation. */
const requests: Record<StateRequest, string> = {
  cancel: 'End it at the next boundary; what was recorded stays',
  pause: 'Stop at the next boundary, with a snapshot',
  resume: 'Go on from the snapshots',
  retry: 'Run failed trials again, from their snapshots'
}

/** Makes the routes of experiments. */
export function experimentRoutes ({ config: { leaseSeconds }, parts }: RouteContext): FastifyPluginAsyncTypebox {
  return async app => {
    app.post('/experiments', {
      config: { access: 'member' },
      schema: {
        operationId: 'createExperiment',
        tags,
        summary: 'Submit an experiment',
        description: 'A spec of one kind, or a preset with overrides. Defaults are filled in, data is fixed to a data set and models to a checkpoint before it is stored. With validate=true nothing is stored: the answer says whether it is valid, how many trials it makes and what they take.',
        headers: IdempotencyHeader,
        querystring: Type.Object({ validate: Type.Optional(Type.Boolean({ default: false })) }, closed),
        body: NewExperiment,
        response: {
          200: { ...Validation, description: 'What would happen (validate=true)' },
          201: Experiment,
          ...problems('invalid_spec', 'unknown_kind', 'unknown_preset', 'not_found', 'unfit_dataset', 'unfit_artifact', 'data_missing', 'download_failed', 'no_checkpoint', 'file_missing', 'idempotency_conflict', 'quota_exceeded')
        }
      }
    }, async (request, reply) => {
      const own = { ...parts, team: request.team }
      if (request.query.validate === true) return await validateSubmission(own, request.body)
      return await answerOnce(parts.db, request, reply, request.body, async () => {
        const submission = await readSubmission(own, request.body)
        const experiment = await toExperiment(own, request.body, submission, request.principal.actor)
        return async client => {
          const body = toWire(await request.team.experiments.create(experiment, client))
          const { id, kind, name } = body
          await recordAudit(parts.db, request.principal, { action: 'experiment.create', subject: id, detail: { kind, name } }, client)
          return { status: 201, location: `/v1/experiments/${id}`, body }
        }
      })
    })

    app.get('/experiments', {
      config: { access: 'viewer' },
      schema: { operationId: 'listExperiments', tags, summary: 'List experiments, newest first', querystring: ExperimentQuery, response: { 200: pageOf(ExperimentSummary), ...problems('invalid_cursor') } }
    }, async request => await request.team.experiments.list(request.query))

    app.get('/experiments/:id', {
      config: { access: 'viewer' },
      schema: { operationId: 'getExperiment', tags, summary: 'Get an experiment with its progress', params: IdParams, response: { 200: ExperimentNow, ...problems('not_found') } }
    }, async (request, reply) => {
      const experiment = tag(reply, await request.team.experiments.get(request.params.id))
      const next = experiment.trials.find(({ state }) => state === 'queued')
      const waiting = next && await explainWait(parts.db, next.id, { leaseSeconds, kinds: algorithms })
      return { ...experiment, waiting: waiting ?? null }
    })

    app.patch('/experiments/:id', {
      config: { access: 'member' },
      schema: {
        operationId: 'updateExperiment',
        tags,
        summary: 'Change its name, tags, notes or priority',
        headers: IfMatch,
        params: IdParams,
        body: ExperimentChanges,
        response: { 200: Experiment, ...problems('not_found', 'stale') }
      }
    }, async (request, reply) => {
      const { id } = request.params
      const version = readIfMatch(request.headers['if-match'])
      return tag(reply, await withTransaction(parts.db.pool, async client => {
        await recordAudit(parts.db, request.principal, { action: 'experiment.update', subject: id, detail: request.body }, client)
        return await request.team.experiments.update(id, request.body, version, client)
      }))
    })

    app.delete('/experiments/:id', {
      config: { access: 'member' },
      schema: {
        operationId: 'deleteExperiment',
        tags,
        summary: 'Delete a finished experiment with all it made',
        params: IdParams,
        response: { 204: nothing('Gone'), ...problems('not_found', 'conflict', 'in_use') }
      }
    }, async (request, reply) => {
      const { id } = request.params
      await withTransaction(parts.db.pool, async client => {
        await request.team.experiments.remove(id, client)
        await recordAudit(parts.db, request.principal, { action: 'experiment.delete', subject: id }, client)
      })
      return reply.code(204).send(null)
    })

    for (const [verb, summary] of Object.entries(requests) as [StateRequest, string][]) {
      app.post(`/experiments/:id/${verb}`, {
        config: { access: 'member' },
        schema: {
          operationId: `${verb}Experiment`,
          tags,
          summary,
          params: IdParams,
          response: { 200: Experiment, ...problems('not_found', 'conflict') }
        }
      }, async (request, reply) => {
        const { actor, teamId } = request.principal
        const { id } = request.params
        return tag(reply, await withTransaction(parts.db.pool, async client => {
          await requestState(parts, teamId, id, verb, actor, client)
          await recordAudit(parts.db, request.principal, { action: `experiment.${verb}`, subject: id }, client)
          return await request.team.experiments.get(id, client)
        }))
      })
    }
  }
}

function tag (reply: FastifyReply, experiment: ExperimentResource) {
  reply.header('etag', toEtag(experiment.version))
  return toWire(experiment)
}

/** An experiment as the wire has it: with what can be done about the outcomes of its trials. */
export function toWire (experiment: ExperimentResource) {
  const { kind, trials } = experiment
  return { ...experiment, trials: trials.map(trial => ({ ...trial, outcome: explainOutcome(kind, trial.outcome) })) }
}
