/** Trials, and the files they left: checkpoints with their weights, artifacts. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { artifactTypes } from '../../algorithms/contract.js'
import { explainOutcome } from '../../algorithms/outcomes.js'
import { algorithms } from '../../algorithms/registry.js'
import { explainWait } from '../../storage/waiting.js'
import { sendFile } from '../files.js'
import type { RouteContext } from '../parts.js'
import { Binary, IdParams, nothing, pageOf, PageQuery, problems } from '../schemas/common.js'
import { Artifact, Checkpoint, FileHeaders, Trial } from '../schemas/trials.js'

const tags = ['Trials']
const binary = { schema: Binary }

/** Declares what a file is answered with. */
function fileAnswers (...mediaTypes: string[]) {
  const content = Object.fromEntries(mediaTypes.map(mediaType => [mediaType, binary]))
  return {
    200: { description: 'The file', content },
    206: { description: 'The part that Range asked for', content },
    304: nothing('You have it already'),
    ...problems('not_found', 'file_missing', 'range_not_satisfiable')
  }
}

/** Makes the routes of trials and their files. */
export function trialRoutes ({ config: { leaseSeconds }, parts }: RouteContext): FastifyPluginAsyncTypebox {
  return async app => {
    app.get('/trials/:id', {
      config: { access: 'viewer' },
      schema: { operationId: 'getTrial', tags, summary: 'Get a trial with its attempts and transitions', params: IdParams, response: { 200: Trial, ...problems('not_found') } }
    }, async request => {
      const trial = await request.team.trials.get(request.params.id)
      const waiting = trial.state === 'queued' ? await explainWait(parts.db, trial.id, { leaseSeconds, kinds: algorithms }) : undefined
      return { ...trial, outcome: explainOutcome(trial.kind, trial.outcome), waiting: waiting ?? null }
    })

    app.get('/trials/:id/checkpoints', {
      config: { access: 'viewer' },
      schema: { operationId: 'listCheckpoints', tags, summary: 'List a trial’s checkpoints, newest first', params: IdParams, querystring: PageQuery, response: { 200: pageOf(Checkpoint), ...problems('not_found', 'invalid_cursor') } }
    }, async request => await request.team.trials.checkpoints(request.params.id, request.query))

    app.get('/trials/:id/artifacts', {
      config: { access: 'viewer' },
      schema: { operationId: 'listArtifacts', tags, summary: 'List a trial’s artifacts, newest first', params: IdParams, querystring: PageQuery, response: { 200: pageOf(Artifact), ...problems('not_found', 'invalid_cursor') } }
    }, async request => await request.team.trials.artifacts(request.params.id, request.query))

    app.get('/checkpoints/:id', {
      config: { access: 'viewer' },
      schema: { operationId: 'getCheckpoint', tags, summary: 'Get a checkpoint', params: IdParams, response: { 200: Checkpoint, ...problems('not_found') } }
    }, async request => await request.team.checkpoints.get(request.params.id))

    app.get('/checkpoints/:id/weights', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getWeights',
        tags,
        summary: 'Download the weights',
        description: 'A safetensors file; its metadata holds step, learning rate, experiment, trial and the fingerprint.',
        params: IdParams,
        headers: FileHeaders,
        response: fileAnswers('application/octet-stream')
      }
    }, async (request, reply) => {
      const { id, sha256, sizeBytes, step } = await request.team.checkpoints.get(request.params.id)
      return await sendFile(request, reply, parts.blobs, {
        of: `checkpoint ${id}`, sha256, sizeBytes, mediaType: 'application/octet-stream', fileName: `checkpoint-${id}-step-${step}.safetensors`
      })
    })

    app.get('/artifacts/:id', {
      config: { access: 'viewer' },
      schema: { operationId: 'getArtifact', tags, summary: 'Get the bytes of an artifact', params: IdParams, headers: FileHeaders, response: fileAnswers(...artifactTypes) }
    }, async (request, reply) => {
      const { sha256, sizeBytes, mediaType } = await request.team.artifacts.get(request.params.id)
      return await sendFile(request, reply, parts.blobs, { of: `artifact ${request.params.id}`, sha256, sizeBytes, mediaType })
    })
  }
}
