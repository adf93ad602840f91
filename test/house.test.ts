/** How src is built, read from its files: what imports what, where SQL stands, what lies loose. What is not said here, lint says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findCircles, reach, readSources, type Import } from './helpers/sources.js'

const sources = readSources()
/** The composition roots: of the command line and of the API. They import what they like, and only main.ts imports app.ts. */
const roots = ['main.ts', 'app.ts']

/** What everything may import: files, and folders with all that is in them. They import only each other. */
const leaves = [
  'choices.ts', 'config.ts', 'errors.ts', 'gpus.mjs', 'log.ts', 'paths.ts', 'math', 'schema',
  'datasets/dataset.ts', 'datasets/description.ts', 'datasets/classes.ts', 'datasets/labelled.ts', 'datasets/accepts.ts', 'datasets/report.ts',
  'datasets/unlabelled.ts', 'datasets/words', 'datasets/scaling.ts', 'datasets/scribbles', 'datasets/table/rows.ts', 'datasets/table/codings.ts', 'datasets/table/dates.ts', 'storage/safetensors.ts'
]

/** What the files of a folder may import beside their own folder and the leaves: routes -> jobs -> algorithms -> influence -> tensor. */
const below: Record<string, string[]> = {
  routes: [
    'jobs', 'algorithms', 'datasets', 'figures', 'segmentation', 'storage',
    // Plain descriptions, so that the API knows what networks and questions look like.
    'influence/descent.ts', 'influence/operation.ts', 'influence/operations.ts', 'influence/schemas.ts', 'tensor/architecture.ts'
  ],
  jobs: ['algorithms', 'influence', 'tensor', 'datasets', 'storage'],
  algorithms: ['influence', 'tensor', 'optimizers', 'datasets', 'exchange', 'graphcut', 'lattice', 'segmentation', 'figures/indexed-png.ts', 'figures/png.ts'],
  exchange: [],
  graphcut: [],
  lattice: [],
  segmentation: ['graphcut', 'lattice', 'datasets', 'figures/image-png.ts', 'figures/indexed-png.ts'],
  influence: ['tensor', 'figures/indexed-png.ts', 'datasets/formats/pictures/png.ts', 'datasets/formats/pictures/png-pixels.ts'],
  tensor: [],
  optimizers: ['tensor/float64'],
  start: ['storage'],
  storage: [],
  datasets: [],
  figures: [],
  client: []
}

/** What the rows of storage hold is described where it is made: types, which are gone when the code runs. */
const typesBelow: Record<string, string[]> = {
  storage: ['algorithms/contract.ts', 'tensor/architecture.ts']
}

const folderOf = (file: string): string => file.split('/')[0]!
const isIn = (file: string, places: string[]): boolean => places.some(place => file === place || file.startsWith(`${place}/`))

function mayImport (from: string, { file, isType }: Import): boolean {
  if (file === undefined || roots.includes(from)) return true
  if (isIn(file, leaves)) return true
  if (isIn(from, leaves)) return false
  const folder = folderOf(from)
  return folder === folderOf(file) || isIn(file, below[folder] ?? []) || (isType && isIn(file, typesBelow[folder] ?? []))
}

test('src: no file imports itself by way of others, not even for a type', () => {
  assert.deepEqual(findCircles(sources), [])
})

test('src: imports point one way', () => {
  const wrong = [...sources].flatMap(([from, { imports }]) => imports.filter(one => !mayImport(from, one)).map(({ file }) => `${from} -> ${file}`))
  assert.deepEqual(wrong, [])
})

test('src: every folder is in the order, and at most eight files lie loose', () => {
  const loose = [...sources.keys()].filter(file => !file.includes('/'))
  assert.ok(loose.length <= 8, `at most 8 files may lie in src itself, got ${loose.join(', ')}`)
  const folders = new Set([...sources.keys()].filter(file => file.includes('/')).map(folderOf))
  assert.deepEqual([...folders].sort(), [...Object.keys(below), 'math', 'schema'].sort())
})

test('src: nothing that the API process loads loads the tensor library', () => {
  const loading = [...sources].filter(([, { imports }]) => imports.some(({ name, isType }) => name.startsWith('@tensorflow/') && !isType))
  assert.ok(loading.length > 0)
  const api = [...sources.keys()].filter(file => roots.includes(file) || ['routes', 'start'].includes(folderOf(file)))
  const loaded = reach(sources, api, ({ isType, isLate }) => !isType && !isLate)
  assert.deepEqual(loading.map(([file]) => file).filter(file => loaded.has(file) || api.includes(file)), [])
})

test('src: only storage speaks SQL', () => {
  const statement = /^\s*(select\s|insert into\s|update \w+ set\s|delete from\s|truncate\s|with \w+ as\b)|\b(pg_\w+\(|pgboss\.)/
  const speaks = [...sources].filter(([file]) => folderOf(file) !== 'storage').flatMap(([file, { methods, texts }]) => [
    ...(methods.includes('query') ? [`${file} calls query()`] : []), ...texts.filter(text => statement.test(text)).map(text => `${file}: ${text}`)
  ])
  assert.deepEqual(speaks, [])
})

test('src: TypeBox is loaded by nobody: schema/type.ts has its builders', () => {
  const loading = [...sources].filter(([, { imports }]) => imports.some(({ name, isType }) => name.startsWith('typebox') && !isType))
  assert.deepEqual(loading.map(([file]) => file), [])
})

test('src: kinds and optimizers know no HTTP, SQL, threads, clocks, or files but compiled kernels', () => {
  const known = ['fast-png']
  const isOfKernels = (from: string, name: string) => from.endsWith('/kernels.ts') && name === 'node:fs'
  const others = [...sources].filter(([file]) => ['algorithms', 'optimizers', 'math'].includes(folderOf(file)))
    .flatMap(([from, { imports }]) => imports
      .filter(({ name, isType }) => !name.startsWith('.') && !isType && !known.includes(name) && !isOfKernels(from, name))
      .map(({ name }) => `${from} -> ${name}`))
  assert.deepEqual(others, [])
})
