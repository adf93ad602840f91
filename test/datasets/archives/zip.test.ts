/** Zip archives: their members and bytes; what is broken, hidden, encrypted or a bomb is refused by name. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { isZip, openZip } from '../../../src/datasets/archives/zip.js'
import { createTally } from '../../../src/datasets/limits.js'
import { upload, wideLimits } from '../files.js'
import { zip, type Member } from '../zips.js'

const FLAG_ENCRYPTED = 1
const FLAG_UTF8 = 0x800

async function open (t: TestContext, content: Uint8Array, maxUnpackedBytes = wideLimits.maxUnpackedBytes) {
  const archive = await openZip(await upload(t, 'a.zip', content), createTally({ ...wideLimits, maxUnpackedBytes }))
  t.after(() => { archive.close() })
  return archive
}

/** All members and what they hold. */
async function readAll (t: TestContext, content: Uint8Array): Promise<Record<string, string>> {
  const archive = await open(t, content)
  const texts: Record<string, string> = {}
  for (const member of archive.members) {
    const pieces: Buffer[] = []
    for await (const piece of archive.read(member)) pieces.push(piece)
    texts[member.name] = Buffer.concat(pieces).toString()
    assert.equal(Buffer.byteLength(texts[member.name]!), member.sizeBytes)
  }
  return texts
}

test('openZip: members stored and deflated, folders, an empty archive, a comment', async t => {
  const long = 'abc'.repeat(100_000)
  const content = zip([{ name: 'a/' }, { name: 'a/b.txt', data: 'stored' }, { name: 'long', data: long, deflate: true }], 'a comment')
  assert.deepEqual(await readAll(t, content), { 'a/': '', 'a/b.txt': 'stored', long })
  assert.deepEqual((await open(t, content)).members.map(({ isFolder }) => isFolder), [true, false, false])
  assert.deepEqual(await readAll(t, zip([])), {})
  assert.deepEqual([isZip(content), isZip(zip([])), isZip(Buffer.from('PKab')), isZip(Buffer.alloc(0))], [true, true, false, false])
})

test('openZip: a member can be read twice, and counts once', async t => {
  const archive = await open(t, zip([{ name: 'a', data: '0123456789', deflate: true }]), 10)
  for (let round = 0; round < 2; round++) {
    for await (const piece of archive.read(archive.members[0]!)) assert.equal(piece.toString(), '0123456789')
  }
})

test('openZip: names are UTF-8 where they can be, in composed form, else code page 437', async t => {
  const names: Member[] = [
    { name: 'e\u0301' }, { name: 'ü', says: { flags: FLAG_UTF8 } }, { name: Uint8Array.of(0x84) }, { name: 'dir\\file' }, { name: 'a..b' }
  ]
  assert.deepEqual((await open(t, zip(names))).members.map(({ name }) => name), ['é', 'ü', 'ä', 'dir/file', 'a..b'])
})

const outside = ['../x', 'a/../../x', '/etc/passwd', 'C:\\x', 'a\\..\\x', '..', 'a\nb', '']
for (const name of outside) {
  test(`openZip: refuses the name ${JSON.stringify(name)}`, async t => {
    await assert.rejects(open(t, zip([{ name: 'good' }, { name }])), { code: 'invalid_dataset', detail: /file "a\.zip": a member's name must be a path within/ })
  })
}

/** Read as a stream, where small members are read at once. */
const large = Buffer.alloc(3e6)

const broken: [what: string, content: Uint8Array, detail: RegExp][] = [
  ['an encrypted member', zip([{ name: 'a', data: 'x'.repeat(12), says: { flags: FLAG_ENCRYPTED, size: 0 } }]), /the member "a" must not be encrypted/],
  ['another compression', zip([{ name: 'a', data: 'xyz', says: { method: 14 } }]), /the member "a" must be stored \(0\) or deflated \(8\), got method 14/],
  ['two of one name', zip([{ name: 'a' }, { name: 'a' }]), /every member must have a name of its own, got "a" twice/],
  ['two names that are one when composed', zip([{ name: 'é' }, { name: 'e\u0301' }]), /a name of its own/],
  ['a very long name', zip([{ name: 'x'.repeat(1001) }]), /at most 1000 characters, got 1001/],
  ['a cut file', zip([{ name: 'a', data: 'some text' }]).subarray(0, -10), /the zip archive must be intact/],
  ['a wrong checksum', zip([{ name: 'a', data: 'some text', says: { crc: 1 } }]), /the member "a" must have the checksum 00000001/],
  ['less than it says', zip([{ name: 'a', data: 'some text', deflate: true, says: { size: 10 } }]), /the member "a" must be intact, got "not enough bytes: 10/],
  ['more than it says', zip([{ name: 'a', data: 'x'.repeat(100_000), deflate: true, says: { size: 10 } }]), /the member "a" must be intact, got "too many bytes: 10/],
  ['less than it says of a large member', zip([{ name: 'a', data: large, deflate: true, says: { size: 4e6 } }]), /the member "a" must be intact, got "not enough bytes/],
  ['more than it says of a large member', zip([{ name: 'a', data: large, deflate: true, says: { size: 2e6 } }]), /the member "a" must be intact, got "too many bytes/],
  ['damaged deflate', zip([{ name: 'a', data: '\xff\xff\xff', says: { method: 8 } }]), /the member "a" must be intact/]
]
for (const [what, content, detail] of broken) {
  test(`openZip: refuses ${what}`, async t => {
    await assert.rejects(readAll(t, content), { code: 'invalid_dataset', detail })
  })
}

test('openZip: refuses a bomb by what it says before anything is unpacked', async t => {
  const zeros = Buffer.alloc(1_000_000)
  const content = zip([{ name: 'a', data: zeros, deflate: true }, { name: 'b', data: zeros, deflate: true }])
  await assert.rejects(open(t, content, 1_999_999), { code: 'invalid_dataset', detail: /at most 1999999 bytes when unpacked \(MAX_UNPACKED_BYTES\), got more/ })
  assert.equal((await open(t, content, 2_000_000)).members.length, 2)
})
