/** /v1/datasets: uploaded or generated examples, and a look at one of them. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Static } from 'typebox'
import { recordAudit } from '../../storage/audit.js'
import { withTransaction } from '../../storage/database.js'
import { readExample } from '../../datasets/dataset-file.js'
import type { DatasetJob } from '../../datasets/prepare.js'
import { prepareDataset } from '../../jobs/add-dataset.js'
import { readStored } from '../../jobs/stored-file.js'
import type { DatasetResource } from '../../storage/team/datasets.js'
import { answerOnce, type Commit } from '../idempotency.js'
import { chooseType } from '../negotiation.js'
import type { RouteContext } from '../parts.js'
import { drawField } from '../pictures.js'
import { Binary, IdempotencyHeader, IdParams, nothing, pageOf, PageQuery, problems } from '../schemas/common.js'
import { Dataset, Example, ExampleParams, ExampleQuery, NewDataset, UploadForm } from '../schemas/datasets.js'
import { toSourceJob } from '../source-job.js'
import { toDatasetJob } from '../upload-job.js'
import { withUpload } from '../uploads.js'
import { violationError } from '../validation.js'
import type { FastifyRequest } from 'fastify'

const tags = ['Data sets']

/** Makes the routes of data sets. */
export function datasetRoutes ({ config, parts }: RouteContext): FastifyPluginAsyncTypebox {
  async function add (request: FastifyRequest, name: string, job: DatasetJob, signal?: AbortSignal): Promise<Commit<DatasetResource>> {
    const store = await prepareDataset({ ...parts, team: request.team }, name, job, signal)
    return async client => {
      const { dataset, created } = await store(client)
      if (created) await recordAudit(parts.db, request.principal, { action: 'dataset.create', subject: dataset.id, detail: { name } }, client)
      return { status: created ? 201 : 200, location: `/v1/datasets/${dataset.id}`, body: dataset }
    }
  }

  return async app => {
    app.post('/datasets', {
      config: { access: 'member' },
      schema: {
        operationId: 'createDataset',
        tags,
        summary: 'Upload, generate, download or derive a data set',
        description: 'multipart/form-data with IDX files (plain or gzip) or CSV, or JSON with a generator, an entry of the catalog or what is to be made of other data sets. The same data twice is one data set: 200 instead of 201.',
        headers: IdempotencyHeader,
        body: { content: { 'application/json': { schema: NewDataset }, 'multipart/form-data': { schema: { ...UploadForm, 'x-streamed': true } } } },
        response: { 200: { ...Dataset, description: 'The team had it already' }, 201: Dataset, ...problems('invalid_dataset', 'data_missing', 'download_failed', 'idempotency_conflict', 'not_found', 'quota_exceeded') }
      }
    }, async (request, reply) => {
      if (request.isMultipart()) {
        const options = { folder: parts.temporaryFolder, maxBytes: config.maxUploadBytes }
        return await withUpload(request, reply, options, async (upload, signal) => {
          const hashes = Object.entries(upload.files).map(([name, file]) => [name, file.name, file.sha256])
          return await answerOnce(parts.db, request, reply, [upload.fields, hashes], async () =>
            await add(request, upload.fields.name, toDatasetJob(upload), signal))
        })
      }
      const body = request.body as Static<typeof NewDataset> | null | undefined
      if (body == null) throw violationError('invalid_request', [{ path: 'body', rule: 'is required', got: null }])
      return await answerOnce(parts.db, request, reply, body, async () =>
        await add(request, body.name, await toSourceJob({ ...parts, team: request.team }, body.source)))
    })

    app.get('/datasets', {
      config: { access: 'viewer' },
      schema: { operationId: 'listDatasets', tags, summary: 'List data sets, newest first', querystring: PageQuery, response: { 200: pageOf(Dataset), ...problems('invalid_cursor') } }
    }, async request => await request.team.datasets.list(request.query))

    app.get('/datasets/:id', {
      config: { access: 'viewer' },
      schema: { operationId: 'getDataset', tags, summary: 'Get a data set', params: IdParams, response: { 200: Dataset, ...problems('not_found') } }
    }, async request => await request.team.datasets.get(request.params.id))

    app.delete('/datasets/:id', {
      config: { access: 'member' },
      schema: {
        operationId: 'deleteDataset',
        tags,
        summary: 'Delete a data set',
        description: 'Refused with the list of users while an experiment or a model refers to it.',
        params: IdParams,
        response: { 204: nothing('Gone'), ...problems('not_found', 'in_use') }
      }
    }, async (request, reply) => {
      const { id } = request.params
      await withTransaction(parts.db.pool, async client => {
        await request.team.datasets.remove(id, client)
        await recordAudit(parts.db, request.principal, { action: 'dataset.delete', subject: id }, client)
      })
      return reply.code(204).send(null)
    })

    app.get('/datasets/:id/examples/:split/:index', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getExample',
        tags,
        summary: 'Look at one example',
        description: 'JSON with all its fields, or with Accept: image/png the picture of one: an image, or a class map with a palette.',
        params: ExampleParams,
        querystring: ExampleQuery,
        response: {
          200: { description: 'The example', content: { 'application/json': { schema: Example }, 'image/png': { schema: Binary } } },
          ...problems('not_found', 'not_acceptable', 'data_missing')
        }
      }
    }, async (request, reply) => {
      const { id, split, index } = request.params
      const type = chooseType(request, ['application/json', 'image/png'])
      const dataset = await request.team.datasets.open(id)
      const example = await readStored(parts, dataset, async () => await readExample(parts.blobs, dataset, split, index))
      reply.header('vary', 'accept').header('cache-control', 'private, max-age=86400')
      return type === 'image/png' ? reply.type(type).send(drawField(example, request.query.field ?? 'inputs')) : example
    })
  }
}
