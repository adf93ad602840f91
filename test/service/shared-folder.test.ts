/**
 * Two nodes and two APIs that share one DATA_DIR and one database, each a process of its own: none takes or removes what
 * is another's, and one that was killed finds its own again.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { request as startRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { createTestDatabase } from '../helpers/database.js'
import { toForm } from '../helpers/form.js'
import { makeTemporaryFolder } from '../helpers/folder.js'
import { until } from '../helpers/processes.js'
import { openApi, operatorKey, startProgram, type Api, type Program } from '../helpers/service.js'

const timeout = 600_000

interface Shared {
  dataDir: string
  startWork: () => Promise<Program>
  startServe: () => Promise<{ program: Program, api: Api }>
}

/** A DATA_DIR and a database; what is started on them ends with the test. */
async function openShared (t: TestContext): Promise<Shared> {
  const databaseUrl = await createTestDatabase(t)
  const root = makeTemporaryFolder()
  const dataDir = path.join(root, 'data')
  const programs: Program[] = []
  t.after(async () => {
    await Promise.all(programs.map(async program => { await program.stop() }))
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  })
  const start = (command: string): Program => {
    // Nothing comes back because a lease ran out: it does when its own node says so.
    const program = startProgram([command], { DATABASE_URL: databaseUrl, DATA_DIR: dataDir, LANES: 'cpu:1', LEASE_SECONDS: '3600' })
    programs.push(program)
    return program
  }
  return {
    dataDir,
    async startWork () {
      const program = start('work')
      await program.says(/The node works/)
      return program
    },
    async startServe () {
      const program = start('serve')
      const url = await program.says(/The API listens on (http:\S+)/)
      return { program, api: openApi(() => url, async () => await program.failed) }
    }
  }
}

function kill (program: Program): void {
  program.willEnd()
  process.kill(program.pid, 'SIGKILL')
}

/** So many, so small steps of so large a network that it runs until it is canceled. */
const endless = {
  kind: 'frequency-principle',
  spec: {
    target: { type: 'sines', terms: [{ frequency: 1 }], points: 1024 },
    network: { hidden: [200] },
    optimizers: [{ type: 'gd', steps: 1_000_000, learningRate: 0.0001 }],
    seeds: [1]
  }
}

interface Attempts { state: string, attempts: { nodeId: string }[], transitions: { to: string, reason: string }[] }

/** Submits a trial and waits until it runs. @returns what is known of it, whenever it is asked */
async function run (api: Api): Promise<{ id: string, look: () => Promise<Attempts> }> {
  const { id, trials: [trial] } = await api.json('POST', '/v1/experiments', endless)
  const look = async (): Promise<Attempts> => await api.json<Attempts>('GET', `/v1/trials/${trial.id}`)
  await until(async () => (await look()).transitions.at(-1)?.to === 'running', 'the trial runs')
  return { id, look }
}

test('two nodes in one DATA_DIR: the second takes nothing, and one that was killed voids its own leases only', { timeout }, async t => {
  const { startWork, startServe } = await openShared(t)
  const { api } = await startServe()
  const firstNode = await startWork()
  const first = await run(api)
  await startWork()
  const second = await run(api) // the first node is full
  const before = [await first.look(), await second.look()]
  assert.deepEqual(before.map(({ state, attempts }) => [state, attempts.length]), [['running', 1], ['running', 1]], 'the first went on when the second node started')
  assert.notEqual(before[0]!.attempts[0]!.nodeId, before[1]!.attempts[0]!.nodeId)

  kill(firstNode)
  await startWork()
  await until(async () => (await first.look()).attempts.length === 2, 'the first runs again')
  const [after, other] = [await first.look(), await second.look()]
  assert.ok(after.transitions.some(({ to, reason }) => to === 'queued' && reason === 'its node started anew'))
  assert.equal(after.attempts[1]!.nodeId, after.attempts[0]!.nodeId, 'the node found its id again')
  assert.deepEqual([other.state, other.attempts.length], ['running', 1], 'the other node kept its own')
  assert.equal((await api.json('GET', '/v1/nodes')).items.length, 2)
  for (const { id } of [first, second]) await api.json('POST', `/v1/experiments/${id}/cancel`)
})

interface Upload { finish: () => Promise<number> }

/** Sends the half of an upload, and waits until its file is there. */
async function beginUpload (api: Api, findFile: () => boolean): Promise<Upload> {
  const { body, headers } = toForm({ name: 'points', format: 'csv', train: { name: 'points.csv', bytes: `x,label\n${'1,a\n2,b\n'.repeat(50_000)}` } })
  const request: ClientRequest = startRequest(`${api.url()}/v1/datasets`, {
    method: 'POST', headers: { ...headers, authorization: `Bearer ${operatorKey}`, 'content-length': body.length }
  })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    request.once('error', reject)
  })
  answered.catch(() => {}) // finish() tells, where it is asked
  request.write(body.subarray(0, body.length / 2))
  await until(findFile, 'the upload is being written')
  return {
    async finish () {
      request.end(body.subarray(body.length / 2))
      const response = await answered
      response.resume()
      return response.statusCode ?? 0
    }
  }
}

test('two APIs in one DATA_DIR: an upload goes on when another starts, and what a killed one left is removed', { timeout }, async t => {
  const { dataDir, startServe } = await openShared(t)
  const temporary = path.join(dataDir, 'temporary')
  const folders = (): string[] => readdirSync(temporary)
  const hasUpload = (folder: string): boolean => readdirSync(path.join(temporary, folder)).some(name => existsSync(path.join(temporary, folder, name, '0')))
  const first = await startServe()
  const [ofFirst] = folders()
  const lost = await beginUpload(first.api, () => hasUpload(ofFirst!))
  const second = await startServe()
  const ofSecond = folders().find(name => name !== ofFirst)!
  assert.ok(hasUpload(ofFirst!), 'the first is still receiving')
  const kept = await beginUpload(second.api, () => hasUpload(ofSecond))

  kill(first.program)
  await assert.rejects(lost.finish())
  assert.ok(hasUpload(ofFirst!), 'nobody was there to remove it')
  await startServe()
  assert.deepEqual([folders().includes(ofFirst!), folders().length], [false, 2])
  assert.equal(await kept.finish(), 201)
})
