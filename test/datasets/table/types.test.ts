/** What the columns of a table are taken for, found or told, and what becomes of cells without a value. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FieldOf } from '../../../src/datasets/description.js'
import { readDate } from '../../../src/datasets/table/date-cells.js'
import { asTokens, asValues, readTable, type CsvOptions } from './tables.js'

const people = `age,work,since,note,id,y
39,State-gov,2020-02-29,a quiet man of few words,p1,no
50,Private,2021-12-31,she likes to travel far and wide,p2,yes
38,Private,1999-01-01,nothing much to say about this one,p3,no
41,Private,2000-06-15,somebody with a dog and two cats,p4,yes
`
const inputsOf = (fields: { inputs: unknown }) => fields.inputs as FieldOf<'features'>

test('prepareTable: number, category, date, text and id are found; what they become has names', async t => {
  const rows = Array.from({ length: 30 }, (_, i) => `${20 + i % 7},${i % 3 ? 'Private' : 'State-gov'},2020-02-${String(10 + i % 15)},row ${i} has quite some words,p${i},${i % 2 ? 'no' : 'yes'}`)
  const { fields, report, train } = await readTable(t, `age,work,since,note,id,y\n${rows.join('\n')}\n`, { testCount: 1 })
  assert.deepEqual(report.columns.map(({ name, type, role, told, inputs }) => [name, type, role, told, inputs]), [
    ['age', 'number', 'input', false, 1], ['work', 'category', 'input', false, 2], ['since', 'date', 'input', false, 4],
    ['note', 'text', 'none', false, 0], ['id', 'id', 'none', false, 0], ['y', 'category', 'target', false, 0]
  ])
  assert.deepEqual(inputsOf(fields).columns!.map(({ name }) => name), ['age', 'work=Private', 'work=State-gov', 'since.year', 'since.month', 'since.day', 'since.weekday'])
  assert.deepEqual(inputsOf(fields).source, [
    { type: 'number', name: 'age', at: 0 },
    { type: 'category', name: 'work', at: 1, words: ['Private', 'State-gov'], coding: 'one-hot', other: false, missing: false },
    { type: 'date', name: 'since', at: 3, parts: ['year', 'month', 'day', 'weekday'] }
  ])
  assert.deepEqual(train.inputs[0], [20, 0, 1, 2020, 2, 10, 1], '2020-02-10 was a Monday')
  assert.deepEqual(report.warnings.map(({ code, column }) => [code, column]), [['left_out', 'id'], ['left_out', 'note']])
  assert.match(report.warnings[1]!.text, /with columns=\{"note": "text"\} it is all that is learned from/)
})

test('prepareTable: what columns says goes before what is found', async t => {
  const columns: CsvOptions['columns'] = { age: 'category', work: { type: 'category', coding: 'ordinal', words: ['Private', 'State-gov'] }, since: 'ignore', 3: 'ignore', id: 'category' }
  const { fields, report, train } = await readTable(t, people, { columns }, people)
  assert.deepEqual(report.columns.map(({ type, role, told, inputs }) => [type, role, told, inputs]), [
    ['category', 'input', true, 4], ['category', 'input', true, 1], ['ignore', 'none', true, 0], ['ignore', 'none', true, 0],
    ['category', 'input', true, 4], ['category', 'target', false, 0]
  ])
  assert.deepEqual(inputsOf(fields).columns!.map(({ name }) => name).slice(0, 5), ['age=38', 'age=39', 'age=41', 'age=50', 'work'])
  assert.deepEqual(train.inputs.map(row => row.slice(0, 5)), [[0, 1, 0, 0, 1], [0, 0, 0, 1, 0], [1, 0, 0, 0, 0], [0, 0, 1, 0, 0]])
})

test('prepareTable: a category has the most frequent words, the rest is other, and the answer says so', async t => {
  const words = Array.from({ length: 100 }, (_, i) => `w${i}`)
  const rows = words.flatMap((word, i) => Array.from({ length: i < 64 ? 3 : 2 }, (_, k) => `${word},${k % 2}`))
  const { fields, report } = await readTable(t, `word,y\n${rows.join('\n')}`, { testCount: 1 })
  const [source] = inputsOf(fields).source as unknown as [{ words: string[], other: boolean }]
  assert.deepEqual([source.words, source.other], [words.slice(0, 64).sort(), true])
  assert.equal(inputsOf(fields).columns!.at(-1)!.name, 'word other')
  assert.match(report.warnings.find(({ code }) => code === 'many_words')!.text, /has 100 different words: the 64 most frequent ones/)
  const few = await readTable(t, 'word,y\na,0\na,1\nb,0\nc,1\n', { testCount: 1, columns: { word: { type: 'category', most: 1 } } })
  assert.deepEqual(inputsOf(few.fields).columns, [{ name: 'word=a' }, { name: 'word other' }])
})

test('readDate: the day of the week is the one that Date has, in any year', () => {
  const date = new Date(0)
  for (let year = 0; year < 10_000; year += 3) {
    for (const [month, day] of [[1, 1], [2, 28], [3, 1], [1 + year % 12, 1 + year % 28]] as const) {
      date.setUTCFullYear(year, month - 1, day)
      assert.equal(readDate(date.toISOString().slice(0, 10), 'YMD')?.parts.weekday, date.getUTCDay() || 7)
    }
  }
})

test('prepareTable: dates are read in the order that every cell fits, or that is told', async t => {
  const cases: [cells: string[], options: CsvOptions, first: number[] | RegExp][] = [
    [['2024-02-29', '2023-01-02'], {}, [2024, 2, 29, 4]],
    [['2024-02-29 13:05', '2023-01-02 00:00'], {}, [2024, 2, 29, 4, 13, 5]],
    [['2024-02-29T13:05:07.5Z', '2023-01-02T00:00:00Z'], {}, [2024, 2, 29, 4, 13, 5, 7.5]],
    [['1.2.2024', '3.4.2023'], {}, [2024, 2, 1, 4]],
    [['1/13/2024', '3/4/2023'], {}, [2024, 1, 13, 6]],
    [['13/1/2024', '3/4/2023'], {}, [2024, 1, 13, 6]],
    [['1/2/2024', '3/4/2023'], {}, /line 2, column 0 \("d"\) must be a date whose day and month can be told apart, got "1\/2\/2024"; say columns: \{"d": \{"type": "date", "order": "DMY"\}\} or "MDY"/],
    [['1/2/2024', '3/4/2023'], { columns: { d: { type: 'date', order: 'MDY' } } }, [2024, 1, 2, 2]],
    [['20180131', '20180130'], { columns: { d: 'date' } }, [2018, 1, 31, 3]],
    [['2023-02-29', '2023-01-02'], { columns: { d: 'date' } }, /line 2, column 0 \("d"\) must be a date as 2024-01-31/],
    [['2024-02-29T13:05:07Z', '2023-01-02T00:00:00+01:00'], { columns: { d: 'date' } }, /one order with the time zone Z, got "2023-01-02T00:00:00\+01:00"/]
  ]
  for (const [cells, options, first] of cases) {
    const text = `d,y\n${cells.map((cell, i) => `${cell},${'ab'[i]}`).join('\n')}\n`
    if (first instanceof RegExp) await assert.rejects(readTable(t, text, options, text), { code: 'invalid_dataset', detail: first }, cells[0])
    else assert.deepEqual((await readTable(t, text, options, text)).train.inputs[0], first, cells[0])
  }
})

const gaps = 'age,work,d,y\n10,a,2020-01-01,x\n,b,2020-01-03,y\n40,?,,x\n-999,a,2020-01-05,y\n25,a,2020-01-01,x\n'

test('prepareTable: cells without a value are refused by line and column until the upload says what to do', async t => {
  await assert.rejects(readTable(t, gaps), { code: 'invalid_dataset', detail: /^file "train\.csv": line 3, column 0 \("age"\) must have a value, got "", as 1 of the column’s cells; say missingCells=mean/ })
  await assert.rejects(readTable(t, gaps, { columns: { age: 'ignore', d: 'ignore' }, missing: ['?'] }), { detail: /line 4, column 1 \("work"\) must have a value, got "\?"/ })
  await assert.rejects(readTable(t, 'a,y\n1,x\n2,\n', { missingCells: 'mean' }), { detail: /line 3, column 1 \("y"\) must name a class, got ""/ })
  await assert.rejects(readTable(t, 'a,y\n1,1\n2,\n', { missingCells: 'mean', targetColumns: ['y'] }), { detail: /line 3, column 1 \("y"\) is predicted and must be a finite number, got ""/ })
})

test('prepareTable: missing numbers become mean or median of the training rows, and a number says where', async t => {
  const { fields, train, report } = await readTable(t, gaps, { missingCells: 'mean', missing: ['?', '-999.0'] }, gaps)
  assert.deepEqual(inputsOf(fields).columns!.map(({ name }) => name), ['age', 'age missing', 'work=a', 'work=b', 'work missing', 'd.year', 'd.month', 'd.day', 'd.weekday', 'd missing'])
  assert.deepEqual(train.inputs.slice(0, 3), [
    [10, 0, 1, 0, 0, 2020, 1, 1, 3, 0],
    [25, 1, 0, 1, 0, 2020, 1, 3, 5, 0],
    [40, 0, 0, 0, 1, 2020, 1, (1 + 3 + 5 + 1) / 4, (3 + 5 + 7 + 3) / 4, 1]
  ])
  assert.deepEqual(inputsOf(fields).source![0], { type: 'number', name: 'age', at: 0, missing: { fill: 25, at: 1 } })
  assert.deepEqual(report.columns.map(({ missing }) => missing), [4, 2, 2, 0], 'of both files')
  const median = await readTable(t, 'a,y\n1,x\n2,y\n100,x\n,y\n7,x\n', { missingCells: 'median' }, 'a,y\n,x\n1000,y\n')
  assert.deepEqual([median.train.inputs[3], median.test.inputs[0]], [[4.5, 1], [4.5, 1]], 'the middle of 1, 2, 7, 100')
})

test('prepareTable: fills are the training rows’, whichever were cut off', async t => {
  const text = `a,y\n${Array.from({ length: 40 }, (_, i) => `${i % 4 ? i * i : ''},${'xy'[i % 2]}`).join('\n')}\n`
  const { train, test: tested } = await readTable(t, text, { missingCells: 'mean', testFraction: 0.5, seed: 4 })
  const there = train.inputs.filter(([, missing]) => missing === 0).map(([value]) => value!)
  const mean = Math.fround(there.reduce((sum, value) => sum + value, 0) / there.length)
  for (const [value, missing] of [...train.inputs, ...tested.inputs]) if (missing === 1) assert.equal(value, mean)
})

test('prepareTable: text is found where it is all there is, or told; its columns are joined', async t => {
  const text = `Class,Title,Body\n${Array.from({ length: 24 }, (_, i) => `${i % 2},Number ${i} of many titles,"the cat, and dog ${i} sat ""here"""`).join('\n')}\n`
  const { fields, train, words, report } = await readTable(t, text, { labelColumn: 'Class', testCount: 4, text: { minimumCount: 5 } })
  const inputs = fields.inputs as FieldOf<'tokens'>
  assert.deepEqual([inputs.type, inputs.text], ['tokens', { columns: ['Title', 'Body'], lowerCase: true }])
  assert.deepEqual([...words!].sort(), ['and', 'cat', 'dog', 'here', 'many', 'number', 'of', 'sat', 'the', 'titles'])
  const [first] = asTokens(train.inputs) as [number[]]
  assert.deepEqual(first.map(token => token < 2 ? '?' : words![token - 2]), 'number ? of many titles the cat and dog ? sat here'.split(' '))
  assert.deepEqual(report.columns.map(({ type, role }) => [type, role]), [['category', 'target'], ['text', 'input'], ['text', 'input']])
  const told = await readTable(t, text.replace('Class', 'n').replace('Title,', 'Class,'), { labelColumn: 'n', columns: { Body: 'text' }, testCount: 4 })
  assert.deepEqual((told.fields.inputs as FieldOf<'tokens'>).text!.columns, ['Body'])
  await assert.rejects(readTable(t, people, { columns: { note: 'text', age: 'number' } }), { detail: /inputs must be text or other types, got text for "note" and number for "age"/ })
})

test('prepareTable: words of the rows that were cut off are in no vocabulary', async t => {
  const text = `text,y\n${Array.from({ length: 40 }, (_, i) => `only${i} is here and there,${'ab'[i % 2]}`).join('\n')}\n`
  const { words, train } = await readTable(t, text, { testFraction: 0.5, text: { minimumCount: 1 } })
  assert.equal(words!.filter(word => word.startsWith('only')).length, train.count)
})

test('prepareTable: several columns of numbers are predicted, as they stand', async t => {
  const { fields, train, report } = await readTable(t, 'a,price,b,size\n1,10.5,x,3\n2,-20,y,4\n3,1e3,x,5\n', { targetColumns: ['price', 'size'] }, 'b,size,a,price\ny,1,2,3\n')
  assert.deepEqual(fields.target, { type: 'values', columns: [{ name: 'price' }, { name: 'size' }] })
  assert.deepEqual(asValues(train.target), [10.5, 3, -20, 4, 1000, 5])
  assert.deepEqual(report.columns.map(({ role, mean }) => [role, mean]), [['input', 2], ['target', 993.5 / 4], ['input', undefined], ['target', 13 / 4]])
  await assert.rejects(readTable(t, 'a,y\n1,0.5\n2,1.5\n', {}), { detail: /column 1 \("y"\) must have classes, as the last column has where nothing is said, got decimals; say targetColumns/ })
  await assert.rejects(readTable(t, 'a,y\n1,16777217\n2,1.5\n', { targetColumns: ['y'] }), { detail: /line 2, column 1 \("y"\) must be an integer that float32 holds/ })
})

test('prepareTable: a test file has its columns by name, words of its own are other, its classes may be renamed', async t => {
  const train = 'a,w,y\n1,red,no\n2,blue,yes\n3,red,no\n'
  const { fields, test: tested, report } = await readTable(t, train, { renameClasses: { 'no.': 'no', 'yes.': 'yes', 'may.': 'be' } }, 'y,a,w\nno.,7,green\nyes.,8,blue\n')
  assert.deepEqual(inputsOf(fields).columns!.map(({ name }) => name), ['a', 'w=blue', 'w=red', 'w other'])
  assert.deepEqual([tested.inputs, tested.target], [[[7, 0, 0, 1], [8, 1, 0, 0]], [0, 1]])
  assert.deepEqual(report.warnings.map(({ code }) => code), ['different_categories', 'rare_class', 'unused_rename'].filter(code => code !== 'rare_class'))
  assert.match(report.warnings[0]!.text, /"w" has 1 words in the test file only, and 1 in the training file only: "green" is "other"/)
})

test('prepareTable: equal cells of groupColumn stay in one split, and it is no input', async t => {
  const text = `who,a,y\n${Array.from({ length: 60 }, (_, i) => `${i % 12},${i},${'ab'[i % 2]}`).join('\n')}\n`
  const { train, test: tested, report } = await readTable(t, text, { groupColumn: 'who', testFraction: 0.25 })
  const groups = ({ inputs }: typeof train) => new Set(inputs.map(([a]) => a! % 12))
  assert.deepEqual([...groups(train)].filter(group => groups(tested).has(group)), [])
  assert.deepEqual([train.count + tested.count, report.columns[0]!.type, report.columns[0]!.role], [60, 'id', 'none'])
})

test('prepareTable: a file without names is read as it is, or by the names that are told', async t => {
  const rows = '39, State-gov, x\n50, Private, y\n38, Private, x\n28, State-gov, y\n'
  const bare = await readTable(t, rows, { testCount: 1 })
  assert.deepEqual(inputsOf(bare.fields).columns!.map(({ name }) => name), ['0', '1=Private', '1=State-gov'])
  assert.deepEqual([bare.train.count, bare.report.columns.map(({ name }) => name)], [3, [null, null, null]])
  const named = await readTable(t, rows, { testCount: 1, names: ['age', 'work', 'y'], labelColumn: 'y' })
  assert.deepEqual(inputsOf(named.fields).columns!.map(({ name }) => name), ['age', 'work=Private', 'work=State-gov'])
  await assert.rejects(readTable(t, rows, { names: ['age', 'y'] }), { detail: /names must be as many as the 3 columns, got 2/ })
  await assert.rejects(readTable(t, rows, { names: ['age', 'w', 'y'], header: 'true' }), { detail: /names are for files whose first line has none, got both/ })
})

test('prepareTable: what the upload names must be there, once, and go together', async t => {
  const cases: [CsvOptions, RegExp][] = [
    [{ columns: { nobody: 'ignore' } }, /columns must be an index 0 \.\. 5 or a name of the first line \(age, work, .*\), got "nobody"/],
    [{ columns: { age: 'ignore', 0: 'number' } }, /columns must name a column once, got "age" and another name of column 0 \("age"\)/],
    [{ labelColumn: 'y', targetColumns: ['age'] }, /the target must be labelColumn \(classes\) or targetColumns \(numbers\), got both/],
    [{ columns: { y: 'ignore' } }, /column 5 \("y"\) is predicted and must be category, got ignore/],
    [{ groupColumn: 'y' }, /groupColumn must be none that is predicted/],
    [{ columns: { work: 'number' } }, /line 2, column 1 \("work"\) must be a finite number, got "State-gov"/]
  ]
  for (const [options, detail] of cases) await assert.rejects(readTable(t, people, options), { code: 'invalid_dataset', detail })
})

test('prepareTable: control characters are in no word and no example, line ends are in text', async t => {
  const cells = (cell: string) => `w,x,y\n${cell},1,a\n"p",2,b\n"p",3,a\n`
  for (const cell of ['"a\0b"', '"a\nb"', '\u009f', 'x'.repeat(1001)]) {
    await assert.rejects(readTable(t, cells(cell)), { code: 'invalid_dataset', detail: /line 2, column 0 \("w"\) is a category and must have at most 1000 characters in a cell, none of them control/ })
    const { report } = await readTable(t, cells(cell), { columns: { w: 'ignore' }, testCount: 1 })
    assert.ok(!/[\0\u009f]/.test(JSON.stringify(report.columns[0]!.examples)) && !JSON.stringify(report).includes('\\u0000'), JSON.stringify(report.columns[0]))
  }
  const { words } = await readTable(t, cells('"one\0two\nthree"'), { columns: { w: 'text', x: 'ignore' }, text: { minimumCount: 1 } }, cells('p'))
  assert.deepEqual([...words!].sort(), ['one', 'p', 'three', 'two'])
})
