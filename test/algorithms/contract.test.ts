/** What every kind of the registry must do. Names no kind: a new one is tested without a new line here. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { MAX_CREW } from '../../src/algorithms/contract.js'
import { replaceAt } from '../../src/algorithms/references.js'
import { algorithms, findAlgorithm } from '../../src/algorithms/registry.js'
import { projectRoot } from '../../src/paths.js'
import { fillSpec } from '../helpers/drive.js'
import { describeClassified } from '../helpers/descriptions.js'
import { dataPathOf, describeData } from '../helpers/inputs.js'
import { testContract } from './contract-suite.js'

/** The sections of a kind's README, in this order. */
const readmeSections = ['What it asks', 'Spec', 'Metrics', 'Result', 'Differs from the paper', 'Reproduced numbers', 'References']

interface Schema { description?: string, properties?: Record<string, Schema>, items?: Schema, oneOf?: Schema[], anyOf?: Schema[] }

/** Paths of schema fields without a description: properties, and members of lists. */
function undescribed (schema: unknown, at: string): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { properties = {}, items, oneOf = [], anyOf = [] } = schema as Schema
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      ...(field.description ? [] : [`${at}.${name}`]), ...undescribed(field, `${at}.${name}`)
    ]),
    ...undescribed(items, `${at}[]`),
    ...[...oneOf, ...anyOf].flatMap(member => undescribed(member, at))
  ]
}

for (const algorithm of algorithms) {
  const { kind } = algorithm

  testContract(algorithm, algorithm.presets[0]!.spec)

  test(`${kind}: is found by the name of its folder, and its README has every section, in order, others between them`, () => {
    assert.equal(findAlgorithm(kind), algorithm)
    const readme = readFileSync(path.join(projectRoot, 'src', 'algorithms', kind, 'README.md'), 'utf8')
    const sections = [...readme.matchAll(/^## (.+)$/gm)].map(match => match[1]!)
    assert.deepEqual(sections.filter(section => readmeSections.includes(section)), readmeSections)
  })

  test(`${kind}: every field of spec and result is named, every field of the spec is described`, () => {
    assert.deepEqual(undescribed(algorithm.spec, 'spec'), [])
    assert.ok(Object.values(algorithm.metrics).every(metric => metric.description && metric.unit))
  })

  test(`${kind}: every preset fits the schema, names what it predicts, and the first needs only generators`, () => {
    assert.equal(algorithm.presets[0]!.needs, undefined)
    for (const preset of algorithm.presets) {
      assert.ok(preset.predicts && preset.title, preset.name)
      const spec = fillSpec(algorithm, preset.needs === undefined
        ? preset.spec
        : replaceAt(preset.spec, dataPathOf(algorithm, preset.spec), { datasetId: '00000000-0000-7000-8000-000000000000' }))
      const trials = algorithm.plan(spec)
      assert.ok(trials.length > 0)
      const names = new Set(trials.map(({ arm, seed }) => `${arm} ${seed}`))
      assert.equal(names.size, trials.length, `arms and seeds of ${preset.name} are told apart`)
      const described = describeClassified({ inputShape: [28, 28, 1], dtype: 'uint8', classes: 10, trainCount: 60_000, testCount: 10_000 })
      const inputs = Object.fromEntries(algorithm.inputs(spec).map(({ name }) => [name, described]))
      for (const trial of trials) {
        const { estimate, engine, device, slots, threads, crew } = algorithm.needs(trial, describeData(inputs))
        assert.ok(estimate.steps > 0)
        if (engine === 'float64') assert.deepEqual([device, threads], ['any', 1], 'Float64 kernels run on every lane, one thread each')
        assert.ok(crew >= 1 && crew <= MAX_CREW)
        if (slots !== 'all') assert.equal(slots, crew * Number(threads), 'a slot for each thread that is kept busy')
      }
    }
  })
}

test('registry: no source file outside a kind’s folder and the registry names a kind', () => {
  const folder = path.join(projectRoot, 'src')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => /\.(ts|tsx|js|mjs)$/.test(file))
  const mayName = (file: string, kind: string) =>
    file.startsWith(path.join('algorithms', kind) + path.sep) || file.startsWith(path.join('algorithms', 'registry.'))
  const offenders = files.flatMap(file => algorithms
    .filter(({ kind }) => !mayName(file, kind))
    .filter(({ kind }) => new RegExp(`['"\`/]${kind}['"\`/]`).test(readFileSync(path.join(folder, file), 'utf8')))
    .map(({ kind }) => `${file} names ${kind}`))
  assert.deepEqual(offenders, [])
})

test('findAlgorithm: an unknown kind is a problem that lists the known ones', () => {
  assert.throws(() => findAlgorithm('no such kind'), { code: 'unknown_kind' })
})
