/** What the report of a table says, and what it warns of. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DatasetReport } from '../../../src/datasets/report.js'
import { openStream } from '../../../src/math/random.js'
import { compileCheck } from '../../../src/routes/validation.js'
import { asValues, readTable, type CsvOptions } from './tables.js'

test('prepareTable: counts, range, mean, deviation and examples of numbers are those of all rows', async t => {
  const stream = openStream(3, 'report')
  const values = Array.from({ length: 2000 }, () => 1e6 + stream.normal())
  const few = values.map((_, i) => i % 7 - 3)
  const text = `x,few,y\n${values.map((x, i) => `${x},${few[i]},${'ab'[i % 2]}`).join('\n')}\n`
  const { report } = await readTable(t, text, { testFraction: 0.25 })
  assert.deepEqual(compileCheck(DatasetReport)(structuredClone(report)), [])
  const [x, small] = report.columns as [typeof report.columns[0], typeof report.columns[0]]
  const mean = values.reduce((sum, value) => sum + value, 0) / 2000
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2000)
  assert.deepEqual([x.rows, x.distinct, x.range], [2000, null, [Math.min(...values), Math.max(...values)]])
  assert.ok(Math.abs(x.mean! - mean) < 1e-9 * mean && Math.abs(x.deviation! / deviation - 1) < 1e-6, 'the mean is a million deviations away from 0')
  assert.deepEqual(x.examples, values.slice(0, 5).map(String))
  assert.deepEqual([small.distinct, small.range], [7, [-3, 3]])
})

test('prepareTable: histograms count the training rows, as they are stored', async t => {
  const rows = Array.from({ length: 400 }, (_, i) => [i / 4, i % 5, i % 3 ? 'often' : 'rare', i % 2 ? 'b' : 'a'])
  const { report, train, fields } = await readTable(t, `x,n,w,y\n${rows.map(row => row.join()).join('\n')}\n`, { testFraction: 0.25 })
  const [x, n, w, y] = report.columns.map(({ histogram }) => histogram!)
  if (x!.type !== 'numbers' || n!.type !== 'numbers') throw new Error('must be numbers')
  const bins = new Array<number>(20).fill(0)
  for (const [value] of train.inputs) bins[Math.min(19, Math.floor(value! / 99.75 * 20))]!++
  assert.deepEqual(x!.counts, bins)
  assert.deepEqual(n!.edges, [-0.5, 0.5, 1.5, 2.5, 3.5, 4.5], 'a few whole numbers have bins of their own')
  assert.deepEqual(n!.counts, [0, 1, 2, 3, 4].map(value => train.inputs.filter(row => row[1] === value).length))
  const often = train.inputs.filter(row => row[2] === 1).length
  assert.deepEqual(w, { type: 'words', words: ['often', 'rare'], counts: [often, 300 - often], others: 0 })
  const a = train.target.filter(code => code === 0).length
  assert.deepEqual([...(y as { counts: number[] }).counts].sort(), [a, 300 - a].sort())
  assert.deepEqual(report.classes.map(({ name, train, test }) => [name, train, train + test]), [['a', a, 200], ['b', 300 - a, 200]])
  assert.equal(fields.target!.type, 'classes')
})

const rows = (count: number, row: (i: number) => string) => Array.from({ length: count }, (_, i) => row(i)).join('\n')

type Expected = [code: string, column: string | undefined][]

const warned: [fact: string, text: string, expected: Expected, options?: CsvOptions, test?: string][] = [
  ['a constant column', `a,b,y\n${rows(12, i => `7,${i % 3},${'uv'[i % 2]}`)}`, [['constant_column', 'a']]],
  ['row numbers', `n,b,y\n${rows(12, i => `${i + 1},${i % 3},${'uv'[i % 2]}`)}`, [['row_numbers', 'n']]],
  ['a twin of the classes in other words', `a,b,y\n${rows(12, i => `${i % 3},${['nein', 'ja'][i % 2]},${'uv'[i % 2]}`)}`, [['twin_of_target', 'b']]],
  ['a twin of the classes in numbers', `a,b,y\n${rows(12, i => `${i % 3},${i % 2},${'uv'[i % 2]}`)}`, [['twin_of_target', 'b']]],
  ['a twin of the values', `a,b,y\n${rows(12, i => `${i % 3},${i % 4 + 0.5},${i % 4 + 0.5}`)}`, [['twin_of_target', 'b']], { targetColumns: ['y'] }],
  ['no twin where one row differs', `a,b,y\n${rows(12, i => `${i % 3},${i === 11 ? 0 : i % 2},${'uv'[i % 2]}`)}`, []],
  ['a class of one row', `a,y\n${rows(12, i => `${i % 5},${i === 0 ? 'z' : 'uv'[i % 2]}`)}`, [['rare_class', undefined]], { testCount: 1, seed: 1 }],
  ['integers that are rounded because they were told to be numbers', `a,y\n${rows(12, i => `${1700000001 + i * i},${'uv'[i % 2]}`)}`, [['large_integers', 'a']], { columns: { a: 'number' } }],
  ['words that look like no value', `a,y\n${rows(12, i => `${['p', '?', 'q'][i % 3]},${'uv'[i % 2]}`)}`, [['looks_missing', 'a']]],
  ['numbers with a comma', `a;y\n${rows(12, i => `${i % 3}.000,5;${'uv'[i % 2]}`)}`, [['looks_numeric', 'a']]],
  ['words of one file only', 'a,y\np,u\nq,v\np,u\nq,v\n', [['different_categories', 'a']], {}, 'a,y\np,u\np,v\n']
]

for (const [fact, text, expected, options, testText] of warned) {
  test(`prepareTable: warns of ${fact}`, async t => {
    const { report } = await readTable(t, text, options, testText)
    assert.deepEqual(report.warnings.map(({ code, column }) => [code, column]), expected, JSON.stringify(report.warnings))
  })
}

test('prepareTable: a rounded integer is told with its line, and what it became', async t => {
  const { report, train } = await readTable(t, 't,y\n1700000001,a\n5,b\n1700000003,a\n6,b\n', { columns: { t: 'number' } }, 't,y\n1,a\n')
  assert.deepEqual(report.warnings.map(({ text }) => text), ['column "t" has 2 integers that float32 does not hold: 1700000001 on line 2 became 1700000000'])
  assert.deepEqual(train.inputs, [[1700000000], [5], [1700000000], [6]])
})

test('prepareTable: large integers may be told to be words, or to be left out', async t => {
  const text = `t,x,y\n${rows(10, i => `${1700000001 + i % 2},${i},${'ab'[i % 3 && 1]}`)}\n`
  const words = await readTable(t, text, { columns: { t: 'category' }, testCount: 1 })
  assert.deepEqual((words.fields.inputs as { columns: object[] }).columns, [{ name: 't=1700000001' }, { name: 't=1700000002' }, { name: 'x' }])
  const left = await readTable(t, text, { columns: { t: 'ignore' }, testCount: 1 })
  assert.deepEqual(left.report.columns.map(({ type, role, told }) => [type, role, told]), [['ignore', 'none', true], ['number', 'input', false], ['category', 'target', false]])
})

test('prepareTable: class names that look like something else are names', async t => {
  const names = ['NA', 'null', 'None', 'nan', 'true', '__proto__', 'constructor', 'toString', '\u00e9', 'e\u0301', '🐈', '<b>&"', 'x'.repeat(300)]
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
  const text = `x,label\n${names.flatMap((name, i) => [0, 1, 2].map(k => `${i * 3 + k},${quoted(name)}`)).join('\n')}\n`
  const { report, fields } = await readTable(t, text, { testCount: 5 })
  assert.deepEqual(report.classes.map(({ name }) => name), [...names].sort())
  assert.ok(report.classes.every(({ train, test }) => train + test === 3))
  assert.deepEqual((fields.target as { names: string[] }).names, [...names].sort())
  const words = await readTable(t, `w,y\n${names.flatMap(name => [`${quoted(name)},a`, `${quoted(name)},b`]).join('\n')}\n`, { testCount: 1, header: 'true' })
  assert.equal(words.report.columns[0]!.distinct, 13)
  assert.equal(words.report.columns[0]!.missing, 0)
})

test('prepareTable: data sorted by class are all read before anything is decided', async t => {
  const text = `x,y\n${rows(18, i => `${i + 1.5},${'abc'[Math.floor(i / 6)]}`)}\n`
  const { report, train } = await readTable(t, text, {}, 'x,y\n1,a\n2,b\n3,c\n')
  assert.deepEqual(report.classes, ['a', 'b', 'c'].map(name => ({ name, train: 6, test: 1 })))
  assert.equal(train.count, 18)
  const late = await readTable(t, `x,y\n${rows(1500, i => `${i % 7},${'ab'[i % 2]}`)}\n${rows(1600, i => `word${i % 3},${'ab'[i % 2]}`)}\n`, { testCount: 1 })
  assert.deepEqual([late.report.columns[0]!.type, late.report.columns[0]!.distinct], ['category', 10], 'words after 1500 numbers, whose texts count too')
  assert.deepEqual(asValues(late.train.target).length, 3099)
})

test('prepareTable: what only a late row shows is found, after thousands of plain numbers', async t => {
  const stream = openStream(4, 'late')
  const rows = Array.from({ length: 30_000 }, (_, i) => [stream.normal(), stream.normal(), stream.normal(), 'ab'[i % 2]])
  const text = (late: unknown[]): string => `x,z,u,y\n${[...rows, late, ...rows.slice(0, 9)].map(row => row.join()).join('\n')}\n`
  await assert.rejects(readTable(t, text([1, '', 1, 'a'])), { detail: /line 30002, column 1 \("z"\) must have a value, got "", as 1 of the column’s cells/ })
  await assert.rejects(readTable(t, text([1, 1, 16777217, 'a'])), { detail: /line 30002, column 2 \("u"\) .* got "16777217"/ })
  const { report, train } = await readTable(t, text([1, 'none', -999, 'a']), { missing: ['none', '-999.0'], missingCells: 'mean', testCount: 1 })
  assert.deepEqual(report.columns.map(({ type, missing, rows }) => [type, missing, rows]), [
    ['number', 0, 30_010], ['number', 1, 30_010], ['number', 1, 30_010], ['category', 0, 30_010]
  ])
  assert.equal(train.inputs[0]!.length, 5, 'both columns say which cells had no value')
})
