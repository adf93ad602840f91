/** /v1/uploads: how far the uploads are that are under way, whichever API process receives them. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams, listOf, problems } from '../schemas/common.js'
import { Upload } from '../schemas/datasets.js'

const tags = ['Data sets']

/** Makes the routes of uploads. */
export function uploadRoutes (): FastifyPluginAsyncTypebox {
  return async app => {
    app.get('/uploads', {
      config: { access: 'viewer' },
      schema: { operationId: 'listUploads', tags, summary: 'List uploads that are under way', response: { 200: listOf(Upload), ...problems() } }
    }, async request => ({ items: await request.team.uploads.list() }))

    app.get('/uploads/:id', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getUpload',
        tags,
        summary: 'See how far an upload is',
        description: 'While POST /v1/datasets is under way; its header Upload-Id names it. What is answered, or broken off, is no more.',
        params: IdParams,
        response: { 200: Upload, ...problems('not_found') }
      }
    }, async request => await request.team.uploads.get(request.params.id))
  }
}
