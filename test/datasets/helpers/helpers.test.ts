/** Helpers change no byte and no word of what comes of an upload, give way to others, and their death is told. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { deflateSync } from 'node:zlib'
import { encodeDataset } from '../../../src/datasets/dataset-file.js'
import { findFormat } from '../../../src/datasets/formats/index.js'
import { createCores, isCrowded } from '../../../src/datasets/helpers/cores.js'
import { openHelpers, type Helper, type HelperOptions, type Helpers } from '../../../src/datasets/helpers/helpers.js'
import { inOrder } from '../../../src/datasets/helpers/in-order.js'
import { createTally } from '../../../src/datasets/limits.js'
import { writePieces } from '../../../src/datasets/spool.js'
import { openStream } from '../../../src/math/random.js'
import { makeFolder } from '../../storage/fixtures.js'
import { upload, wideLimits } from '../files.js'
import { png, pngOf, zipOf, type Files } from '../pictures.js'

/** Helpers of which one is there, and their shares. */
async function start (t: TestContext, options: Partial<HelperOptions> = {}) {
  const cores = createCores(2, 2)
  const share = cores.take()
  const helpers = openHelpers({ share, heapMegabytes: 64, ...options })
  t.after(() => helpers.close())
  return { cores, share, helpers, helper: await untilThere(() => helpers.idle()) }
}

async function untilThere<T> (look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    await turn()
  }
}

/** Helpers that are there for the tasks that are told, and not for the others. */
function onlyFor (helper: Helper, isFor: (task: number) => boolean): Helpers {
  let task = 0
  return { count: 1, expectMuch () {}, idle: () => isFor(task++) ? helper : undefined, close: async () => {} }
}

interface Job { format: string, content: string | Uint8Array, options?: Record<string, unknown> }

/** What becomes of an upload: hash and description of its data set, or the error. */
async function outcome (t: TestContext, { format, content, options = {} }: Job, helpers: Helpers | undefined): Promise<unknown> {
  const folder = await makeFolder(t)
  const context = { folder, tally: createTally(wideLimits), helpers }
  try {
    const dataset = await findFormat(format).prepare({ train: await upload(t, 'x', content) }, options, context)
    const written = await writePieces(path.join(folder, 'dataset'), encodeDataset(dataset), helpers?.idle())
    const { description, report } = dataset
    return { ...written, description, report }
  } catch (error) {
    return { error: String(error) }
  }
}

/** Some 600 KB: three texts that are split. */
function table (row: (i: number) => string, last = ''): string {
  return `a,b,c\n${Array.from({ length: 20_000 }, (_, i) => row(i)).join('\n')}\n${last}`
}

const numbers = (i: number): string => `${i / 7},${i / 11},${i % 3}`
const quoted = (i: number): string => `"line\r\nend ""${i % 50}""",${i % 11 === 0 ? '' : i},"class ${i % 3}"\r`
const cells = { missingCells: 'mean' }
const jobs: Record<string, Job> = {
  'a table of numbers': { format: 'csv', content: table(numbers) },
  'a table of quoted words with line ends, and cells without a value': { format: 'csv', content: table(quoted), options: cells },
  'a table whose cells are short': { format: 'csv', content: `${'a,'.repeat(50)}b\n${`${'1,'.repeat(50)}0\n${'2,'.repeat(50)}1\n`.repeat(1500)}` },
  'a row that is too short, late': { format: 'csv', content: table(numbers, '1,2\n3,4,5\n') },
  'a quote in a cell, late': { format: 'csv', content: table(quoted, '1,a"b,x\n'), options: cells },
  'a quote that is not closed': { format: 'csv', content: table(quoted, '"1,2,x\n'), options: cells },
  'a text after a quote, before a quote in a cell': { format: 'csv', content: table(numbers, '"1"2,3,4\n1,a"b,x\n') },
  'a word among numbers, before a row that is too long': { format: 'csv', content: table(numbers, 'x,2,1\n1,2,3,4\n') },
  'bytes that are no text, after a row that is too long': { format: 'csv', content: Buffer.concat([Buffer.from(table(numbers, '1,2,3,4\n')), Buffer.from([0xff])]) },
  'a row that never ends': { format: 'csv', content: table(numbers, `"${'x'.repeat(4_500_000)}`) },
  'pictures of two classes': pictures({}),
  'a broken picture before one of another size': pictures({ 'a/50.png': Buffer.from(png(4, 4, 1)).subarray(0, 40), 'a/60.png': png(5, 4, 1) }),
  'a picture of another size before a broken one': pictures({ 'a/50.png': png(5, 4, 1), 'a/60.png': 'nothing' }),
  'pictures with masks': masks({}),
  'a mask with a number that is no class': masks({ 'masks/70.png': png(4, 4, 9) }, { classNames: ['a', 'b', 'c'] }),
  'a mask of another size, of a picture of another size': masks({ 'images/70.png': png(5, 4, 1), 'masks/70.png': png(3, 3, 1) })
}

