/** The recorder: everything once, in order, under the lease; a repeated run is held against what is stored. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Recordable } from '../../src/jobs/messages.js'
import { openRecorder, type Recorder } from '../../src/jobs/recorder.js'
import { createBlobStore } from '../../src/storage/blobs.js'
import { withTransaction, type Database } from '../../src/storage/database.js'
import { readEvents } from '../../src/storage/events.js'
import { readMetrics } from '../../src/storage/metrics.js'
import { claimTrial, type Claimed } from '../../src/storage/claims.js'
import { endAttempt } from '../../src/storage/leases.js'
import { readUsage, updateQuotas } from '../../src/storage/teams.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeBench, makeExperiment, type ExperimentOptions } from '../helpers/jobs.js'

interface Desk {
  db: Database
  experimentId: string
  /** of the blob store */
  folder: string
  claim: () => Promise<Claimed>
  open: (trial: Claimed, fromOrdinal?: number) => Promise<{ recorder: Recorder, lost: Error[], written: { items: number, bytes: number } }>
}

async function openDesk (t: TestContext, options: ExperimentOptions = {}): Promise<Desk> {
  const db = await openTestDatabase(t)
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-lab-recorder-'))
  t.after(() => { rmSync(folder, { recursive: true }) })
  const blobs = createBlobStore(folder, db)
  const bench = await makeBench(db)
  const { id } = await makeExperiment(db, bench.teamId, options)
  return {
    db,
    experimentId: id,
    folder,
    claim: async () => (await withTransaction(db.pool, async client => await claimTrial(client,
      { nodeId: bench.nodeId, laneId: bench.laneId, device: 'cpu', laneSlots: 4, freeSlots: 4, leaseSeconds: 30, kinds: [{ kind: 'test', version: '1' }] })))!,
    async open (trial, fromOrdinal = 0) {
      const lost: Error[] = []
      const written = { items: 0, bytes: 0 }
      const recorder = await openRecorder({
        db,
        blobs,
        trial,
        laneId: bench.laneId,
        fromOrdinal,
        beginning: undefined,
        timings: new Set(['stepTime']),
        secondsUsed: () => 1.5,
        onWritten: (items, bytes) => { written.items += items; written.bytes += bytes },
        onSnapshot: () => {},
        onError: error => { throw error },
        onLost: error => { lost.push(error) }
      })
      return { recorder, lost, written }
    }
  }
}

const metrics = (ordinal: number, values: Record<string, number> = { loss: 1 / (ordinal + 1) }): Recordable => ({ ordinal, type: 'metrics', data: { step: ordinal, values } })
const snapshot = (ordinal: number): Recordable => ({ ordinal, type: 'snapshot', data: { step: ordinal }, payload: Uint8Array.from([ordinal]) })
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

test('recorder: writes events and metrics once, in order, and says what was written', async t => {
  const desk = await openDesk(t)
  const trial = await desk.claim()
  const { recorder, lost, written } = await desk.open(trial)
  for (const i of range(0, 2500)) recorder.accept(metrics(i))
  recorder.accept({ ordinal: 2500, type: 'progress', data: { done: 5, of: 10 } })
  await recorder.drain()
  assert.deepEqual(lost, [])
  assert.equal(written.items, 2501) // what the thread sent and may now stop waiting for
  const frames = await readEvents(desk.db.pool, desk.experimentId, { after: 0, limit: 5000, types: ['metrics'] })
  assert.deepEqual(frames.map(frame => frame.data.step), range(0, 2500))
  const [curve] = await readMetrics(desk.db.pool, desk.experimentId)
  assert.deepEqual(curve?.points.map(point => point[0]), range(0, 2500))
  assert.deepEqual(curve?.points.map(point => point[1]), range(0, 2500).map(i => 1 / (i + 1)))
  const { rows: [row] } = await desk.db.pool.query('select progress_done, progress_of, seconds_used from trial where id = $1', [trial.id])
  assert.deepEqual(row, { progress_done: 5, progress_of: 10, seconds_used: 1.5 })
})

