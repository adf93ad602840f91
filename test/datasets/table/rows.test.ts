/** Rows and their numbers: both ways, for every coding, and by which words a wrong row is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateParts, SourceColumn, type FieldOf } from '../../../src/datasets/description.js'
import { numbersOf } from '../../../src/datasets/table/codings.js'
import { readRow, toRow, type Row } from '../../../src/datasets/table/rows.js'
import { openStream, type RandomStream } from '../../../src/math/random.js'
import { compileCheck } from '../../../src/routes/validation.js'

type Features = FieldOf<'features'>

/** A field of source columns, one after the other: indicators of missing values after the numbers that they belong to. */
function makeField (columns: object[]): Features {
  let at = 0
  const source = columns.map(given => {
    const column = { at, ...given } as SourceColumn
    at += numbersOf(column)
    if (column.type === 'category' || column.missing === undefined) return column
    return { ...column, missing: { ...column.missing, at: at++ } } as SourceColumn
  })
  for (const column of source) assert.deepEqual(compileCheck(SourceColumn)(structuredClone(column)), [])
  return { type: 'features', shape: [at], dtype: 'float32', source }
}

const refusal = (path: string, rule: string, got: unknown): never => { throw new Error(`${path} ${rule}, got ${JSON.stringify(got)}`) }
const read = (field: Features, row: object) => Array.from(readRow(field, row as Record<string, unknown>, refusal))

const missing = { fill: 38.5, at: 0 }
const adult = makeField([
  { type: 'number', name: 'age' },
  { type: 'category', name: 'workclass', words: ['Private', 'State-gov'], coding: 'one-hot', other: true, missing: true },
  { type: 'number', name: 'capital gain', missing },
  { type: 'category', name: 'education', words: ['9th', '10th', 'other'], coding: 'ordinal', other: true, missing: true },
  { type: 'date', name: 'since', parts: ['year', 'month', 'day', 'weekday'], missing: { fill: [2020, 6, 15, 4], at: 0 } }
])
const row = { age: 39, workclass: 'State-gov', 'capital gain': 0.1, education: '10th', since: '2026-11-28' }

test('readRow: a row becomes the numbers that its columns say', () => {
  assert.deepEqual(read(adult, row), [39, 0, 1, 0, 0, Math.fround(0.1), 0, 1, 2026, 11, 28, 6, 0])
  const empty = { ...row, workclass: null, 'capital gain': null, education: null, since: null }
  assert.deepEqual(read(adult, empty), [39, 0, 0, 0, 1, 38.5, 1, 4, 2020, 6, 15, 4, 1])
  assert.deepEqual(read(adult, { ...row, workclass: 'Never-worked', education: 'PhD' }).slice(1, 5).concat(read(adult, { ...row, education: 'PhD' })[7]!), [0, 0, 1, 0, 3])
  const plain: Features = { type: 'features', shape: [2], dtype: 'float32', columns: [{ name: 'speed' }, { name: 'mass', unit: 'kg' }] }
  assert.deepEqual(read(plain, { mass: 2, speed: 1 }), [1, 2])
  assert.deepEqual(toRow(plain, [1, 2]), { speed: 1, mass: 2 })
  assert.equal(toRow({ type: 'features', shape: [2], dtype: 'float32' }, [1, 2]), undefined)
})

test('readRow: what a row gets wrong is told by its column', () => {
  const wrong: [object, string][] = [
    [{ ...row, age: undefined }, '.age must be a number that is finite in float32, got undefined'],
    [{ ...row, age: '39' }, '.age must be a number that is finite in float32, got "39"'],
    [{ ...row, age: 1e39 }, '.age must be a number that is finite in float32, got 1e+39'],
    [{ ...row, age: null }, '.age must have a value: no row without one was learned from, got null'],
    [{ ...row, workclass: [] }, '.workclass must be a word, got []'],
    [{ ...row, Age: 39 }, '.Age is not a column of the table; did you mean age?, got 39'],
    [{ ...row, 'net worth': 1 }, '["net worth"] is not a column of the table; those are age, workclass, capital gain, education, since, got 1'],
    [{ ...row, constructor: 1 }, '.constructor is not a column of the table; those are age, workclass, capital gain, education, since, got 1'],
    [{ ...row, since: 20261128 }, '.since must be a date as text, such as "2026-11-28", got 20261128'],
    [{ ...row, since: '2026-02-29' }, '.since must be a date as text, such as "2026-11-28", got "2026-02-29"'],
    [{ ...row, since: '28.11.2026' }, '.since must be a date as text, such as "2026-11-28", got "28.11.2026"']
  ]
  for (const [input, message] of wrong) assert.throws(() => read(adult, input), { message })
  const { 'capital gain': _, ...short } = row
  assert.throws(() => read(adult, short), { message: '["capital gain"] is required: a row has 5 columns, got null' })
  const strict = makeField([{ type: 'category', name: 'class', words: ['1', '2', '3'], coding: 'one-hot', other: false, missing: false }])
  assert.throws(() => read(strict, { class: 4 }), { message: '.class must be one of 1, 2, 3, got 4' })
  assert.throws(() => read(strict, { class: '' }), { message: '.class must have a value: no row without one was learned from, got ""' })
  assert.deepEqual(read(strict, { class: 2 }), [0, 1, 0], 'a word may come as a number')
  const unnamed: Features = { type: 'features', shape: [2], dtype: 'float32' }
  assert.throws(() => read(unnamed, { a: 1 }), { message: ' must be an array of 2 numbers, for they have no names, got {"a":1}' })
})