function pictures (more: Files): Job {
  const all: Files = {}
  for (let i = 0; i < 100; i++) all[`${i % 2 === 0 ? 'a' : 'b'}/${String(i).padStart(2, '0')}.png`] = png(4, 4, Array.from({ length: 16 }, (_, at) => (i * at) % 256))
  return { format: 'pictures', content: zipOf({ ...all, ...more }, false) }
}

function masks (more: Files, options: Record<string, unknown> = {}): Job {
  const all: Files = {}
  for (let i = 10; i < 90; i++) Object.assign(all, { [`images/${i}.png`]: png(4, 4, i), [`masks/${i}.png`]: png(4, 4, i % 3) })
  return { format: 'pictures', content: zipOf({ ...all, ...more }), options }
}

/** Rows of a grey picture, packed: with every filter, and all alike otherwise. */
function rows (side: number, seed: number): Buffer {
  const filtered = (filter: number): Buffer => Buffer.concat([Buffer.from([filter]), Buffer.alloc(side, seed + 1)])
  return deflateSync(Buffer.concat(Array.from({ length: side }, (_, row) => filtered(row % 5))), { level: 1 })
}

test('helpers: what comes of an upload is the same whoever does its tasks, and what is wrong with it, too', async t => {
  const { helper } = await start(t)
  const stream = openStream(1, 'tasks')
  for (const [what, job] of Object.entries(jobs)) {
    const alone = await outcome(t, job, undefined)
    assert.deepEqual(await outcome(t, job, onlyFor(helper, () => true)), alone, what)
    assert.deepEqual(await outcome(t, job, onlyFor(helper, () => stream.integer(2) === 1)), alone, what)
  }
})

test('helpers: pictures of which there is enough for once come in several answers', async t => {
  const { helper } = await start(t)
  const large = (i: number): Buffer => pngOf({ width: 1500, height: 1500, depth: 8, type: 0, interlace: 0 }, [['IDAT', rows(1500, i)]])
  const job = { format: 'pictures', content: zipOf(Object.fromEntries(Array.from({ length: 4 }, (_, i) => [`${i % 2}/${i}.png`, large(i)])), false) }
  const alone = await outcome(t, job, undefined)
  assert.deepEqual(await outcome(t, job, onlyFor(helper, () => true)), alone)
  assert.ok('sha256' in (alone as object), JSON.stringify(alone))
})

test('writePieces: a helper makes the same hash, however much there is', async t => {
  const { helper } = await start(t)
  const folder = await makeFolder(t)
  for (const count of [0, 1, 9]) {
    const pieces = Array.from({ length: count }, (_, i) => Buffer.alloc(1_000_000, i))
    const all = Buffer.concat(pieces)
    const expected = { sha256: createHash('sha256').update(all).digest('hex'), sizeBytes: all.length }
    assert.deepEqual(await writePieces(path.join(folder, `a${count}`), pieces), expected)
    assert.deepEqual(await writePieces(path.join(folder, `b${count}`), pieces, helper), expected)
  }
})

test('helpers: one that dies ends the upload with an error that says so', async t => {
  const { helpers, helper } = await start(t, { entry: new URL('./dying-thread.js', import.meta.url) })
  const { error } = await outcome(t, jobs['a table of numbers']!, onlyFor(helper, () => true)) as { error: string }
  assert.match(error, /a thread that helped to read the upload died: it ended with the code 3; nothing was stored/)
  assert.throws(() => helpers.idle(), { code: 'internal', detail: /it ended with the code 3/ })
})

test('helpers: one that has no memory is told as what it is', async t => {
  const share = createCores(1, 2).take()
  const helpers = openHelpers({ share, heapMegabytes: 1 })
  t.after(() => helpers.close())
  await assert.rejects(untilThere(() => { helpers.idle() }), { code: 'invalid_dataset', detail: /at most 1 MB of memory, got more/ })
})

