/** CSV files become data sets; whatever is wrong with one is said with its name, the line, the column and the rule. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openClasses } from '../../../src/datasets/classes.js'
import type { TableOptions } from '../../../src/datasets/table/options.js'
import type { SplitOptions } from '../../../src/datasets/split.js'
import { decodeDataset } from '../../../src/datasets/dataset-file.js'
import type { UploadLimits } from '../../../src/datasets/limits.js'
import { prepare as prepareJob, upload } from '../files.js'

type CsvOptions = TableOptions & SplitOptions & { header?: 'auto' | 'true' | 'false' }

const flowers = 'sepal,petal,kind\n5.1,1.4,setosa\n7,4.7,versicolor\n6.3,6,virginica\n4.9,1.5,setosa\n'

async function prepare (
  t: TestContext, train: string | Uint8Array, options: CsvOptions = {}, testText?: string, limits: Partial<UploadLimits> = {}
) {
  const { bytes, description } = await prepareJob(t, {
    type: 'upload',
    format: 'csv',
    files: { train: await upload(t, 'train.csv', train), ...(testText === undefined ? {} : { test: await upload(t, 'test.csv', testText) }) },
    options
  }, limits)
  return { fields: description.fields, ...openClasses(decodeDataset({ id: 'x', ...description }, bytes)) }
}

test('prepareCsv: the last column is the class; its texts, sorted, are the names', async t => {
  const data = await prepare(t, flowers, {}, flowers)
  assert.deepEqual(data.labelNames, ['setosa', 'versicolor', 'virginica'])
  assert.deepEqual(data.fields.inputs, { type: 'features', shape: [2], dtype: 'float32', columns: [{ name: 'sepal' }, { name: 'petal' }] })
  assert.deepEqual([data.classes, data.train.count], [3, 4])
  assert.deepEqual([...data.train.labels], [0, 1, 2, 0])
  assert.deepEqual([...data.train.inputs], [5.1, 1.4, 7, 4.7, 6.3, 6, 4.9, 1.5].map(Math.fround))
})

test('prepareCsv: numbers as classes are sorted as numbers', async t => {
  const data = await prepare(t, '1,10\n2,9\n3,2\n4,10\n')
  assert.deepEqual(data.labelNames, ['2', '9', '10'])
})

test('prepareCsv: the label column goes by name, by index and by index as text', async t => {
  const text = 'kind,a,b\nx,1,2\ny,3,4\nx,5,6\n'
  for (const labelColumn of ['kind', '0']) {
    const data = await prepare(t, text, { labelColumn }, text)
    assert.deepEqual([data.labelNames, [...data.train.inputs]], [['x', 'y'], [1, 2, 3, 4, 5, 6]])
  }
})

test('prepareCsv: a first line of numbers is data when its class comes again, and names when it is said to have them', async t => {
  const text = '1,2,a\n3,4,b\n5,6,a\n'
  assert.equal((await prepare(t, text, {}, text)).train.count, 3)
  assert.equal((await prepare(t, text, { header: 'true' }, text)).train.count, 2)
})

/** What pandas writes for an array without names: cases of a header that is made of numbers. */
const numbered = '0,1,label\n5.1,3.5,a\n4.9,3.0,b\n6.2,2.9,a\n5.9,3.2,b\n6.0,3.1,a\n'
const allNumbered = '0,1,2\n5.1,3.5,7\n4.9,3.0,8\n6.2,2.9,7\n5.9,3.2,8\n6.0,3.1,7\n'

test('prepareCsv: a header made of numbers is never an example', async t => {
  const cases: [text: string, options: CsvOptions, expected: string[] | RegExp][] = [
    [numbered, {}, /^file "train\.csv": line 1 must be names or data, got a line that may be both: it alone has the class "label"; say header=true or header=false$/],
    [numbered, { labelColumn: '2' }, /it alone has the class "label"; say header=true/],
    [numbered, { labelColumn: 'label' }, ['a', 'b']],
    [numbered, { header: 'true' }, ['a', 'b']],
    [numbered, { header: 'true', labelColumn: '2' }, ['a', 'b']],
    [allNumbered, {}, /it counts its columns; say header=true or header=false$/],
    [allNumbered, { labelColumn: '2' }, /it counts its columns/],
    [allNumbered, { labelColumn: 'label' }, /labelColumn must be .* a name of the first line \(0, 1, 2\), got "label"$/],
    [allNumbered, { header: 'true' }, ['7', '8']],
    ['0,1\n1,0\n2,1\n', {}, /it counts its columns/] // 1 is a class of other lines too
  ]
  for (const [text, options, expected] of cases) {
    const prepared = prepare(t, text, options)
    if (expected instanceof RegExp) {
      await assert.rejects(prepared, { code: 'invalid_dataset', detail: expected })
      continue
    }
    const { labelNames, trainCount, testCount } = await prepared
    assert.deepEqual([labelNames, trainCount + testCount], [expected, 5], JSON.stringify(options))
  }
  const data = await prepare(t, '0,1\n1,0\n2,1\n', { header: 'false' })
  assert.deepEqual([data.trainCount + data.testCount, data.labelNames], [3, ['0', '1']])
})