test('readRow: dates are read as finely as the column has them', () => {
  const fine = (parts: string[]) => makeField([{ type: 'date', name: 'at', parts }])
  const seconds = fine([...dateParts])
  assert.deepEqual(read(seconds, { at: '2026-11-28T13:05:09.25Z' }), [2026, 11, 28, 6, 13, 5, 9.25])
  assert.deepEqual(toRow(seconds, [2026, 11, 28, 6, 13, 5, 9.25]), { at: '2026-11-28T13:05:09.25' })
  assert.throws(() => read(seconds, { at: '2026-11-28' }), /such as "2026-11-28T13:45:00"/)
  const days = fine(['year', 'month', 'day'])
  assert.deepEqual(read(days, { at: '2024-02-29 00:00:00' }), [2024, 2, 29])
  assert.throws(() => read(days, { at: '2024-02-29 00:00:01' }), /such as "2026-11-28"/)
  assert.throws(() => read(days, { at: '2024-02-29T24:00:00' }), /such as/)
  assert.deepEqual(toRow(fine(['year', 'month']), [2024, 2]), { at: '2024-02' })
  assert.deepEqual(toRow(fine(['year', 'month', 'day', 'hour']), [2024, 2, 3, 4]), { at: '2024-02-03T04:00' })
  assert.deepEqual(toRow(fine(['year', 'month', 'day', 'hour', 'minute']), [31, 2, 3, 4, 5]), { at: '0031-02-03T04:05' })
})

const pick = <T>(stream: RandomStream, values: readonly T[]): T => values[stream.integer(values.length)]!

/** Cells of a column, as a person may send them. */
function drawCell (column: SourceColumn, stream: RandomStream): Row[string] {
  const hasNone = column.type === 'category' ? column.missing : column.missing !== undefined
  if (hasNone && stream.uniform() < 0.2) return null
  switch (column.type) {
    case 'number': return pick(stream, [stream.normal(), stream.integer(1000), -stream.uniform() * 1e30, 1e-30 * stream.normal(), 0.1, 16777216, 0])
    case 'category': return pick(stream, column.other ? [...column.words, 'another'] : column.words)
    case 'date': {
      const two = (from: number, count: number) => String(from + stream.integer(count)).padStart(2, '0')
      const day = `${1900 + stream.integer(200)}-${two(1, 12)}-${two(1, 28)}`
      return column.parts.includes('second') ? `${day}T${two(0, 24)}:${two(0, 60)}:${two(0, 60)}.${stream.integer(1000)}` : day
    }
  }
}

test('toRow: every coding of every type comes back as the same numbers, and as the same row', () => {
  const bools = [false, true]
  const categories = bools.flatMap(other => bools.flatMap(missing => ['one-hot', 'ordinal'].flatMap(coding => [['a'], ['other', '(other)', '1', '__proto__']].map(words =>
    ({ type: 'category', name: `${other} ${missing} ${coding} ${words.length}`, words, coding, other, missing })))))
  const others = [
    { type: 'number', name: 'n' }, { type: 'number', name: '__proto__', missing }, { type: 'number', name: 'zero', missing: { fill: 0, at: 0 } },
    ...[['year', 'month', 'day', 'weekday'], [...dateParts]].flatMap((parts, i) => [
      { type: 'date', name: `date ${i}`, parts }, { type: 'date', name: `missing date ${i}`, parts, missing: { fill: parts.map(() => 1970), at: 0 } }])
  ]
  const field = makeField([...categories, ...others])
  const stream = openStream(11, 'rows')
  for (let n = 0; n < 500; n++) {
    const drawn: Row = Object.fromEntries(field.source!.map(column => [column.name, drawCell(column, stream)]))
    const numbers = read(field, drawn)
    const back = toRow(field, numbers)!
    assert.deepEqual(read(field, back), numbers)
    assert.deepEqual(toRow(field, read(field, JSON.parse(JSON.stringify(back)))), back)
    for (const { type, name } of field.source!) {
      if (type === 'number' && drawn[name] !== null) assert.equal(Math.fround(back[name] as number), Math.fround(drawn[name] as number))
      else if (drawn[name] === null) assert.equal(back[name], null)
      else if (type === 'category' && drawn[name] !== 'another') assert.equal(back[name], drawn[name])
      else if (type === 'date') assert.equal(back[name]!.toString().slice(0, 10), drawn[name]!.toString().slice(0, 10))
    }
  }
})

test('toRow: numbers are as short as float32 can tell them apart', () => {
  const plain: Features = { type: 'features', shape: [1], dtype: 'float32', columns: [{ name: 'x' }] }
  const shown = [0.1, 0.3, 1e-7, 1 / 3, 3.4028234663852886e38, 16777216, 123456.789, -2.5].map(x => toRow(plain, [Math.fround(x)])!.x)
  assert.deepEqual(shown, [0.1, 0.3, 1e-7, 0.33333334, 3.4028235e38, 16777216, 123456.79, -2.5])
})
