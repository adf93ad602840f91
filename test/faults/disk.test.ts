/**
 * The disk of the blobs is full while trials write checkpoints and snapshots: they go on, or fail and say why, and
 * after space was made a retry ends them; what they yielded is what undisturbed ones yield, and no half of a file stays.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { makeTemporaryFolder } from '../helpers/folder.js'
import { until } from '../helpers/processes.js'
import { follow, startService, type Service } from '../helpers/service.js'
import { readOutcome, runAll } from './experiments.js'
import { checkBlobs, checkTemporaryFiles, storeOf } from './traces.js'

test('a full disk: trials go on or fail clearly, and a retry ends them as undisturbed ones', { timeout: 1_200_000 }, async t => {
  const disk = mountDisk(t)
  if (disk === undefined) return t.skip('a small disk can only be mounted by root on Linux')
  const service = await startService(t, { SNAPSHOT_SECONDS: '1', LEASE_SECONDS: '6', BLOB_STORE: path.join(disk, 'blobs') })
  const undisturbed = await runAll(service)
  const emitted = undisturbed.frames.flat().filter(frame => frame.type === 'metrics').length

  let freeing: Promise<void> | undefined
  const round = await runAll(service, count => { if (count >= emitted / 3) freeing ??= fillUntilNoticed(service, disk) })
  assert.ok(freeing)
  await freeing
  for (const [i, id] of round.ids.entries()) {
    const { state, failure } = round.outcomes[i]!
    const frames = round.frames[i]!
    if (state === 'failed') {
      assert.match(JSON.stringify(failure), /no space left/i)
      await service.json('POST', `/v1/experiments/${id}/retry`)
      frames.push(...await follow(service, id, undefined, frames.at(-1)!.seq))
    }
    assert.deepEqual((await readOutcome(service, id, frames)).outcome, undisturbed.outcomes[i])
  }
  await checkBlobs({ ...storeOf(service.folder), blobStore: path.join(disk, 'blobs') })
  await service.stop()
  assert.deepEqual(service.processes(), [])
  checkTemporaryFiles(service.temporaryFolder, service.folder)
})

/** Fills the disk to the last byte, and frees it again when the service has said that it is full. */
async function fillUntilNoticed (service: Service, disk: string): Promise<void> {
  const { bavail, bsize } = statfsSync(disk)
  const filler = path.join(disk, 'filler')
  try {
    writeFileSync(filler, Buffer.alloc(bavail * bsize + bsize))
  } catch {} // it is full now
  const isNoticed = async (): Promise<boolean> => {
    if (/ENOSPC|no space left/i.test(readFileSync(path.join(service.folder, 'work.log'), 'utf8'))) return true
    const { items } = await service.json<{ items: { failure?: unknown }[] }>('GET', '/v1/experiments?state=failed')
    return items.length > 0
  }
  await until(isNoticed, 'somebody notices that the disk is full')
  rmSync(filler)
}

/** Mounts a disk of 48 MB that goes with the test; undefined where that is not allowed. */
function mountDisk (t: TestContext): string | undefined {
  const root = makeTemporaryFolder()
  const disk = path.join(root, 'disk')
  mkdirSync(disk)
  const isMounted = existsSync('/proc/mounts') && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'none', disk]).status === 0
  t.after(() => {
    if (isMounted) spawnSync('umount', ['-l', disk])
    rmSync(root, { recursive: true, force: true })
  })
  return isMounted ? disk : undefined
}
