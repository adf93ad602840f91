/** Locks that processes hold in a folder: until they let go, while they are stopped, and not beyond their end. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { askHolder, isLocked, tryLock } from '../../src/storage/folder-lock.js'
import { temporaryFolder } from '../helpers/folder.js'
import { killSurely } from '../helpers/processes.js'

/** Starts a process that takes a lock and keeps it. @returns its id */
async function startHolder (t: TestContext, folder: string, name: string): Promise<number> {
  const module = new URL('../../src/storage/folder-lock.js', import.meta.url).href
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', `
    const { tryLock } = await import(${JSON.stringify(module)})
    await tryLock(${JSON.stringify(folder)}, ${JSON.stringify(name)})
    setInterval(() => {}, 1000)
    process.stdout.write('locked')
  `], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => { killSurely(holder.pid!) })
  await once(holder.stdout, 'data')
  return holder.pid!
}

test('tryLock lets one in by a name, others by other names and in other folders', async () => {
  const [folder, other] = [temporaryFolder(), temporaryFolder()]
  const lock = await tryLock(folder, 'one')
  assert.ok(lock)
  assert.equal(await tryLock(folder, 'one'), undefined)
  assert.deepEqual([await isLocked(folder, 'one'), await isLocked(folder, 'two'), await isLocked(other, 'one')], [true, false, false])
  const [two, elsewhere] = [await tryLock(folder, 'two'), await tryLock(other, 'one')]
  assert.ok(two && elsewhere)
  await lock.release()
  assert.equal(await isLocked(folder, 'one'), false)
  for (const taken of [await tryLock(folder, 'one'), two, elsewhere]) await taken!.release()
})

test('a process that is stopped holds its lock, and one that was killed does not', async t => {
  const folder = temporaryFolder()
  const holder = await startHolder(t, folder, 'held')
  assert.equal(await askHolder(folder, 'held'), String(holder))
  process.kill(holder, 'SIGSTOP')
  assert.equal(await tryLock(folder, 'held'), undefined)
  assert.equal(await askHolder(folder, 'held'), undefined, 'it cannot say who it is')
  process.kill(holder, 'SIGKILL')
  let lock
  while (!lock) lock = await tryLock(folder, 'held') // until the system has taken the process away
  await lock.release()
})
