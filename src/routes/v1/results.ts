/** What comes out of an experiment: curves, the report, and its figures as data or as pictures. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AppError } from '../../errors.js'
import { readMetrics, type Series } from '../../storage/metrics.js'
import { figureAnswer, openFigure } from '../figures.js'
import { splitCommas } from '../lists.js'
import { chooseType } from '../negotiation.js'
import type { RouteContext } from '../parts.js'
import { IdParams, problems, type WireNumber } from '../schemas/common.js'
import { FigureParams, MetricCurves, MetricQuery, Report } from '../schemas/experiments.js'

const tags = ['Results']

/** Makes the routes of results. */
export function resultRoutes ({ parts }: RouteContext): FastifyPluginAsyncTypebox {
  return async app => {
    app.get('/experiments/:id/metrics', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getMetrics',
        tags,
        summary: 'Read curves',
        description: 'Every metric of every trial as [step, value] points, thinned to maxPoints so that minima and maxima stay. CSV with Accept: text/csv.',
        params: IdParams,
        querystring: MetricQuery,
        response: {
          200: { description: 'The curves', content: { 'application/json': { schema: MetricCurves }, 'text/csv': { schema: { type: 'string' } } } },
          ...problems('not_found', 'not_acceptable')
        }
      }
    }, async (request, reply) => {
      const type = chooseType(request, ['application/json', 'text/csv'])
      const { id } = await request.team.experiments.brief(request.params.id)
      const { name, trialId, maxPoints } = request.query
      const series = await readMetrics(parts.db.pool, id, { names: splitCommas(name), trialId, maxPoints })
      reply.header('vary', 'accept')
      if (type === 'text/csv') return reply.type('text/csv; charset=utf-8').send(toCsv(series))
      return { items: series.map(curve => ({ ...curve, points: curve.points.map(toWire) })) }
    })

    app.get('/experiments/:id/report', {
      config: { access: 'viewer' },
      schema: { operationId: 'getReport', tags, summary: 'Read the report', params: IdParams, response: { 200: Report, ...problems('not_found', 'not_finished') } }
    }, async request => {
      const { figures, ...report } = await request.team.experiments.report(request.params.id)
      const opened = await Promise.all(figures.map(async figure => await openFigure(request.team, parts, figure)))
      return { ...report, figures: figures.map(({ name, title }, i) => ({ name, title, mediaTypes: [...opened[i]?.mediaTypes ?? []] })) }
    })

    app.get('/experiments/:id/figures/:name', {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getFigure',
        tags,
        summary: 'Get a figure of the report',
        description: 'As a Vega-Lite specification with its data inside, or drawn: Accept image/svg+xml or image/png. A picture that a trial made is given as it is; the report says in which types each can be had.',
        params: FigureParams,
        response: {
          200: figureAnswer,
          ...problems('not_found', 'not_finished', 'not_acceptable', 'file_missing')
        }
      }
    }, async (request, reply) => {
      const { id, name } = request.params
      const { figures } = await request.team.experiments.report(id)
      const figure = figures.find(one => one.name === name)
      if (figure === undefined) throw new AppError('not_found', `figure must be one of ${figures.map(one => one.name).join(', ')}, got ${JSON.stringify(name)}`)
      const opened = await openFigure(request.team, parts, figure)
      if (opened === undefined) throw new AppError('not_found', `the artifact that figure ${name} shows`)
      const type = chooseType(request, opened.mediaTypes)
      reply.header('vary', 'accept')
      const body = await opened.read(type)
      return reply.type(type).send(body)
    })
  }
}

function toWire ([step, value]: [number, number]): [number, WireNumber] {
  return [step, Number.isFinite(value) ? value : String(value) as WireNumber]
}

/** Names and ids hold no commas or quotes; a name that did would be quoted as RFC 4180 says. */
function toCsv (series: Series[]): string {
  const lines = series.flatMap(({ trialId, name, points }) => points.map(([step, value]) => `${trialId},${quote(name)},${step},${value}`))
  return ['trialId,name,step,value', ...lines, ''].join('\r\n')
}

function quote (text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
