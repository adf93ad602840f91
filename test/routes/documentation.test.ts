/** The OpenAPI document and its page. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { algorithms } from '../../src/algorithms/registry.js'
import { buildApp, type Parts } from '../../src/app.js'
import { readConfig } from '../../src/config.js'
import { compileCheck } from '../../src/routes/validation.js'

async function openBareApp () {
  const app = await buildApp({ ...readConfig({}), logLevel: 'error' }, { bus: { on: () => () => {} } } as unknown as Parts)
  await app.ready()
  return app
}

interface Operation {
  operationId?: string
  tags?: string[]
  summary?: string
  responses: Record<string, { description: string }>
  security?: object[]
}

interface Document {
  openapi: string
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

interface Examples { components: { schemas: { NewExperiment: { examples: { kind: string, preset: string }[] } } } }

test('the document: every operation has an id of its own, a known tag, a summary and declared answers', async t => {
  const app = await openBareApp()
  t.after(() => app.close())
  const document = (await app.inject({ url: '/openapi.json' })).json() as Document
  assert.equal(document.openapi, '3.1.0')
  const ids = new Set<string>()
  const tags = document.tags.map(tag => tag.name)
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const where = `${method} ${path}`
      assert.ok(operation.operationId !== undefined && !ids.has(operation.operationId), where)
      ids.add(operation.operationId)
      assert.ok(operation.summary !== undefined && operation.tags!.every(tag => tags.includes(tag)), where)
      for (const answer of Object.values(operation.responses)) assert.notEqual(answer.description, 'Default Response', where)
      if (path.startsWith('/v1/')) assert.ok('401' in operation.responses && '403' in operation.responses, where)
      else assert.deepEqual(operation.security, [], where)
    }
  }
})

test('the document: every reference leads somewhere, and nothing of the validator is left in it', async t => {
  const app = await openBareApp()
  t.after(() => app.close())
  const text = JSON.stringify(app.swagger())
  const { components } = JSON.parse(text) as Document
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) assert.ok(name! in components.schemas, name)
  assert.ok(!text.includes('x-streamed') && !text.includes('"def-'))
})

test('the document: it is OpenAPI 3.1 by the official schema, and every schema in it is JSON Schema 2020-12', async t => {
  const app = await openBareApp()
  t.after(() => app.close())
  const document = JSON.parse(JSON.stringify(app.swagger()))
  const validator = new Validator()
  const { valid, errors } = await validator.validate(structuredClone(document))
  assert.ok(valid && validator.version === '3.1', JSON.stringify(errors))
  // The official schema leaves the dialect of schemas open: whoever reads them takes it for 2020-12.
  const ajv = new Ajv2020({ strict: false })
  const schemas = findSchemas(document)
  assert.ok(schemas.length > 300, `there are schemas to check, got ${schemas.length}`)
  for (const schema of schemas) assert.ok(ajv.validateSchema(schema), `${ajv.errorsText(ajv.errors)}: ${JSON.stringify(schema).slice(0, 500)}`)
})

test('the document: a tuple of another dialect would be found', () => {
  assert.equal(new Ajv2020({ strict: false }).validateSchema({ type: 'array', items: [{ type: 'integer' }] }), false)
})

test('the document: no two schemas have one name for a generator, or one shape, and media types are named', async t => {
  const app = await openBareApp()
  t.after(() => app.close())
  const { components: { schemas }, paths } = JSON.parse(JSON.stringify(app.swagger())) as Document
  const unique = (values: string[]): void => { assert.deepEqual(values.filter((value, i) => values.indexOf(value) !== i), []) }
  unique(Object.keys(schemas).map(name => name.toLowerCase()))
  unique(Object.values(schemas).map(schema => JSON.stringify({ ...schema, description: undefined })))
  const types = [...JSON.stringify(paths).matchAll(/"content":(\{"[^{]*)/g)].map(([, found]) => found!)
  assert.ok(types.length > 100)
  for (const type of types) assert.match(type, /^\{"\w+\/[\w.+-]+":$/)
})

test('the document: a route that can be sent a body declares what becomes of a wrong one', async t => {
  const app = await openBareApp()
  t.after(() => app.close())
  const { paths } = JSON.parse(JSON.stringify(app.swagger())) as Document
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      for (const status of method === 'get' ? ['400', '500'] : ['400', '413', '415', '500']) assert.ok(status in responses, `${method} ${path} ${status}`)
    }
  }
})

test('the document: its example of an experiment is valid', async t => {
  const app = await openBareApp()
  t.after(() => app.close())
  const { components } = app.swagger() as unknown as Examples
  const { examples } = components.schemas.NewExperiment
  assert.equal(examples.length, 1)
  for (const { kind, preset } of examples) {
    const algorithm = algorithms.find(one => one.kind === kind)!
    const base = algorithm.presets.find(one => one.name === preset)
    assert.ok(base !== undefined, `${kind} has the preset ${preset}`)
    assert.deepEqual(compileCheck(algorithm.spec)(structuredClone(base.spec)), [])
  }
})

test('/docs: the page and all it loads come from this service', async t => {
  const app = await openBareApp()
  t.after(() => app.close())
  const page = await app.inject({ url: '/docs' })
  assert.equal(page.statusCode, 200)
  const policy = String(page.headers['content-security-policy'])
  assert.match(policy, /default-src 'none'/)
  assert.ok(!/https?:|\*|unsafe-eval/.test(policy), policy)
  const loaded = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1]!)
  assert.ok(loaded.length >= 4)
  for (const url of loaded) {
    assert.ok(!/^(https?:)?\/\//.test(url), url)
    assert.equal((await app.inject({ url: new URL(url, 'http://x/docs').pathname })).statusCode, 200, url)
  }
  const { body } = await app.inject({ url: '/docs/static/swagger-initializer.js' })
  assert.match(body, /validatorUrl['"]?\s*:\s*null/)
})

/** Every schema object: those with a name, and those of bodies, parameters and headers. */
function findSchemas (value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return []
  const named = (value as { components?: { schemas?: object } }).components?.schemas ?? {}
  const own = (value as { schema?: object }).schema
  return [...Object.values(named) as object[], ...(own === undefined ? [] : [own]), ...Object.values(value).flatMap(findSchemas)]
}
