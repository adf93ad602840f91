/**
 * Uploads and the process that receives them: killed while bytes come or while they are read, it leaves nothing that
 * stays; a large file does not make it large.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { request as startRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { openDatabase } from '../../src/storage/database.js'
import { createTestDatabase } from '../helpers/database.js'
import { makeTemporaryFolder } from '../helpers/folder.js'
import { toForm, file } from '../helpers/form.js'
import { until } from '../helpers/processes.js'
import { openApi, operatorKey, startProgram, type Program } from '../helpers/service.js'

const timeout = 600_000

/** A database and a DATA_DIR, and what serves them; all ends with the test. */
async function openServing (t: TestContext) {
  const databaseUrl = await createTestDatabase(t)
  const root = makeTemporaryFolder()
  const dataDir = path.join(root, 'data')
  const db = openDatabase(databaseUrl)
  let program: Program | undefined
  let url = ''
  t.after(async () => {
    await program?.stop()
    await db.close()
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  })
  async function start (): Promise<Program> {
    program = startProgram(['serve'], { DATABASE_URL: databaseUrl, DATA_DIR: dataDir })
    url = await program.says(/The API listens on (http:\S+)/)
    return program
  }
  const list = (folder: string): string[] => existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : []
  return {
    db,
    start,
    api: openApi(() => url, async () => await program!.failed),
    temporary: () => list(path.join(dataDir, 'temporary')),
    blobs: () => list(path.join(dataDir, 'blobs')).filter(name => name !== 'unfinished'),
    /** Begins a form of which the caller writes the rest. */
    begin (headers: Record<string, string | number>): { sent: ClientRequest, answered: Promise<IncomingMessage> } {
      const { hostname, port } = new URL(url)
      const sent = startRequest({ hostname, port, method: 'POST', path: '/v1/datasets', headers: { authorization: `Bearer ${operatorKey}`, ...headers } })
      sent.on('error', () => {}) // of those that are killed
      const answered = once(sent, 'response').then(([response]) => response as IncomingMessage)
      answered.catch(() => {})
      return { sent, answered }
    }
  }
}

/** A form with one file of many rows, in the pieces that are to be sent. */
function largeForm (rows: number) {
  const row = `${Array.from({ length: 20 }, (_, i) => `${i}.25`).join()},`
  const block = Buffer.from(Array.from({ length: 1000 }, (_, i) => `${row}${i % 2 === 0 ? 'even' : 'odd'}\n`).join(''))
  const { body, headers } = toForm({ name: 'large', format: 'csv', labelColumn: 'kind', train: file('large.csv', `${'abcdefghijklmnopqrst'.split('').join()},kind\n`) })
  const end = body.lastIndexOf('\r\n--')
  const pieces = [body.subarray(0, end), ...Array.from({ length: rows / 1000 }, () => block), body.subarray(end)]
  return { headers, pieces, bytes: pieces.reduce((sum, { length }) => sum + length, 0) }
}

async function send (sent: ClientRequest, pieces: Buffer[]): Promise<void> {
  for (const piece of pieces) if (!sent.write(piece)) await once(sent, 'drain')
  sent.end()
}

test('an API process that is killed while it receives or reads an upload leaves nothing that stays', { timeout }, async t => {
  const { db, start, api, temporary, blobs, begin } = await openServing(t)
  const { headers, pieces, bytes } = largeForm(50_000)
  const kill = async (program: Program): Promise<void> => {
    program.willEnd()
    process.kill(program.pid, 'SIGKILL')
    await program.stop()
  }
  async function assertNothingStays (): Promise<Program> {
    const next = await start()
    assert.deepEqual(temporary().filter(name => /upload-|prepare-/.test(name)), [])
    assert.deepEqual(blobs(), [])
    await db.pool.query("update upload set updated_at = updated_at - interval '1 minute'") // a minute later
    assert.deepEqual((await api.json('GET', '/v1/uploads')).items, [])
    const { rows: [found] } = await db.pool.query(
      'select (select count(*)::int from dataset) as datasets, (select count(*)::int from blob) as blobs, (select count(*)::int from idempotency_key) as keys')
    assert.deepEqual(found, { datasets: 0, blobs: 0, keys: 0 })
    return next
  }

  const receiving = await start()
  const half = begin({ ...headers, 'content-length': bytes, 'idempotency-key': 'half' })
  for (const piece of pieces.slice(0, 20)) half.sent.write(piece)
  await until(() => temporary().some(name => /upload-.*\/0$/.test(name)), 'the file comes')
  await kill(receiving)
  half.sent.destroy()
  const reading = await assertNothingStays()

  // Nobody can store anything meanwhile, so that it is killed before it has, however fast it reads.
  const blocker = await db.pool.connect()
  await blocker.query('begin')
  await blocker.query('lock table team_storage in access exclusive mode')
  const whole = begin({ ...headers, 'content-length': bytes, 'idempotency-key': 'whole' })
  await send(whole.sent, pieces)
  await until(() => temporary().some(name => /prepare-/.test(name)), 'it is read')
  await kill(reading)
  await blocker.query('rollback')
  blocker.release()
  await assertNothingStays()
})

test('a file of 200 MB does not make the process that receives and reads it grow by 300 MB', {
  timeout, skip: existsSync('/proc/self/status') ? false : 'only Linux says how much memory a process had'
}, async t => {
  const { start, api, begin } = await openServing(t)
  const { pid } = await start()
  const memory = (name: 'VmRSS' | 'VmHWM'): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1000
  const before = memory('VmRSS')
  const { headers, pieces, bytes } = largeForm(1_900_000)
  assert.ok(bytes > 200e6, `the file is large, got ${bytes}`)
  const { sent, answered } = begin({ ...headers, 'content-length': bytes })
  await send(sent, pieces)
  const response = await answered
  assert.equal(response.statusCode, 201)
  const grown = memory('VmHWM') - before
  t.diagnostic(`grew by ${Math.round(grown)} MB`)
  assert.ok(grown < 300, `it must grow by less than 300 MB, got ${grown}`)
  assert.equal((await api.json('GET', '/v1/datasets')).items[0].counts.train, 1_520_000)
})
