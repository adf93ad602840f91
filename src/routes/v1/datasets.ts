/** /v1/datasets: uploaded or generated examples. What one can see of them: dataset-views.ts. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type, type Static } from '../../schema/type.js'
import { recordAudit } from '../../storage/audit.js'
import { withTransaction } from '../../storage/database.js'
import type { DatasetJob } from '../../datasets/prepare.js'
import { prepareDataset, type Attention } from '../../jobs/add-dataset.js'
import { previewDataset, type DatasetPreview as Preview } from '../../jobs/preview-dataset.js'
import type { DatasetResource } from '../../storage/team/datasets.js'
import { datasetForm } from '../dataset-form.js'
import { answerOnce, type Commit } from '../idempotency.js'
import type { RouteContext } from '../parts.js'
import { IdParams, nothing, pageOf, PageQuery, problems } from '../schemas/common.js'
import { CreateHeaders, CreateQuery, Dataset, DatasetPreview, DatasetSummary, NewDataset, UploadForm } from '../schemas/datasets.js'
import { toSourceJob } from '../source-job.js'
import { trackRequest } from '../tracked.js'
import { toDatasetJob } from '../upload-job.js'
import { withUpload } from '../uploads.js'
import { violationError } from '../validation.js'
import type { FastifyReply, FastifyRequest } from 'fastify'

const tags = ['Data sets']

/** Makes the routes of data sets. */
export function datasetRoutes ({ config, parts }: RouteContext): FastifyPluginAsyncTypebox {
  async function add (request: FastifyRequest, name: string, job: DatasetJob, attention?: Attention): Promise<Commit<DatasetResource>> {
    const store = await prepareDataset({ ...parts, team: request.team }, name, job, attention)
    return async client => {
      const { dataset, created } = await store(client)
      if (created) await recordAudit(parts.db, request.principal, { action: 'dataset.create', subject: dataset.id, detail: { name } }, client)
      return { status: created ? 201 : 200, location: `/v1/datasets/${dataset.id}`, body: dataset }
    }
  }

  async function receive (request: FastifyRequest, reply: FastifyReply, isPreview: boolean): Promise<DatasetResource | Preview> {
    return await trackRequest(request, reply, async tracker => {
      const options = { form: datasetForm, folder: parts.temporaryFolder, maxBytes: config.maxUploadBytes, note: tracker.note }
      return await withUpload(request, reply, options, async (upload, signal) => {
        tracker.note({ stage: 'waiting' })
        const { fields, files } = upload
        if (isPreview) return await previewDataset({ ...parts, team: request.team }, toDatasetJob(upload), { signal, tracker })
        const hashes = Object.entries(files).map(([name, file]) => [name, file.name, file.sha256])
        return await answerOnce(parts.db, request, reply, [fields, hashes], async () =>
          await add(request, fields.name, toDatasetJob(upload), { signal, tracker }))
      })
    })
  }

  return async app => {
    app.post('/datasets', {
      config: { access: 'member' },
      schema: {
        operationId: 'createDataset',
        tags,
        summary: 'Upload, generate, download or derive a data set',
        description: 'multipart/form-data with files of one of the formats, or JSON that names a source: a generator, an entry of the catalog, or what is to be made of other data sets. The same data twice is one data set: 200 instead of 201. With validate=true everything is read and checked, the answer says what it would be, and nothing is stored. GET /v1/uploads tells how far an upload is.',
        headers: CreateHeaders,
        querystring: CreateQuery,
        body: { content: { 'application/json': { schema: NewDataset }, 'multipart/form-data': { schema: { ...UploadForm, 'x-streamed': true } } } },
        response: {
          200: { description: 'The team had it already, or what it would be (validate=true)', content: { 'application/json': { schema: Type.Union([Dataset, DatasetPreview]) } } },
          201: Dataset,
          ...problems('invalid_dataset', 'data_missing', 'download_failed', 'not_found', 'conflict', 'idempotency_conflict', 'quota_exceeded')
        }
      }
    }, async (request, reply) => {
      const isPreview = request.query.validate === true
      if (request.isMultipart()) return await receive(request, reply, isPreview)
      const body = request.body as Static<typeof NewDataset> | null | undefined
      if (body == null) throw violationError('invalid_request', [{ path: 'body', rule: 'is required', got: null }])
      const own = { ...parts, team: request.team }
      const makeJob = async (): Promise<DatasetJob> => await toSourceJob(own, body.source)
      return await trackRequest(request, reply, async tracker => {
        tracker.note({ name: body.name })
        if (isPreview) return await previewDataset(own, await makeJob(), { tracker })
        return await answerOnce(parts.db, request, reply, body, async () => await add(request, body.name, await makeJob(), { tracker }))
      })
    })

    app.get('/datasets', {
      config: { access: 'viewer' },
      schema: { operationId: 'listDatasets', tags, summary: 'List data sets, newest first', querystring: PageQuery, response: { 200: pageOf(DatasetSummary), ...problems('invalid_cursor') } }
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
  }
}
