/**
 * Models and artifacts as inputs, from the request to the executor: found, checked and fixed by their path, read, kept while
 * they are needed.
 */
import '../kinds/readers.js' // first: the routes' schemas list the kinds
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { v7 as newId } from 'uuid'
import { runNode } from '../../src/jobs/node.js'
import { encodeSafetensors } from '../../src/storage/safetensors.js'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { untilState } from '../helpers/trials.js'
import { finish, makeEverything, type Everything } from '../routes/fixtures.js'

const submit = (spec: object) => ({ body: { kind: 'readers', spec } })

/** Adds a checkpoint whose weights sum up to its step. @returns the hash of its file */
async function addCheckpoint ({ parts: { blobs, db }, team }: TestApp, { modelId, trialId }: Everything, step: number): Promise<string> {
  const weight = { shape: [2], data: Float32Array.of(step - 1, 1) }
  const { sha256: blobSha, sizeBytes } = await blobs.put(encodeSafetensors({ 'layer0.weight': weight }))
  const data = { id: newId(), teamId: team.id, trialId, modelId, step, learningRate: 0.1, blobSha, sizeBytes }
  await db.prisma.checkpoint.create({ data })
  return blobSha
}

function removeFile ({ config: { blobStore } }: TestApp, sha256: string): void {
  rmSync(path.join(blobStore, sha256.slice(0, 2), sha256.slice(2, 4), sha256))
}

async function startNode (t: TestContext, api: TestApp): Promise<void> {
  process.env.NODE_OPTIONS = `--import=${new URL('../kinds/readers.js', import.meta.url).href}`
  t.after(() => { delete process.env.NODE_OPTIONS })
  const node = await runNode({ ...api.config, lanes: [{ device: 'cpu', slots: 1 }] }, () => {})
  t.after(async () => { await node.stop() })
}

test('models in a spec are fixed in place to a checkpoint, artifacts are what they are, and both given to the trial by name', { timeout: 150_000 }, async t => {
  const api = await openTestApp(t)
  const made = await makeEverything(api.parts, api.team)
  const { modelId, artifactId } = made
  await finish(api.parts, made.experimentId)
  const shas = [await addCheckpoint(api, made, 20), await addCheckpoint(api, made, 30)]
  const spec = { model: { modelId: modelId.toUpperCase() }, others: [{ model: { modelId, step: 20 } }], log: { artifactId } }
  const validated = (await api.call('POST', '/v1/experiments?validate=true', submit(spec))).json()
  assert.deepEqual([validated.valid, validated.errors, validated.estimate], [true, [], { steps: 30, bytes: 11 }], 'needs() knows the checkpoint and the artifact')

  const response = await api.call('POST', '/v1/experiments', submit(spec))
  assert.equal(response.statusCode, 201, response.body)
  const { id, trials: [trial] } = response.json()
  await addCheckpoint(api, made, 40)
  const fixed = { model: { modelId, step: 30 }, others: [{ model: { modelId, step: 20 } }], log: { artifactId }, fails: false }
  assert.deepEqual((await api.call('GET', `/v1/experiments/${id}`)).json().spec, fixed)
  assert.deepEqual((await api.call('GET', `/v1/trials/${trial.id}`)).json().definition.spec, fixed)

  await startNode(t, api)
  await untilState(api.parts.db, trial.id, 'succeeded')
  const { result, fingerprint } = (await api.call('GET', `/v1/trials/${trial.id}`)).json()
  assert.deepEqual(result.read, [{ name: 'first', kind: 'tracin', step: 30, sum: 30 }, { name: 'other 0', kind: 'tracin', step: 20, sum: 20 }])
  assert.equal(result.log, 'step,loss\r\n')
  assert.deepEqual(fingerprint.artifacts, { log: createHash('sha256').update(result.log).digest('hex') })
  assert.deepEqual(fingerprint.models, { first: shas[1], 'other 0': shas[0] })
})

