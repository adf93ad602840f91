/** The event stream over HTTP: a socket, Server-Sent Events and a page say the same, each event exactly once. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { WebSocket } from 'ws'
import type { StreamNotice } from '../../src/routes/schemas/events.js'
import type { Frame } from '../../src/storage/events.js'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { append, appendMetrics, finish, makeEverything } from './fixtures.js'

type Sent = Frame | StreamNotice

interface Client {
  frames: Sent[]
  events: () => Frame[]
  closed: Promise<number>
  socket: WebSocket
  until: (wanted: () => boolean) => Promise<void>
}

/** Follows through a socket; every message is kept, from the first on. */
async function connect (t: TestContext, { app, team }: TestApp, url: string, given?: Record<string, string>): Promise<Client> {
  const headers = given ?? { authorization: `Bearer ${team.keys.viewer}` }
  const frames: Sent[] = []
  let waiting: (() => void)[] = []
  const wake = (): void => {
    const waiters = waiting
    waiting = []
    for (const look of waiters) look()
  }
  let closed: Promise<number> | undefined
  const socket = await app.injectWS(url, { headers }, {
    onInit (opening: WebSocket) {
      opening.on('message', data => {
        frames.push(JSON.parse(String(data)))
        wake()
      })
      closed = new Promise(resolve => { opening.on('close', code => { resolve(code) }) })
    }
  })
  t.after(() => { socket.terminate() })
  const until = async (wanted: () => boolean): Promise<void> => {
    while (!wanted()) await new Promise<void>(resolve => { waiting.push(resolve) })
  }
  return { frames, events: () => frames.filter((frame): frame is Frame => 'data' in frame), closed: closed!, socket, until }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const seqs = (events: { seq: number }[]) => events.map(event => event.seq)

async function begin (t: TestContext) {
  const api = await openTestApp(t)
  const { experimentId, trialId } = await makeEverything(api.parts, api.team) // its first event: queued
  return { api, experimentId, trialId, url: `/v1/experiments/${experimentId}/events` }
}

test('socket: hello, replay, live, end and close 1000', async t => {
  const { api, experimentId, trialId, url } = await begin(t)
  await appendMetrics(api.parts, experimentId, trialId, 10)
  const client = await connect(t, api, url)
  await client.until(() => client.events().length === 11)
  await append(api.parts, experimentId, [{ type: 'log', trialId, data: { level: 'info', text: 'live' } }])
  await client.until(() => client.events().length === 12)
  await finish(api.parts, experimentId)
  assert.equal(await client.closed, 1000)
  assert.deepEqual(client.frames[0], { type: 'hello', headSeq: 11, experiment: { id: experimentId, kind: 'tracin', name: 'everything', state: 'queued' } })
  assert.deepEqual(seqs(client.events()), range(1, 14))
  assert.deepEqual(client.frames.slice(-3).map(frame => frame.type), ['report', 'state', 'end'])
  assert.deepEqual(client.frames.at(-1), { type: 'end', state: 'succeeded' })
})

test('socket: a client that reconnects with after gets every event exactly once', async t => {
  const { api, experimentId, trialId, url } = await begin(t)
  const seen: number[] = []
  const writing = (async () => { for (let i = 0; i < 40; i++) await appendMetrics(api.parts, experimentId, trialId, 25) })()
  while (seen.length < 1001) {
    const client = await connect(t, api, `${url}?after=${seen.at(-1) ?? 0}`)
    const wanted = Math.min(150, 1001 - seen.length)
    await client.until(() => client.events().length >= wanted)
    client.socket.terminate() // in the middle of it
    seen.push(...seqs(client.events()))
  }
  await writing
  assert.deepEqual(seen, range(1, 1001))
})

test('socket, event stream and page agree, with filters too', async t => {
  const { api, experimentId, trialId, url } = await begin(t)
  await appendMetrics(api.parts, experimentId, trialId, 3)
  await append(api.parts, experimentId, [{ type: 'checkpoint', trialId, data: { step: 3, loss: 'NaN' } }])
  await finish(api.parts, experimentId)
  for (const query of ['after=0', 'after=2', 'type=state,checkpoint', 'type=metrics&type=report', `trialId=${trialId}`, `type=metrics&trialId=${trialId}&after=1`]) {
    const page = (await api.call('GET', `${url}?${query}`)).json()
    const client = await connect(t, api, `${url}?${query}`)
    await client.closed
    assert.deepEqual(client.events(), page.items, `socket, ${query}`)
    const stream = await api.app.inject({ url: `${url}?${query}`, headers: { authorization: `Bearer ${api.team.keys.viewer}`, accept: 'text/event-stream' } })
    assert.match(String(stream.headers['content-type']), /^text\/event-stream/)
    assert.deepEqual([stream.headers['x-accel-buffering'], stream.headers['cache-control']], ['no', 'no-store, no-transform'])
    assert.deepEqual(parseSse(stream.body).filter(frame => 'data' in frame), page.items, `event stream, ${query}`)
    assert.deepEqual(parseSse(stream.body).map(frame => frame.type), client.frames.map(frame => frame.type))
  }
})

/** Reads a whole event stream and checks that the id of each event is its number. */
function parseSse (text: string): Sent[] {
  return text.split('\n\n').filter(block => block !== '').map(block => {
    const lines = block.split('\n')
    const frame = JSON.parse(lines.find(line => line.startsWith('data: '))!.slice(6)) as Sent
    const id = lines.find(line => line.startsWith('id: '))?.slice(4)
    assert.equal(id, 'data' in frame ? String(frame.seq) : undefined)
    return frame
  })
}

test('page: nextAfter reads on, to the head and not beyond', async t => {
  const { api, experimentId, trialId, url } = await begin(t)
  await appendMetrics(api.parts, experimentId, trialId, 9)
  const first = (await api.call('GET', `${url}?limit=4`)).json()
  assert.deepEqual([seqs(first.items), first.nextAfter, first.headSeq], [[1, 2, 3, 4], 4, 10])
  const last = (await api.call('GET', `${url}?limit=4&after=8`)).json()
  assert.deepEqual([seqs(last.items), last.nextAfter], [[9, 10], 10])
  const filtered = (await api.call('GET', `${url}?type=report`)).json()
  assert.deepEqual([filtered.items, filtered.nextAfter], [[], 10], 'what does not match is passed over')
  for (const query of ['after=-1', 'limit=5000', 'after=x', 'trialId=1', 'type=metric']) assert.equal((await api.call('GET', `${url}?${query}`)).statusCode, 400, query)
})

test('event stream: Last-Event-ID goes on after that event, and stops an EventSource that has everything', async t => {
  const { api, experimentId, trialId, url } = await begin(t)
  await appendMetrics(api.parts, experimentId, trialId, 4)
  await finish(api.parts, experimentId) // 6, 7
  const get = async (lastId: string) => await api.app.inject({ url, headers: { authorization: `Bearer ${api.team.keys.viewer}`, accept: 'text/event-stream', 'last-event-id': lastId } })
  assert.deepEqual(seqs(parseSse((await get('5')).body).filter((frame): frame is Frame => 'data' in frame)), [6, 7])
  const done = await get('7')
  assert.deepEqual([done.statusCode, done.body], [204, ''])
  assert.equal(seqs(parseSse((await get('')).body).filter((frame): frame is Frame => 'data' in frame)).length, 7, 'before the first event there is no id')
})

test('a cursor beyond the head, or none at all, is refused in every form, before an upgrade too', async t => {
  const { api, experimentId, trialId, url } = await begin(t)
  await appendMetrics(api.parts, experimentId, trialId, 4) // the head is 5
  const stream = async (query: string, lastId?: string) => await api.call('GET', `${url}${query}`, {
    headers: { accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) }
  })
  const check = (answer: { statusCode: number, json: () => { code: string, detail: string } }, code: string, detail: RegExp) => {
    assert.deepEqual([answer.statusCode, answer.json().code], [400, code])
    assert.match(answer.json().detail, detail)
  }
  check(await api.call('GET', `${url}?after=6`), 'invalid_cursor', /^query\.after must be <= 5, the number of the last event, got 6$/)
  check(await stream('?after=6'), 'invalid_cursor', /^query\.after must be <= 5/)
  check(await stream('', '6'), 'invalid_cursor', /^Last-Event-ID must be <= 5, the number of the last event, got 6$/)
  await assert.rejects(connect(t, api, `${url}?after=6`), /Unexpected server response: 400/)
  for (const text of ['1e0', '0x5', 'Infinity', '-Infinity', 'NaN', '2.0', '%205', '5%20', '+5', '', '-1', '9223372036854775807', '9223372036854775808', '99999999999999999999', '1e19']) {
    check(await api.call('GET', `${url}?after=${text}`), 'invalid_request', /^query\.after must be/)
    check(await stream(`?after=${text}`), 'invalid_request', /^query\.after must be/)
    await assert.rejects(connect(t, api, `${url}?after=${text}`), /Unexpected server response: 400/)
  }
  for (const id of ['nonsense', '1e0', '0x5', 'Infinity', '-1', '2.0', '9223372036854775807', '99999999999999999999']) {
    check(await stream('', id), 'invalid_cursor', /^Last-Event-ID must be the number of an event, got /)
  }
  await finish(api.parts, experimentId) // the head is 7
  assert.deepEqual((await api.call('GET', `${url}?after=7`)).json(), { items: [], nextAfter: 7, headSeq: 7 })
  assert.deepEqual(seqs(parseSse((await stream('?after=7', '5')).body).filter((frame): frame is Frame => 'data' in frame)), [6, 7], 'Last-Event-ID wins')
  check(await stream('', '8'), 'invalid_cursor', /got 8$/)
})

