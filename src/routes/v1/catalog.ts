/** GET /v1/catalog: well-known data sets that can be had by name. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { CatalogEntry } from '../../datasets/catalog/entry.js'
import type { RouteContext } from '../parts.js'
import { listOf, problems } from '../schemas/common.js'
import { CatalogItem } from '../schemas/datasets.js'

/** Makes the route of the catalog. */
export function catalogRoutes ({ parts }: RouteContext): FastifyPluginAsyncTypebox {
  return async app => {
    app.get('/catalog', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'listCatalog',
        tags: ['Data sets'],
        summary: 'List the well-known data sets',
        description: 'What {catalog: id} may name, in POST /v1/datasets and in specs. Files are downloaded when they are asked for, and kept.',
        response: { 200: { description: 'All entries', content: { 'application/json': { schema: listOf(CatalogItem) } } }, ...problems() }
      }
    }, async () => ({ items: await Promise.all(parts.catalog.entries.map(toItem)) }))
  }

  async function toItem (entry: CatalogEntry) {
    const { id, title, licence, home, description, files } = entry
    return {
      id,
      title,
      licence,
      home,
      ...description,
      sizeBytes: Object.values(files).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      downloadedBytes: await parts.catalog.countBytes(entry)
    }
  }
}