test('models and artifacts that a spec must not name are all told, each by its path, and nothing is stored', async t => {
  const api = await openTestApp(t)
  const { modelId, ...ours } = await makeEverything(api.parts, api.team)
  const { modelId: theirs, artifactId: log } = await makeEverything(api.parts, api.other)
  const absent = newId()
  const refusal = async (spec: object): Promise<unknown[]> => {
    const response = await api.call('POST', '/v1/experiments', submit(spec))
    const { valid, errors } = (await api.call('POST', '/v1/experiments?validate=true', submit(spec))).json()
    assert.deepEqual([valid, errors], [false, response.json().errors], 'validate=true says the same')
    return [response.statusCode, response.json().code, errors]
  }

  assert.deepEqual(await refusal({ model: { modelId: theirs }, others: [{ model: { modelId: absent } }, { model: { modelId, step: 7 } }], log: { artifactId: log } }), [404, 'not_found', [
    { path: 'spec.model.modelId', rule: 'must be a model of this team', got: theirs },
    { path: 'spec.others[0].model.modelId', rule: 'must be a model of this team', got: absent },
    { path: 'spec.others[1].model.step', rule: 'must be a checkpoint of the model, 5', got: 7 },
    { path: 'spec.log.artifactId', rule: 'must be an artifact of this team', got: log }
  ]])
  const withLog = { model: { modelId }, log: { artifactId: ours.artifactId } }
  await api.parts.db.pool.query("update artifact set media_type = 'image/png' where id = $1", [ours.artifactId])
  assert.deepEqual(await refusal(withLog), [422, 'unfit_artifact', [
    { path: 'spec.log.artifactId', rule: 'must be an artifact log of text/csv', got: 'log of image/png' }
  ]])
  const { rows: [{ sha256: logSha256 }] } = await api.parts.db.pool.query(
    "update artifact set media_type = 'text/csv' where id = $1 returning blob_sha as sha256", [ours.artifactId])
  removeFile(api, logSha256)
  assert.deepEqual(await refusal(withLog), [410, 'file_missing', [
    { path: 'spec.log.artifactId', rule: 'must have its file in the blob store', got: ours.artifactId }
  ]])
  for (let step = 6; step < 26; step++) await addCheckpoint(api, { modelId, ...ours }, step)
  assert.deepEqual(await refusal({ model: { modelId, step: 99 } }), [404, 'not_found', [
    { path: 'spec.model.step', rule: 'must be a checkpoint of the model, one of 21 from 5 to 25', got: 99 }
  ]])
  const sha256 = await addCheckpoint(api, { modelId, ...ours }, 99)
  removeFile(api, sha256)
  assert.deepEqual(await refusal({ model: { modelId } }), [410, 'file_missing', [
    { path: 'spec.model.modelId', rule: 'must have its weights at step 99 in the blob store', got: modelId }
  ]])
  await api.parts.db.pool.query('delete from checkpoint where model_id = $1', [modelId])
  assert.deepEqual(await refusal({ model: { modelId } }), [409, 'no_checkpoint', [
    { path: 'spec.model.modelId', rule: 'must be a model with a checkpoint', got: modelId }
  ]])
  await addCheckpoint(api, { modelId, ...ours }, 1)
  await api.parts.db.pool.query("update model set architecture = jsonb_set(architecture, '{inputShape}', '[6]') where id = $1", [modelId])
  assert.deepEqual(await refusal({ model: { modelId } }), [400, 'invalid_spec', [
    { path: 'spec.model', rule: 'must be a model of pictures', got: [6] }
  ]])
  for (const model of [{}, { modelId: 'x' }, { modelId, step: -1 }, { modelId, at: 1 }]) {
    assert.equal((await api.call('POST', '/v1/experiments', submit({ model }))).json().code, 'invalid_spec', JSON.stringify(model))
  }
  assert.deepEqual((await api.call('GET', '/v1/experiments?kind=readers')).json().items, [])
})

test('a model stays while a trial that reads it has not ended; a retry that needs it then fails and says so', { timeout: 150_000 }, async t => {
  const api = await openTestApp(t)
  const { modelId, experimentId } = await makeEverything(api.parts, api.team)
  await finish(api.parts, experimentId)
  const { id, trials: [trial] } = (await api.call('POST', '/v1/experiments', submit({ model: { modelId }, fails: true }))).json()
  const remove = async () => await api.call('DELETE', `/v1/experiments/${experimentId}`)
  const users = [{ type: 'experiment', id, name: 'Readers of models' }]
  const refused = await remove()
  assert.deepEqual([refused.statusCode, refused.json().code, refused.json().users], [409, 'in_use', users])
  await api.call('POST', `/v1/experiments/${id}/pause`)
  assert.deepEqual((await remove()).json().users, users, 'paused')
  await api.call('POST', `/v1/experiments/${id}/resume`)

  await startNode(t, api)
  await untilState(api.parts.db, trial.id, 'failed')
  assert.equal((await remove()).statusCode, 204, 'no trial needs it any more')
  await api.call('POST', `/v1/experiments/${id}/retry`)
  await untilState(api.parts.db, trial.id, 'failed')
  const { failure } = (await api.call('GET', `/v1/trials/${trial.id}`)).json()
  assert.deepEqual(failure, { code: 'not_found', message: `spec.model: model ${modelId}` })
})
