/**
 * kill -9 of every part of the service while ten experiments run: all complete as if nothing had happened, nothing is
 * lost or doubled, no process and no file is left behind.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPidFile } from '../../src/start/postgres-pid-file.js'
import { holdWorker, killSurely } from '../helpers/processes.js'
import { startService, type Part, type Service } from '../helpers/service.js'
import { runAll } from './experiments.js'
import { checkBlobs, checkTemporaryFiles, storeOf } from './traces.js'

test('kill -9 of any part: ten experiments end as undisturbed ones do', { timeout: 1_200_000 }, async t => {
  const service = await startService(t, { SNAPSHOT_SECONDS: '1', LEASE_SECONDS: '6' })
  const undisturbed = await runAll(service)
  const emitted = undisturbed.frames.flat().filter(frame => frame.type === 'metrics').length
  let interrupted = 0

  const faults: [name: string, fault: () => Promise<void>][] = [
    ...(['executor', 'work', 'serve', 'postgres'] as Part[]).map(part => [part, () => service.kill(part)] as [string, () => Promise<void>]),
    ['postgres, one of its processes being held', () => killHolding(service)],
    // the last: what others left half-done goes with the node's next start
    ['everything', async () => {
      await service.kill('everything')
      await service.start()
    }]
  ]
  for (const [name, fault] of faults) {
    await t.test(name, async () => {
      let doing: Promise<void> | undefined
      const round = await runAll(service, count => { if (count >= emitted / 3) doing ??= fault() })
      await doing
      assert.ok(doing)
      assert.deepEqual(round.outcomes, undisturbed.outcomes)
      interrupted += round.attempts.filter(attempts => attempts > 1).length
    })
  }
  assert.ok(interrupted > 0, 'some trial had to go on after a kill')

  await checkBlobs(storeOf(service.folder), { killed: true })
  await service.stop()
  assert.deepEqual(service.processes(), [])
  checkTemporaryFiles(service.temporaryFolder, service.folder)
})

/** The process stays stopped: `start` must end it before the new server can come up. */
async function killHolding (service: Service): Promise<void> {
  const { pid } = readPidFile(`${service.folder}/postgres`)!
  const held = holdWorker(pid)
  process.once('exit', () => killSurely(held))
  await service.kill('postgres')
}
