/**
 * /openapi.json and /docs, made from the schemas of the routes. Nothing on the page comes from another server. Schemas
 * that have a name become components, so that generated clients have named types.
 */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import type { TSchema } from '../schema/type.js'
import { ClassesField, ClassMapField, Column, FeaturesField, Field, ImageField, SourceColumn, TokensField, ValuesField } from '../datasets/description.js'
import { deriveSchemas, DeriveSpec } from '../datasets/derive/spec.js'
import { ColumnReport, DatasetReport, Histogram, Warning } from '../datasets/report.js'
import { generators, GeneratorSpec } from '../datasets/generators/index.js'
import { collectOperations } from '../algorithms/operations.js'
import { algorithms } from '../algorithms/registry.js'
import { ModelQuery, predictedSchemas, predictionSchemas, ScoredExample } from '../influence/schemas.js'
import { Architecture, Head, Layer, namedHeadSchemas, namedLayerSchemas } from '../tensor/architecture.js'
import { errorCodes } from '../errors.js'
import { sortKeys } from '../math/sort-keys.js'
import { projectVersion } from '../paths.js'
import { Problem } from './problem.js'
import { bodyProblems } from './schemas/common.js'
import * as datasets from './schemas/datasets.js'
import * as events from './schemas/events.js'
import * as experiments from './schemas/experiments.js'
import * as models from './schemas/models.js'
import * as segment from './schemas/segment.js'
import * as service from './schemas/service.js'
import * as teams from './schemas/teams.js'
import * as trials from './schemas/trials.js'

/** Schemas with a name of their own in the document. */
const components: Record<string, TSchema> = {
  Problem,
  GeneratorSpec,
  GlyphsSpec: generators.glyphs.spec,
  BlobsSpec: generators.blobs.spec,
  NonlinearSpec: generators.nonlinear.spec,
  ScenesSpec: generators.scenes.spec,
  EdgesSpec: generators.edges.spec,
  DeriveSpec,
  ...deriveSchemas,
  Column,
  Field,
  ImageField,
  FeaturesField,
  TokensField,
  ClassesField,
  ValuesField,
  ClassMapField,
  Architecture,
  Layer,
  ...namedLayerSchemas,
  Head,
  ...namedHeadSchemas,
  ...predictionSchemas,
  ...predictedSchemas,
  CatalogItem: datasets.CatalogItem,
  Dataset: datasets.Dataset,
  DatasetSummary: datasets.DatasetSummary,
  DatasetPreview: datasets.DatasetPreview,
  DatasetReport,
  ColumnReport,
  Histogram,
  Warning,
  SourceColumn,
  Upload: datasets.Upload,
  Example: datasets.Example,
  ExamplePage: datasets.ExamplePage,
  ExampleField: datasets.ExampleField,
  NewDataset: datasets.NewDataset,
  NewExperiment: experiments.NewExperiment,
  Experiment: experiments.Experiment,
  ExperimentSummary: experiments.ExperimentSummary,
  Validation: experiments.Validation,
  Report: experiments.Report,
  EventFrame: events.EventFrame,
  StreamNotice: events.StreamNotice,
  StreamHello: events.StreamHello,
  StreamHead: events.StreamHead,
  StreamSkipped: events.StreamSkipped,
  StreamEnd: events.StreamEnd,
  Trial: trials.Trial,
  Checkpoint: trials.Checkpoint,
  Artifact: trials.Artifact,
  Model: models.Model,
  ModelSummary: models.ModelSummary,
  ModelQuery,
  InfluenceIndex: models.InfluenceIndex,
  Query: models.Query,
  QueryAccepted: models.QueryAccepted,
  SelfInfluencePage: models.SelfInfluencePage,
  ...operationSchemas(),
  ScoredExample,
  SegmentRequest: segment.SegmentRequest,
  Segmented: segment.Segmented,
  Kind: service.Kind,
  Node: service.Node,
  Health: service.Health,
  Team: teams.Team,
  Key: teams.Key,
  Usage: teams.Usage,
  AuditEntry: teams.AuditEntry
}

/** PredictRequest and PredictResponse, and so on; a paged operation has a query string and a page instead. */
function operationSchemas (): Record<string, TSchema> {
  const posted = Object.entries(collectOperations(algorithms)).filter(([, { isPaged }]) => !isPaged)
  return Object.fromEntries(posted.flatMap(([name, { request, response }]) => {
    const title = name.split('-').map(word => word[0]!.toUpperCase() + word.slice(1)).join('')
    return [[`${title}Request`, request], [`${title}Response`, response]]
  }))
}

