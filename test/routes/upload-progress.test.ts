/** How far an upload is, asked while its request is under way, and what of it stays when it breaks: nothing. */
import assert from 'node:assert/strict'
import { request as startRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { readdirSync } from 'node:fs'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { randomUUID } from 'node:crypto'
import { withTransaction } from '../../src/storage/database.js'
import { trackUpload } from '../../src/jobs/upload-tracker.js'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { file, toForm, upload } from '../helpers/form.js'
import { until } from '../helpers/processes.js'
import { needsPipes, openPipe } from '../datasets/files.js'

const rows = 'x,label\n1,a\n2,b\n3,a\n4,b\n5,a\n'
const form = toForm({ name: 'points', format: 'csv', labelColumn: 'label', train: file('points.csv', rows) })

/** Begins an upload over a socket of its own; what is written to it arrives by the piece. */
async function begin (t: TestContext, api: TestApp, id: string): Promise<{ sent: ClientRequest, answered: Promise<IncomingMessage> }> {
  if (!api.app.server.listening) await api.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = api.app.server.address() as { port: number }
  const sent = startRequest({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/v1/datasets',
    headers: { ...form.headers, authorization: `Bearer ${api.team.keys.member}`, 'upload-id': id, 'content-length': form.body.length }
  })
  t.after(() => { sent.destroy() })
  const answered = once(sent, 'response').then(([response]) => response as IncomingMessage)
  answered.catch(() => {}) // the tests that break it off
  return { sent, answered }
}

async function countRows ({ parts }: TestApp): Promise<number[]> {
  const counts = ['upload', 'dataset', 'blob'].map(async table => (await parts.db.pool.query(`select from ${table}`)).rowCount!)
  return await Promise.all(counts)
}

test('GET /v1/uploads/{id}: what has come, that it waits, and nothing when it is answered', needsPipes, async t => {
  const pipes = [await openPipe(t), await openPipe(t)]
  const api = await openTestApp(t)
  const busy = pipes.map(async ({ file, opened }) => {
    const job = { type: 'upload', format: 'idx', files: { trainImages: file, trainLabels: file }, options: {} } as const
    const over = api.parts.datasetPool.prepare(job, { team: api.team.id }, async () => {}).catch(() => {})
    await opened
    return { over }
  })
  await Promise.all(busy)
  const id = randomUUID()
  const look = async () => await api.call('GET', `/v1/uploads/${id}`)
  const { sent, answered } = await begin(t, api, id)
  const half = form.body.indexOf('3,a')
  sent.write(form.body.subarray(0, half))
  await until(async () => (await look()).json().receivedBytes > 0, 'the first half is told')
  const { startedAt, updatedAt, ...seen } = (await look()).json()
  assert.deepEqual(seen, {
    id, name: 'points', format: 'csv', stage: 'receiving', receivedBytes: rows.indexOf('3,a'), totalBytes: form.body.length, readBytes: 0, rows: null
  })
  assert.ok(startedAt <= updatedAt)
  assert.deepEqual((await api.call('GET', '/v1/uploads')).json().items.map((one: { id: string }) => one.id), [id])
  assert.deepEqual((await api.call('GET', '/v1/uploads', { key: api.other.keys.admin })).json().items, [])
  assert.equal((await api.call('GET', `/v1/uploads/${id}`, { key: api.other.keys.admin })).statusCode, 404)
  const twin = await upload(api, { name: 'twin', format: 'csv', train: file('a.csv', rows) }, { headers: { 'upload-id': id } })
  assert.deepEqual([twin.statusCode, twin.json().code, twin.json().detail], [409, 'conflict', `upload ${id} is under way`])
  const theirs = await upload(api, { name: 'x', format: 'csv', train: file('a.csv', rows) }, { headers: { 'upload-id': id }, key: api.other.keys.member })
  assert.equal(theirs.statusCode, 201, 'an id is the team’s own')

  sent.end(form.body.subarray(half))
  await until(async () => (await look()).json().stage === 'waiting', 'it waits for its turn')
  assert.equal((await look()).json().receivedBytes, rows.length)
  for (const pipe of pipes) pipe.finish('no IDX file')
  const response = await answered
  assert.deepEqual([response.statusCode, response.headers['upload-id']], [201, id])
  assert.equal((await look()).statusCode, 404)
  assert.deepEqual((await api.parts.db.pool.query('select from upload')).rowCount, 0)
  await Promise.all((await Promise.all(busy)).map(({ over }) => over))
})

test('GET /v1/uploads/{id}: that it is read, and that it is stored, with what was read', async t => {
  const api = await openTestApp(t)
  const { datasetPool } = api.parts
  let read = (): void => {}
  const isRead = new Promise<void>(resolve => { read = resolve })
  // The parts of an API are its own until it closes: this pool does the same, and then waits.
  api.parts.datasetPool = {
    ...datasetPool,
    prepare: async (job, options, use) => await datasetPool.prepare(job, options, async prepared => {
      await isRead
      return await use(prepared)
    })
  }
  const id = randomUUID()
  const answered = upload(api, { name: 'points', format: 'csv', labelColumn: 'label', train: file('points.csv', rows) }, { headers: { 'upload-id': id } })
  const look = async () => (await api.call('GET', `/v1/uploads/${id}`)).json()
  await until(async () => (await look()).rows === 5, 'it is read')
  const { stage, receivedBytes, readBytes } = await look()
  assert.deepEqual([stage, receivedBytes, readBytes], ['reading', rows.length, rows.length])
  await withTransaction(api.parts.db.pool, async client => {
    await client.query('lock table dataset in access exclusive mode') // so that it cannot be stored
    read()
    await until(async () => (await look()).stage === 'storing', 'it is stored')
    assert.equal((await look()).rows, 5)
  })
  assert.equal((await answered).statusCode, 201)
})

test('POST /v1/datasets: an id is made for who names none, and one that is none is refused', async t => {
  const api = await openTestApp(t)
  const made = await upload(api, { name: 'x', format: 'csv', train: file('a.csv', rows) })
  assert.match(String(made.headers['upload-id']), /^[0-9a-f-]{36}$/)
  const refused = await upload(api, { name: 'x', format: 'csv', train: file('a.csv', rows) }, { headers: { 'upload-id': 'mine' } })
  assert.deepEqual([refused.statusCode, refused.json().errors[0].path], [400, 'headers.upload-id'])
})

test('trackUpload: while it is read, what the thread has counted is told; one that is silent is gone', async t => {
  const api = await openTestApp(t)
  const { uploads } = api.team.store
  const id = randomUUID()
  const look = async () => await uploads.get(id).catch(() => undefined) // a machine that is busy may keep it silent for long
  const tracker = await trackUpload(uploads, { id, totalBytes: null }, error => { throw error })
  const counted = new Float64Array(tracker.watch.counter)
  counted.set([1000, 7])
  let seen = await look()
  await until(async () => { seen = await look(); return seen !== undefined && seen.updatedAt > seen.startedAt }, 'it was told again')
  assert.deepEqual([seen?.stage, seen?.rows], ['receiving', null], 'nothing is read yet')
  tracker.watch.begin()
  await until(async () => { seen = await look(); return seen?.stage === 'reading' }, 'reading is told')
  assert.deepEqual([seen?.readBytes, seen?.rows], [1000, 7])
  counted.set([2000, 14])
  tracker.note({ stage: 'storing' })
  await until(async () => (await look())?.rows === 14, 'the last counts are told')
  await tracker.end()
  await assert.rejects(uploads.get(id), { code: 'not_found' })

  const progress = { name: null, format: null, stage: 'receiving', receivedBytes: 1, totalBytes: null, readBytes: 0, rows: null } as const
  await uploads.begin(id, progress) // by a process that dies
  await assert.rejects(uploads.begin(id, progress), { code: 'conflict' })
  await api.parts.db.pool.query("update upload set updated_at = now() - interval '1 minute'")
  await assert.rejects(uploads.get(id), { code: 'not_found' })
  assert.deepEqual(await uploads.list(), [])
  await uploads.begin(id, progress) // its client tries again
  assert.equal((await uploads.list()).length, 1)
})

test('an upload that breaks off in the middle, or is no good at its end, leaves nothing', async t => {
  const api = await openTestApp(t)
  const id = randomUUID()
  const { sent } = await begin(t, api, id)
  sent.on('error', () => {})
  sent.write(form.body.subarray(0, form.body.indexOf('3,a')))
  await until(async () => (await api.call('GET', `/v1/uploads/${id}`)).json().receivedBytes > 0, 'it comes')
  assert.equal(readdirSync(api.parts.temporaryFolder).length, 1)
  sent.destroy()
  await until(() => readdirSync(api.parts.temporaryFolder).length === 0, 'its folder goes')
  await until(async () => (await countRows(api))[0] === 0, 'its row goes')

  const wrong = `x,label\n${'1,a\n2,b\n'.repeat(50_000)}1,a,b\n`
  const refused = await upload(api, { name: 'x', format: 'csv', labelColumn: 'label', train: file('end.csv', wrong) })
  assert.deepEqual([refused.statusCode, refused.json().code], [422, 'invalid_dataset'], refused.body)
  assert.match(refused.json().detail, /line 100002/)
  assert.deepEqual([await countRows(api), readdirSync(api.parts.temporaryFolder)], [[0, 0, 0], []])
})
