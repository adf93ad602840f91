/**
 * Streams of the API to clients that behave badly or have lost their right: they are ended in time, they cost little,
 * and whoever reads beside them notices nothing.
 */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { StreamOptions } from '../../src/routes/stream/options.js'
import { authenticate, revokeKey } from '../../src/storage/keys.js'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { temporaryFolder } from '../helpers/folder.js'
import { forms, openStream, type Form, type StreamClient } from '../helpers/stream-client.js'
import { append, appendMetrics, finish, makeEverything } from './fixtures.js'

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** An API on a Unix socket with an experiment of one event, and a member's stream of it. */
async function begin (t: TestContext, streams: Partial<StreamOptions>) {
  const api = await openTestApp(t, {}, streams)
  const { experimentId, trialId } = await makeEverything(api.parts, api.team)
  const socketPath = path.join(temporaryFolder(), 'api')
  const connections = new Set<Socket>()
  api.app.server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.on('close', () => { connections.delete(socket) })
  })
  await api.app.listen({ path: socketPath })
  const where = `/v1/experiments/${experimentId}/events`
  const open = async (form: Form, { key = api.team.keys.viewer, query = '', ...headers }: Record<string, string> = {}): Promise<StreamClient> => {
    const client = await openStream(form, socketPath, where + query, headers.cookie ? headers : { authorization: `Bearer ${key}`, ...headers })
    t.after(client.close)
    return client
  }
  return { api, experimentId, trialId, socketPath, connections, open }
}

/** Two megabytes, several times what fits between the service and a client that does not read. */
async function appendLarge ({ parts }: TestApp, experimentId: string, trialId: string, count = 4000): Promise<void> {
  const padding = 'x'.repeat(500)
  for (let from = 0; from < count; from += 1000) {
    await append(parts, experimentId, Array.from({ length: 1000 }, (_, i) => ({ type: 'metrics', trialId, data: { step: from + i, padding } })))
  }
}

/** What the service itself holds for its clients, in bytes. */
function held (connections: Set<Socket>): number[] {
  return [...connections].map(socket => socket.writableLength)
}

/** Waits until so many clients have so many bytes waiting for them in the service. */
async function untilHeld (connections: Set<Socket>, clients: number, bytes: number): Promise<void> {
  while (held(connections).filter(waiting => waiting >= bytes).length < clients) await delay(5)
}

async function viewerKeyId ({ call, team }: TestApp): Promise<string> {
  const { items } = (await call('GET', '/v1/team/keys', { key: team.keys.admin })).json() as { items: { id: string, role: string, name: string }[] }
  return items.find(key => key.name === 'viewer')!.id
}

for (const form of forms) {
  test(`${form}: a revoked key ends a long replay whose client is slow, other keys go on, and it cannot come back`, async t => {
    const { api, experimentId, trialId, connections, open } = await begin(t, { checkEveryMs: 20, highWaterBytes: 16 * 1024 })
    await appendLarge(api, experimentId, trialId)
    const slow = await open(form)
    await slow.until(() => slow.frames.length > 10)
    slow.stopReading()
    await untilHeld(connections, 1, 16 * 1024)
    const other = await open(form, { key: api.team.keys.member })
    await revokeKey(api.parts.db, api.team.id, await viewerKeyId(api))
    await other.until(() => other.seqs().length === 4001)
    // The service has cut it: nothing that the client does now gets it the rest.
    const [left] = await Promise.all([slow.closed, (async () => { slow.readOn() })()])
    assert.notEqual(left, 1000)
    assert.ok(slow.seqs().length < 4001)
    assert.deepEqual(slow.seqs(), range(1, slow.seqs().length))
    await assert.rejects(open(form), /Unexpected server response: 401/)
    await finish(api.parts, experimentId)
    assert.equal(await other.closed, 1000)
  })

  test(`${form}: logout and the end of a session end its streams, and no other`, async t => {
    const { api, experimentId, open } = await begin(t, { checkEveryMs: 20 })
    const cookies = await Promise.all(range(1, 3).map(async () => {
      const answer = await api.call('POST', '/v1/session', { key: api.team.keys.viewer })
      return String([answer.headers['set-cookie']].flat()[0]).split(';')[0]!
    }))
    const origin = { host: 'lab.example', origin: 'http://lab.example' }
    const [loggedOut, expired, stays] = await Promise.all(cookies.map(async cookie => await open(form, { cookie, ...origin })))
    const byKey = await open(form)
    await byKey.until(() => byKey.seqs().length === 1)
    assert.equal((await api.call('DELETE', '/v1/session', { key: null, headers: { cookie: cookies[0]!, ...origin } })).statusCode, 204)
    await loggedOut!.closed
    const { sessionHash } = await sessionOf(api, cookies[1]!)
    await api.parts.db.prisma.session.updateMany({ where: { tokenHash: sessionHash }, data: { expiresAt: new Date(Date.now() - 1) } })
    await expired!.closed
    await finish(api.parts, experimentId)
    for (const client of [stays!, byKey]) {
      assert.equal(await client.closed, 1000)
      assert.deepEqual(client.seqs(), [1, 2, 3])
    }
    assert.ok(!loggedOut!.frames.some(frame => frame.type === 'end'))
    assert.ok(!expired!.frames.some(frame => frame.type === 'end'))
  })

  test(`${form}: a client that never reads is cut, one that reads beside it is not`, async t => {
    const { api, experimentId, trialId, connections, open } = await begin(t, { patienceMs: 2000, pingEveryMs: 100, headEveryMs: 100 })
    const dead = await open(form)
    await dead.until(() => dead.seqs().length === 1)
    const [its] = connections
    const cut = new Promise(resolve => { its!.once('close', resolve) })
    dead.stopReading()
    const reader = await open(form)
    await appendLarge(api, experimentId, trialId)
    await cut
    await reader.until(() => reader.seqs().length === 4001)
    await finish(api.parts, experimentId)
    assert.equal(await reader.closed, 1000)
    dead.readOn()
    assert.notEqual(await dead.closed, 1000)
    assert.ok(dead.seqs().length < 4001)
  })
}

