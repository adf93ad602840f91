/** Records of a CSV text, wherever its pieces end, are those that csv-parse finds in the whole. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { openStream } from '../../../src/math/random.js'
import { readRecords, type CsvRecord } from '../../../src/datasets/formats/csv/records.js'

const file = { path: '', name: 'x.csv' }

async function read (text: string, cuts: number[] = []): Promise<CsvRecord[]> {
  async function * pieces () {
    const ends = [...cuts.sort((a, b) => a - b), text.length]
    for (let i = 0, at = 0; i < ends.length; at = ends[i++]!) yield text.slice(at, ends[i])
  }
  const all: CsvRecord[] = []
  for await (const records of readRecords(file, pieces())) all.push(...records)
  return all
}

test('readRecords: agrees with csv-parse on a thousand random texts, cut anywhere', async () => {
  const stream = openStream(7, 'csv')
  const pick = <T>(from: readonly T[]): T => from[stream.integer(from.length)]!
  for (let i = 0; i < 1000; i++) {
    const delimiter = pick([',', ';', '\t'])
    const cell = () => pick(['1', ' 2 ', '', 'ä', `"a${delimiter}b"`, '"say ""x"""', '"two\nlines"', ' "blank around" ', '""'])
    const row = () => Array.from({ length: 3 }, cell).join(delimiter)
    const ending = pick(['\n', '\r\n', '\r'])
    const text = [`a${delimiter}b${delimiter}c`, ...Array.from({ length: stream.integer(5) }, () => pick([row(), row(), '']))].join(ending) + pick(['', ending])
    const expected = parse(text, { delimiter, trim: true, skip_empty_lines: true, relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'] })
    const cuts = Array.from({ length: stream.integer(4) }, () => stream.integer(text.length + 1))
    assert.deepEqual((await read(text, cuts)).map(({ cells }) => cells), expected, JSON.stringify([text, cuts]))
  }
})

test('readRecords: a record has the line on which it begins, however lines end', async () => {
  const text = 'a,b\r\n\r\n"x\ny",1\nz,"2"\r3,4'
  const expected = [['a', 1], ['x\ny', 3], ['z', 5], ['3', 6]]
  for (let cut = 0; cut <= text.length; cut++) {
    assert.deepEqual((await read(text, [cut])).map(({ cells, line }) => [cells[0], line]), expected, `cut at ${cut}`)
  }
})

test('readRecords: empty lines before the first record are left out, however many there are', async () => {
  const records = await read('\n'.repeat(5_000_000) + 'a;b\n1;2\n', [1, 4_500_000, 5_000_001])
  assert.deepEqual(records, [{ cells: ['a', 'b'], line: 5_000_001 }, { cells: ['1', '2'], line: 5_000_002 }])
})
