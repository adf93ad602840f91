/** Tar archives: their members and bytes, plain and in gzip; links, names that lead elsewhere and cut files are refused. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { readMember } from '../../../src/datasets/archives/archive.js'
import { openArchive } from '../../../src/datasets/archives/open.js'
import { createTally } from '../../../src/datasets/limits.js'
import { makeFolder } from '../../storage/fixtures.js'
import { upload, wideLimits } from '../files.js'
import { tarOf } from '../pictures.js'

async function open (t: TestContext, content: Uint8Array, maxUnpackedBytes = wideLimits.maxUnpackedBytes) {
  const archive = await openArchive(await upload(t, 'a.tar', content), { folder: await makeFolder(t), tally: createTally({ ...wideLimits, maxUnpackedBytes }) })
  t.after(() => { archive.close() })
  return archive
}

async function readAll (t: TestContext, content: Uint8Array): Promise<Record<string, string>> {
  const archive = await open(t, content)
  const texts: Record<string, string> = {}
  for (const member of [...archive.members].reverse()) texts[member.name] = (await readMember(archive, member)).toString()
  return texts
}

const long = 'x/'.repeat(150) + 'ö'
const files = { 'a/': '', 'a/b.txt': 'text', [long]: 'long name', large: 'abc'.repeat(1_000_000), empty: '' }

test('openArchive: members of a tar in any order, of any length, with long names, plain and in gzip', async t => {
  const tar = await tarOf(files)
  assert.deepEqual(await readAll(t, tar), files)
  assert.deepEqual(await readAll(t, gzipSync(tar)), files)
  assert.deepEqual((await open(t, tar)).members.filter(({ isFolder }) => isFolder).map(({ name }) => name), ['a/'])
})

test('openArchive: names of a tar are UTF-8, or Latin-1 where they are not, composed, and without ./', async t => {
  const latin = await tarOf({ 'Vxgel/1': 'x' })
  latin[1] = 0xf6
  fixChecksum(latin)
  assert.deepEqual(Object.keys(await readAll(t, latin)), ['Vögel/1'])
  assert.deepEqual(Object.keys(await readAll(t, await tarOf({ './': '', './Vo\u0308gel/1': 'x' }))), ['Vögel/1'])
})

test('openArchive: refuses links, devices and names that lead elsewhere', async t => {
  const refused = async (entries: Parameters<typeof tarOf>[0], detail: RegExp) =>
    await assert.rejects(open(t, await tarOf(entries)), { name: 'AppError', code: 'invalid_dataset', detail })
  await refused([{ name: 'a', type: 'symlink', linkname: '/etc/passwd' }], /the member "a" must be a file or a folder, got a link/)
  await refused([{ name: 'a', type: 'link', linkname: 'b' }], /the member "a" must be a file or a folder, got a link/)
  await refused([{ name: 'a', type: 'fifo' }], /the member "a" must be a file or a folder, got fifo/)
  for (const name of ['/etc/passwd', '../a', 'a/../../b', 'C:\\a', 'a\\..\\..\\b']) await refused({ [name]: 'x' }, /a member's name must be a path within the archive, without control characters, got "/)
  await refused([{ name: 'a', data: '1' }, { name: './a', data: '2' }], /every member must have a name of its own, got "a" twice/)
})

test('openArchive: refuses a tar that was cut or damaged, and one that is too large', async t => {
  const tar = await tarOf({ a: 'one', b: 'x'.repeat(2000) })
  const refused = (bytes: Uint8Array, detail: RegExp, most?: number) => assert.rejects(open(t, bytes, most), { name: 'AppError', code: 'invalid_dataset', detail })
  await refused(tar.subarray(0, 2000), /the tar archive must be intact, got "Unexpected end of data"/)
  await refused(tar.subarray(0, 3584), /the tar archive must be intact and end with a block of zeros/)
  await refused(Buffer.concat([tar.subarray(0, 1030), Buffer.alloc(1, 1), tar.subarray(1031)]), /the tar archive must be intact, got "Invalid tar header/)
  await refused(gzipSync(tar).subarray(0, 60), /gzip must be complete, got a truncated stream/)
  await refused(gzipSync(Buffer.concat([await tarOf({ zeros: Buffer.alloc(3_000_000) })])), /at most 1000000 bytes when unpacked/, 1_000_000)
})

/** Writes the checksum of a tar's first header anew. */
function fixChecksum (tar: Buffer): void {
  tar.fill(' ', 148, 156)
  const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
}
