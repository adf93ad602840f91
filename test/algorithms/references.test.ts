import assert from 'node:assert/strict'
import { test } from 'node:test'
import { referenceAt, replaceAt } from '../../src/algorithms/references.js'

const spec = { data: { datasetId: 'a' }, sources: [{ data: { datasetId: 'b' } }, { table: { data: { datasetId: 'c' } } }] }
const at = (path: string) => ({ path, name: 'x', kind: 'data', accepts: {} } as const)

test('referenceAt: finds a reference at any depth, and says when a kind names none', () => {
  const paths = ['spec.data', 'spec.sources[0].data', 'spec.sources[1].table.data']
  assert.deepEqual(paths.map(path => referenceAt(spec, at(path))), ['a', 'b', 'c'].map(datasetId => ({ datasetId })))
  assert.throws(() => referenceAt(spec, at('spec.sources[7].data')), /spec\.sources\[7\]\.data must be \{datasetId\} or \{generator\} or \{catalog\}, got undefined/)
  assert.throws(() => referenceAt(spec, at('data')), /A path must begin with spec\. and go on, got data/)
})

test('replaceAt: changes the one place, in a copy', () => {
  const before = structuredClone(spec)
  const changed = replaceAt(spec, 'spec.sources[1].table.data', { datasetId: 'new' })
  assert.deepEqual(changed, { data: { datasetId: 'a' }, sources: [{ data: { datasetId: 'b' } }, { table: { data: { datasetId: 'new' } } }] })
  assert.deepEqual(spec, before)
})
