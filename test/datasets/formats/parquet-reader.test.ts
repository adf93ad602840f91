/** Parquet files as tables: what pyarrow and pandas wrote, in every codec, is what they had; what is broken is refused by name. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { AppError } from '../../../src/errors.js'
import { openStream } from '../../../src/math/random.js'
import { openCsv } from '../../../src/datasets/formats/csv/reader.js'
import { openParquet } from '../../../src/datasets/formats/parquet/reader.js'
import { createTally, type UploadedFile, type UploadLimits } from '../../../src/datasets/limits.js'
import { makeFolder } from '../../storage/fixtures.js'
import { prepare, upload, wideLimits } from '../files.js'
import { fixture, readAll } from './tables.js'

async function open (t: TestContext, file: UploadedFile, limits: Partial<UploadLimits> = {}) {
  return await openParquet(file, { folder: await makeFolder(t), tally: createTally({ ...wideLimits, ...limits }) })
}

const names = [
  'int8', 'int64', 'uint64', 'float16', 'float32', 'float64', 'decimal', 'small decimal', 'text', 'category', 'boolean', 'date', 'seconds', 'moment', 'nanoseconds', 'zoned', 'time'
]
const none = names.map(() => '')
/** The rows of make.py. */
const rows = [
  [
    '1', '9007199254740993', '18446744073709551615', '0.5', '0.1', '0.1', '12345678901234567890.05', '1.50', 'Köln', 'x', 'true', '2024-02-29',
    '2024-02-29T23:59:58', '2024-02-29T23:59:58.123456', '2024-02-29T23:59:58.123456789', '2024-02-29T23:59:58.123456Z', '01:02:03.000004'
  ],
  none,
  [
    '-128', '-3', '3', '-2', 'NaN', 'Infinity', '-0.50', '-0.05', ' a,"b" ', 'x', 'false', '1969-12-31',
    '1969-12-31', '1969-12-31T01:02:03', '1969-12-31T23:59:59.999999999', '2024-02-29T23:59:58.123456Z', '23:59:00'
  ]
]

test('openParquet: every type of value has its text, in every codec and kind of page, plain and gzip', async t => {
  const files = ['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4', 'plain', 'pages-v2'].map(name => `${name}.parquet`)
  for (const name of [...files, 'snappy.parquet.gz']) {
    const source = await open(t, fixture(name))
    assert.deepEqual([source.hasNames, source.first.cells], [true, names], name)
    for (let again = 0; again < 2; again++) {
      const { texts, lines } = await readAll(source)
      assert.deepEqual(texts, rows, name)
      assert.deepEqual(lines, [1, 2, 3])
    }
  }
  const groups = await readAll(await open(t, fixture('groups.parquet')))
  assert.deepEqual([groups.texts, groups.lines], [[...rows, ...rows, ...rows], [1, 2, 3, 4, 5, 6, 7, 8, 9]])
  const int96 = await readAll(await open(t, fixture('int96.parquet')))
  assert.deepEqual(int96.texts, rows.map(row => [row[names.indexOf('moment')]]))
})

test('openParquet: numbers are those of the values, and none where there is no finite one', async t => {
  const { numbers } = await readAll(await open(t, fixture('none.parquet')))
  assert.deepEqual(numbers, [
    [1, 9007199254740992, 2 ** 64, 0.5, Math.fround(0.1), 0.1, Number('12345678901234567890.05'), 1.5, ...Array(9).fill(NaN)],
    names.map(() => NaN),
    [-128, -3, 3, -2, NaN, NaN, -0.5, -0.05, ...Array(9).fill(NaN)]
  ])
})

test('openParquet: a table that pandas wrote is that of its CSV file', async t => {
  const parquet = await readAll(await open(t, fixture('pandas.parquet')))
  const csv = await readAll(await openCsv(fixture('pandas.csv'), { header: 'true' }, createTally(wideLimits)))
  const truth = (texts: string[][]) => texts.map(row => row.map(text => text.replace(/^(True|False)$/, word => word.toLowerCase()).replace('-1e-07', '-1e-7')))
  assert.deepEqual([parquet.texts, parquet.numbers], [truth(csv.texts), csv.numbers])
  const indexed = await open(t, fixture('pandas-index.parquet'))
  assert.deepEqual(indexed.first.cells, ['count', 'size', 'place', 'open', 'kind', 'day'])
})

