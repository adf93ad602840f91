/**
 * Every part of the service is stopped for longer than a lease holds, and goes on (a suspended machine, a debugger, a
 * disk that does not answer), and all connections to the database are cut: ten experiments end as if nothing had happened.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { startService, type Part } from '../helpers/service.js'
import { runAll } from './experiments.js'
import { checkBlobs, checkTemporaryFiles, storeOf } from './traces.js'

const leaseSeconds = 6
const stopMs = 10_000

test('a stop of any part, connections that are cut: ten experiments end as undisturbed ones do', { timeout: 1_200_000 }, async t => {
  const service = await startService(t, { SNAPSHOT_SECONDS: '1', LEASE_SECONDS: String(leaseSeconds) })
  const undisturbed = await runAll(service)
  const emitted = undisturbed.frames.flat().filter(frame => frame.type === 'metrics').length

  for (const part of ['executor', 'work', 'serve', 'database', 'start'] as Part[]) {
    await t.test(`${part} stopped for ${stopMs / 1000} s, a lease being ${leaseSeconds} s`, async () => {
      let doing: Promise<void> | undefined
      const round = await runAll(service, count => { if (count >= emitted / 3) doing ??= hold(part) })
      assert.ok(doing)
      await doing
      assert.deepEqual(round.outcomes, undisturbed.outcomes)
    })
  }

  await t.test('all connections cut, three times', async () => {
    let cuts = 0
    let cutting = Promise.resolve()
    const round = await runAll(service, count => {
      if (cuts === 3 || count < (cuts + 1) * emitted / 4) return
      cuts++
      cutting = cutting.then(async () => { await cutConnections(storeOf(service.folder).databaseUrl) })
    })
    await cutting
    assert.equal(cuts, 3)
    assert.deepEqual(round.outcomes, undisturbed.outcomes)
  })

  // An executor that lost its leases may have been ended while it wrote.
  await checkBlobs(storeOf(service.folder), { killed: true })
  await service.stop()
  assert.deepEqual(service.processes(), [])
  checkTemporaryFiles(service.temporaryFolder, service.folder)

  async function hold (part: Part): Promise<void> {
    await service.kill(part, 'SIGSTOP')
    await delay(stopMs)
    await service.kill(part, 'SIGCONT')
  }
})

async function cutConnections (url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'")
  } finally {
    await client.end()
  }
}
