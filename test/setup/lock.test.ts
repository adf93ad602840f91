import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test from 'node:test'
import { temporaryFolder } from '../helpers/folder.js'
import { loadScript, scriptUrl } from './scripts.js'

const { withLock } = await loadScript('lock')

test('withLock makes a second set-up wait for the first, and says so once', async () => {
  const folder = temporaryFolder()
  const order: string[] = []
  let second: Promise<unknown> = Promise.resolve()
  await withLock(folder, assert.fail, async () => {
    await new Promise<void>(resolve => {
      second = withLock(folder, line => {
        order.push(line)
        resolve() // it waits: now the first may end
      }, async () => { order.push('second') })
    })
    order.push('first')
  })
  await second
  assert.deepEqual(order, [`Another process is setting up ${folder}; waiting for it`, 'first', 'second'])
})

test('withLock lets go when the work throws', async () => {
  const folder = temporaryFolder()
  await assert.rejects(withLock(folder, assert.fail, async () => { throw new Error('broken') }), { message: 'broken' })
  assert.equal(await withLock(folder, assert.fail, async () => 'next'), 'next')
})

test('withLock does not wait for a set-up that was killed', async () => {
  const folder = temporaryFolder()
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', `
    const { withLock } = await import(${JSON.stringify(scriptUrl('lock'))})
    await withLock(${JSON.stringify(folder)}, console.log, () => new Promise(() => {
      process.stdout.write('locked')
      setInterval(() => {}, 1000)
    }))
  `], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(holder.stdout, 'data')
  const waiting = withLock(folder, () => holder.kill('SIGKILL'), async () => 'locked again')
  assert.equal(await waiting, 'locked again')
})
