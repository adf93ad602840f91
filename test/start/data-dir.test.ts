import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { readConfig } from '../../src/config.js'
import { chooseDataDir, createDataDir, ensureAdminKey, lockDataDir, readAdminKey } from '../../src/start/data-dir.js'
import { temporaryFolder } from '../helpers/folder.js'

test('lockDataDir lets one process in and names it to the second, by whatever path that comes', async t => {
  const folder = temporaryFolder()
  const lock = await lockDataDir(folder)
  const otherPath = `${folder}-link`
  symlinkSync(folder, otherPath)
  t.after(() => rmSync(otherPath))
  await assert.rejects(lockDataDir(otherPath), {
    name: 'OperatorError',
    message: `${otherPath} is in use by process ${process.pid}: stop that one first, or set DATA_DIR to another folder`
  })
  await lock.release()
  await (await lockDataDir(folder)).release()
})

test('lockDataDir keeps folders apart', async () => {
  const [first, second] = await Promise.all([lockDataDir(temporaryFolder()), lockDataDir(temporaryFolder())])
  await Promise.all([first.release(), second.release()])
})

test('ensureAdminKey makes a key that only the owner can read, and gives the same one from then on', () => {
  const config = readConfig({ DATA_DIR: path.join(temporaryFolder(), 'data') })
  const made = ensureAdminKey(config)
  assert.equal(made.isNew, true)
  assert.match(made.key, /^admin_[\w-]{43}$/) // 256 bits in base64url
  const file = path.join(config.dataDir, 'admin.key')
  assert.equal(readFileSync(file, 'utf8'), `${made.key}\n`)
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.deepEqual(ensureAdminKey(config), { key: made.key, isNew: false })
  assert.equal(readAdminKey(config), made.key)
})

test('ensureAdminKey takes ADMIN_KEY where it is set, and writes nothing', () => {
  const config = readConfig({ DATA_DIR: temporaryFolder(), ADMIN_KEY: 'secret' })
  assert.deepEqual(ensureAdminKey(config), { key: 'secret', isNew: false })
  assert.equal(readAdminKey({ ...config, adminKey: undefined }), undefined)
})

test('createDataDir closes a folder that was open, and what the service keeps in it', { skip: process.platform === 'win32' }, () => {
  const folder = temporaryFolder()
  const modes = () => ['', 'node-id', 'blobs'].map(name => statSync(path.join(folder, name)).mode & 0o777)
  writeFileSync(path.join(folder, 'node-id'), 'id')
  mkdirSync(path.join(folder, 'blobs'))
  for (const name of ['', 'node-id', 'blobs']) chmodSync(path.join(folder, name), 0o755)
  assert.equal(createDataDir(folder), undefined)
  // as root the database's user must get through
  assert.deepEqual(modes(), [process.getuid?.() === 0 ? 0o711 : 0o700, 0o700, 0o700])

  chmodSync(folder, 0o755)
  writeFileSync(path.join(folder, 'letter.txt'), 'dear')
  assert.equal(createDataDir(folder), `DATA_DIR ${folder} is left as open to other users as it is, for it is not the service's alone (it holds letter.txt)`)
  assert.deepEqual(modes(), [0o755, 0o700, 0o700])
})

test('createDataDir says which folder cannot be made', () => {
  const blocked = path.join(temporaryFolder(), 'file')
  symlinkSync('/dev/null', blocked)
  assert.throws(() => createDataDir(path.join(blocked, 'data')), { name: 'OperatorError', message: /^DATA_DIR .*file.data cannot be made or read/ })
})

test('chooseDataDir as root leaves a folder that the database user cannot reach, and names both', { skip: process.getuid?.() !== 0 }, () => {
  const closed = path.join(temporaryFolder(), 'closed')
  mkdirSync(closed, { mode: 0o700 })
  const { config, note } = chooseDataDir(readConfig({ DATA_DIR: path.join(closed, 'data') }))
  assert.match(config.dataDir, /^\/var\/lib\/descent-lab\/[0-9a-f]{12}$/)
  assert.equal(config.blobStore, path.join(config.dataDir, 'blobs'))
  assert.equal(note, `Data is kept in ${config.dataDir} instead of ${closed}/data (${closed} is closed to the database user)`)
})

test('chooseDataDir keeps a folder that can be reached, and any folder when the database is elsewhere', () => {
  const open = readConfig({ DATA_DIR: path.join(temporaryFolder(), 'data') })
  assert.equal(chooseDataDir(open).config, open)
  const closed = path.join(temporaryFolder(), 'closed')
  mkdirSync(closed, { mode: 0o700 })
  const elsewhere = readConfig({ DATA_DIR: path.join(closed, 'data'), DATABASE_URL: 'postgres://h/d' })
  assert.equal(chooseDataDir(elsewhere).config, elsewhere)
})
