/** CSV files as tables: rows are those that csv-parse finds, numbers those of Number(), wherever pieces end and however it is written. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { openStream } from '../../../src/math/random.js'
import type { PieceMemory } from '../../../src/datasets/files.js'
import { openCsv } from '../../../src/datasets/formats/csv/reader.js'
import type { CsvReading } from '../../../src/datasets/formats/csv/reading.js'
import { readRows } from '../../../src/datasets/formats/csv/rows.js'
import { COMMA, POINT, Splitter } from '../../../src/datasets/formats/csv/splitter.js'
import { addNumber, isPlain, openMoments, openPairSums, takePairSums } from '../../../src/datasets/table/moments.js'
import { createTally } from '../../../src/datasets/limits.js'
import { upload, wideLimits } from '../files.js'
import { fixture, readAll, tally, type Table } from './tables.js'
import type { TestContext } from 'node:test'

const file = { path: '', name: 'x.csv' }

async function read (t: TestContext, content: string | Uint8Array, reading: CsvReading = {}): Promise<Table> {
  return await readAll(await openCsv(await upload(t, 'x.csv', content), reading, tally()))
}

/** Splits text as if a piece ended at each cut; every other one lies in the memory that is lent for it. */
async function split (text: string, separator: string, quote = '"', cuts: number[] = []): Promise<Table> {
  const bytes = Buffer.from(text)
  async function * pieces (memory: PieceMemory) {
    const ends = [...cuts.sort((a, b) => a - b), bytes.length]
    for (let i = 0, at = 0; i < ends.length; at = ends[i++]!) {
      const piece = bytes.subarray(at, ends[i])
      const lent = memory()
      lent.set(piece)
      yield i % 2 === 0 ? lent.subarray(0, piece.length) : piece
    }
  }
  const dialect = { separator: separator.charCodeAt(0), quote: quote === '' ? -1 : quote.charCodeAt(0), point: POINT }
  return await readAll({ read: () => readRows(file, pieces, { dialect, atOnce: 1 }) })
}

/** What a cell's number is by definition. */
function numberOf (text: string): number {
  return /^[-+.\deE]+$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : NaN
}

