/** Requests that ask for another protocol: a socket where there is one, a problem where there is none, HTTP otherwise. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { test, type TestContext } from 'node:test'
import { openTestApp } from '../helpers/app.js'
import { makeEverything } from './fixtures.js'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

async function begin (t: TestContext) {
  const api = await openTestApp(t)
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = api.app.server.address() as net.AddressInfo
  return { api, port, ...await makeEverything(api.parts, api.team) }
}

type Headers = Record<string, string>
interface Answer { status: number, headers: string, body: string }

/** Sends a request as it stands and reads until the service hangs up, or until it has upgraded. */
async function send (port: number, line: string, headers: Headers, body = ''): Promise<Answer> {
  const socket = net.connect(port, '127.0.0.1')
  const lines = Object.entries({ host: 'x', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.write(`${line} HTTP/1.1\r\n${lines}\r\n${body}`)
  let text = ''
  socket.on('data', chunk => {
    text += chunk.toString('latin1')
    if (text.startsWith('HTTP/1.1 101')) socket.destroy()
  })
  await once(socket, 'close')
  const [head = '', ...rest] = text.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), headers: head.toLowerCase(), body: rest.join('\r\n\r\n') }
}

const handshake = (more: Headers = {}): Headers => ({
  connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': KEY, ...more
})
const auth = (key: string): Headers => ({ authorization: `Bearer ${key}` })

test('Upgrade to anything but a WebSocket is ignored: the answer is the one of HTTP/1.1, bodies included', async t => {
  const { api, port } = await begin(t)
  const body = JSON.stringify({ kind: 'tracin', preset: 'quick' })
  // curl --http2, Java's HttpClient, TLS within HTTP, and what nobody has heard of.
  for (const upgrade of ['h2c', 'H2C', 'TLS/1.0', 'irc/6.9', 'h2c, websocket']) {
    const asking = { connection: 'Upgrade, HTTP2-Settings', upgrade, 'http2-settings': 'AAMAAABkAAQAoAAAAAIAAAAA' }
    const live = await send(port, 'GET /health/live', { ...asking, connection: `${asking.connection}, close` })
    assert.equal(live.status, 200, upgrade)
    const posted = await send(port, 'POST /v1/experiments?validate=true', {
      ...asking, connection: `${asking.connection}, close`, ...auth(api.team.keys.member), 'content-type': 'application/json', 'content-length': String(body.length)
    }, body)
    assert.equal(posted.status, 200, `${upgrade}: ${posted.body}`)
    assert.match(posted.body, /"trials"/)
  }
  // A WebSocket begins with GET.
  const posted = await send(port, 'POST /v1/experiments?validate=true', {
    ...handshake(), connection: 'Upgrade, close', ...auth(api.team.keys.member), 'content-type': 'application/json', 'content-length': String(body.length)
  }, body)
  assert.equal(posted.status, 200, posted.body)
})

test('after an ignored upgrade the connection goes on with its next requests', async t => {
  const { port } = await begin(t)
  const socket = net.connect(port, '127.0.0.1')
  let text = ''
  const answers = () => text.match(/HTTP\/1\.1 200 OK/g)?.length ?? 0
  socket.on('data', chunk => { text += chunk.toString() })
  for (let i = 1; i <= 3; i++) {
    socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: h2c\r\n\r\n')
    while (answers() < i) await once(socket, 'data')
  }
  socket.destroy()
})

test('a socket is refused with a problem where there is none, and for another team’s experiment; never 101', async t => {
  const { api, port, experimentId } = await begin(t)
  const { team, other } = api
  const refused: [string, Headers, number, string][] = [
    ['/health/live', {}, 404, 'not_found'],
    ['/', {}, 404, 'not_found'],
    ['/docs', {}, 404, 'not_found'],
    ['/openapi.json', {}, 404, 'not_found'],
    ['/v1/nonsense', auth(team.keys.viewer), 404, 'not_found'],
    ['/v1/experiments', auth(team.keys.viewer), 404, 'not_found'],
    [`/v1/experiments/${experimentId}`, auth(team.keys.viewer), 404, 'not_found'],
    [`/v1/experiments/${experimentId}`, auth(other.keys.admin), 404, 'not_found'],
    [`/v1/experiments/${experimentId}/events`, auth(other.keys.admin), 404, 'not_found'],
    [`/v1/experiments/${experimentId}/events`, {}, 401, 'unauthorized'],
    ['/v1/experiments/nonsense/events', auth(team.keys.viewer), 404, 'not_found']
  ]
  for (const [path, headers, status, code] of refused) {
    const answer = await send(port, `GET ${path}`, handshake(headers))
    assert.equal(answer.status, status, `${path}: ${answer.headers}`)
    assert.match(answer.headers, /content-type: application\/problem\+json/, path)
    assert.equal(JSON.parse(answer.body).code, code, path)
  }
  assert.equal((await send(port, `GET /v1/experiments/${experimentId}/events`, handshake(auth(team.keys.viewer)))).status, 101)
})

test('a handshake that is none is a problem that says what is wrong', async t => {
  const { api, port, experimentId } = await begin(t)
  const wrong: [Headers, RegExp][] = [
    [{ 'sec-websocket-key': 'short' }, /Sec-WebSocket-Key/],
    [{ 'sec-websocket-key': '' }, /Sec-WebSocket-Key/],
    [{ 'sec-websocket-version': '7' }, /Sec-WebSocket-Version/],
    [{ 'sec-websocket-version': 'x' }, /Sec-WebSocket-Version/],
    [{ 'sec-websocket-protocol': ',,' }, /Sec-WebSocket-Protocol/]
  ]
  for (const [header, detail] of wrong) {
    const answer = await send(port, `GET /v1/experiments/${experimentId}/events`, handshake({ ...auth(api.team.keys.viewer), ...header }))
    assert.equal(answer.status, 400, answer.headers)
    assert.match(answer.headers, /content-type: application\/problem\+json/)
    assert.match(answer.headers, /sec-websocket-version: 13, 8/)
    const problem = JSON.parse(answer.body)
    assert.equal(problem.code, 'invalid_request')
    assert.match(problem.detail, detail)
  }
})
