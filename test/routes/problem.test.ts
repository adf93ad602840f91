/** Every failure is application/problem+json with a code, and the table of codes is what the documentation says. */
import assert from 'node:assert/strict'
import net from 'node:net'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { AppError, errorCodes } from '../../src/errors.js'
import { buildApp, type Parts } from '../../src/app.js'
import { readConfig } from '../../src/config.js'
import { toAppError, toProblem } from '../../src/routes/problem.js'
import { openTestApp } from '../helpers/app.js'

interface Document {
  info: { description: string }
  components: { schemas: { Problem: { properties: { code: { enum: string[] } } } } }
}

/** The API without a database: enough for what fails before a handler runs. */
async function openBareApp () {
  const app = await buildApp({ ...readConfig({}), logLevel: 'error' }, { bus: { on: () => () => {} } } as unknown as Parts)
  await app.ready()
  return app
}

test('errorCodes: every code is in the document’s table and enumeration, and nothing else is', async t => {
  const app = await openBareApp()
  t.after(() => app.close())
  const document = app.swagger() as unknown as Document
  const rows = [...document.info.description.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, code, status]) => [code, Number(status)])
  assert.deepEqual(rows, Object.entries(errorCodes).map(([code, { status }]) => [code, status]))
  assert.deepEqual(document.components.schemas.Problem.properties.code.enum, Object.keys(errorCodes))
})

test('toAppError: hides what is not meant for callers, and knows when the database is away', () => {
  assert.equal(toAppError(new Error('secret')).code, 'internal')
  assert.ok(!JSON.stringify(toProblem(toAppError(new Error('secret')), 'r')).includes('secret'))
  for (const code of ['ECONNREFUSED', '57P01', '57P03', '08006', 'P1001']) {
    assert.equal(toAppError(Object.assign(new Error('x'), { code })).code, 'unavailable', code)
  }
  assert.equal(toAppError(Object.assign(new Error('x'), { code: '23505' })).code, 'internal')
  const own = new AppError('conflict', 'a')
  assert.equal(toAppError(own), own)
})