test('readRows: agrees with csv-parse on two thousand random texts, cut anywhere', async () => {
  const stream = openStream(7, 'csv')
  const pick = <T>(from: readonly T[]): T => from[stream.integer(from.length)]!
  for (let i = 0; i < 2000; i++) {
    const delimiter = pick([',', ';', '\t', '|'])
    const quote = pick(['"', "'"])
    const quoted = (text: string): string => quote + text.replaceAll(quote, quote + quote) + quote
    const cell = () => pick([
      '1', ' 2 ', '', 'ä', '-0', '1e5', '1e', '.5', '5.', '-', '1.5 x', '17.25', '0.30000000000000004', '🐈', '\0', quoted(`a${delimiter}b`), quoted(`say ${quote}x${quote}`),
      quoted('two\nlines'), quoted('two\r\nlines\r'), ` ${quoted('blank around')} `, quoted(''), quoted('1.5'), quoted(' 1'), quoted(quote), 'x'.repeat(stream.integer(200))
    ])
    const row = () => Array.from({ length: 3 }, cell).join(delimiter)
    const ending = pick(['\n', '\r\n', '\r'])
    const text = [`a${delimiter}b${delimiter}c`, ...Array.from({ length: stream.integer(5) }, () => pick([row(), row(), '']))].join(ending) + pick(['', ending])
    const expected: string[][] = parse(text, { delimiter, quote, escape: quote, trim: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n', '\r'] })
    const cuts = Array.from({ length: stream.integer(4) }, () => stream.integer(Buffer.byteLength(text) + 1))
    const found = await split(text, delimiter, quote, cuts)
    assert.deepEqual(found.texts, expected, JSON.stringify([text, cuts]))
    assert.deepEqual(found.numbers, expected.map(cells => cells.map(numberOf)), JSON.stringify([text, cuts]))
  }
})

test('readRows: agrees with csv-parse on tables of numbers of any width, with a row of other cells here and there, cut anywhere', async () => {
  const stream = openStream(8, 'csv')
  const pick = <T>(from: readonly T[]): T => from[stream.integer(from.length)]!
  for (let i = 0; i < 500; i++) {
    const delimiter = pick([',', ';', '\t', ' '])
    const width = 2 + stream.integer(12)
    const number = () => {
      const value = stream.normal() * 10 ** (stream.integer(24) - 12)
      return pick([
        String(value), String(value), value.toFixed(6), value.toPrecision(17), value.toExponential(4), `+${stream.integer(100)}`, String(stream.integer(10)), '-0', '', '.', '1-2', '1.2.3',
        '12345678901234567890', `${stream.integer(1e9)}${stream.integer(1e9)}${stream.integer(1e9)}`
      ])
    }
    const other = () => pick([number, () => '"1,5"', () => '"a\r\nb"', () => 'word', () => '"12"', () => 'naïve'])()
    const row = () => Array.from({ length: width }, pick([number, number, number, number, other])).join(delimiter)
    const ending = pick(['\n', '\r\n', '\r'])
    const text = Array.from({ length: 1 + stream.integer(12) }, row).join(ending) + pick(['', ending])
    const expected: string[][] = parse(text, { delimiter, trim: delimiter !== ' ' && delimiter !== '\t', skip_empty_lines: true, record_delimiter: ['\r\n', '\n', '\r'] })
    const cuts = Array.from({ length: stream.integer(6) }, () => stream.integer(Buffer.byteLength(text) + 1))
    const found = await split(text, delimiter, '"', cuts)
    assert.deepEqual(found.texts, expected, JSON.stringify([text, cuts]))
    assert.deepEqual(found.numbers, expected.map(cells => cells.map(numberOf)), JSON.stringify([text, cuts]))
  }
})

test('Splitter: columns are rounded and summed up as one number after the other', () => {
  const stream = openStream(9, 'csv')
  const rows = Array.from({ length: 300 }, () => [stream.normal(), 1e7 * stream.uniform(), -stream.uniform(), stream.integer(3)])
  const text = Buffer.from(rows.map(cells => cells.join(',')).join('\n'))
  const table = new Splitter({ separator: COMMA, quote: -1, point: POINT })
  table.split(text, 0, text.length, true)
  for (const columns of [[0], [2, 0], [0, 1, 2], [3, 2, 1, 0]]) {
    const [one, together] = [columns.map(() => openMoments(4)), columns.map(() => openMoments(4))]
    columns.forEach((column, i) => { for (const all of [one, together]) addNumber(all[i]!, rows[0]![column]!) })
    const sums = openPairSums(together)
    const floats = table.gather(Int32Array.from(columns), 1, sums)
    assert.deepEqual([...floats], rows.slice(1).flatMap(cells => columns.map(column => Math.fround(cells[column]!))))
    columns.forEach((column, i) => {
      for (const cells of rows.slice(1)) addNumber(one[i]!, cells[column]!)
      assert.ok(isPlain(sums, i))
      takePairSums(together[i]!, sums, i, rows.length - 1)
      assert.deepEqual(together[i]!.sums.subarray(0, 6), one[i]!.sums.subarray(0, 6))
    })
  }
  for (const [cell, expected] of [['16777215', true], ['16777216', false], ['-16777216', false], ['x', false], ['-16777215.5', true]] as const) {
    const other = Buffer.from(`1,2,3\n1,${cell},3\n`)
    const small = new Splitter({ separator: COMMA, quote: -1, point: POINT })
    small.split(other, 0, other.length, true)
    const sums = openPairSums([0, 1, 2].map(() => openMoments(3)))
    small.gather(Int32Array.of(0, 1, 2), 0, sums)
    assert.deepEqual([0, 1, 2].map(i => isPlain(sums, i)), [true, expected, true], cell)
    small.close()
  }
  table.close()
})

test('readRows: a cell that comes again has its text, whatever came between', async () => {
  const words = Array.from({ length: 6000 }, (_, i) => `word ${i * 7919}`) // more than are known at once
  const close = ['\u00c3\u00a9', '\u00e9', 'ab', 'ba', 'abc', 'a'.repeat(32), 'a'.repeat(33), '', '0'] // the second one's bytes are the first one's characters
  const cells = [...words, ...close, ...words, ...close.toReversed(), ...close]
  const { texts } = await split(cells.map(cell => `x,${cell}\n`).join(''), ',', '"', [100, 90_000])
  assert.deepEqual(texts.map(([, cell]) => cell), cells)
})

test('readRows: a row has the line on which it begins, however lines end', async () => {
  const text = 'a,b\r\n\r\n"x\ny",1\nz,"2"\r3,4'
  for (let cut = 0; cut <= text.length; cut++) {
    const { texts, lines } = await split(text, ',', '"', [cut])
    assert.deepEqual(texts.map(([first], row) => [first, lines[row]]), [['a', 1], ['x\ny', 3], ['z', 5], ['3', 6]], `cut at ${cut}`)
  }
})

test('readRows: without a quote, quotes are text', async () => {
  assert.deepEqual((await split('5" pipe,"x\n', ',', '')).texts, [['5" pipe', '"x']])
})

test('openCsv: more cells than are split at once, in long rows and short ones, in any piece of the file', async t => {
  for (const [rows, width] of [[40_000, 3], [3, 50_000], [120, 1_000]] as const) {
    const cells = Array.from({ length: rows }, (_, row) => Array.from({ length: width }, (_, column) => row * width + column))
    const { numbers, lines } = await read(t, cells.map(row => row.join(';')).join('\n'))
    assert.deepEqual(numbers, cells)
    assert.deepEqual(lines, cells.map((_, row) => row + 1))
  }
})

test('openCsv: empty lines before the first row are left out, however many there are', async t => {
  const source = await openCsv(await upload(t, 'x.csv', '\r\n'.repeat(1_000_000) + 'a;b\n1;2\n'), { header: 'true' }, tally())
  assert.deepEqual(source.first, { cells: ['a', 'b'], line: 1_000_001 })
  assert.deepEqual((await readAll(source)).lines, [1_000_002])
})

test('openCsv: a header that was said to be one is no row', async t => {
  const of = async (reading: CsvReading) => {
    const source = await openCsv(await upload(t, 'x.csv', 'a,b\n1,2\n'), reading, tally())
    return [source.hasNames, (await readAll(source)).texts.length, (await readAll(source)).texts.length]
  }
  assert.deepEqual(await of({}), [undefined, 2, 2])
  assert.deepEqual(await of({ header: 'true' }), [true, 1, 1])
  assert.deepEqual(await of({ header: 'false' }), [false, 2, 2])
})

test('openCsv: bytes are counted once, however often they are read, and bounded', async t => {
  const uploaded = await upload(t, 'x.csv', 'a;b\n1,5;2\n') // 10 bytes
  const source = await openCsv(uploaded, {}, createTally({ ...wideLimits, maxUnpackedBytes: 10 }))
  for (let i = 0; i < 3; i++) assert.equal((await readAll(source)).texts.length, 2)
  await assert.rejects(openCsv(uploaded, {}, createTally({ ...wideLimits, maxUnpackedBytes: 9 })), { code: 'invalid_dataset', detail: /at most 9 bytes/ })
})

test('openCsv: the separator is found where every line has as many of it, or told', async t => {
  const cases: [text: string, width: number, reading?: CsvReading][] = [
    ['a,b\n1,2\n', 2], ['a;b\n1;2\n', 2], ['a\tb\n1\t2\n', 2], ['a|b\n1|2\n', 2],
    ['3,14;2,71\n1,5;2,5\n', 2], ['1,5;2\n2,5;3\n', 2], // decimals have commas
    ['"x;y;z",b\n1,2\n', 2], ['a,b\n1;2;3,x\n4,y\n', 2], ['name;note\nx;1, 2, 3\ny;none\n', 2],
    ['a,b;c\n1,2;3\n', 1, { separator: 'pipe' }], ['a,b;c\n1,2;3\n', 2, { separator: ';' }], ['a:b\n1:2\n', 2, { separator: ':' }],
    ['a b\n1 2\n', 2, { separator: ' ' }], ['abc\n1\n', 1]
  ]
  for (const [text, width, reading] of cases) assert.equal((await read(t, text, reading)).texts[0]!.length, width, text)
})

test('openCsv: a decimal comma is found where it is certain, or told', async t => {
  const cases: [text: string, numbers: number[], reading?: CsvReading][] = [
    ['a;3,14\n', [NaN, 3.14]],
    ['3,14;2.5\n', [NaN, 2.5]], // both: a point, unless told
    ['3,14;2.5\n', [3.14, NaN], { decimal: 'comma' }],
    ['3,14\t7\n', [3.14, 7]],
    ['3,14\t7\n', [NaN, 7], { decimal: 'point' }],
    ['"3,14",2\n', [NaN, 2]], // a comma separates
    ['"3,14",2\n', [3.14, 2], { decimal: 'comma' }],
    ['0,30000000000000004;1234567890123,5\n', [0.30000000000000004, 1234567890123.5]],
    ['1.234,5;1\n', [NaN, 1], { decimal: 'comma' }]
  ]
  for (const [text, numbers, reading] of cases) assert.deepEqual((await read(t, text, reading)).numbers, [numbers], text)
  const late = '1;2\n'.repeat(200_000)
  assert.deepEqual((await read(t, `${late}3,5;4\n`)).numbers.at(-1), [3.5, 4])
  assert.deepEqual((await read(t, `3,5;4\n${late}3.5;4\n`)).numbers.at(-1), [3.5, 4])
})

test('openCsv: tables of pandas and Excel are read alike, however they were written', async t => {
  const plain = await readAll(await openCsv(fixture('pandas.csv'), {}, tally()))
  assert.deepEqual(plain.texts[2], ['-20', '0.30000000000000004', 'say "hi", twice', 'False', '1999-12-31', 'b'])
  assert.deepEqual(plain.lines, [1, 2, 3, 4, 6, 7])
  const decimals = ({ texts }: Table) => texts.map(row => row.map((cell, column) => column === 1 ? cell.replace(',', '.') : cell))
  const cases: [name: string, reading?: CsvReading][] = [
    ['pandas-quoted.csv'], ['pandas-comma.csv'], ['pandas-comma-comma.csv', { decimal: 'comma' }], ['pandas.tsv'], ['pandas.csv.gz'],
    ['excel-utf-8.csv'], ['excel-unicode.txt'], ['excel-unicode-unmarked.txt']
  ]
  for (const [name, reading] of cases) {
    const table = await readAll(await openCsv(fixture(name), reading ?? {}, tally()))
    assert.deepEqual(decimals(table), plain.texts, name)
    assert.deepEqual([table.numbers, table.lines], [plain.numbers, plain.lines], name)
  }
  const exponents = await readAll(await openCsv(fixture('pandas-exponents.csv'), {}, tally()))
  assert.deepEqual(exponents.numbers, plain.numbers)
  const indexed = await readAll(await openCsv(fixture('pandas-index.csv'), {}, tally()))
  assert.deepEqual(indexed.texts, plain.texts.map((row, i) => [i === 0 ? '' : String(i - 1), ...row]))
  const ansi = await readAll(await openCsv(fixture('excel-ansi.csv'), { encoding: 'windows-1252' }, tally()))
  assert.deepEqual(decimals(ansi), plain.texts.map(row => row.map(cell => cell.replace('🐈', '€'))))
  const shiftJis = await readAll(await openCsv(fixture('pandas-shift-jis.csv'), { encoding: 'shift_jis' }, tally()))
  assert.deepEqual(shiftJis.texts, [['数', '名'], ['1', '東京'], ['2', '大阪']])
})

test('openCsv: every encoding is whole wherever a piece of the file ends', async t => {
  const rows = Array.from({ length: 30_000 }, (_, i) => `${i},${i % 2 ? '🐈' : 'ö€'}`).join('\n')
  for (const shift of [0, 1, 2, 3]) {
    const text = `${'x'.repeat(shift + 1)},label\n${rows}`
    const expected = await read(t, text)
    assert.equal(expected.texts.at(-1)![1], '🐈')
    for (const bytes of [Buffer.from('\ufeff' + text, 'utf16le'), Buffer.from('\ufeff' + text, 'utf16le').swap16(), gzipSync('\ufeff' + text)]) {
      assert.deepEqual(await read(t, bytes), expected)
    }
    assert.deepEqual(await read(t, Buffer.from(text, 'utf16le').swap16(), { encoding: 'utf-16be' }), expected)
  }
})

test('openCsv: what is no text is refused by line and byte, and the error says how to go on', async t => {
  const far = 'x,label\n' + '1,a\r\n'.repeat(40_000)
  const cases: [content: Uint8Array, detail: string, reading?: CsvReading][] = [
    [Buffer.from('x,label\n1,M\xe4dchen\n', 'latin1'), 'line 2 must be UTF-8 text, got byte 0xe4 at position 11; save the file as UTF-8 or say its encoding, such as encoding=windows-1252'],
    [Buffer.from(`${far}2,\xe4`, 'latin1'), 'line 40002 must be UTF-8 text, got byte 0xe4 at position 200010; save the file as UTF-8 or say its encoding, such as encoding=windows-1252'],
    [Buffer.from('\ufeffx,label\n1,b', 'utf16le').subarray(0, -1), 'line 2 must be UTF-16LE text as the first bytes say, got byte 0x62 at position 22; save the file as UTF-8 or say its encoding, such as encoding=windows-1252'],
    [Buffer.from('x,label\n1,\ud800b', 'utf16le'), 'line 2 must be UTF-16LE text as encoding says, got byte 0x00 at position 20', { encoding: 'utf-16le' }],
    [Buffer.from('x,label\r\n1,\x81 \n', 'latin1'), 'line 2 must be shift_jis text as encoding says, got byte 0x81 at position 11', { encoding: 'Shift_JIS' }],
    [Buffer.from('x,label\n'), 'encoding must be a label of the Encoding Standard, such as utf-8, utf-16le, windows-1252 or shift_jis, got "utf-7"', { encoding: 'utf-7' }],
    [Buffer.from('\ufeffx,label\n'), 'encoding must be utf-8 as the first bytes of the file say, got "latin1"', { encoding: 'latin1' }]
  ]
  for (const [content, detail, reading] of cases) {
    await assert.rejects(read(t, content, reading), { code: 'invalid_dataset', detail: `file "x.csv": ${detail}` })
  }
  const latin1 = await read(t, Buffer.from('x,label\n1,M\xe4dchen \x80\n', 'latin1'), { encoding: 'latin1' })
  assert.deepEqual(latin1.texts[1], ['1', 'Mädchen €'])
})

test('openCsv: every encoding that the documentation names is there', () => {
  for (const label of ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'latin1', 'windows-1251', 'koi8-r', 'iso-8859-15', 'shift_jis', 'euc-jp', 'gb18030', 'big5', 'euc-kr', 'macintosh']) {
    assert.ok(new TextDecoder(label, { fatal: true }).encoding)
  }
})

const broken: [fact: string, text: string, detail: string | RegExp, reading?: CsvReading][] = [
  ['a ragged row', 'a,b\n1,2\n3\n', 'line 3 must have 2 cells as the first line, got 1'],
  ['a row that is too long', 'a,b\n1,2,3\n', 'line 2 must have 2 cells as the first line, got 3'],
  ['a quote that is not closed', 'a,b\n1,"x\n2,y\n', 'line 2: a quote must be closed, got the end of the file'],
  ['a quote within a cell', 'a,b\n1,x"y\n', 'line 2: a quote must begin its cell, got "x\\""; say quote=none if quotes are text'],
  ['text after a quoted cell', 'a,b\n1,"x"y\n', 'line 2: a closing quote must end its cell, got "y\\n" after it'],
  ['text after a cell of two lines', 'a,b\n1,"x\n"y\n', 'line 3: a closing quote must end its cell, got "y\\n" after it'],
  ['an empty file', '', 'there must be a row of data, got none'],
  ['a file of empty lines', '\n\r\n\r', 'there must be a row of data, got none'],
  ['a line without end', ' '.repeat(5_000_000), 'line 1 must have at most 4194304 bytes, got more; is a quote not closed?'],
  ['a quote over too much', `a,b\n1,"${'x\n'.repeat(2_500_000)}`, 'line 2 must have at most 4194304 bytes, got more; is a quote not closed?']
]

for (const [fact, text, detail, reading] of broken) {
  test(`openCsv: refuses ${fact}`, async t => {
    await assert.rejects(read(t, text, reading), { code: 'invalid_dataset', detail: typeof detail === 'string' ? `file "x.csv": ${detail}` : detail })
  })
}
