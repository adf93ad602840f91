/** Data sets that are made of others: merged, filtered, relabelled, renamed, folds, samples, with scribbles. */
import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { encodeDataset, toIncoming, type IncomingDataset } from '../../src/datasets/dataset-file.js'
import type { Description } from '../../src/datasets/description.js'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { file, upload } from '../helpers/form.js'

/** Uploads rows of two numbers and a class. */
async function table (api: TestApp, name: string, rows: [number, number, string][], test = rows): Promise<{ id: string, sha256: string }> {
  const csv = (rows: unknown[][]) => file(`${name}.csv`, ['x,y,kind', ...rows.map(row => row.join())].join('\n'))
  const response = await upload(api, { name, format: 'csv', labelColumn: 'kind', train: csv(rows), test: csv(test) })
  assert.equal(response.statusCode, 201, response.body)
  return response.json()
}

async function derive (api: TestApp, spec: object) {
  return await api.call('POST', '/v1/datasets', { body: { name: 'derived', source: { derive: spec } } })
}

/** Makes a derived data set. @returns it, and its rows as they were uploaded */
async function make (api: TestApp, spec: object) {
  const response = await derive(api, spec)
  assert.equal(response.statusCode, 201, response.body)
  const dataset = response.json()
  const rows = async (split: 'train' | 'test') => await Promise.all(Array.from({ length: dataset.counts[split] }, async (_, index) => {
    const { fields } = (await api.call('GET', `/v1/datasets/${dataset.id}/examples/${split}/${index}`)).json()
    return [...fields.inputs.values, fields.target.name]
  }))
  return { dataset, train: await rows('train'), test: await rows('test') }
}