test('recorder: a resumed attempt repeats what came after its snapshot without doubling it', async t => {
  const desk = await openDesk(t)
  const first = await desk.claim()
  const before = await desk.open(first)
  for (const i of range(0, 10)) before.recorder.accept(metrics(i))
  before.recorder.accept(snapshot(10))
  for (const i of range(10, 15)) before.recorder.accept(metrics(i, { loss: i, stepTime: 100 + i }))
  await before.recorder.drain()
  await withTransaction(desk.db.pool, async client => { await endAttempt(client, { trialId: first.id, attempt: first.attempt }, { reason: 'killed', death: true }) })
  const { rows: [stored] } = await desk.db.pool.query('select ordinal, step from snapshot where trial_id = $1', [first.id])
  assert.deepEqual(stored, { ordinal: 10, step: 10 })
  const after = await desk.open(await desk.claim(), 10)
  // stepTime is a timing: the repeated run may take longer
  for (const i of range(10, 20)) after.recorder.accept(metrics(i, { loss: i, stepTime: 200 + i }))
  await after.recorder.drain()
  assert.deepEqual(after.lost, [])
  const frames = await readEvents(desk.db.pool, desk.experimentId, { after: 0, limit: 100, types: ['metrics'] })
  assert.deepEqual(frames.map(frame => frame.data.step), range(0, 20))
  const curves = await readMetrics(desk.db.pool, desk.experimentId, { names: ['loss'] })
  assert.deepEqual(curves[0]?.points.map(point => point[0]), range(0, 20))
})

test('recorder: a resumed attempt that does not repeat the recorded numbers is not_deterministic', async t => {
  const desk = await openDesk(t)
  const first = await desk.claim()
  const before = await desk.open(first)
  for (const i of range(0, 3)) before.recorder.accept(metrics(i, { loss: 0.5 }))
  await before.recorder.drain()
  await withTransaction(desk.db.pool, async client => { await endAttempt(client, { trialId: first.id, attempt: first.attempt }, { reason: 'killed', death: true }) })
  const after = await desk.open(await desk.claim())
  after.recorder.accept(metrics(0, { loss: 0.5 }))
  after.recorder.accept(metrics(1, { loss: 0.5000000000000001 }))
  await assert.rejects(after.recorder.drain(), { code: 'not_deterministic', message: /event 1 .*0\.5000000000000001/ })
  assert.equal(after.lost.length, 1)
})

test('recorder: an attempt whose lease somebody else took writes nothing more', async t => {
  const desk = await openDesk(t)
  const first = await desk.claim()
  const old = await desk.open(first)
  old.recorder.accept(metrics(0))
  await old.recorder.drain()
  await withTransaction(desk.db.pool, async client => { await endAttempt(client, { trialId: first.id, attempt: first.attempt }, { reason: 'thought dead', death: true }) })
  const second = await desk.claim()
  old.recorder.accept(metrics(1))
  await assert.rejects(old.recorder.drain(), { code: 'conflict' })
  const fresh = await desk.open(second)
  for (const i of range(0, 3)) fresh.recorder.accept(metrics(i))
  await fresh.recorder.drain()
  const frames = await readEvents(desk.db.pool, desk.experimentId, { after: 0, limit: 100, types: ['metrics'] })
  assert.deepEqual(frames.map(frame => frame.data.step), [0, 1, 2])
})

test('recorder: a blob that the team’s quota has no room for ends the recording, and nothing of its batch stays', async t => {
  const desk = await openDesk(t)
  const trial = await desk.claim()
  await updateQuotas(desk.db, trial.teamId, { maxStorageBytes: 3 })
  const { recorder, lost } = await desk.open(trial)
  for (const i of range(0, 3)) { // snapshots replace each other: one byte at a time
    recorder.accept(snapshot(i))
    await recorder.drain()
  }
  const artifact = (name: string, bytes: number): Recordable => (
    { ordinal: 0, type: 'artifact', data: { name, step: 1, mediaType: 'text/plain' }, payload: new Uint8Array(bytes).fill(7) })
  recorder.accept(artifact('too large', 3))
  await assert.rejects(recorder.drain(), { code: 'quota_exceeded' })
  assert.equal(lost.length, 1)
  assert.equal((await readUsage(desk.db, trial.teamId)).storedBytes, 1)
  assert.deepEqual(await readEvents(desk.db.pool, desk.experimentId, { after: 0, limit: 100, types: ['artifact'] }), [])
  const again = await desk.open(trial)
  again.recorder.accept(artifact('fits', 2))
  await again.recorder.drain()
})

test('recorder: connections that the server ends in mid-write cost nothing and double nothing', async t => {
  const desk = await openDesk(t)
  desk.db.pool.on('error', () => {}) // idle connections end too: that is the point
  const { recorder, lost } = await desk.open(await desk.claim())
  const total = 600
  for (const i of range(0, total)) {
    recorder.accept(metrics(i))
    if (i % 100 === 50) {
      await desk.db.pool.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()').catch(() => {})
    }
  }
  await recorder.drain()
  assert.deepEqual(lost, [])
  const frames = await readEvents(desk.db.pool, desk.experimentId, { after: 0, limit: 5000, types: ['metrics'] })
  assert.deepEqual(frames.map(frame => frame.data.step), range(0, total))
  const [curve] = await readMetrics(desk.db.pool, desk.experimentId)
  assert.deepEqual(curve?.points.map(point => point[0]), range(0, total))
})