test('parquet: the same table gives the same bytes as a data set of CSV', async t => {
  const options = { labelColumn: 'kind', columns: { place: 'ignore', open: 'ignore' }, testCount: 1 }
  const of = async (format: string, name: string) => (await prepare(t, { type: 'upload', format, files: { train: fixture(name) }, options })).bytes
  const csv = await of('csv', 'pandas.csv')
  assert.deepEqual(await of('parquet', 'pandas.parquet'), csv)
  assert.deepEqual(await of('csv', 'excel-unicode.txt'), csv)
})

test('openParquet: a row is found wherever the pages and row groups end', async t => {
  const { texts, lines } = await readAll(await open(t, fixture('pages.parquet')))
  assert.deepEqual(texts, Array.from({ length: 150_000 }, (_, i) => [String(i), i % 5 === 0 ? '' : `word ${i % 7}`]))
  assert.deepEqual([lines[0], lines.at(-1)], [1, 150_000])
})

test('openParquet: columns that are no column of a table are refused by name', async t => {
  const cases: [name: string, detail: string][] = [
    ['list.parquet', 'column 1 ("list") must have one number, text, truth value, date or time a row, got nested values (LIST)'],
    ['struct.parquet', 'column 1 ("pair") must have one number, text, truth value, date or time a row, got nested values (a group)']
  ]
  for (const [name, detail] of cases) await assert.rejects(open(t, fixture(name)), { code: 'invalid_dataset', detail: `file "${name}": ${detail}` })
  await assert.rejects(async () => await readAll(await open(t, fixture('bytes.parquet'))), { code: 'invalid_dataset', detail: /^file "bytes\.parquet": column "x" must be Parquet, got "The encoded data was not valid/ })
})

test('openParquet: what an upload becomes is bounded before it is unpacked', async t => {
  await assert.rejects(open(t, fixture('zstd.parquet'), { maxUnpackedBytes: 300 }), { code: 'invalid_dataset', detail: /at most 300 bytes when unpacked/ })
  await assert.rejects(open(t, fixture('snappy.parquet.gz'), { maxUnpackedBytes: 1000 }), { code: 'invalid_dataset', detail: /at most 1000 bytes when unpacked/ })
})

test('openParquet: what is no Parquet file is refused', async t => {
  const whole = readFileSync(fixture('snappy.parquet').path)
  const long = Buffer.concat([whole.subarray(0, -8), Buffer.from('ffffff7f', 'hex'), Buffer.from('PAR1')])
  const cases: [content: Uint8Array, detail: RegExp][] = [
    [Buffer.from(''), /must begin and end with PAR1/], [Buffer.from('a,b\n1,2\n3,4\n'), /must begin and end with PAR1/],
    [whole.subarray(0, -1), /must begin and end with PAR1/], [long, /the description at its end must have at most/],
    [gzipSync('a,b\n1,2\n'), /must begin and end with PAR1/], [gzipSync(whole).subarray(0, -20), /gzip must be complete/]
  ]
  for (const [content, detail] of cases) await assert.rejects(open(t, await upload(t, 'x.parquet', content), {}), { code: 'invalid_dataset', detail })
})

test('openParquet: a damaged file is refused or read, and nothing else happens', async t => {
  const stream = openStream(5, 'parquet')
  let refused = 0
  for (const name of ['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4', 'pages-v2', 'groups']) {
    const whole = readFileSync(fixture(`${name}.parquet`).path)
    const file = await upload(t, 'x.parquet', whole)
    const folder = await makeFolder(t)
    for (let i = 0; i < 60; i++) {
      const damaged = Buffer.from(whole)
      for (let bytes = 1 + stream.integer(4); bytes > 0; bytes--) damaged[4 + stream.integer(whole.length - 12)] = stream.integer(256)
      writeFileSync(file.path, damaged)
      try {
        await readAll(await openParquet(file, { folder, tally: createTally({ ...wideLimits, maxRows: 1e5 }) }))
      } catch (error) {
        assert.ok(error instanceof AppError && error.code === 'invalid_dataset', `${name}, try ${i}: ${String((error as Error).stack)}`)
        refused++
      }
    }
  }
  assert.ok(refused > 100, `${refused} were refused`)
})
