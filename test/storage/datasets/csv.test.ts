/** CSV files become data sets; whatever is wrong with one is said with its name, the line, the column and the rule. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { prepareCsv, type CsvOptions } from '../../../src/storage/datasets/csv.js'
import { decodeDataset } from '../../../src/storage/datasets/format.js'
import { upload } from './files.js'

const flowers = 'sepal,petal,kind\n5.1,1.4,setosa\n7,4.7,versicolor\n6.3,6,virginica\n4.9,1.5,setosa\n'

async function prepare (t: TestContext, train: string | Uint8Array, options: CsvOptions = {}, testText?: string) {
  const prepared = await prepareCsv({
    train: await upload(t, 'train.csv', train), test: testText === undefined ? undefined : await upload(t, 'test.csv', testText), options
  })
  return { ...prepared.description, ...decodeDataset({ id: 'x', ...prepared.description }, prepared.bytes) }
}

test('prepareCsv: the last column is the class; its texts, sorted, are the names', async t => {
  const data = await prepare(t, flowers, {}, flowers)
  assert.deepEqual(data.labelNames, ['setosa', 'versicolor', 'virginica'])
  assert.deepEqual([data.inputShape, data.dtype, data.classes, data.train.count], [[2], 'float32', 3, 4])
  assert.deepEqual([...data.train.labels], [0, 1, 2, 0])
  assert.deepEqual([...data.train.inputs], [5.1, 1.4, 7, 4.7, 6.3, 6, 4.9, 1.5].map(Math.fround))
})

test('prepareCsv: numbers as classes are sorted as numbers', async t => {
  const data = await prepare(t, '1,10\n2,9\n3,2\n4,10\n')
  assert.deepEqual(data.labelNames, ['2', '9', '10'])
})

test('prepareCsv: the label column goes by name, by index and by index as text', async t => {
  const text = 'kind,a,b\nx,1,2\ny,3,4\nx,5,6\n'
  for (const labelColumn of ['kind', 0, '0']) {
    const data = await prepare(t, text, { labelColumn }, text)
    assert.deepEqual([data.labelNames, [...data.train.inputs]], [['x', 'y'], [1, 2, 3, 4, 5, 6]])
  }
})

test('prepareCsv: a first line of numbers is data unless it is said to be a header', async t => {
  const text = '1,2,a\n3,4,b\n5,6,a\n'
  assert.equal((await prepare(t, text, {}, text)).train.count, 3)
  assert.equal((await prepare(t, text, { header: true }, text)).train.count, 2)
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
  ['a cell that is no number', 'a,b,c\n1,2,x\n1,two,y\n', 'file "train.csv": line 3, column 1 (b) must be a finite number, got "two"'],
  ['an empty cell', '1,2,x\n1,,y\n', 'file "train.csv": line 2, column 1 must be a finite number, got ""'],
  ['a number beyond float32', '1,2,x\n1,1e39,y\n', 'file "train.csv": line 2, column 1 must be a finite number, got "1e39"'],
  ['NaN', '1,2,x\n1,NaN,y\n', 'file "train.csv": line 2, column 1 must be a finite number, got "NaN"'],
  ['a row without a class', 'a,b\n1,x\n2,\n', 'file "train.csv": line 3, column 1 (b) must name a class, got ""'],
  ['one class only', '1,x\n2,x\n', 'file "train.csv": the label column must have 2 .. 1000 different values, got 1'],
  ['a label column of measurements', Array.from({ length: 1001 }, (_, i) => `1,${i}.5`).join('\n'), 'file "train.csv": the label column must have 2 .. 1000 different values, got 1001'],
  ['an empty file', '', 'file "train.csv": there must be a row of data, got none'],
  ['a header without rows', 'a,b\n', 'file "train.csv": there must be a row of data, got none'],
  ['one column', 'a\nx\ny\n', 'file "train.csv": there must be 2 columns or more, got 1'],
  ['a quote that is not closed', 'a,b\n1,"x\n2,y\n', /^file "train.csv": it must be CSV, got "/],
  ['a label column that is not there', 'a,b\n1,x\n', 'file "train.csv": labelColumn must be \'last\', an index 0 .. 1 or a name of the first line (a, b), got "c"', { labelColumn: 'c' }],
  ['a label index that is not there', 'a,b\n1,x\n', /got 2$/, { labelColumn: 2 }],
  ['a test file of other width', 'a,b\n1,x\n2,y\n', 'file "test.csv": there must be 2 columns as in "train.csv", got 3', {}, 'a,c,b\n1,2,x\n'],
  ['a test file of other columns', 'a,b\n1,x\n2,y\n', 'file "test.csv": the columns must be those of "train.csv", got c, b', {}, 'c,b\n1,x\n'],
  ['a test class that training never had', 'a,b\n1,x\n2,y\n', 'file "test.csv": line 2: the class must be one of the training file, got "z"', {}, 'a,b\n1,z\n'],
  ['a test split of nothing', '1,x\n2,y\n', 'the test split must have 1 .. 1 of the 2 examples, got 0', { testFraction: 0.1 }]
]

for (const [fact, text, detail, options, testText] of badInputs) {
  test(`prepareCsv: refuses ${fact}`, async t => {
    await assert.rejects(prepare(t, text, options, testText), { code: 'invalid_dataset', detail })
  })
}