test('integers of a query are written in digits', async t => {
  const { api, url, experimentId } = await begin(t)
  for (const where of [`${url}?limit=`, `/v1/experiments/${experimentId}/metrics?maxPoints=`, '/v1/experiments?limit=']) {
    for (const text of ['1e1', '0x10', 'Infinity', '', '10.0']) assert.equal((await api.call('GET', `${where}${text}`)).statusCode, 400, `${where}${text}`)
    assert.equal((await api.call('GET', `${where}10`)).statusCode, 200)
  }
})

test('event stream: arrives while it happens', async t => {
  const { api, experimentId, trialId, url } = await begin(t)
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = api.app.server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}${url}`, { headers: { authorization: `Bearer ${api.team.keys.viewer}`, accept: 'text/event-stream' } })
  let text = ''
  let wrote = false
  let finished = false
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (!wrote && text.includes('"queued"')) {
      wrote = true
      await append(api.parts, experimentId, [{ type: 'log', trialId, data: { text: 'while you watch' } }])
    }
    if (!finished && text.includes('while you watch')) { // once: what it adds may come in several chunks
      finished = true
      await finish(api.parts, experimentId)
    }
  }
  assert.deepEqual(parseSse(text).map(frame => frame.type), ['hello', 'state', 'log', 'report', 'state', 'end'])
})

test('a client that does not read: the server keeps little, and no state or checkpoint is lost', async t => {
  const { api, experimentId, trialId, url } = await begin(t)
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = api.app.server.address() as AddressInfo
  const frames: Sent[] = []
  const socket = new WebSocket(`ws://127.0.0.1:${port}${url}`, { headers: { authorization: `Bearer ${api.team.keys.viewer}` } })
  t.after(() => { socket.terminate() })
  const closed = new Promise<void>(resolve => { socket.on('close', () => { resolve() }) })
  await new Promise<void>(resolve => {
    socket.on('message', data => {
      frames.push(JSON.parse(String(data)))
      if (frames.length === 2) { // hello and the first state: it has caught up
        socket.pause()
        resolve()
      }
    })
  })
  // About 600 bytes a frame: 40,000 of them fill every buffer between here and there many times over.
  const padding = 'x'.repeat(500)
  let max = 0
  for (let round = 0; round < 20; round++) {
    await append(api.parts, experimentId, Array.from({ length: 2000 }, (_, step) => ({ type: 'metrics', trialId, data: { step, padding } })))
    await append(api.parts, experimentId, [{ type: 'checkpoint', trialId, data: { step: round } }])
    for (const server of api.app.websocketServer.clients) max = Math.max(max, server.bufferedAmount)
  }
  await finish(api.parts, experimentId)
  socket.resume()
  await closed
  assert.ok(max > 0 && max < 2e6, `bytes that waited in the server: ${max}`)
  const skipped = frames.filter((frame): frame is Extract<StreamNotice, { type: 'skipped' }> => frame.type === 'skipped')
  assert.ok(skipped.length > 0, 'some metrics were skipped')
  const covered = frames.flatMap(frame => frame.type === 'skipped' ? range((frame as { from: number }).from, (frame as { to: number }).to) : 'data' in frame ? [frame.seq] : [])
  assert.deepEqual(covered, range(1, 20 * 2001 + 3), 'every number comes once, as an event or within skipped')
  assert.equal(frames.filter(frame => frame.type === 'checkpoint').length, 20)
  assert.deepEqual(frames.slice(-3).map(frame => frame.type), ['report', 'state', 'end'])
  const [first] = skipped
  const page = (await api.call('GET', `${url}?after=${first!.from - 1}&limit=10`)).json()
  assert.equal(page.items[0].seq, first!.from, 'what was skipped can be paged')
})

test('a socket is refused like any request: no key, another team, a cookie from elsewhere', async t => {
  const { api, url } = await begin(t)
  const refused = async (headers: Record<string, string>, status: number) => {
    await assert.rejects(async () => await connect(t, api, url, headers), new RegExp(`Unexpected server response: ${status}`))
  }
  await refused({}, 401)
  await refused({ authorization: `Bearer ${api.other.keys.admin}` }, 404)
  const opened = await api.call('POST', '/v1/session', { key: api.team.keys.viewer })
  const cookie = String([opened.headers['set-cookie']].flat()[0]).split(';')[0]!
  await refused({ cookie, host: 'lab.example' }, 403)
  await refused({ cookie, host: 'lab.example', origin: 'http://evil.example' }, 403)
  const client = await connect(t, api, url, { cookie, host: 'lab.example', origin: 'https://lab.example' })
  await client.until(() => client.frames.length > 0)
  assert.equal(client.frames[0]!.type, 'hello')
})

test('a socket that is open when the service stops is told to come back', async t => {
  const { api, url } = await begin(t)
  const client = await connect(t, api, url)
  await client.until(() => client.events().length === 1)
  await api.app.close()
  assert.equal(await client.closed, 1001)
})
