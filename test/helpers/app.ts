/**
 * The API over a database of its own, with two teams and a key for every role. Every answer that a test gets through
 * `call` is checked against what the OpenAPI document says about its route.
 */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { algorithms } from '../../src/algorithms/registry.js'
import { buildApp, openParts, type Parts } from '../../src/app.js'
import { readConfig, type Config } from '../../src/config.js'
import { projectRoot } from '../../src/paths.js'
import type { StreamOptions } from '../../src/routes/stream/options.js'
import { createKey, type Role } from '../../src/storage/keys.js'
import { forTeam, type TeamStore } from '../../src/storage/team-store.js'
import { createTeam, ensureDefaultTeam } from '../../src/storage/teams.js'
import { createTestDatabase } from './database.js'

export interface TestTeam {
  id: string
  store: TeamStore
  keys: Record<Role, string>
}

export interface CallOptions {
  /** the key to send; null sends none; the member of `team` when left out */
  key?: string | null
  body?: unknown
  headers?: Record<string, string>
}

export interface TestApp {
  app: FastifyInstance
  config: Config & { databaseUrl: string }
  parts: Parts
  team: TestTeam
  other: TestTeam
  /** Sends a request and checks the answer against the document. */
  call (method: string, url: string, options?: CallOptions): Promise<LightMyRequestResponse>
}

/** The operator's key of test apps. */
export const OPERATOR_KEY = 'test-operator-key'

/** Opens an API that is closed, with its database, when the test ends. */
export async function openTestApp (
  t: TestContext, changes: Partial<Config> = {}, streams: Partial<StreamOptions> = {}
): Promise<TestApp> {
  const folder = await mkdtemp(path.join(tmpdir(), 'descent-lab-test-'))
  t.after(async () => { await rm(folder, { recursive: true, force: true }) })
  const databaseUrl = changes.databaseUrl ?? await createTestDatabase(t)
  const config = {
    ...readConfig({ DATA_DIR: folder, ADMIN_KEY: OPERATOR_KEY }), logLevel: 'error' as const, port: 0, ...changes, databaseUrl
  }
  const { parts, close } = await openParts(config, () => {})
  const app = await buildApp(config, parts, streams)
  t.after(async () => {
    await app.close()
    await close()
  })
  await ensureDefaultTeam(parts.db)
  const [team, other] = [await makeTestTeam(parts, 'ours'), await makeTestTeam(parts, 'theirs')]
  // The answer hides why, so a 500 that a test did not ask for would be a riddle where it happens once in a thousand runs.
  const causes: unknown[] = []
  app.addHook('onError', async (_request, _reply, error) => { causes.push(error) })
  await app.ready()
  const check = answerCheckOf(app)

  async function call (method: string, url: string, options: CallOptions = {}): Promise<LightMyRequestResponse> {
    const { key = team.keys.member, body, headers = {} } = options
    const response = await app.inject({
      method: method as 'GET',
      url,
      headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
      ...(body === undefined ? {} : { payload: body as object })
    })
    if (response.statusCode === 500) throw new Error(`${method} ${url} was answered with 500`, { cause: causes.at(-1) })
    check(method, url, response)
    return response
  }

  return { app, config, parts, team, other, call }
}

async function makeTestTeam ({ db }: Parts, name: string): Promise<TestTeam> {
  const { id } = await createTeam(db, { name })
  const [viewer, member, admin] = await Promise.all((['viewer', 'member', 'admin'] as const).map(async role =>
    (await createKey(db, id, { name: role, role })).secret))
  return { id, store: forTeam(db, id), keys: { viewer: viewer!, member: member!, admin: admin! } }
}

let written: ReturnType<typeof createAnswerCheck> | undefined
const checks = new Map<number, ReturnType<typeof createAnswerCheck>>()

/**
 * The check of answers, made once for all apps of a process that know the same kinds. That the document in openapi/ is what
 * the routes say, `npm test` checks before: to make it again takes each process two seconds. Kinds of tests are not in it.
 */
function answerCheckOf (app: FastifyInstance): ReturnType<typeof createAnswerCheck> {
  if (algorithms.every(({ kind }) => existsSync(path.join(projectRoot, 'src/algorithms', kind)))) {
    written ??= createAnswerCheck(JSON.parse(readFileSync(path.join(projectRoot, 'openapi/openapi.json'), 'utf8')))
    return written
  }
  const check = checks.get(algorithms.length) ?? createAnswerCheck(app.swagger() as unknown as OpenApi)
  checks.set(algorithms.length, check)
  return check
}

interface OpenApi { paths: Record<string, Record<string, { responses: Record<string, Answer> }>> }
interface Answer { content?: Record<string, unknown> }

/** Makes the check of an answer: its status and media type are declared, and JSON has the declared shape. */
export function createAnswerCheck (document: OpenApi): (method: string, url: string, response: LightMyRequestResponse) => void {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false }) // documentation.test.ts checks the document
  formats.default(ajv)
  ajv.addSchema(document, 'api')

  return (method, url, response) => {
    const pathname = url.split('?')[0]!
    const found = Object.keys(document.paths).find(template => toPattern(template).test(pathname))
    const operation = found === undefined ? undefined : document.paths[found]![method.toLowerCase()]
    if (found === undefined || operation === undefined) return
    const where = `${method} ${url} answered ${response.statusCode} ${response.body.slice(0, 500)}`
    const declared = operation.responses[response.statusCode]
    assert.ok(declared !== undefined, `${where}, which the document does not declare`)
    const type = String(response.headers['content-type'] ?? '').split(';')[0]!
    if (declared.content === undefined || !type.endsWith('json')) return
    assert.ok(type in declared.content, `${where} as ${type}, which the document does not declare`)
    const pointer = ['paths', found, method.toLowerCase(), 'responses', String(response.statusCode), 'content', type, 'schema']
    const validate = ajv.getSchema(`api#/${pointer.map(name => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`)!
    assert.ok(validate(response.json()), `${where}: ${ajv.errorsText(validate.errors)}`)
  }
}

function toPattern (template: string): RegExp {
  return new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
}
