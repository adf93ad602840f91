/** Files that are missing from the blob store, asked for over HTTP where a route reads them. */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { readStored } from '../../src/jobs/stored-file.js'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { makeEverything } from '../routes/fixtures.js'

const lost = '0'.repeat(64)
const source = { generator: { type: 'blobs', classes: 2, features: 2, train: 20, test: 10, spread: 0.3, seed: 1 } }

function loseFile ({ config }: TestApp, sha256: string): void {
  rmSync(path.join(config.blobStore, sha256.slice(0, 2), sha256.slice(2, 4), sha256))
}

test('readStored: a generator that makes other bytes than it did is no way back, and stores nothing', async t => {
  const { parts, team } = await openTestApp(t)
  const dataset = { id: 'one', teamId: team.id, name: 'points', source, blobSha: lost }
  await assert.rejects(readStored(parts, dataset, async () => await parts.blobs.read(lost)), {
    code: 'data_missing', detail: /^the file of data set one \("points"\), blob 0{64}, is not in the blob store, and its generator now makes other bytes \(\w{64}\)$/
  })
  assert.equal((await parts.db.pool.query('select from blob')).rowCount, 0)
})

test('readStored: many who need a lost generated data set at once all get it', async t => {
  const api = await openTestApp(t)
  const { id, sha256 } = (await api.call('POST', '/v1/datasets', { body: { name: 'points', source } })).json()
  const before = (await api.call('GET', `/v1/datasets/${id}/examples/train/3`)).json()
  loseFile(api, sha256)
  const answers = await Promise.all(Array.from({ length: 8 }, async () => (await api.call('GET', `/v1/datasets/${id}/examples/train/3`)).json()))
  for (const answer of answers) assert.deepEqual(answer, before)
})

test('POST /v1/datasets: the same generator brings a lost file back', async t => {
  const api = await openTestApp(t)
  const { id, sha256 } = (await api.call('POST', '/v1/datasets', { body: { name: 'points', source } })).json()
  loseFile(api, sha256)
  const again = await api.call('POST', '/v1/datasets', { body: { name: 'points', source } })
  assert.deepEqual([again.statusCode, again.json().id], [200, id])
  assert.ok(await api.parts.blobs.has(sha256))
})

test('GET /v1/artifacts and weights: 410 and what it is the file of, also for a range', async t => {
  const api = await openTestApp(t)
  const { artifactId, checkpointId } = await makeEverything(api.parts, api.team)
  rmSync(api.config.blobStore, { recursive: true })
  for (const [what, where, headers] of [
    [`artifact ${artifactId}`, `/v1/artifacts/${artifactId}`, {}],
    [`checkpoint ${checkpointId}`, `/v1/checkpoints/${checkpointId}/weights`, { range: 'bytes=0-3' }]
  ] as const) {
    const response = await api.call('GET', where, { headers })
    assert.deepEqual([response.statusCode, response.json().code], [410, 'file_missing'], response.body)
    assert.match(response.json().detail, new RegExp(`^the file of ${what}: blob \\w{64} is not in the blob store$`))
  }
})