const countsThreads = process.platform === 'linux' ? {} : { skip: 'only Linux lists the threads of a process' }

test('helpers: one that has nothing left to do is there at once for the next upload, without what the last one left', async t => {
  const { helpers, helper } = await start(t, { heapMegabytes: 65 })
  const folder = await makeFolder(t)
  const file = path.join(folder, 'a')
  writeFileSync(file, 'first')
  await helper.run('follow', { file, end: 5, isAll: false }) // its upload ends before all is written
  await helpers.close()
  for (const heapMegabytes of [66, 65]) {
    const others = openHelpers({ share: createCores(1, 2).take(), heapMegabytes })
    t.after(() => others.close())
    others.expectMuch()
    const next = others.idle()
    assert.equal(next !== undefined, heapMegabytes === 65, 'one of the same bounds')
    writeFileSync(file, 'other')
    const sha256 = createHash('sha256').update('other').digest('hex')
    assert.deepEqual(await next?.run('follow', { file, end: 5, isAll: true }), next && sha256)
  }
})

test('helpers: none outlives the thread that it helps, which is ended when its client has gone', countsThreads, async t => {
  await makeFolder(t) // the threads that read files are there
  const count = (): number => readdirSync('/proc/self/task').length
  const before = count()
  const thread = new Worker(new URL('./helped-thread.js', import.meta.url))
  t.after(() => thread.terminate())
  await once(thread, 'message')
  assert.ok(count() >= before + 2, 'it and its helper')
  await thread.terminate()
  await untilThere(() => count() <= before ? true : undefined)
})

test('helpers: there are as many threads as cores, and one ends when another upload lacks a core', async t => {
  const { cores, share, helpers } = await start(t)
  const held = (): number => new Int32Array(share.held).reduce((sum, count) => sum + count, 0)
  for (let i = 0; i < 100; i++) helpers.idle()
  assert.deepEqual([held(), helpers.count], [2, 1], 'two cores: this thread and one helper')
  const other = cores.take()
  assert.equal(isCrowded(share), true)
  await untilThere(() => helpers.idle() ?? (held() === 2 ? true : undefined))
  assert.deepEqual([helpers.count, isCrowded(share)], [0, false])
  for (let i = 0; i < 100; i++) assert.equal(helpers.idle(), undefined)
  cores.giveBack(other)
  await untilThere(() => helpers.idle())
  assert.equal(held(), 2)
})

test('createCores: what an upload held is free when it is given back, whatever it held', () => {
  const cores = createCores(2, 4)
  const first = cores.take()
  new Int32Array(first.held)[first.place] = 4
  assert.equal(isCrowded(first), false)
  const second = cores.take()
  assert.equal(isCrowded(second), true)
  assert.throws(() => cores.take(), /at most 2 uploads/)
  cores.giveBack(first)
  assert.equal(isCrowded(second), false)
  cores.take()
})

test('inOrder: answers come in order, and what is wrong is told when what came before was given', async () => {
  const given: number[] = []
  const ended: number[] = []
  const work = {
    async here (task: number) {
      for (let i = 0; i < 5 - task % 5; i++) await turn()
      ended.push(task)
      if (task === 7) throw new Error('seven')
      return 10 * task
    },
    there: () => { throw new Error('there is no helper') }
  }
  await assert.rejects(async () => {
    for await (const { task, answer } of inOrder(undefined, Array.from({ length: 20 }, (_, i) => i), work)) {
      assert.equal(answer, 10 * task)
      given.push(task)
    }
  }, /seven/)
  assert.deepEqual(given, [0, 1, 2, 3, 4, 5, 6])
  const before = ended.length
  for (let i = 0; i < 10; i++) await turn()
  assert.equal(ended.length, before, 'nothing is at work any more')
})

test('helpers: where much is expected one is there before it was asked for, and never one more than there are cores', async t => {
  const cores = createCores(2, 2)
  const share = cores.take()
  const helpers = openHelpers({ share, heapMegabytes: 64 })
  t.after(() => helpers.close())
  assert.equal(helpers.count, 0)
  helpers.expectMuch()
  helpers.expectMuch()
  assert.equal(helpers.count, 1)
  const other = openHelpers({ share: cores.take(), heapMegabytes: 64 })
  other.expectMuch()
  assert.equal(other.count, 0, 'both cores have a thread')
})