/** [name, method, url, headers, body, status, code, detail] */
const refused: [string, string, string, Record<string, string>, string | Buffer | undefined, number, string, RegExp][] = [
  ['an unknown route', 'GET', '/v1/nonsense', {}, undefined, 404, 'not_found', /^no route GET \/v1\/nonsense$/],
  ['a method that the route does not have', 'PUT', '/v1/experiments', {}, undefined, 405, 'method_not_allowed', /^the method of \/v1\/experiments must be one of GET, HEAD, OPTIONS, POST, got PUT$/],
  ['a malformed URL', 'GET', '/v1/experiments/%E0%A4%A', {}, undefined, 400, 'invalid_request', /URL|path|url/i],
  ['an id that is none', 'GET', '/v1/experiments/1', {}, undefined, 404, 'not_found', /^params\.id must match format "uuid", got "1"$/],
  ['an unknown query parameter', 'GET', '/v1/experiments?lmit=3', {}, undefined, 400, 'invalid_request', /^query\.lmit is not a known field; did you mean limit\?/],
  ['a query parameter out of bounds', 'GET', '/v1/experiments?limit=1000', {}, undefined, 400, 'invalid_request', /^query\.limit must be <= 200, got 1000$/],
  ['a cursor of another list', 'GET', '/v1/experiments?cursor=abc', {}, undefined, 400, 'invalid_cursor', /cursor must be/],
  ['NUL in a query', 'GET', '/v1/experiments?tag=a%00b', {}, undefined, 400, 'invalid_request', /^query\.tag must be text without control characters and lone surrogates, got "U\+0000 at position 1"$/],
  ['a query that is no UTF-8', 'GET', '/v1/experiments?tag=%FF', {}, undefined, 400, 'invalid_request', /^query must be percent-encoded UTF-8, got "tag=%FF"$/],
  ['a control character in a path', 'GET', `/v1/experiments/${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}/figures/a%1Bb`, {}, undefined, 404, 'not_found', /^params\.name must be text without/],
  ['an Idempotency-Key that is no ASCII', 'POST', '/v1/experiments', { 'content-type': 'application/json', 'idempotency-key': 'é' }, '{"kind":"tracin","preset":"quick"}', 400, 'invalid_request', /^headers\.idempotency-key must match pattern/],
  ['a key that is no key', 'POST', '/v1/experiments', { 'content-type': 'application/json' }, Buffer.from('{"kind":"tracin","spec":{"__proto__":1}}'), 400, 'invalid_request', /^body must not have a key __proto__/],
  ['JSON that is no UTF-8', 'POST', '/v1/experiments', { 'content-type': 'application/json' }, Buffer.from('{"kind":"tracin","preset":"quick","name":"é"}', 'latin1'), 400, 'invalid_request', /^body must be UTF-8$/],
  ['a body that is packed', 'POST', '/v1/experiments', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, gzipSync('{"kind":"tracin","preset":"quick"}'), 415, 'unsupported_media_type', /^Content-Encoding must be identity, got "gzip"$/],
  ['a body that only says it is packed', 'POST', '/v1/experiments', { 'content-type': 'application/json', 'content-encoding': 'br' }, '{"kind":"tracin","preset":"quick"}', 415, 'unsupported_media_type', /^Content-Encoding/],
  ['an upload that is packed', 'POST', '/v1/datasets', { 'content-type': 'multipart/form-data; boundary=b', 'content-encoding': 'gzip' }, gzipSync('--b--\r\n'), 415, 'unsupported_media_type', /^Content-Encoding/],
  ['the terminal’s control sequences in notes', 'POST', '/v1/experiments', { 'content-type': 'application/json' }, '{"kind":"tracin","preset":"quick","notes":"\\u001b[31mred"}', 400, 'invalid_request', /^notes must be text without control .*U\+001B at position 0/],
  ['Latin-1 that was read as text of Windows', 'POST', '/v1/experiments', { 'content-type': 'application/json' }, '{"kind":"tracin","preset":"quick","tags":["a\u0093b"]}', 400, 'invalid_request', /^tags\[0\] must be text without control .*U\+0093 at position 1/],
  ['half an emoji in a name that figures show', 'POST', '/v1/experiments', { 'content-type': 'application/json' }, '{"kind":"frequency-principle","spec":{"optimizers":[{"type":"gd","name":"a\\ud83d"}]}}', 400, 'invalid_request', /^spec\.optimizers\[0\]\.name must be text without .*U\+D83D/],
  ['malformed JSON', 'POST', '/v1/experiments', { 'content-type': 'application/json' }, '{"kind": tracin}', 400, 'invalid_request', /JSON/],
  ['NaN, which is not JSON', 'POST', '/v1/experiments', { 'content-type': 'application/json' }, '{"kind":"tracin","spec":{"optimizer":{"learningRate":NaN}}}', 400, 'invalid_request', /JSON/],
  ['an empty body', 'POST', '/v1/experiments', { 'content-type': 'application/json' }, '', 400, 'invalid_request', /body|Body/],
  ['no body', 'POST', '/v1/experiments', {}, undefined, 400, 'invalid_request', /^body must be object, got null$/],
  ['a body that is no object', 'POST', '/v1/experiments', { 'content-type': 'application/json' }, '[]', 400, 'invalid_request', /^body must be object, got \[\]$/],
  ['a prototype in a body', 'POST', '/v1/experiments', { 'content-type': 'application/json' }, '{"kind":"tracin","__proto__":{"a":1}}', 400, 'invalid_request', /./],
  ['NUL in a body', 'POST', '/v1/experiments', { 'content-type': 'application/json' }, '{"kind":"tracin","preset":"quick","name":"a\\u0000"}', 400, 'invalid_request', /^name must be text without control/],
  ['endless nesting', 'POST', '/v1/experiments', { 'content-type': 'application/json' }, `{"kind":"tracin","spec":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`, 400, 'invalid_request', /nested at most 50 deep/],
  ['XML', 'POST', '/v1/experiments', { 'content-type': 'application/xml' }, '<a/>', 415, 'unsupported_media_type', /./],
  ['a form where JSON is wanted', 'POST', '/v1/experiments', { 'content-type': 'application/x-www-form-urlencoded' }, 'kind=tracin', 415, 'unsupported_media_type', /./],
  ['another scheme than Bearer', 'GET', '/v1/experiments', { authorization: 'Basic YTpi' }, undefined, 401, 'unauthorized', /^Authorization must be "Bearer <key>"$/]
]

test('every refusal is a problem that says what is wrong', async t => {
  const { app, team } = await openTestApp(t)
  for (const [name, method, url, headers, body, status, code, detail] of refused) {
    const response = await app.inject({
      method: method as 'GET', url, headers: { authorization: `Bearer ${team.keys.member}`, ...headers }, ...(body === undefined ? {} : { payload: body })
    })
    assert.match(String(response.headers['content-type']), /^application\/problem\+json\b/, `${name}: ${response.body}`)
    const problem = response.json()
    assert.deepEqual([response.statusCode, problem.status, problem.code], [status, status, code], `${name}: ${response.body}`)
    assert.match(problem.detail, detail, name)
    assert.equal(problem.requestId, response.headers['x-request-id'], name)
    assert.equal(problem.type, `urn:descent-lab:problem:${code}`)
    assert.ok(problem.title !== '' && problem.advice !== '', name)
  }
})

