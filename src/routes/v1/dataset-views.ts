/** What one can see of a data set: its figures, its examples one by one, and pages of them. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '../../schema/type.js'
import { readExample, readExamples } from '../../datasets/dataset-file.js'
import { layoutOf } from '../../datasets/description.js'
import { AppError } from '../../errors.js'
import { readStored } from '../../jobs/stored-file.js'
import { sizeOf } from '../../math/arrays.js'
import { openDatasetFigures } from '../dataset-figures.js'
import { examplesToCsv } from '../example-csv.js'
import { figureAnswer } from '../figures.js'
import { chooseType } from '../negotiation.js'
import type { RouteContext } from '../parts.js'
import { drawField } from '../pictures.js'
import { Binary, IdParams, listOf, problems } from '../schemas/common.js'
import { Example, ExamplePage, ExamplePageParams, ExamplePageQuery, ExampleParams, ExampleQuery } from '../schemas/datasets.js'
import { FigureParams, FigureSummary } from '../schemas/experiments.js'
import { violationError } from '../validation.js'

const tags = ['Data sets']
/** Of all examples of a page: some 10 MB of JSON. */
const MAX_NUMBERS = 1_000_000

/** Makes the routes that show what is in data sets. */
export function datasetViewRoutes ({ parts }: RouteContext): FastifyPluginAsyncTypebox {
  return async app => {
    app.get('/datasets/:id/figures', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'listDatasetFigures',
        tags,
        summary: 'List what can be drawn of a data set',
        description: 'columns: the spread of every column. classes: how many examples each class has. examples: some pictures of every class. What a data set has depends on what it is.',
        params: IdParams,
        response: { 200: listOf(FigureSummary), ...problems('not_found') }
      }
    }, async request => {
      const figures = openDatasetFigures(parts, request.team, await request.team.datasets.get(request.params.id))
      return { items: figures.map(({ name, title, mediaTypes }) => ({ name, title, mediaTypes: [...mediaTypes] })) }
    })

    app.get('/datasets/:id/figures/:name', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getDatasetFigure',
        tags,
        summary: 'Get a figure of a data set',
        description: 'As a Vega-Lite specification with its data inside, or drawn: Accept image/svg+xml or image/png.',
        params: FigureParams,
        response: {
          200: figureAnswer,
          ...problems('not_found', 'not_acceptable', 'data_missing')
        }
      }
    }, async (request, reply) => {
      const { id, name } = request.params
      const figures = openDatasetFigures(parts, request.team, await request.team.datasets.get(id))
      const figure = figures.find(one => one.name === name)
      if (figure === undefined) throw new AppError('not_found', `figure must be one of ${figures.map(one => one.name).join(', ') || 'none'}, got ${JSON.stringify(name)}`)
      const type = chooseType(request, figure.mediaTypes)
      reply.header('vary', 'accept').header('cache-control', 'private, max-age=86400')
      return reply.type(type).send(await figure.read(type))
    })

    app.get('/datasets/:id/examples/:split', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'listExamples',
        tags,
        summary: 'Look at neighbouring examples',
        description: 'As rows of the table, as text or as numbers; CSV with Accept: text/csv where they are rows.',
        params: ExamplePageParams,
        querystring: ExamplePageQuery,
        response: {
          200: { description: 'The examples', content: { 'application/json': { schema: ExamplePage }, 'text/csv': { schema: Type.String() } } },
          ...problems('not_found', 'not_acceptable', 'data_missing')
        }
      }
    }, async (request, reply) => {
      const { id, split } = request.params
      const { offset = 0, limit = 20 } = request.query
      const type = chooseType(request, ['application/json', 'text/csv'])
      const dataset = await request.team.datasets.open(id)
      const { fields, counts } = dataset.description
      const numbers = Object.values(fields).reduce((sum, field) => sum + sizeOf(layoutOf(field).shape), 0)
      const most = Math.floor(MAX_NUMBERS / numbers)
      if (limit > most) throw violationError('invalid_request', [{ path: 'query.limit', rule: `must be <= ${most}: an example has ${numbers} numbers${most === 0 ? ', look at them one by one' : ''}`, got: limit }])
      const items = await readStored(parts, dataset, async () => await readExamples(parts.blobs, dataset, split, { offset, limit }))
      reply.header('vary', 'accept').header('cache-control', 'private, max-age=86400')
      return type === 'text/csv' ? reply.type('text/csv; charset=utf-8').send(examplesToCsv(dataset.description.fields, items)) : { items, count: counts[split] }
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
