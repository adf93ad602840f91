/** Folders for temporary files: each process has its own, and what the dead left is removed. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { openScratch } from '../../src/storage/scratch.js'
import { temporaryFolder } from '../helpers/folder.js'

test('openScratch leaves the folders of others alone, and remove() takes its own with all that is in it', async () => {
  const dataDir = temporaryFolder()
  const first = await openScratch(dataDir)
  writeFileSync(path.join(first.folder, 'half'), 'of an upload')
  const second = await openScratch(dataDir)
  assert.notEqual(second.folder, first.folder)
  assert.deepEqual(readdirSync(first.folder), ['half'])
  await second.remove()
  assert.deepEqual(readdirSync(first.folder), ['half'])
  await first.remove()
  assert.deepEqual(readdirSync(path.join(dataDir, 'temporary')), [])
})

test('openScratch removes what nobody holds on this machine, and of others what is an hour old', async () => {
  const dataDir = temporaryFolder()
  const leave = (name: string, minutesAgo: number): void => {
    const folder = path.join(dataDir, 'temporary', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(path.join(folder, 'left'), '')
    const then = new Date(Date.now() - minutesAgo * 60_000)
    utimesSync(folder, then, then)
  }
  leave(`0123456789abcdef-${encodeURIComponent(hostname())}`, 0)
  leave('0123456789abcdef-elsewhere', 30)
  leave('fedcba9876543210-elsewhere', 90)
  leave('of-an-earlier-version', 90)
  const { folder, remove } = await openScratch(dataDir)
  assert.deepEqual(readdirSync(path.join(dataDir, 'temporary')).sort(), [path.basename(folder), '0123456789abcdef-elsewhere'].sort())
  await remove()
})