test('a body that is packed: the answer says what is taken, and identity is', async t => {
  const { app, team } = await openTestApp(t)
  const send = async (encoding: string) => await app.inject({
    method: 'POST',
    url: '/v1/experiments?validate=true',
    headers: { authorization: `Bearer ${team.keys.member}`, 'content-encoding': encoding },
    payload: { kind: 'frequency-principle', preset: 'quick' }
  })
  assert.equal((await send('gzip')).headers['accept-encoding'], 'identity')
  assert.equal((await send('Identity')).statusCode, 200)
})

test('every answer carries a request id and headers that keep browsers careful', async t => {
  const app = await openBareApp()
  t.after(() => app.close())
  const [first, second] = [await app.inject({ url: '/health/live' }), await app.inject({ url: '/health/live' })]
  assert.notEqual(first.headers['x-request-id'], second.headers['x-request-id'])
  assert.equal(first.headers['x-content-type-options'], 'nosniff')
  assert.match(String(first.headers['content-security-policy']), /default-src 'none'/)
  assert.equal(first.headers['cache-control'], 'no-store')
})

test('GET /health/ready: 503 while the database does not answer, live all the same', async t => {
  const app = await buildApp({ ...readConfig({}), logLevel: 'error' }, {
    bus: { on: () => () => {} }, db: { pool: { query: async () => { throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) } } }
  } as unknown as Parts)
  t.after(() => app.close())
  app.log.level = 'silent' // the refusal is logged, as it should be
  const ready = await app.inject({ url: '/health/ready' })
  assert.deepEqual([ready.statusCode, ready.json().code, ready.headers['retry-after']], [503, 'unavailable', '2'])
  assert.equal((await app.inject({ url: '/health/live' })).statusCode, 200)
})

test('a JSON body of 100 MB is refused with 413 while it is sent, and the service goes on', async t => {
  const { app, team } = await openTestApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as net.AddressInfo
  const url = `http://127.0.0.1:${port}/v1/experiments`
  const headers = { authorization: `Bearer ${team.keys.member}`, 'content-type': 'application/json' }
  const chunk = Buffer.alloc(1024 * 1024, 'a')
  const sending = new AbortController()
  t.after(() => { sending.abort() })
  // Whoever read this to its end before answering would never answer.
  const endless = new ReadableStream<Uint8Array>({ pull (controller) { controller.enqueue(chunk) } })
  // Both with a declared length and in chunks of unknown number.
  const declared = await fetch(url, { method: 'POST', headers, body: Buffer.alloc(100 * 1024 * 1024, ' ') })
  const chunked = await fetch(url, { method: 'POST', headers, body: endless, duplex: 'half', signal: sending.signal } as RequestInit)
  for (const response of [declared, chunked]) {
    assert.equal(response.status, 413)
    const { code, detail } = await response.json() as { code: string, detail: string }
    assert.deepEqual([code, detail], ['too_large', 'a JSON body must have at most 1 MiB'])
  }
  const picture = await fetch(`http://127.0.0.1:${port}/v1/models/01900000-0000-7000-8000-000000000000/predict`, {
    method: 'POST', headers, body: JSON.stringify({ queries: [{ png: 'A'.repeat(4 * 2 ** 20) }] })
  })
  assert.equal(picture.status, 404, 'pictures may be larger')
  assert.equal((await fetch(`http://127.0.0.1:${port}/health/ready`)).status, 200)
})

test('an endless body that nobody reads is cut off, also where there is no key', async t => {
  const app = await openBareApp()
  t.after(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as net.AddressInfo
  const socket = net.connect(port, '127.0.0.1')
  const head = 'POST /v1/experiments HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000000000000\r\n\r\n'
  socket.write(head)
  socket.on('error', () => {}) // the cut
  let answer = ''
  socket.on('data', chunk => { answer += chunk.toString() })
  const more = (): void => { if (!socket.destroyed) socket.write('x'.repeat(65536), more) }
  more()
  await new Promise(resolve => { socket.on('close', resolve) })
  assert.match(answer, /^HTTP\/1\.1 401 /)
})

test('what is not HTTP gets a problem too, and is hung up on', async t => {
  const app = await openBareApp()
  t.after(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as net.AddressInfo
  const answer = await new Promise<string>(resolve => {
    const socket = net.connect(port, '127.0.0.1', () => { socket.write('NONSENSE\r\n\r\n') })
    let text = ''
    socket.on('data', chunk => { text += chunk.toString() })
    socket.on('close', () => { resolve(text) })
  })
  assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/)
  assert.match(answer, /application\/problem\+json/)
  assert.equal(JSON.parse(answer.split('\r\n\r\n')[1]!).code, 'invalid_request')
})
