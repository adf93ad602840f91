/**
 * `serve` and two nodes by themselves on one database: a node that is lost gives its trials to the other, a trial begins on one
 * where another one has been on the other, and listening connections that fall silent without an end are replaced.
 */
import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { createTestDatabase } from '../helpers/database.js'
import { makeTemporaryFolder } from '../helpers/folder.js'
import { killSurely, until } from '../helpers/processes.js'
import { openProxy } from '../helpers/proxy.js'
import { follow, listProcesses, openApi, startProgram, type Api, type Program } from '../helpers/service.js'
import { disturb } from './disturb.js'
import { endless, runAll } from './experiments.js'
import { checkBlobs, checkTemporaryFiles } from './traces.js'
import { readSharers, runApart, sharing } from './warmups.js'

const busName = 'descent-lab bus'

test('two nodes on one database: ten experiments end as undisturbed ones do', { timeout: 1_200_000 }, async t => {
  const database = await createTestDatabase(t)
  const proxy = await openProxy(t, database)
  const { api, nodes, root, stop } = await startParts(t, proxy.url)
  const undisturbed = await runAll(api)
  const emitted = undisturbed.frames.flat().filter(frame => frame.type === 'metrics').length

  await t.test('all listening connections fall silent', async () => {
    const before = proxy.opened(busName)
    let silenced = 0
    const round = await runAll(api, count => { if (count >= emitted / 3) silenced ||= proxy.silence(busName) })
    assert.equal(silenced, 5, 'one of serve, of each node and of each executor')
    assert.deepEqual(round.outcomes, undisturbed.outcomes)
    await until(() => proxy.opened(busName) >= before + silenced, () => `each is replaced, ${proxy.opened(busName) - before} of ${silenced} were`)
  })

  await t.test('a warm-up that was made on one node is taken over on the other', async () => {
    const apart = await runApart(api)
    const { id: busy } = await api.json('POST', '/v1/experiments', endless)
    const ended = follow(api, busy)
    await until(async () => (await api.json('GET', `/v1/experiments/${busy}`)).state === 'running', 'one node is taken')
    const { id, frames } = await disturb(api, sharing(), { model: async () => { await api.json('POST', `/v1/experiments/${busy}/cancel`) } })
    await ended
    const sharers = await readSharers(api, id, frames)
    assert.deepEqual(sharers.map(({ came }) => came), apart)
    assert.deepEqual(sharers.map(({ tookOver }) => tookOver), [false, true])
    assert.notDeepEqual(sharers[0]!.nodes, sharers[1]!.nodes)
  })

  await t.test('a node is killed with its executor and does not come back', async () => {
    let lost: Node | undefined
    const round = await runAll(api, count => { if (count >= emitted / 3) lost ??= lose(nodes[0]!) })
    assert.ok(lost)
    assert.deepEqual(round.outcomes, undisturbed.outcomes)
    assert.ok(round.attempts.some(attempts => attempts > 1), 'the other node went on with what it ran')
  })

  await checkBlobs({ databaseUrl: database, blobStore: path.join(root, 'blobs') }, { killed: true })
  await stop()
  assert.deepEqual(listProcesses(root), [])
  // the first was lost
  checkTemporaryFiles(path.join(nodes[1]!.folder, 'temporary'), path.join(nodes[1]!.folder, 'data'))
})

/** A process of its own with a folder for its data and its temporary files; by that its executor is found, too. */
interface Node { program: Program, folder: string }

function lose (node: Node): Node {
  node.program.willEnd()
  for (const { pid } of listProcesses(node.folder)) killSurely(pid)
  return node
}

interface Parts { api: Api, nodes: Node[], root: string, stop: () => Promise<void> }

async function startParts (t: TestContext, databaseUrl: string): Promise<Parts> {
  const root = makeTemporaryFolder()
  const startPart = (command: string, name: string): Node => {
    const folder = path.join(root, name)
    mkdirSync(path.join(folder, 'temporary'), { recursive: true })
    return {
      folder,
      program: startProgram([command], {
        DATABASE_URL: databaseUrl,
        BLOB_STORE: path.join(root, 'blobs'),
        DATA_DIR: path.join(folder, 'data'),
        TMPDIR: path.join(folder, 'temporary'),
        LANES: 'cpu:1',
        SNAPSHOT_SECONDS: '1',
        LEASE_SECONDS: '6'
      })
    }
  }
  const serve = startPart('serve', 'serve')
  const nodes = [startPart('work', 'first'), startPart('work', 'second')]
  const parts = [serve, ...nodes]
  const stop = async (): Promise<void> => { await Promise.all(parts.map(async ({ program }) => { await program.stop() })) }
  t.after(async () => {
    await stop()
    rmSync(root, { recursive: true, force: true })
  })
  const url = await serve.program.says(/The API listens on (http:\S+)/)
  for (const node of nodes) await node.program.says(/The node works/)
  const failed = Promise.race(parts.map(async ({ program }) => await program.failed))
  failed.catch(() => {}) // whoever waits is told
  return { api: openApi(() => url, async () => await failed), nodes, root, stop }
}
