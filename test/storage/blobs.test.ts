/** Blobs appear whole or not at all, once per content, and go only when nothing refers to them and they are old. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { createBlobStore } from '../../src/storage/blobs.js'
import { REMOVAL_LOCK } from '../../src/storage/dump.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeBlobs, makeCheckpoint, makeModel, makeTeam, newDataset } from './fixtures.js'

const hello = Buffer.from('hello')
const helloSha = createHash('sha256').update(hello).digest('hex')

test('blobs.put: stores bytes under their sha-256, in two levels of folders', async t => {
  const blobs = await makeBlobs(t, await openTestDatabase(t))
  assert.deepEqual(await blobs.put(hello), { sha256: helloSha, sizeBytes: 5 })
  assert.ok(existsSync(blobs.path(helloSha)))
  assert.equal(Buffer.from(await blobs.read(helloSha)).toString(), 'hello')
})

test('blobs.put: a stream and bytes of the same content are one blob', async t => {
  const db = await openTestDatabase(t)
  const blobs = await makeBlobs(t, db)
  async function * chunks () { yield hello.subarray(0, 2); yield hello.subarray(2) }
  const [a, b] = await Promise.all([blobs.put(chunks()), blobs.put(hello)])
  assert.deepEqual(a, b)
  assert.equal(await db.prisma.blob.count(), 1)
  assert.deepEqual(await readdir(path.join(blobs.folder, 'unfinished')), [])
})

test('blobs.put: a stream that breaks leaves no file and no row', async t => {
  const db = await openTestDatabase(t)
  const blobs = await makeBlobs(t, db)
  async function * broken () { yield hello; throw new Error('the line broke') }
  await assert.rejects(blobs.put(broken()), /the line broke/)
  assert.deepEqual((await readdir(blobs.folder, { recursive: true })), ['unfinished'])
  assert.equal(await db.prisma.blob.count(), 0)
})

test('blobs: nobody but their user can look at them, also in a folder that was open', { skip: process.platform === 'win32' }, async t => {
  const db = await openTestDatabase(t)
  const { folder } = await makeBlobs(t, db)
  await chmod(folder, 0o755)
  await mkdir(path.join(folder, 'ab'), { mode: 0o755 })
  const blobs = createBlobStore(folder, db)
  await blobs.put(hello)
  const entries = await readdir(folder, { recursive: true })
  for (const entry of ['', ...entries]) {
    const { mode } = await stat(path.join(folder, entry))
    assert.equal(mode & 0o077, 0, `${entry} has mode ${mode.toString(8)}`)
  }
})

test('blobs: a folder that holds other things keeps its mode', { skip: process.platform === 'win32' }, async t => {
  const db = await openTestDatabase(t)
  const { folder } = await makeBlobs(t, db)
  await writeFile(path.join(folder, 'letter.txt'), 'dear')
  await chmod(folder, 0o755)
  createBlobStore(folder, db)
  assert.equal((await stat(folder)).mode & 0o777, 0o755)
})

test('blobs.put: writes a file again that is missing or was cut', async t => {
  const blobs = await makeBlobs(t, await openTestDatabase(t))
  await blobs.put(hello)
  await writeFile(blobs.path(helloSha), 'he')
  await blobs.put(hello)
  assert.equal(await text(await blobs.stream(helloSha)), 'hello')
})

test('blobs: whole, shared, ranged and streamed reads agree', async t => {
  const blobs = await makeBlobs(t, await openTestDatabase(t))
  await blobs.put(hello)
  const shared = await blobs.readShared(helloSha)
  assert.ok(shared.buffer instanceof SharedArrayBuffer)
  assert.deepEqual([...shared], [...hello])
  assert.equal(Buffer.from(await blobs.readRange(helloSha, 1, 3)).toString(), 'ell')
  assert.equal(await text(await blobs.stream(helloSha, { start: 1, end: 3 })), 'ell')
})

test('blobs: what is not there or ends too early is file_missing, what is no hash not_found', async t => {
  const blobs = await makeBlobs(t, await openTestDatabase(t))
  await blobs.put(hello)
  await assert.rejects(blobs.read('0'.repeat(64)), { code: 'file_missing' })
  await assert.rejects(blobs.readRange(helloSha, 3, 3), { code: 'file_missing' })
  await assert.rejects(blobs.read('../../etc/passwd'), { code: 'not_found' })
  await assert.rejects(blobs.stream('0'.repeat(64)), { code: 'file_missing' })
  assert.deepEqual([await blobs.has(helloSha), await blobs.has('0'.repeat(64))], [true, false])
})

test('blobs.sweep: frees what nothing refers to, and keeps what any table refers to', async t => {
  const db = await openTestDatabase(t)
  const blobs = await makeBlobs(t, db)
  const team = await makeTeam(db)
  const [loose, data, weights, picture, snapshot, part] = await Promise.all(['loose', 'data', 'weights', 'picture', 'snapshot', 'part'].map(text => blobs.put(Buffer.from(text))))
  const dataset = await team.datasets.create(newDataset({ blob: data! }))
  const model = await makeModel(db, team, dataset)
  await makeCheckpoint(db, team, model, 1, weights!.sha256)
  const { trialId } = model
  await db.prisma.artifact.create({ data: { id: trialId, teamId: team.teamId, trialId, name: 'a', step: 1, mediaType: 'image/png', blobSha: picture!.sha256, sizeBytes: 7 } })
  await db.prisma.snapshot.create({ data: { trialId, ordinal: 0, step: 0, blobSha: snapshot!.sha256 } })
  const index = await team.indexes.startBuilding(model.modelId, 'last', async () => {})
  await db.prisma.influencePart.create({ data: { indexId: index.id, step: 1, blobSha: part!.sha256, sizeBytes: 4 } })

  assert.deepEqual(await blobs.sweep(0), { files: 1, bytes: loose!.sizeBytes })
  assert.ok(!existsSync(blobs.path(loose!.sha256)))
  for (const kept of [data, weights, picture, snapshot, part]) assert.ok(existsSync(blobs.path(kept!.sha256)))
})

test('blobs.sweep: touches nothing that is younger than an hour', async t => {
  const db = await openTestDatabase(t)
  const blobs = await makeBlobs(t, db)
  await blobs.put(hello)
  assert.deepEqual(await blobs.sweep(), { files: 0, bytes: 0 })
  await makeOld(db, helloSha)
  await blobs.put(hello) // young again: somebody is about to refer to it
  assert.deepEqual(await blobs.sweep(), { files: 0, bytes: 0 })
  await makeOld(db, helloSha)
  assert.deepEqual(await blobs.sweep(), { files: 1, bytes: 5 })
})

test('blobs.sweep: removes old half-written files and files without a row', async t => {
  const blobs = await makeBlobs(t, await openTestDatabase(t))
  const stray = blobs.path('f'.repeat(64))
  const half = path.join(blobs.folder, 'unfinished', 'half')
  await mkdir(path.dirname(stray), { recursive: true })
  for (const file of [stray, half]) await writeFile(file, 'xx')
  assert.deepEqual(await blobs.sweep(), { files: 0, bytes: 0 })
  for (const file of [stray, half]) await utimes(file, new Date(0), new Date(0))
  assert.deepEqual(await blobs.sweep(), { files: 2, bytes: 4 })
})

test('blobs.sweep: beside puts of the same bytes never loses what was put last', async t => {
  const db = await openTestDatabase(t)
  const blobs = await makeBlobs(t, db)
  for (let round = 0; round < 20; round++) {
    await blobs.put(hello)
    await makeOld(db, helloSha)
    await Promise.all([blobs.put(hello), blobs.sweep(), blobs.sweep()])
    assert.equal(Buffer.from(await blobs.read(helloSha)).toString(), 'hello')
    assert.equal(await db.prisma.blob.count(), 1)
  }
})

test('blobs.sweep: a file that cannot be removed keeps no other from going', async t => {
  const db = await openTestDatabase(t)
  const blobs = await makeBlobs(t, db)
  const [stuck, ...others] = await Promise.all([1, 2, 3].map(async size => await blobs.put(new Uint8Array(size))))
  const file = path.join(blobs.folder, stuck!.sha256.slice(0, 2), stuck!.sha256.slice(2, 4), stuck!.sha256)
  await rm(file)
  await mkdir(file) // a folder is no file to unlink
  await assert.rejects(blobs.sweep(0), /1 blobs could not be removed/)
  assert.deepEqual((await db.prisma.blob.findMany()).map(({ sha256 }) => sha256), [stuck!.sha256])
  for (const { sha256 } of others) await assert.rejects(blobs.read(sha256), { code: 'file_missing' })
})

async function makeOld (db: Awaited<ReturnType<typeof openTestDatabase>>, sha256: string): Promise<void> {
  await db.prisma.blob.update({ where: { sha256 }, data: { createdAt: new Date(Date.now() - 2 * 3_600_000) } })
}

test('blobs: nothing is removed while a backup is made, and what was to go goes with the next sweep', async t => {
  const db = await openTestDatabase(t)
  const blobs = await makeBlobs(t, db)
  const { sha256 } = await blobs.put(new TextEncoder().encode('to go'))
  const backup = await db.pool.connect()
  await backup.query('select pg_advisory_lock($1)', [REMOVAL_LOCK])
  await blobs.free([sha256])
  assert.deepEqual(await blobs.sweep(0), { files: 0, bytes: 0 })
  assert.ok(await blobs.has(sha256))
  await backup.query('select pg_advisory_unlock($1)', [REMOVAL_LOCK])
  backup.release()
  assert.deepEqual(await blobs.sweep(0), { files: 1, bytes: 5 })
  assert.ok(!await blobs.has(sha256))
})
