/** The kind that uses all of the contract, through the API and a real executor. */
import '../kinds/whole/index.js' // first: routes are made of what kinds have
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { decode } from 'fast-png'
import { v7 as newId } from 'uuid'
import { runNode } from '../../src/jobs/node.js'
import type { ReadyExecutor } from '../../src/storage/lanes.js'
import { encodeSafetensors } from '../../src/storage/safetensors.js'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { askUntilAnswered } from '../helpers/questions.js'
import { until, untilState } from '../helpers/trials.js'
import { finish, makeEverything } from '../routes/fixtures.js'

const glyphs = (seed: number) => ({ generator: { type: 'glyphs', classes: 3, train: 16, test: 2, noise: 0.1, seed } })

/** A lane of two slots that takes a snapshot every second. */
async function openStage (t: TestContext): Promise<TestApp> {
  const api = await openTestApp(t)
  process.env.NODE_OPTIONS = `--import=${new URL('../kinds/whole/index.js', import.meta.url).href}`
  t.after(() => { delete process.env.NODE_OPTIONS })
  const node = await runNode({ ...api.config, lanes: [{ device: 'cpu', slots: 2 }], snapshotSeconds: 1 }, () => {})
  t.after(async () => { await node.stop() })
  return api
}

/** Stores a model of two outputs, of a trial that has ended. @returns its id and the hash of its weights */
async function makeTeacher ({ parts, team }: TestApp): Promise<{ modelId: string, sha256: string }> {
  const { modelId, trialId, experimentId } = await makeEverything(parts, team)
  await finish(parts, experimentId)
  const architecture = { inputShape: [28, 28, 1], layers: [{ type: 'flatten' }, { type: 'dense', units: 2, activation: 'linear' }], head: { type: 'classes' } }
  await parts.db.pool.query('update model set architecture = $2 where id = $1', [modelId, architecture])
  const { sha256, sizeBytes } = await parts.blobs.put(encodeSafetensors({
    'layer1.weight': { shape: [784, 2], data: Float32Array.from({ length: 1568 }, (_, i) => Math.sin(i) / 10) },
    'layer1.bias': { shape: [2], data: Float32Array.of(0.1, -0.1) }
  }))
  await parts.db.prisma.checkpoint.create({
    data: { id: newId(), teamId: team.id, trialId, modelId, step: 50, learningRate: 0.1, blobSha: sha256, sizeBytes }
  })
  return { modelId, sha256 }
}

async function submit (api: TestApp, spec: object): Promise<{ id: string, trialId: string }> {
  const response = await api.call('POST', '/v1/experiments', { body: { kind: 'whole', spec } })
  assert.equal(response.statusCode, 201, response.body)
  const { id, trials: [trial] } = response.json()
  return { id, trialId: trial.id }
}

test('whole: two data sets and a model in, two models, a figure and an operation out', { timeout: 300_000 }, async t => {
  const api = await openStage(t)
  const { modelId, sha256 } = await makeTeacher(api)
  const { id, trialId } = await submit(api, { pictures: glyphs(1), probe: glyphs(2), teacher: { modelId } })
  await until(async () => (await api.call('GET', `/v1/experiments/${id}`)).json().finishedAt !== null)

  const { state, failure, fingerprint, definition: { spec } } = (await api.call('GET', `/v1/trials/${trialId}`)).json()
  assert.deepEqual([state, failure], ['succeeded', null])
  assert.deepEqual(spec.teacher, { modelId, step: 50 })
  assert.deepEqual([fingerprint.models, Object.keys(fingerprint.data).sort()], [{ teacher: sha256 }, ['pictures', 'probe']])

  const { items } = (await api.call('GET', `/v1/models?trialId=${trialId}`)).json() as { items: { id: string, name: string }[] }
  assert.deepEqual(items.map(({ name }) => name).sort(), ['average', 'network'])
  const average = items.find(({ name }) => name === 'average')!
  assert.ok((await api.call('GET', `/v1/models/${average.id}`)).json().operations.includes('kernels'))
  const answer = await askUntilAnswered(api, `/v1/models/${average.id}/kernels`, {}, 'image/png')
  const figure = await api.call('GET', `/v1/experiments/${id}/figures/kernels-strict`, { headers: { accept: 'image/png' } })
  assert.equal(figure.statusCode, 200, figure.body)
  assert.deepEqual([decode(figure.rawPayload).width, decode(figure.rawPayload).height], [12, 3])
  assert.deepEqual(answer.rawPayload, figure.rawPayload, 'the model’s kernels are those of the picture that its trial yielded')
})

test('whole: a loose trial whose executor is killed goes on from its snapshot, and takes back what came after', { timeout: 300_000 }, async t => {
  const api = await openStage(t)
  const { trialId, id } = await submit(api, { pictures: glyphs(1), probe: glyphs(2), arms: ['loose'], epochs: 4, holdsAfter: 1 })
  // After the snapshot of epoch 1 it makes one more epoch, and waits there for its end.
  const recorded = async () => (await api.parts.db.pool.query(
    "select from event where trial_id = $1 and type = 'checkpoint' and (data ->> 'step')::int = 4", [trialId])).rowCount
  await until(recorded)
  const { pid } = await until(async () => {
    const { rows: [lane] } = await api.parts.db.pool.query<{ executors: ReadyExecutor[] }>('select executors from lane')
    return lane!.executors.find(({ threads }) => threads === 1)
  })
  process.kill(pid!, 'SIGKILL')
  await untilState(api.parts.db, trialId, 'succeeded')

  const { items } = (await api.call('GET', `/v1/experiments/${id}/events?after=0`)).json() as { items: { type: string, data: { ordinal?: number } }[] }
  const rewinds = items.filter(({ type }) => type === 'rewind')
  assert.equal(rewinds.length, 1)
  const { items: curves } = (await api.call('GET', `/v1/experiments/${id}/metrics?name=loss`)).json() as { items: { points: [number, number][] }[] }
  assert.deepEqual(curves.map(({ points }) => points.map(([step]) => step)), [[2, 4, 6, 8]], 'every epoch once')
  const { items: checkpoints } = (await api.call('GET', `/v1/trials/${trialId}/checkpoints`)).json() as { items: { step: number }[] }
  assert.deepEqual(checkpoints.map(({ step }) => step).sort((a, b) => a - b), [2, 4, 6, 8, 8])
})