const first: [number, number, string][] = [[1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c'], [4, 4, 'a'], [5, 5, 'b'], [6, 6, 'c']]
const second: [number, number, string][] = [[7, 7, 'd'], [8, 8, 'b']]

test('POST /v1/datasets: stratify and groupColumn decide which rows are tested on; idle ones are refused', async t => {
  const api = await openTestApp(t)
  const rows = Array.from({ length: 40 }, (_, i) => [i, Math.floor(i / 4), i < 36 ? 'often' : 'rare'].join())
  const train = file('rows.csv', ['n,patient,kind', ...rows].join('\n'))
  const common = { name: 'rows', format: 'csv', labelColumn: 'kind', testCount: '10', train }
  const values = async ({ id, counts }: { id: string, counts: Record<string, number> }, split: string) =>
    await Promise.all(Array.from({ length: counts[split]! }, async (_, index) =>
      (await api.call('GET', `/v1/datasets/${id}/examples/${split}/${index}`)).json().fields))
  const shared = await upload(api, { ...common, stratify: 'true' })
  assert.equal(shared.statusCode, 201, shared.body)
  const names = (await values(shared.json(), 'test')).map(({ target }) => target.name)
  assert.deepEqual([names.filter(name => name === 'rare').length, names.length], [1, 10])
  const grouped = await upload(api, { ...common, groupColumn: 'patient' })
  assert.equal(grouped.statusCode, 201, grouped.body)
  const patients = await Promise.all(['train', 'test'].map(async split => (
    new Set((await values(grouped.json(), split)).map(({ inputs }) => Math.floor(inputs.values[0] / 4))))))
  assert.deepEqual([[...patients[0]!].filter(patient => patients[1]!.has(patient)), patients[1]!.size], [[], 2])
  for (const [parts, detail] of [
    [{ ...common, groupColumn: 'patient', stratify: 'true' }, /^stratify must be left out when groupColumn is given/],
    [{ name: 'rows', format: 'csv', labelColumn: 'kind', train, test: train, stratify: 'true' }, /^stratify must be left out when test is given/],
    [{ name: 'rows', format: 'csv', labelColumn: 'kind', train, test: train, groupColumn: 'patient' }, /^groupColumn must be left out when test is given/]
  ] as const) {
    const refused = await upload(api, parts)
    assert.deepEqual([refused.statusCode, refused.json().code], [400, 'invalid_request'])
    assert.match(refused.json().detail, detail)
  }
})

test('POST /v1/datasets?validate=true: what a derivation or an entry of the catalog would be', async t => {
  const api = await openTestApp(t)
  const { id: of } = await table(api, 'one', first)
  for (const [source, counts] of [[{ derive: { type: 'sample', of, train: 2 } }, { train: 2, test: 6 }], [{ catalog: 'iris' }, { train: 120, test: 30 }]]) {
    const response = await api.call('POST', '/v1/datasets?validate=true', { body: { name: 'x', source } })
    assert.deepEqual([response.statusCode, response.json().counts], [200, counts], response.body)
  }
  assert.equal((await api.call('GET', '/v1/datasets')).json().items.length, 1)
})

test('derive merge: examples one after the other, classes matched by name, parents named', async t => {
  const api = await openTestApp(t)
  const [one, two] = [await table(api, 'one', first), await table(api, 'two', second)]
  const spec = { type: 'merge', of: [one.id, two.id] }
  const { dataset, train, test } = await make(api, spec)
  assert.deepEqual([train, test], [[...first, ...second], [...first, ...second]])
  assert.deepEqual(dataset.fields.target.names, ['a', 'b', 'c', 'd'])
  assert.deepEqual(dataset.source, {
    derive: spec, parents: [{ id: one.id, name: 'one', sha256: one.sha256 }, { id: two.id, name: 'two', sha256: two.sha256 }]
  })
  assert.deepEqual(readdirSync(api.parts.temporaryFolder), [], 'nothing is left of the parents’ files')
  const again = await derive(api, spec)
  assert.deepEqual([again.statusCode, again.json().id], [200, dataset.id], 'the same derivation is one data set')
  const other = await make(api, { ...spec, of: [two.id, one.id] })
  assert.deepEqual(other.train, [...second, ...first])
})

test('derive: a parent may go, and equal bytes under another id are the same parent', async t => {
  const api = await openTestApp(t)
  const one = await table(api, 'one', first)
  const spec = { type: 'sample', of: one.id, train: 3, seed: 4 }
  const { dataset, train } = await make(api, spec)
  assert.equal((await api.call('DELETE', `/v1/datasets/${one.id}`)).statusCode, 204)
  assert.equal((await api.call('GET', `/v1/datasets/${dataset.id}/examples/train/0`)).statusCode, 200, 'its data are its own')
  assert.deepEqual(dataset.source.parents, [{ id: one.id, name: 'one', sha256: one.sha256 }])
  const back = await table(api, 'back', first)
  assert.notEqual(back.id, one.id)
  assert.equal((await derive(api, { ...spec, of: back.id })).json().id, dataset.id)
  assert.equal(train.length, 3)
})

test('derive: a file that was lost is made again of the parents', async t => {
  const api = await openTestApp(t)
  const generated = (await api.call('POST', '/v1/datasets', { body: { name: 'g', source: { generator: { type: 'blobs', train: 20, test: 5 } } } })).json()
  const spec = { type: 'sample', of: generated.id, train: 3, seed: 0 }
  const { dataset } = await make(api, spec)
  for (const { sha256 } of [dataset, generated]) { // the parent's, too: its generator makes it again
    rmSync(path.join(api.config.blobStore, sha256.slice(0, 2), sha256.slice(2, 4), sha256))
  }
  const again = await derive(api, spec)
  assert.deepEqual([again.statusCode, again.json().id], [200, dataset.id], again.body)
  assert.equal((await api.call('GET', `/v1/datasets/${dataset.id}/examples/train/0`)).statusCode, 200)
})

test('derive filter: by class, by position, by what stands in a column', async t => {
  const api = await openTestApp(t)
  const { id: of } = await table(api, 'one', first)
  const byClass = await make(api, { type: 'filter', of, classes: ['c', 'a'] })
  const ac = first.filter(([,, kind]) => kind !== 'b')
  assert.deepEqual([byClass.train, byClass.test, byClass.dataset.fields.target.names], [ac, ac, ['a', 'c']], 'classes are numbered anew')
  const byPlace = await make(api, { type: 'filter', of, train: { keep: [5, 0] }, test: { drop: [0, 1] } })
  assert.deepEqual([byPlace.train, byPlace.test], [[first[0], first[5]], first.slice(2)])
  const cases: [object, number[]][] = [
    [{ atLeast: 2, atMost: 4 }, [2, 3, 4]], [{ is: 3 }, [3]], [{ is: '3' }, [3]], [{ oneOf: [6, 1, 99] }, [1, 6]], [{ atLeast: 2, missing: false }, [2, 3, 4, 5, 6]]
  ]
  for (const [condition, left] of cases) {
    const { train } = await make(api, { type: 'filter', of, where: [{ column: 'x', ...condition }] })
    assert.deepEqual(train.map(([x]) => x), left, JSON.stringify(condition))
  }
  const both = await make(api, { type: 'filter', of, classes: ['a', 'b'], where: [{ column: 'x', atLeast: 2 }, { column: 'y', atMost: 4 }], test: { keep: [3] } })
  assert.deepEqual([both.train, both.test], [[first[1], first[3]], [first[3]]], 'all of it must hold')
})

test('derive relabel and rename: other classes for some, other names for all', async t => {
  const api = await openTestApp(t)
  const { id: of } = await table(api, 'one', first)
  const relabelled = await make(api, { type: 'relabel', of, indices: [4, 0], labels: ['a', 2] })
  assert.deepEqual(relabelled.train.map(row => row[2]), ['c', 'b', 'c', 'a', 'a', 'c'])
  assert.deepEqual(relabelled.test, first)
  const tested = await make(api, { type: 'relabel', of, split: 'test', indices: [1], labels: ['c'] })
  assert.deepEqual([tested.train, tested.test[1]![2]], [first, 'c'])
  const renamed = await make(api, { type: 'rename', of, classes: { b: 'z', c: 'a' } })
  assert.deepEqual(renamed.dataset.fields.target.names, ['a', 'z'], 'classes of one name become one')
  assert.deepEqual(renamed.train.map(row => row[2]), ['a', 'z', 'a', 'a', 'z', 'a'])
  assert.deepEqual(renamed.test, renamed.train)
})

test('derive fold: every training example is tested on in one fold, the test split in none', async t => {
  const api = await openTestApp(t)
  const { id: of } = await table(api, 'one', first, [[100, 100, 'a'], [101, 101, 'b']])
  const folds = []
  for (let fold = 0; fold < 3; fold++) folds.push(await make(api, { type: 'fold', of, folds: 3, fold, seed: 7, stratify: true }))
  const tested = folds.flatMap(({ test }) => test)
  assert.deepEqual(tested.map(([x]) => x).sort(), [1, 2, 3, 4, 5, 6])
  for (const { train, test } of folds) {
    assert.deepEqual(train, first.filter(row => !test.some(([x]) => x === row[0])), 'the others, in their order')
    assert.equal(test.length, 2)
  }
})

test('derive sample: so many of each split, in their order, by the seed', async t => {
  const api = await openTestApp(t)
  const { id: of } = await table(api, 'one', first)
  const { train, test } = await make(api, { type: 'sample', of, train: 4, seed: 1 })
  assert.deepEqual([train, test], [first.filter(row => train.some(([x]) => x === row[0])), first])
  assert.equal(train.length, 4)
  const other = await make(api, { type: 'sample', of, train: 4, test: 1, seed: 2 })
  assert.notDeepEqual(other.train, train)
  assert.equal(other.test.length, 1)
})

test('derive scribbles: a field of strokes in the regions of a class map, in place of one that there was', async t => {
  const api = await openTestApp(t)
  const generated = await api.call('POST', '/v1/datasets', { body: { name: 's', source: { generator: { type: 'scenes', size: 16, train: 3, test: 2, shapes: 2 } } } })
  assert.equal(generated.statusCode, 201, generated.body)
  const { id: of, fields, counts } = generated.json()
  assert.deepEqual([fields.inputs.shape, fields.target.type, fields.scribbles], [[16, 16, 3], 'classMap', fields.target])
  const read = async (id: string, split: string, index: number): Promise<Record<string, { values: number[] }>> =>
    (await api.call('GET', `/v1/datasets/${id}/examples/${split}/${index}`)).json().fields
  const clicks = await derive(api, { type: 'scribbles', of, length: 0, seed: 3 })
  assert.equal(clicks.statusCode, 201, clicks.body)
  const { id, source, ...derived } = clicks.json()
  assert.deepEqual([derived.fields, derived.counts], [fields, counts])
  assert.deepEqual(source.derive, { type: 'scribbles', of, length: 0, width: 1, regions: 'all', seed: 3 })
  for (const [split, count] of Object.entries(counts as Record<string, number>)) {
    for (let i = 0; i < count; i++) {
      const [before, after] = [await read(of, split, i), await read(id, split, i)]
      assert.deepEqual([after.inputs, after.target], [before.inputs, before.target])
      const clicked = after.scribbles!.values.flatMap((label, pixel) => label === 255 ? [] : [[label, after.target!.values[pixel]]])
      assert.ok(clicked.length >= 2 && clicked.length <= 6 && clicked.every(([label, truth]) => label === truth), JSON.stringify(clicked))
      const strokes = before.scribbles!.values.filter(label => label !== 255).length
      assert.ok(strokes > 2 * clicked.length, `${strokes} pixels of strokes`)
    }
  }
})

test('derive: words and further fields are carried along; other words are refused', async t => {
  const api = await openTestApp(t)
  const one = await store(api, 'one', ['cat', 'dog'])
  const two = await store(api, 'two', ['dog', 'cat'])
  const three = await store(api, 'three', ['cat', 'dog'])
  const { dataset } = await make(api, { type: 'merge', of: [one, three] })
  assert.deepEqual(Object.keys(dataset.fields), ['inputs', 'target', 'weight'])
  const { fields } = (await api.call('GET', `/v1/datasets/${dataset.id}/examples/train/3`)).json()
  assert.deepEqual([fields.inputs.text, fields.inputs.values, fields.weight.values], ['dog', [3, 0], [1.5]])
  const sampled = await make(api, { type: 'sample', of: one, train: 1 })
  const example = (await api.call('GET', `/v1/datasets/${sampled.dataset.id}/examples/train/0`)).json()
  assert.match(example.fields.inputs.text, /^(cat|dog)$/)
  const refused = await derive(api, { type: 'merge', of: [one, two] })
  assert.deepEqual([refused.statusCode, refused.json().code], [422, 'invalid_dataset'])
  assert.match(refused.json().detail, /of\.1 must have the words of the first/)
})

test('derive filter: columns as they were in the table: words, no value, dates', async t => {
  const api = await openTestApp(t)
  const description: Description = {
    fields: {
      inputs: {
        type: 'features',
        shape: [8],
        dtype: 'float32',
        columns: ['age', 'age missing', 'job=cook', 'job=smith', 'job other', 'size', 'day.year', 'day.month'].map(name => ({ name })),
        source: [
          { type: 'number', name: 'age', at: 0, missing: { fill: 30, at: 1 } },
          { type: 'category', name: 'job', at: 2, words: ['cook', 'smith'], coding: 'one-hot', other: true, missing: false },
          { type: 'category', name: 'size', at: 5, words: ['S', 'M', 'L'], coding: 'ordinal', other: false, missing: false },
          { type: 'date', name: 'day', at: 6, parts: ['year', 'month'] }
        ]
      },
      target: { type: 'values', columns: [{ name: 'price', unit: 'EUR' }] }
    },
    counts: { train: 4, test: 4 }
  }
  const inputs = Float32Array.of(
    20, 0, 1, 0, 0, 0, 2020, 1,
    30, 1, 0, 1, 0, 1, 2021, 2,
    40, 0, 0, 0, 1, 2, 2022, 3,
    30, 0, 1, 0, 0, 2, 2023, 4)
  const split = toIncoming({ count: 4, arrays: { inputs, target: Float32Array.of(0.1, 0.2, 0.3, 0.4) } })
  const of = await put(api, 'rows', { description, train: split, test: split })
  const cases: [object, number[]][] = [
    [{ column: 'age', atLeast: 30 }, [2, 3]], [{ column: 'age', missing: true }, [1]], [{ column: 'age', missing: false }, [0, 2, 3]],
    [{ column: 'job', is: 'cook' }, [0, 3]], [{ column: 'job', oneOf: ['smith', 'cook'] }, [0, 1, 3]], [{ column: 'job', missing: false }, [0, 1, 2, 3]],
    [{ column: 'size', oneOf: ['M', 'L'] }, [1, 2, 3]], [{ column: 'day.year', atMost: 2021 }, [0, 1]],
    [{ column: 'day', is: '2021-02' }, [1]], [{ column: 'day', atLeast: '2021-02', atMost: '2022-12' }, [1, 2]],
    [{ column: 'price', is: 0.3 }, [2]], [{ column: 'price', atLeast: 0.3 }, [2, 3]]
  ]
  for (const [condition, left] of cases) {
    const response = await derive(api, { type: 'filter', of, where: [condition] })
    assert.equal(response.statusCode, 201, `${JSON.stringify(condition)}: ${response.body}`)
    const { id, counts } = response.json()
    const ages = await Promise.all(Array.from({ length: counts.train }, async (_, index) =>
      (await api.call('GET', `/v1/datasets/${id}/examples/train/${index}`)).json().fields.target.values[0]))
    assert.deepEqual(ages, left.map(row => Math.fround((row + 1) / 10)), JSON.stringify(condition))
  }
  for (const [condition, detail] of [
    [{ column: 'day', atLeast: 2020 }, 'column "day" has dates: a bound must be one, as in "2026-11-28", got 2020'],
    [{ column: 'age', atMost: '30' }, 'column "age" has numbers: a bound must be one, got "30"'],
    [{ column: 'job', atMost: 'smith' }, 'column "job" has words: say is or oneOf, got "smith"']
  ] as const) {
    const refused = await derive(api, { type: 'filter', of, where: [condition] })
    assert.deepEqual([refused.statusCode, refused.json().detail], [422, detail])
  }
})

test('derive: what does not fit is refused in words, and nothing is stored', async t => {
  const api = await openTestApp(t)
  const { id: of } = await table(api, 'one', first)
  const points = (await api.call('POST', '/v1/datasets', { body: { name: 'p', source: { generator: { type: 'nonlinear', train: 5, test: 5 } } } })).json().id
  const blobs = (await api.call('POST', '/v1/datasets', { body: { name: 'b', source: { generator: { type: 'blobs', train: 5, test: 5 } } } })).json().id
  const none = '01936a3e-0000-7000-8000-000000000001'
  const cases: [object, number, string, RegExp][] = [
    [{ type: 'mix', of }, 400, 'invalid_request', /source\.derive\.type must be one of merge, filter/],
    [{ type: 'merge', of: [of] }, 400, 'invalid_request', /source\.derive\.of/],
    [{ type: 'filter', of }, 400, 'invalid_request', /source\.derive/],
    [{ type: 'filter', of, clases: ['a'] }, 400, 'invalid_request', /clases is not a known field/],
    [{ type: 'sample', of: none, train: 1 }, 404, 'not_found', /source\.derive\.of must be a data set of this team/],
    [{ type: 'merge', of: [of, none] }, 404, 'not_found', /source\.derive\.of\.1 must be a data set of this team/],
    [{ type: 'merge', of: [of, points] }, 422, 'invalid_dataset', /inputs of the data set of\.1 must be as that of the first, features \[2\], got features \[3\]/],
    [{ type: 'merge', of: [of, blobs] }, 422, 'invalid_dataset', /features \[2\], got features \[2\] with other columns/],
    [{ type: 'filter', of, classes: ['x', 'a'] }, 422, 'invalid_dataset', /classes must be of "a", "b", "c", got "x"/],
    [{ type: 'filter', of, classes: ['a'] }, 422, 'invalid_dataset', /2 classes or more must be left, got 1/],
    [{ type: 'filter', of, train: { keep: [6] } }, 422, 'invalid_dataset', /positions in train must be 0 \.\. 5, got 6/],
    [{ type: 'filter', of, where: [{ column: 'z', is: 1 }] }, 422, 'invalid_dataset', /column must be one of "x", "y", got "z"/],
    [{ type: 'filter', of, where: [{ column: 'x', is: 99 }] }, 422, 'invalid_dataset', /train must have 1 example or more left, got none/],
    [{ type: 'filter', of: points, classes: ['a'] }, 422, 'invalid_dataset', /classes needs a target of classes, got values/],
    [{ type: 'relabel', of, indices: [0], labels: ['x'] }, 422, 'invalid_dataset', /labels must be 0 \.\. 2 or of "a", "b", "c", got "x"/],
    [{ type: 'relabel', of, indices: [0], labels: [3] }, 422, 'invalid_dataset', /got 3/],
    [{ type: 'relabel', of, indices: [0, 1], labels: [1] }, 422, 'invalid_dataset', /a class for each of the 2 indices, got 1/],
    [{ type: 'relabel', of, indices: [9], labels: [1] }, 422, 'invalid_dataset', /positions in train must be 0 \.\. 5, got 9/],
    [{ type: 'rename', of, classes: { x: 'y' } }, 422, 'invalid_dataset', /classes must name some of "a", "b", "c", got "x"/],
    [{ type: 'rename', of, classes: { a: 'c', b: 'c' } }, 422, 'invalid_dataset', /2 classes or more must be left, got 1/],
    [{ type: 'fold', of, folds: 7, fold: 0 }, 422, 'invalid_dataset', /folds must be at most the 6 training examples, got 7/],
    [{ type: 'fold', of, folds: 3, fold: 3 }, 422, 'invalid_dataset', /fold must be 0 \.\. 2, got 3/],
    [{ type: 'fold', of: points, folds: 2, fold: 0, stratify: true }, 422, 'invalid_dataset', /stratify must be left out where the target has no classes/],
    [{ type: 'scribbles', of }, 422, 'invalid_dataset', /scribbles needs a target of classMap, got classes/],
    [{ type: 'scribbles', of: points }, 422, 'invalid_dataset', /scribbles needs a target of classMap, got values/],
    [{ type: 'scribbles', of, length: 1.1 }, 400, 'invalid_request', /source\.derive\.length/],
    [{ type: 'sample', of, test: 7 }, 422, 'invalid_dataset', /test must be at most the 6 examples of the split, got 7/]
  ]
  const before = (await api.call('GET', '/v1/datasets')).json().items.length
  for (const [spec, status, code, detail] of cases) {
    const response = await derive(api, spec)
    assert.deepEqual([response.statusCode, response.json().code], [status, code], `${JSON.stringify(spec)}: ${response.body}`)
    assert.match(response.json().detail, detail)
  }
  assert.equal((await api.call('GET', '/v1/datasets')).json().items.length, before)
  const theirs = await api.call('POST', '/v1/datasets', { key: api.other.keys.member, body: { name: 'x', source: { derive: { type: 'sample', of, train: 1 } } } })
  assert.equal(theirs.statusCode, 404, 'what another team owns does not exist')
  const sources = await api.call('POST', '/v1/datasets', { body: { name: 'x', source: { catalog: 'iris', derive: { type: 'sample', of, train: 1 } } } })
  assert.equal(sources.statusCode, 400, sources.body)
})

test('derive: a data set beyond MAX_ROWS is refused', async t => {
  const api = await openTestApp(t, { maxRows: 15 })
  const [one, two] = [await table(api, 'one', first), await table(api, 'two', second)]
  const refused = await derive(api, { type: 'merge', of: [one.id, two.id] })
  assert.deepEqual([refused.statusCode, refused.json().detail], [422, 'a data set must have at most 15 rows (MAX_ROWS), got 16'])
})

/** Stores texts of one word and a weight each. */
async function store (api: TestApp, name: string, words: string[]): Promise<string> {
  const description: Description = {
    fields: {
      inputs: { type: 'tokens', shape: [2], vocabulary: 4, text: { columns: ['text'], lowerCase: true } },
      target: { type: 'classes', names: ['no', 'yes'] },
      weight: { type: 'features', shape: [1], dtype: 'float32' }
    },
    counts: { train: 2, test: 2 }
  }
  const split = toIncoming({
    count: 2, arrays: { inputs: Int32Array.of(2, 0, 3, 0), target: Int32Array.of(0, 1), weight: Float32Array.of(0.5, 1.5) }
  })
  return await put(api, name, { description, train: split, test: split, words })
}

async function put (api: TestApp, name: string, dataset: IncomingDataset): Promise<string> {
  const blob = await api.parts.blobs.put(Buffer.concat([...encodeDataset(dataset)]))
  const { description } = dataset
  return (await api.team.store.datasets.create({ name, source: {}, sourceHash: name, description, blob })).id
}
