/**
 * The real outlets over real connections with small buffers, to clients that stop reading and read on. What a client
 * gets must not depend on when it reads, nor on how often the clock wanted to say something meanwhile.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { WebSocketServer } from 'ws'
import { follow, type Follower, type FollowOptions } from '../../../src/routes/stream/follower.js'
import { socketOutlet, sseOutlet, type Outlet } from '../../../src/routes/stream/outlets.js'
import { temporaryFolder } from '../../helpers/folder.js'
import { forms, openStream } from '../../helpers/stream-client.js'
import { makeSource, type Source } from './source.js'

/** Serves one experiment in both forms over a Unix socket; the query says which types are wanted. */
async function serve (t: TestContext, { feeds, brief }: Source) {
  const socketPath = path.join(temporaryFolder(), 'streams')
  const bounds = { highWaterBytes: 16 * 1024 }
  const streams: { outlet: Outlet, follower: Follower }[] = []
  const start = (url: string, outlet: Outlet): void => {
    const types = new URL(url, 'http://x').searchParams.get('type')?.split(',')
    const options: FollowOptions = { after: 0, brief, types, headEveryMs: 10, onError: error => { throw error } }
    streams.push({ outlet, follower: follow(feeds.open('e'), outlet, options) })
  }
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    start(request.url!, sseOutlet(response, bounds))
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket, request) => { start(request.url!, socketOutlet(socket, { ...bounds, connection: request.socket })) })
  server.listen(socketPath)
  await once(server, 'listening')
  t.after(() => {
    for (const { follower } of streams) follower.stop()
    for (const socket of sockets.clients) socket.terminate()
    server.closeAllConnections()
    server.close()
  })
  return { socketPath, streams }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
/** Two megabytes in all: several times what fits between the follower and the client. */
const large = Array.from({ length: 4000 }, (_, step) => ({ type: 'metrics', data: { step, padding: 'x'.repeat(500) } }))

for (const form of forms) {
  test(`${form}: a client that stops reading while heads fall due gets everything when it reads on`, async t => {
    const source = makeSource(t)
    const { socketPath, streams } = await serve(t, source)
    const client = await openStream(form, socketPath, '/')
    await client.until(() => client.frames.length >= 1)
    client.stopReading()
    source.append(...large)
    // The clock of the neighbour runs as fast: when it was told five heads, five fell due for the client, too.
    const neighbour = await openStream(form, socketPath, '/?type=log')
    for (let round = 0; round < 3; round++) {
      const heads = () => neighbour.frames.filter(frame => frame.type === 'head').length
      const before = heads()
      await neighbour.until(() => heads() >= before + 5)
      assert.equal(streams[0]!.outlet.hasRoom(), false)
      // Reads a little in between, so that it is full more than once.
      const got = client.frames.length
      client.readOn()
      await client.until(() => client.frames.length > got)
      client.stopReading()
    }
    client.readOn()
    source.end()
    await client.closed
    assert.deepEqual(client.seqs(), range(1, 4001))
    assert.deepEqual(client.frames.at(-1), { type: 'end', state: 'succeeded' })
    assert.equal(await client.closed, 1000)
    neighbour.close()
  })

  test(`${form}: a full outlet takes nothing, whoever sends, and nothing is kept for it`, async t => {
    const source = makeSource(t)
    const { socketPath, streams } = await serve(t, source)
    const client = await openStream(form, socketPath, '/')
    await client.until(() => client.frames.length >= 1)
    client.stopReading()
    source.append(...large)
    const { outlet, follower } = streams[0]!
    const neighbour = await openStream(form, socketPath, '/?type=log')
    await neighbour.until(() => neighbour.frames.filter(frame => frame.type === 'head').length >= 2)
    assert.equal(outlet.hasRoom(), false)
    const { reads } = source.counted
    source.append(...large)
    await neighbour.until(() => neighbour.frames.filter(frame => frame.type === 'head').length >= 4)
    assert.ok(source.counted.reads - reads <= 2, 'the neighbour reads, the client that does not read makes no reads')
    follower.stop()
    await follower.ended
    client.readOn()
    assert.notEqual(await client.closed, 1000)
    assert.ok(client.seqs().length < 4000, 'what waited was thrown away')
    assert.deepEqual(client.seqs(), range(1, client.seqs().length))
    neighbour.close()
  })
}

test('drained: everybody who waits is woken, and by the close too', async t => {
  const source = makeSource(t)
  const { socketPath, streams } = await serve(t, source)
  const client = await openStream('socket', socketPath, '/')
  await client.until(() => client.frames.length >= 1)
  client.stopReading()
  source.append(...large)
  const neighbour = await openStream('socket', socketPath, '/?type=log')
  await neighbour.until(() => neighbour.frames.some(frame => frame.type === 'head'))
  const { outlet } = streams[0]!
  assert.equal(outlet.hasRoom(), false)
  const waiting = [outlet.drained(), outlet.drained(), outlet.drained()]
  client.close()
  await Promise.all(waiting)
  assert.equal(outlet.send([]), 0)
  assert.equal(outlet.hasRoom(), true, 'nobody is left')
  neighbour.close()
})