test('prepareCsv: a column without a name, as row numbers have, is refused', async t => {
  const text = ',x,label\n0,0.3,a\n1,0.1,a\n2,0.4,a\n3,0.2,b\n4,0.5,b\n5,0.1,b\n'
  await assert.rejects(prepare(t, text), {
    code: 'invalid_dataset', detail: 'file "train.csv": line 1, column 0 must have a name, got ""; leave the column out if it has the row numbers'
  })
})

test('prepareCsv: text that is no UTF-8 is refused by line and byte, UTF-16 is read by its mark', async t => {
  const latin1 = Buffer.from('eCxsYWJlbAoxLE3kZGNoZW4KMixN9mRjaGVuCjMsSnVuZ2UKNCxN5GRjaGVuCjUsTfZkY2hlbgo2LEp1bmdlCg==', 'base64')
  await assert.rejects(prepare(t, latin1), {
    code: 'invalid_dataset', detail: 'file "train.csv": line 2 must be UTF-8 text, got byte 0xe4 at position 11; save the file as UTF-8'
  })
  const little = Buffer.from('//54ADsAbABhAGIAZQBsAA0ACgAxADsA6QANAAoAMgA7ACIAYgAgAGMAIgANAAoAMwA7AOkADQAKADQAOwAiAGIAIABjACIADQAKADUAOwDpAA0ACgA=', 'base64')
  for (const bytes of [little, Buffer.from(little).swap16()]) {
    const data = await prepare(t, bytes)
    assert.deepEqual([data.labelNames, data.trainCount + data.testCount], [['b c', 'é'], 5])
  }
  await assert.rejects(prepare(t, little.subarray(0, -1)), { code: 'invalid_dataset', detail: /the text must be UTF-16LE as its first bytes say/ })
})