test('recorder: two trials that write at once keep the experiment’s numbering gapless', async t => {
  const desk = await openDesk(t, { trials: 2 })
  const recorders = [await desk.open(await desk.claim()), await desk.open(await desk.claim())]
  for (const i of range(0, 400)) {
    for (const { recorder } of recorders) recorder.accept(metrics(i))
    if (i % 20 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  await Promise.all(recorders.map(async ({ recorder }) => { await recorder.drain() }))
  const frames = await readEvents(desk.db.pool, desk.experimentId, { after: 0, limit: 5000 })
  assert.deepEqual(frames.map(frame => frame.seq), range(1, frames.length + 1))
  assert.equal(frames.filter(frame => frame.type === 'metrics').length, 800)
})

test('recorder: models, checkpoints, artifacts and index parts get rows, and their events name them', async t => {
  const desk = await openDesk(t)
  const trial = await desk.claim()
  const datasetId = trial.id // any UUID: the model's data set is not looked up here
  const { recorder } = await desk.open(trial)
  recorder.accept({ ordinal: 0, type: 'model', data: { name: 'm' }, model: { architecture: { inputShape: [2], layers: [] }, preprocessing: {}, fields: { inputs: { type: 'features', shape: [2], dtype: 'float32' } }, descent: { type: 'sgd', momentum: 0.5 }, details: { family: 'one' }, trainingView: { datasetId, split: 'train', count: 8, dropped: [], relabelled: { indices: [], labels: [] } } } })
  recorder.accept({ ordinal: 1, type: 'checkpoint', data: { model: 'm', step: 3, learningRate: 0.1, interval: { from: 0, to: 3, weight: 0.7 }, counted: true, weightsSha256: 'x' }, payload: Uint8Array.from([1, 2]) })
  recorder.accept({ ordinal: 2, type: 'influence', data: { model: 'm', step: 3, layers: 'last', factorsSha256: 'y' }, payload: Uint8Array.from([3]) })
  recorder.accept({ ordinal: 3, type: 'artifact', data: { name: 'a', step: 3, mediaType: 'image/png', sizeBytes: 1, sha256: 'z' }, payload: Uint8Array.from([4]) })
  await recorder.drain()
  const frames = (await readEvents(desk.db.pool, desk.experimentId, { after: 0, limit: 100 })).filter(frame => frame.trialId && frame.type !== 'state')
  const ids = Object.assign({}, ...frames.map(frame => frame.data)) as Record<string, string>
  const one = async (sql: string, id: string | undefined): Promise<object> => (await desk.db.pool.query(sql, [id])).rows[0]
  assert.deepEqual(await one('select descent, details from model where id = $1', ids.modelId), { descent: { type: 'sgd', momentum: 0.5 }, details: { family: 'one' } })
  assert.deepEqual(
    await one('select model_id, step, learning_rate, interval, counted from checkpoint where id = $1', ids.checkpointId),
    { model_id: ids.modelId, step: 3, learning_rate: 0.1, interval: { from: 0, to: 3, weight: 0.7 }, counted: true })
  assert.deepEqual(await one('select model_id, layers, state from influence_index where id = $1', ids.indexId), { model_id: ids.modelId, layers: 'last', state: 'building' })
  assert.deepEqual(await one('select name, media_type from artifact where id = $1', ids.artifactId), { name: 'a', media_type: 'image/png' })

  await desk.db.pool.query("update influence_index set state = 'ready'") // as an earlier attempt left it
  recorder.accept({ ordinal: 4, type: 'checkpoint', data: { model: 'm', step: 4, learningRate: 0.1, counted: false, weightsSha256: 'x' }, payload: Uint8Array.from([5]) })
  await recorder.drain()
  assert.deepEqual(await one('select state from influence_index where id = $1', ids.indexId), { state: 'building' }, 'the new checkpoint has no part yet')
  assert.deepEqual(await one('select interval, counted from checkpoint where model_id = $1 and step = 4', ids.modelId), { interval: null, counted: false })
})

test('recorder: a resumed attempt of a kind that does not repeat itself takes back what came after its snapshot', async t => {
  const desk = await openDesk(t, { deterministic: false })
  const first = await desk.claim()
  const before = await desk.open(first)
  before.recorder.accept(metrics(0, { loss: 3, stepTime: 7 }))
  before.recorder.accept({ ordinal: 1, type: 'progress', data: { done: 2, of: 9 } })
  before.recorder.accept(snapshot(2))
  before.recorder.accept(metrics(2, { loss: 2, stepTime: 8 }))
  before.recorder.accept({ ordinal: 3, type: 'artifact', data: { name: 'a', step: 3, mediaType: 'image/png', sizeBytes: 1, sha256: 'z' }, payload: Uint8Array.from([4]) })
  before.recorder.accept({ ordinal: 4, type: 'progress', data: { done: 4, of: 9 } })
  await before.recorder.drain()
  await withTransaction(desk.db.pool, async client => { await endAttempt(client, { trialId: first.id, attempt: first.attempt }, { reason: 'killed', death: true }) })
  const after = await desk.open(await desk.claim(), 2)
  const { rows: [row] } = await desk.db.pool.query('select progress_done from trial where id = $1', [first.id])
  assert.equal(row.progress_done, 2)
  after.recorder.accept(metrics(2, { loss: 2.5, stepTime: 9 }))
  await after.recorder.drain()
  const frames = (await readEvents(desk.db.pool, desk.experimentId, { after: 0, limit: 100 })).filter(frame => frame.trialId && frame.type !== 'state')
  assert.deepEqual(frames.map(frame => frame.type), ['metrics', 'progress', 'metrics', 'artifact', 'progress', 'rewind', 'metrics'])
  assert.deepEqual(frames[5]?.data, { ordinal: 2, fromSeq: frames[2]?.seq })
  const curves = await readMetrics(desk.db.pool, desk.experimentId)
  assert.deepEqual(curves.map(({ name, points }) => [name, points]), [['loss', [[0, 3], [2, 2.5]]], ['stepTime', [[0, 7], [2, 9]]]])
  assert.equal((await desk.db.pool.query('select from artifact where trial_id = $1', [first.id])).rowCount, 0)
})

test('recorder: a NaN that a resumed attempt repeats is the same NaN', async t => {
  const desk = await openDesk(t)
  const first = await desk.claim()
  const before = await desk.open(first)
  before.recorder.accept(metrics(0, { loss: NaN, top: Infinity }))
  await before.recorder.drain()
  await withTransaction(desk.db.pool, async client => { await endAttempt(client, { trialId: first.id, attempt: first.attempt }, { reason: 'killed', death: true }) })
  const after = await desk.open(await desk.claim())
  after.recorder.accept(metrics(0, { loss: NaN, top: Infinity }))
  after.recorder.accept(metrics(1, { loss: NaN, top: -Infinity }))
  await after.recorder.drain()
  assert.deepEqual(after.lost, [])
  const frames = await readEvents(desk.db.pool, desk.experimentId, { after: 0, limit: 100, types: ['metrics'] })
  assert.deepEqual(frames.map(frame => frame.data.values), [{ loss: 'NaN', top: 'Infinity' }, { loss: 'NaN', top: '-Infinity' }])
})

test('recorder: a replaced snapshot’s blob goes at once, one that is no progress is not kept', async t => {
  const desk = await openDesk(t)
  const { recorder } = await desk.open(await desk.claim())
  const kept = async (): Promise<unknown[]> => {
    const { rows } = await desk.db.pool.query('select blob_sha as sha256 from snapshot')
    const { rows: all } = await desk.db.pool.query('select sha256 from blob')
    assert.deepEqual(all, rows, 'one blob: the snapshot’s')
    return (await readdir(desk.folder, { recursive: true })).filter(name => /[0-9a-f]{64}$/.test(name)).map(name => path.basename(name))
  }
  const shas: unknown[] = []
  for (const ordinal of [1, 2, 3]) {
    recorder.accept(snapshot(ordinal))
    await recorder.drain()
    const files = await kept()
    assert.equal(files.length, 1)
    shas.push(files[0])
  }
  assert.equal(new Set(shas).size, 3)
  recorder.accept({ ordinal: 3, type: 'snapshot', data: { step: 3 }, payload: Uint8Array.from([9]) })
  await recorder.drain()
  assert.deepEqual(await kept(), [shas[2]])
})

test('recorder: an attempt that lost its lease takes nothing back from the one that has it', async t => {
  const desk = await openDesk(t, { deterministic: false })
  const first = await desk.claim()
  const before = await desk.open(first)
  before.recorder.accept(metrics(0, { loss: 3 }))
  await before.recorder.drain()
  await withTransaction(desk.db.pool, async client => { await endAttempt(client, { trialId: first.id, attempt: first.attempt }, { reason: 'thought dead' }) })
  await desk.claim()
  await assert.rejects(desk.open(first), { code: 'conflict' })
  const [curve] = await readMetrics(desk.db.pool, desk.experimentId)
  assert.deepEqual(curve?.points, [[0, 3]])
})