const DESCRIPTION = `Runs experiments on how networks are trained, and answers questions about what training did.

Send \`Authorization: Bearer <key>\`, or exchange the key for a cookie with \`POST /v1/session\`. Roles: viewer reads, member runs and asks, admin manages keys and quotas.

Lists are pages of \`{items, nextCursor}\`. Creates take an \`Idempotency-Key\`. What another team owns does not exist (404). NaN and infinities travel as text.

## Errors
Every answer that is not a success is \`application/problem+json\`; match on \`code\`:

| code | status | what | what to do |
| --- | --- | --- | --- |
${Object.entries(errorCodes).map(([code, { status, title, advice }]) => `| \`${code}\` | ${status} | ${title} | ${advice} |`).join('\n')}
`

/** Everything the page needs comes from this service; Swagger UI sets styles in its markup. */
const PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type Json = Record<string, unknown>
interface Branch { properties: Record<string, { enum: [string] }> }
interface Union { discriminator: { propertyName: string }, oneOf?: Branch[], anyOf?: Branch[] }

/** Collects the routes that are registered after it into the document. */
export async function documentRoutes (app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Descent Lab', version: projectVersion, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
      tags: ['Experiments', 'Events', 'Results', 'Trials', 'Models', 'Data sets', 'Pictures', 'Team', 'Session', 'Service'].map(name => ({ name })),
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'A team’s key, or the operator’s' },
          session: { type: 'apiKey', in: 'cookie', name: 'descent_session', description: 'POST /v1/session' }
        }
      },
      security: [{ key: [] }, { session: [] }]
    },
    transformObject: document => 'openapiObject' in document ? nameComponents(document.openapiObject as unknown as Json) : document.swaggerObject
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: PAGE_POLICY,
    uiConfig: { docExpansion: 'none', deepLinking: true, persistAuthorization: false, tryItOutEnabled: true, validatorUrl: null },
    theme: { title: 'Descent Lab: API' }
  })
  app.addHook('onRoute', ({ method, schema }) => {
    if (schema?.response !== undefined && !['GET', 'HEAD'].includes(String(method))) schema.response = { ...bodyProblems, ...schema.response }
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/docs'))
}

/** Replaces every copy of a named schema by a reference, and lists the named ones. */
function nameComponents (document: Json): Json {
  const names = new Map(Object.entries(components).map(([name, schema]) => [shapeOf(tidy(schema)), name]))

  const hints = new Set(Object.values(components).map(hintOf))

  function refer (value: unknown, isDefinition = false): unknown {
    if (Array.isArray(value)) return value.map(member => refer(member))
    if (typeof value !== 'object' || value === null) return value
    const name = isDefinition || !hints.has(hintOf(value)) ? undefined : names.get(shapeOf(value))
    if (name !== undefined) return { $ref: `#/components/schemas/${name}` }
    const copy = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, refer(member)]))
    return 'discriminator' in value ? { ...copy, discriminator: mapTags(value as Union, copy) } : copy
  }

  /** A discriminator needs to be told which value of it stands for which schema, for that is not the schema's name. */
  function mapTags ({ discriminator: { propertyName }, ...union }: Union, referred: Json): Json {
    const references = (referred.oneOf ?? referred.anyOf) as { $ref: string }[]
    const tags = (union.oneOf ?? union.anyOf ?? []).map(branch => branch.properties[propertyName]!.enum[0]!)
    return { propertyName, mapping: Object.fromEntries(tags.map((tag, i) => [tag, references[i]!.$ref])) }
  }

  const { components: own, ...rest } = tidy(document) as Json & { components: Json }
  const schemas = Object.fromEntries(Object.entries(components).map(([name, schema]) => [name, refer(tidy(schema), true)]))
  return { ...refer(rest) as Json, components: { ...own, schemas } }
}

/** Equal for copies of a schema, and cheap: comparing every part of the document in full would take half a second. */
function hintOf (schema: object): string {
  const { properties = {}, oneOf = [], anyOf = [] } = schema as { properties?: object, oneOf?: object[], anyOf?: object[] }
  return `${Object.keys(properties).join()} ${oneOf.length} ${anyOf.length}`
}

/** What makes two copies of a schema the same one: swagger moves descriptions and examples of the outermost about. */
function shapeOf (schema: unknown): string {
  const { description: _, example: __, examples: ___, ...shape } = schema as Json
  return JSON.stringify(sortKeys(shape))
}

/**
 * Makes a schema say what a caller sees: a field with a default may be left out of a request, and our own keywords are
 * nobody's business. (In answers such fields are always there; there is no schema with defaults among the answers.)
 */
function tidy (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy)
  if (typeof value !== 'object' || value === null) return value
  const { 'x-streamed': _, patternProperties, ...copy } = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, tidy(member)]))
  // The dialect of @fastify/swagger, so that both sides of a comparison speak it.
  if ('const' in copy) {
    copy.enum = [copy.const]
    delete copy.const
  }
  if (copy.description === 'Default Response') copy.description = 'Success'
  // Base64, as OpenAPI 3.1 says it.
  if (copy.format === 'byte') {
    delete copy.format
    copy.contentEncoding = 'base64'
  }
  // A tuple, as JSON Schema 2020-12 says it, which is the dialect of OpenAPI 3.1.
  if (Array.isArray(copy.items)) {
    const { items, additionalItems: __, ...tuple } = copy
    return { ...tuple, prefixItems: items, minItems: items.length, maxItems: items.length }
  }
  if (patternProperties !== undefined) copy.additionalProperties = Object.values(patternProperties as Json)[0] // Type.Record
  const { required, properties } = copy as { required?: unknown, properties?: Record<string, { default?: unknown }> }
  if (!Array.isArray(required) || typeof properties !== 'object') return copy
  const needed = required.filter(name => properties[name]?.default === undefined)
  const { required: __, ...optional } = copy
  return needed.length > 0 ? { ...copy, required: needed } : optional
}