test('prepareCsv: UTF-8 is whole wherever a piece of the file ends', async t => {
  // Pieces of 64 KB: with 0 .. 3 bytes more before them, each of the four bytes of a character comes last in one.
  for (const shift of [0, 1, 2, 3]) {
    const head = `${' '.repeat(shift)}x,label\n`
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i % 7},${i % 2 ? '🐈' : 'ö€'}`).join('\n')
    const data = await prepare(t, head + rows, { testCount: 1 })
    assert.deepEqual([data.labelNames, data.trainCount], [['ö€', '🐈'].sort(), 59_999])
  }
})

test('prepareCsv: control characters are refused by line and column', async t => {
  const cases: [text: string, detail: string][] = [
    ['x,label\n1,a\0b\n2,c\n3,a\0b\n4,c\n5,c\n', 'line 2, column 1 ("label") must have no control characters, got "a\\u0000b"'],
    ['x\0,label\n1,a\n2,c\n', 'line 1, column 0 must have no control characters, got "x\\u0000"'],
    ['x,label\n1\0,a\n2,c\n', 'line 2, column 0 ("x") must be a finite number, got "1\\u0000"'],
    ['x,label\n1,a\n\v2,c\n', 'line 3, column 0 ("x") must be a finite number, got "\\u000b2"'],
    ['x,label\n1,"a\nb"\n2,c\n', 'line 2, column 1 ("label") must have no control characters, got "a\\nb"']
  ]
  for (const [text, detail] of cases) await assert.rejects(prepare(t, text), { code: 'invalid_dataset', detail: `file "train.csv": ${detail}` })
})

test('prepareCsv: names of the first line must differ', async t => {
  const text = 'y,x,y\n0,0.1,0\n1,0.1,1\n0,0.7,0\n1,0.7,1\n0,0.4,0\n'
  const detail = 'file "train.csv": line 1, column 2 must have a name of its own, got "y", which is column 0 too'
  await assert.rejects(prepare(t, text), { code: 'invalid_dataset', detail })
  await assert.rejects(prepare(t, text, { labelColumn: 'y' }), { code: 'invalid_dataset', detail: `${detail}: labelColumn names two columns` })
  await assert.rejects(prepare(t, '2,0,1\n1,1,a\n1,2,b\n', { header: 'true', labelColumn: '2' }), { code: 'invalid_dataset', detail: /labelColumn must mean one column, got 2/ })
})

test('prepareCsv: an integer that float32 does not hold is refused, one that it holds is read back as it was sent', async t => {
  const lost: [cell: string, becomes: string][] = [
    ['1700000001', '1700000000'], ['20180131', '20180132'], ['16777217', '16777216'], ['9007199254740993', '9007199254740992'], ['-16777217', '-16777216'], ['16777217.0', '16777216']
  ]
  for (const [cell, becomes] of lost) {
    await assert.rejects(prepare(t, `t,label\n1,a\n${cell},b\n2,a\n`), {
      code: 'invalid_dataset',
      detail: `file "train.csv": line 3, column 0 ("t") must be an integer that float32 holds (all are up to 16777216), got "${cell}", which would become ${becomes}; subtract an offset or divide`
    })
  }
  const data = await prepare(t, 't,label\n20180132,a\n16777216,b\n9007199254740992,a\n1e20,b\n-3.25,a\n+7,b\n', {}, 't,label\n1,a\n')
  assert.deepEqual([...data.train.inputs], [20180132, 16777216, 9007199254740992, Math.fround(1e20), -3.25, 7])
})

test('prepareCsv: what an upload becomes is bounded, and the error names the bound and the line', async t => {
  const cases: [limits: Partial<UploadLimits>, detail: RegExp, test?: string][] = [
    [{ maxRows: 3 }, /^file "train\.csv": line 5: an upload must have at most 3 rows \(MAX_ROWS\), got 4$/],
    [{ maxRows: 5 }, /^file "test\.csv": line 3: an upload must have at most 5 rows \(MAX_ROWS\), got 6$/, flowers],
    [{ maxCells: 5 }, /^file "train\.csv": line 4: an upload must have at most 5 numbers \(MAX_CELLS\), got 6$/],
    [{ maxClasses: 2 }, /^file "train\.csv": line 4, column 2 \("kind"\), "virginica": an upload must have at most 2 classes \(MAX_CLASSES\), got 3$/],
    [{ maxUnpackedBytes: 50 }, /^file "train\.csv": an upload must have at most 50 bytes when unpacked \(MAX_UNPACKED_BYTES\), got more$/]
  ]
  for (const [limits, detail, testText] of cases) await assert.rejects(prepare(t, gzipSync(flowers), {}, testText, limits), { code: 'invalid_dataset', detail })
})

test('prepareCsv: a gzip bomb is refused when its bound is passed, without the rest being read', async t => {
  const bomb = gzipSync(Buffer.from('1,a\n2,b\n'.repeat(2_000_000))) // 16 MB in 31 KB
  await assert.rejects(prepare(t, bomb, {}, undefined, { maxRows: 1000 }), { code: 'invalid_dataset', detail: /line 1001: an upload must have at most 1000 rows/ })
  const spaces = gzipSync(Buffer.alloc(16_000_000, ' '))
  await assert.rejects(prepare(t, spaces), { code: 'invalid_dataset', detail: /line 1 must have at most 4194304 characters, got more/ })
  const classes = gzipSync(Array.from({ length: 200_000 }, (_, i) => `1,c${i}`).join('\n'))
  await assert.rejects(prepare(t, classes), { code: 'invalid_dataset', detail: /line 1001, column 1, "c1000": an upload must have at most 1000 classes/ })
})

test('prepareCsv: semicolons, tabs, quotes, spaces, a byte order mark, CRLF and gzip are read', async t => {
  const plain = await prepare(t, flowers, {}, flowers)
  const variants = [
    flowers.replaceAll(',', ';'), flowers.replaceAll(',', '\t'), '\ufeff' + flowers, flowers.replaceAll('\n', '\r\n'), flowers.replace('\n', '\r\n'),
    flowers.replaceAll(',', ' , '), flowers.replaceAll('setosa', '"setosa"'), flowers + '\n\n', gzipSync(flowers)
  ]
  for (const variant of variants) assert.deepEqual(await prepare(t, variant, {}, flowers), plain)
})

test('prepareCsv: without a test file a fraction is cut off, the rest keeps its order', async t => {
  const rows = Array.from({ length: 50 }, (_, i) => `${i},${i % 2}`).join('\n')
  const data = await prepare(t, rows, { testFraction: 0.1, seed: 3 })
  assert.deepEqual([data.train.count, data.test.count], [45, 5])
  const seen = [...data.train.inputs]
  assert.deepEqual(seen, [...seen].sort((a, b) => a - b))
  assert.deepEqual([...seen, ...data.test.inputs].sort((a, b) => a - b), Array.from({ length: 50 }, (_, i) => i))
  data.train.inputs.forEach((value, i) => assert.equal(data.train.labels[i], value % 2))
})

test('prepareCsv: more rows than the first buffer holds', async t => {
  const rows = Array.from({ length: 3000 }, (_, i) => `${i},${-i},${i % 3}`).join('\n')
  const data = await prepare(t, rows, { testCount: 1 }, rows)
  assert.deepEqual([data.train.count, data.train.inputs[5998], data.train.inputs[5999]], [3000, 2999, -2999])
})

const badInputs: [fact: string, text: string, detail: string | RegExp, options?: CsvOptions, test?: string][] = [
  ['a ragged row', 'a,b,c\n1,2,x\n1,x\n', 'file "train.csv": line 3 must have 3 cells as the first line, got 2'],
  ['a row that is too long', '1,2,x\n1,2,3,y\n', 'file "train.csv": line 2 must have 3 cells as the first line, got 4'],
  ['a cell that is no number', 'a,b,c\n1,2,x\n1,two,y\n', 'file "train.csv": line 3, column 1 ("b") must be a finite number, got "two"'],
  ['an empty cell', '1,2,x\n1,,y\n', 'file "train.csv": line 2, column 1 must be a finite number, got ""'],
  ['a number beyond float32', '1,2,x\n1,1e39,y\n', 'file "train.csv": line 2, column 1 must be a finite number, got "1e39"'],
  ['NaN', '1,2,x\n1,NaN,y\n', 'file "train.csv": line 2, column 1 must be a finite number, got "NaN"'],
  ['a row without a class', 'a,b\n1,x\n2,\n', 'file "train.csv": line 3, column 1 ("b") must name a class, got ""'],
  ['one class only', '1,x\n2,x\n', 'file "train.csv": the label column must have 2 different values or more, got 1'],
  ['a label column of measurements', Array.from({ length: 1001 }, (_, i) => `1,${i}.5`).join('\n'), 'file "train.csv": line 1001, column 1, "1000.5": an upload must have at most 1000 classes (MAX_CLASSES), got 1001'],
  ['an empty file', '', 'file "train.csv": there must be a row of data, got none'],
  ['a header without rows', 'a,b\n', 'file "train.csv": there must be a row of data, got none'],
  ['one column', 'a\nx\ny\n', 'file "train.csv": there must be 2 columns or more, got 1'],
  ['a quote that is not closed', 'a,b\n1,"x\n2,y\n', 'file "train.csv": line 2: a quote must be closed, got the end of the file'],
  ['a label column that is not there', 'a,b\n1,x\n', 'file "train.csv": labelColumn must be \'last\', an index 0 .. 1 or a name of the first line (a, b), got "c"', { labelColumn: 'c' }],
  ['a label index that is not there', 'a,b\n1,x\n', /got "2"$/, { labelColumn: '2' }],
  ['a test file of other width', 'a,b\n1,x\n2,y\n', 'file "test.csv": there must be 2 columns as in "train.csv", got 3', {}, 'a,c,b\n1,2,x\n'],
  ['a test file of other columns', 'a,b\n1,x\n2,y\n', 'file "test.csv": the columns must be those of "train.csv", got "c, b"', {}, 'c,b\n1,x\n'],
  ['a test class that training never had', 'a,b\n1,x\n2,y\n', 'file "test.csv": line 2, column 1 ("b") must be a class of the training file, got "z"', {}, 'a,b\n1,z\n'],
  ['a test split of nothing', 'a,b\n1,x\n2,y\n', 'the test split must have 1 .. 1 of the 2 examples, got 0', { testFraction: 0.1 }],
  ['a quote within a cell', 'a,b\n1,x"y\n', 'file "train.csv": line 2: a quote must begin its cell, got "x\\""'],
  ['text after a quoted cell', 'a,b\n1,"x"y\n', 'file "train.csv": line 2: a closing quote must end its cell, got "y\\n" after it'],
  ['hexadecimal numbers', 'a,b\n0x10,x\n2,y\n', 'file "train.csv": line 2, column 0 ("a") must be a finite number, got "0x10"'],
  ['a test file without the names', 'a,b\n1,x\n2,y\n', 'file "test.csv": the columns must be those of "train.csv", got "1, x"', {}, '1,x\n'],
  ['a name for the label where there are no names', 'a,b\n1,x\n', /^file "train.csv": labelColumn must be /, { labelColumn: 'b', header: 'false' }]
]

for (const [fact, text, detail, options, testText] of badInputs) {
  test(`prepareCsv: refuses ${fact}`, async t => {
    await assert.rejects(prepare(t, text, options, testText), { code: 'invalid_dataset', detail })
  })
}