async function sessionOf ({ parts, config }: TestApp, cookie: string) {
  const principal = await authenticate(parts.db, config, { cookie: cookie.split('=')[1]! })
  return { sessionHash: principal!.sessionHash! }
}

test('50 sockets and 50 event streams that never read: bounded memory, and a reader beside them gets all in order', async t => {
  const highWaterBytes = 64 * 1024
  const { api, experimentId, trialId, connections, open } = await begin(t, { highWaterBytes })
  const idle = await Promise.all(range(1, 100).map(async i => await open(forms[i % 2]!)))
  for (const client of idle) {
    await client.until(() => client.seqs().length === 1)
    client.stopReading()
  }
  const reader = await open('socket')
  let max = 0
  for (let round = 0; round < 10; round++) {
    await appendLarge(api, experimentId, trialId, 2000)
    await reader.until(() => reader.seqs().length === 1 + 2000 * (round + 1))
    max = Math.max(max, ...held(connections))
  }
  assert.deepEqual(reader.seqs(), range(1, 20_001))
  // A page is taken as long as there is room, so that the last line may reach over: a frame is 700 bytes.
  assert.ok(max > 0 && max < highWaterBytes + 2048, `bytes that wait for one client: ${max}`)
  await untilHeld(connections, 100, highWaterBytes)
  await finish(api.parts, experimentId)
  assert.equal(await reader.closed, 1000)
  const [socket, sse] = [idle[1]!, idle[0]!]
  for (const client of [socket, sse]) client.readOn()
  for (const client of [socket, sse]) {
    assert.equal(await client.closed, 1000)
    const covered = client.frames.flatMap(frame => frame.type === 'skipped' ? range((frame as { from: number }).from, (frame as { to: number }).to) : 'data' in frame ? [frame.seq] : [])
    assert.deepEqual(covered, range(1, 20_003), 'who reads again gets every number, as an event or within skipped')
  }
})

/** An EventSource as a browser has it: repeats its URL, remembers the last id, and is cut off after some frames. */
async function readAsEventSource (
  port: number, url: string, key: string, lastId: string, max: number
): Promise<{ texts: string[], lastId: string, over: boolean }> {
  return await new Promise((resolve, reject) => {
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${key}`, ...(lastId === '' ? {} : { 'last-event-id': lastId }) }
    request({ port, host: '127.0.0.1', path: url, headers, agent: false }, response => {
      const [ids, texts]: [string[], string[]] = [[], []]
      let rest = ''
      const stop = (over: boolean): void => {
        response.destroy()
        resolve({ texts, lastId: ids.at(-1) ?? lastId, over })
      }
      if (response.statusCode === 204) return stop(true)
      response.setEncoding('utf8')
      response.on('error', () => {}) // we hung up
      response.on('end', () => { stop(false) })
      response.on('data', (chunk: string) => {
        const blocks = (rest + chunk).split('\n\n')
        rest = blocks.pop()!
        for (const block of blocks) {
          if (texts.length === max) return stop(false)
          const lines = block.split('\n')
          texts.push(lines.find(line => line.startsWith('data: '))!.slice(6))
          const id = lines.find(line => line.startsWith('id: '))?.slice(4)
          if (id !== undefined) ids.push(id)
        }
      })
    }).on('error', reject).end()
  })
}

test('an EventSource that is cut off 20 times gets every event of the wanted types once, and stops at the end', async t => {
  const api = await openTestApp(t)
  const { experimentId, trialId } = await makeEverything(api.parts, api.team)
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = api.app.server.address() as AddressInfo
  const url = `/v1/experiments/${experimentId}/events?after=0&type=state,checkpoint`
  const seen: number[] = []
  let lastId = ''
  let over = false
  for (let round = 0; !over; round++) {
    if (round < 20) {
      await appendMetrics(api.parts, experimentId, trialId, 7)
      await append(api.parts, experimentId, [{ type: 'checkpoint', trialId, data: { step: round } }, { type: 'checkpoint', trialId, data: { step: round } }])
    } else if (round === 20) {
      await finish(api.parts, experimentId)
    }
    // Cut after hello alone, and after one to three events.
    const part = await readAsEventSource(port, url, api.team.keys.viewer, lastId, round < 20 ? 1 + round % 4 : Infinity)
    for (const text of part.texts) {
      const frame = JSON.parse(text) as { type: string, seq?: number, data?: unknown }
      if (frame.data !== undefined) seen.push(frame.seq!)
    }
    ;({ lastId, over } = part)
  }
  const page = (await api.call('GET', `${url}&limit=1000`)).json() as { items: { seq: number }[] }
  assert.equal(page.items.length, 42, 'queued, 40 checkpoints, succeeded')
  assert.deepEqual(seen, page.items.map(event => event.seq))
})
