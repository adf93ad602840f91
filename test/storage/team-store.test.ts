/** What a team's storage gives: its own rows as the wire shows them, and nothing of another team. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { v7 as newId } from 'uuid'
import { withTransaction } from '../../src/storage/database.js'
import { readEvents } from '../../src/storage/events.js'
import { listNodes } from '../../src/storage/nodes.js'
import type { Page } from '../../src/storage/team/page.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeCheckpoint, makeModel, makeTeam, newDataset, newExperiment } from './fixtures.js'

test('every member: another team’s id, an unknown id and a malformed id are not_found', async t => {
  const db = await openTestDatabase(t)
  const [owner, stranger] = [await makeTeam(db), await makeTeam(db)]
  const dataset = await owner.datasets.create(newDataset())
  const model = await makeModel(db, owner, dataset)
  const checkpointId = await makeCheckpoint(db, owner, model, 1, 'b'.repeat(64))
  const artifactId = newId()
  await db.prisma.artifact.create({ data: { id: artifactId, teamId: owner.teamId, trialId: model.trialId, name: 'a', step: 1, mediaType: 'image/png', blobSha: 'c'.repeat(64), sizeBytes: 1 } })
  const index = await owner.indexes.startBuilding(model.modelId, 'last', async () => {})
  const query = await owner.queries.create({ modelId: model.modelId, operation: 'predict', request: {} })

  const asks: [id: string, ask: (team: typeof owner, id: string) => Promise<unknown>][] = [
    [dataset.id, (team, id) => team.datasets.get(id)],
    [dataset.id, (team, id) => team.datasets.open(id)],
    [model.experimentId, (team, id) => team.experiments.get(id)],
    [model.experimentId, (team, id) => team.experiments.brief(id)],
    [model.experimentId, (team, id) => team.experiments.update(id, { name: 'taken over' })],
    [model.trialId, (team, id) => team.trials.get(id)],
    [model.trialId, (team, id) => team.trials.checkpoints(id)],
    [model.trialId, (team, id) => team.trials.artifacts(id)],
    [artifactId, (team, id) => team.artifacts.open(id)],
    [checkpointId, (team, id) => team.checkpoints.get(id)],
    [artifactId, (team, id) => team.artifacts.get(id)],
    [model.modelId, (team, id) => team.models.get(id)],
    [model.modelId, (team, id) => team.indexes.list(id)],
    [model.modelId, (team, id) => team.indexes.startBuilding(id, 'all', async () => {})],
    [model.modelId, (team, id) => team.models.needCheckpoint(id)],
    [index.id, (team, id) => team.indexes.get(id)],
    [model.modelId, (team, id) => team.queries.create({ modelId: id, operation: 'predict', request: {} })],
    [query.id, (team, id) => team.queries.get(id)]
  ]
  for (const [id, ask] of asks) {
    await assert.rejects(ask(stranger, id), { code: 'not_found' }, String(ask))
    await assert.rejects(ask(owner, newId()), { code: 'not_found' }, String(ask))
    await assert.rejects(ask(owner, "x' or true --"), { code: 'not_found' }, String(ask))
    await ask(owner, id)
  }
  for (const remove of [stranger.datasets.remove, stranger.experiments.report, stranger.experiments.remove]) {
    await assert.rejects(remove(remove === stranger.datasets.remove ? dataset.id : model.experimentId), { code: 'not_found' })
  }
  assert.deepEqual((await stranger.models.list()).items, [])
})

test('datasets.create: the same source twice in a team is one data set, in two teams it is two', async t => {
  const db = await openTestDatabase(t)
  const [team, other] = [await makeTeam(db), await makeTeam(db)]
  const dataset = newDataset()
  const made = await Promise.all([team.datasets.create(dataset), team.datasets.create(dataset), team.datasets.create({ ...dataset, name: 'again' })])
  assert.equal(new Set(made.map(({ id }) => id)).size, 1)
  assert.notEqual((await other.datasets.create(dataset)).id, made[0]!.id)
  assert.deepEqual(await team.datasets.findBySource(dataset.sourceHash), made[0])
})

test('datasets.get: says what the wire says', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const { id } = await team.datasets.create(newDataset({ source: { generator: { type: 'blobs' } } }))
  const { createdAt, report, ...summary } = await team.datasets.get(id)
  assert.deepEqual(report, { columns: [], classes: [], skipped: [], warnings: [] })
  assert.deepEqual(summary, {
    id,
    name: 'points',
    source: { generator: { type: 'blobs' } },
    fields: { inputs: { type: 'features', shape: [2], dtype: 'float32' }, target: { type: 'classes', names: ['0', '1'] } },
    counts: { train: 8, test: 4 },
    sizeBytes: 100,
    sha256: 'a'.repeat(64)
  })
  assert.equal(new Date(createdAt).toISOString(), createdAt)
  assert.deepEqual((await team.datasets.list()).items, [{ ...summary, createdAt }], 'lists leave the report out')
})

test('datasets.remove: is refused with the list of users while there are any', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const dataset = await team.datasets.create(newDataset())
  const { experimentId, modelId } = await makeModel(db, team, dataset)
  await assert.rejects(team.datasets.remove(dataset.id), (error: { code: string, extra: unknown }) => {
    assert.equal(error.code, 'in_use')
    assert.deepEqual(error.extra, {
      users: [
        { type: 'experiment', id: experimentId, name: 'An experiment' }, { type: 'model', id: modelId, name: 'network' }
      ]
    })
    return true
  })
  await db.prisma.experiment.update({ where: { id: experimentId }, data: { state: 'succeeded' } })
  await team.experiments.remove(experimentId)
  await team.datasets.remove(dataset.id)
  await assert.rejects(team.datasets.get(dataset.id), { code: 'not_found' })
})

test('experiments.create: stores trials, head and first event', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const dataset = await team.datasets.create(newDataset())
  const experiment = await team.experiments.create(newExperiment(dataset, { tags: ['a'], priority: 3, maxSeconds: 60, preset: 'smallest' }))
  const { id, createdAt, trials, ...rest } = experiment
  assert.deepEqual(rest, {
    kind: 'example',
    kindVersion: '1',
    name: 'An experiment',
    notes: '',
    tags: ['a'],
    priority: 3,
    maxSeconds: 60,
    preset: 'smallest',
    parent: null,
    spec: { data: { datasetId: dataset.id } },
    state: 'queued',
    failure: null,
    progress: { done: 0, of: 100, etaSeconds: null },
    createdBy: 'key test',
    startedAt: null,
    finishedAt: null,
    version: 1
  })
  assert.deepEqual(trials.map(({ id, ...trial }) => trial), [
    { arm: 'first', seed: 7, state: 'queued', outcome: null }, { arm: 'second', seed: 7, state: 'queued', outcome: null }
  ])
  assert.deepEqual(await team.experiments.get(id), experiment)
  const frames = await readEvents(db.pool, id, { after: 0, limit: 10 })
  assert.deepEqual(frames.map(({ at, ...frame }) => frame), [{ seq: 1, trialId: null, type: 'state', data: { state: 'queued' } }])
  const trial = await team.trials.get(trials[1]!.id)
  const { slots, threads, device, engine, crew, deterministic, estimate, ordinal, definition } = trial
  assert.deepEqual([slots, threads, device, engine, crew, deterministic, estimate, ordinal, definition],
    [0, 0, 'any', 'tensor', 1, true, { steps: 50, bytes: 0 }, 1, { arm: 'second', seed: 7, spec: { arm: 'second' } }])
})

test('experiments.create: wakes the nodes once it is committed', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const listener = new pg.Client({ connectionString: db.url })
  await listener.connect()
  await listener.query('listen trials')
  const woken = new Promise<string | undefined>(resolve => listener.once('notification', ({ payload }) => resolve(payload)))
  const { id } = await team.experiments.create(newExperiment(undefined))
  assert.equal(await woken, id)
  await listener.end()
})

test('experiments.create: leaves nothing behind when a part of it fails', async t => {
  const db = await openTestDatabase(t)
  const [team, other] = [await makeTeam(db), await makeTeam(db)]
  const foreign = await other.datasets.create(newDataset())
  await assert.rejects(team.experiments.create(newExperiment(foreign)), { code: 'not_found' })
  const [trial] = newExperiment(undefined).trials
  const broken = { ...trial!, needs: { ...trial!.needs, slots: 1.5 } } // no integer: the trial's insert fails
  await assert.rejects(team.experiments.create(newExperiment(undefined, { trials: [trial!, broken] })))
  const { experiment, eventHead, event } = db.prisma
  const left = [experiment.count(), db.prisma.trial.count(), eventHead.count(), event.count()]
  assert.deepEqual(await Promise.all(left), [0, 0, 0, 0])
})

test('experiments.create: beside datasets.remove leaves both or neither', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  for (let round = 0; round < 10; round++) {
    const dataset = await team.datasets.create(newDataset())
    await Promise.allSettled([team.experiments.create(newExperiment(dataset)), team.datasets.remove(dataset.id)])
    const uses = await db.prisma.experimentDataset.count({ where: { datasetId: dataset.id } })
    const rows = await db.prisma.dataset.count({ where: { id: dataset.id } })
    assert.equal(uses, rows)
  }
})

test('experiments.create: beside experiments.remove of what made its model leaves both or neither', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  for (let round = 0; round < 10; round++) {
    const { modelId, experimentId } = await makeModel(db, team, await team.datasets.create(newDataset()))
    await db.prisma.trial.updateMany({ where: { experimentId }, data: { state: 'succeeded' } })
    await db.prisma.experiment.update({ where: { id: experimentId }, data: { state: 'succeeded' } })
    const reader = newExperiment(undefined, { modelIds: [modelId] })
    await Promise.allSettled([team.experiments.create(reader), team.experiments.remove(experimentId)])
    const uses = await db.prisma.experimentModel.count({ where: { modelId } })
    const rows = await db.prisma.model.count({ where: { id: modelId } })
    assert.equal(uses, rows)
  }
})

test('experiments.remove: in_use while a trial elsewhere that has not ended reads one of its models', async t => {
  const db = await openTestDatabase(t)
  const [team, other] = [await makeTeam(db), await makeTeam(db)]
  const { modelId, experimentId } = await makeModel(db, team, await team.datasets.create(newDataset()))
  await db.prisma.experiment.update({ where: { id: experimentId }, data: { state: 'succeeded' } })
  await assert.rejects(other.experiments.create(newExperiment(undefined, { modelIds: [modelId] })), { code: 'not_found', detail: `model ${modelId}` })
  const { id, trials: [first, second] } = await team.experiments.create(newExperiment(undefined, { modelIds: [modelId, modelId] }))
  const move = async (trialId: string, state: string) => await db.prisma.trial.update({ where: { id: trialId }, data: { state } })
  await move(first!.id, 'succeeded')
  for (const state of ['queued', 'running', 'pausing', 'paused', 'stopping']) {
    await move(second!.id, state)
    const users = [{ type: 'experiment', id, name: 'An experiment' }]
    await assert.rejects(team.experiments.remove(experimentId), { code: 'in_use', extra: { users } }, state)
  }
  await move(second!.id, 'failed')
  await team.experiments.remove(experimentId)
  assert.equal(await db.prisma.experimentModel.count(), 1, 'what was read stays known')
})

test('experiments.remove: in_use while a trial elsewhere that has not ended reads one of its artifacts', async t => {
  const db = await openTestDatabase(t)
  const [team, other] = [await makeTeam(db), await makeTeam(db)]
  const { id: maker, trials: [trial] } = await team.experiments.create(newExperiment(undefined))
  const artifactId = newId()
  await db.prisma.artifact.create({ data: { id: artifactId, teamId: team.teamId, trialId: trial!.id, name: 'a', step: 1, mediaType: 'image/png', blobSha: 'c'.repeat(64), sizeBytes: 1 } })
  await db.prisma.experiment.update({ where: { id: maker }, data: { state: 'succeeded' } })
  await assert.rejects(other.experiments.create(newExperiment(undefined, { artifactIds: [artifactId] })), { code: 'not_found', detail: `artifact ${artifactId}` })
  const { id } = await team.experiments.create(newExperiment(undefined, { artifactIds: [artifactId, artifactId] }))
  const users = [{ type: 'experiment', id, name: 'An experiment' }]
  await assert.rejects(team.experiments.remove(maker), { code: 'in_use', detail: `experiment ${maker} made artifacts that trials need which have not ended`, extra: { users } })
  await db.prisma.trial.updateMany({ where: { experimentId: id }, data: { state: 'canceled' } })
  await team.experiments.remove(maker)
  assert.equal(await db.prisma.experimentArtifact.count(), 1, 'what was read stays known')
})

test('experiments.update: changes what is given; a stale version is refused', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const { id, version } = await team.experiments.create(newExperiment(undefined))
  const changed = await team.experiments.update(id, { name: 'New', tags: ['x', 'y'], notes: 'n', priority: -1 }, version)
  assert.deepEqual([changed.name, changed.tags, changed.notes, changed.priority, changed.version], ['New', ['x', 'y'], 'n', -1, version + 1])
  await assert.rejects(team.experiments.update(id, { name: 'Late' }, version), { code: 'stale' })
  assert.equal((await team.experiments.update(id, {})).name, 'New')
})

test('experiments.remove: only after the end, and then with all it made', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const model = await makeModel(db, team, await team.datasets.create(newDataset()))
  await makeCheckpoint(db, team, model, 1, 'b'.repeat(64))
  await team.queries.create({ modelId: model.modelId, operation: 'predict', request: {} })
  await assert.rejects(team.experiments.remove(model.experimentId), { code: 'conflict' })
  await db.prisma.experiment.update({ where: { id: model.experimentId }, data: { state: 'canceled' } })
  await team.experiments.remove(model.experimentId)
  const { experiment, trial, event, eventHead, model: models, checkpoint, query, experimentDataset } = db.prisma
  const left = await Promise.all([
    experiment.count(), trial.count(), event.count(), eventHead.count(), models.count(), checkpoint.count(), query.count(),
    experimentDataset.count()
  ])
  assert.deepEqual(left, [0, 0, 0, 0, 0, 0, 0, 0])
})

test('experiments.report: not_finished before the end, the report after it', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const { id } = await team.experiments.create(newExperiment(undefined))
  await assert.rejects(team.experiments.report(id), { code: 'not_finished' })
  const report = { verdict: { claim: 'c', predicts: 'p', holds: true, evidence: 'e' }, tables: [], figures: [] }
  await db.prisma.experiment.update({ where: { id }, data: { report, state: 'succeeded' } })
  assert.deepEqual(await team.experiments.report(id), report)
  assert.ok(!('report' in await team.experiments.get(id)))
})

test('experiments.get: sums progress, a trial that ended has nothing left, the time left follows the pace', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const { id, trials: [first, second] } = await team.experiments.create(newExperiment(undefined))
  await db.prisma.trial.update({ where: { id: first!.id }, data: { state: 'succeeded', progressDone: 30, progressOf: 50, secondsUsed: 3 } })
  await db.prisma.trial.update({ where: { id: second!.id }, data: { state: 'running', progressDone: 20, progressOf: 50, secondsUsed: 2 } })
  // 5 s for 50 steps, 30 steps left
  assert.deepEqual((await team.experiments.get(id)).progress, { done: 70, of: 100, etaSeconds: 3 })
})

test('experiments.get: a trial that failed or was canceled keeps the progress that it had', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const { id, trials: [first, second] } = await team.experiments.create(newExperiment(undefined))
  await db.prisma.trial.update({ where: { id: first!.id }, data: { state: 'failed', progressDone: 30, progressOf: 50 } })
  await db.prisma.trial.update({ where: { id: second!.id }, data: { state: 'canceled' } })
  await db.prisma.experiment.update({ where: { id }, data: { state: 'failed' } })
  assert.deepEqual((await team.experiments.get(id)).progress, { done: 30, of: 100, etaSeconds: 0 })
})

test('experiments.list: gives neither specs nor trials, and the same progress as experiments.get', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const [trial] = newExperiment(undefined).trials
  const trials = Array.from({ length: 1000 }, (_, i) => ({ ...trial!, definition: { arm: 'arm', seed: i, spec: { filler: 'x'.repeat(100) } } }))
  const made = await team.experiments.create(newExperiment(undefined, { trials, spec: { filler: 'x'.repeat(100_000) } }))
  await db.prisma.trial.updateMany({ where: { experimentId: made.id, seed: { lt: 10 } }, data: { state: 'running', progressDone: 5, secondsUsed: 1 } })
  const { items: [item] } = await team.experiments.list()
  assert.deepEqual(item!.trials, { running: 10, queued: 990 })
  assert.deepEqual(item!.progress, (await team.experiments.get(made.id)).progress)
  assert.ok(JSON.stringify(item).length < 1000, JSON.stringify(item))
})

test('experiments.list: filters by kind, state and tag', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const a = await team.experiments.create(newExperiment(undefined, { kind: 'one', tags: ['x'] }))
  const b = await team.experiments.create(newExperiment(undefined, { kind: 'two', tags: ['x', 'y'] }))
  const ids = async (query: object) => (await team.experiments.list(query)).items.map(({ id }) => id)
  assert.deepEqual(await ids({}), [b.id, a.id])
  assert.deepEqual(await ids({ kind: 'one' }), [a.id])
  assert.deepEqual(await ids({ tag: 'y' }), [b.id])
  assert.deepEqual(await ids({ state: 'running' }), [])
})

test('lists: pages have every item once, newest first, also when items come and go meanwhile', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const made: string[] = []
  for (let i = 0; i < 5; i++) made.push((await team.experiments.create(newExperiment(undefined))).id)
  const first = await team.experiments.list({ limit: 2 })
  await team.experiments.create(newExperiment(undefined))
  await db.prisma.experiment.delete({ where: { id: made[4]! } }) // of the first page
  const seen = [...first.items, ...await rest(cursor => team.experiments.list({ limit: 2, cursor }), first.nextCursor)]
  assert.deepEqual(seen.map(({ id }) => id), made.reverse())
})

test('lists: a cursor that no list made is invalid_cursor', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  for (const cursor of ['', 'abc', newId(), '../..', 'AAAA'.repeat(6)]) {
    await assert.rejects(team.datasets.list({ cursor }), { code: 'invalid_cursor' }, cursor)
  }
})

test('trials: checkpoints and artifacts are listed newest first, with their sizes as numbers', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const model = await makeModel(db, team, await team.datasets.create(newDataset()))
  const ids = [await makeCheckpoint(db, team, model, 1, 'b'.repeat(64)), await makeCheckpoint(db, team, model, 2, 'c'.repeat(64))]
  const { items } = await team.trials.checkpoints(model.trialId)
  assert.deepEqual(items.map(({ id, step, sizeBytes, sha256 }) => [id, step, sizeBytes, sha256]), [[ids[1], 2, 10, 'c'.repeat(64)], [ids[0], 1, 10, 'b'.repeat(64)]])
  assert.deepEqual((await team.models.get(model.modelId)).checkpoints.map(({ step }) => step), [1, 2])
})

test('models.list: filters, and leaves the training view to models.get', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const dataset = await team.datasets.create(newDataset())
  const [a, b] = [await makeModel(db, team, dataset), await makeModel(db, team, dataset)]
  const { items } = await team.models.list({ datasetId: dataset.id })
  assert.deepEqual(items.map(({ id }) => id), [b.modelId, a.modelId])
  assert.ok(!('trainingView' in items[0]!))
  assert.deepEqual((await team.models.list({ experimentId: a.experimentId })).items.map(({ id }) => id), [a.modelId])
  assert.equal((await team.models.get(a.modelId)).trainingView!.count, 8)
})

test('indexes.startBuilding: asks for the work as long as a part is missing, in the transaction, and for none when all are there', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const model = await makeModel(db, team, await team.datasets.create(newDataset()))
  await makeCheckpoint(db, team, model, 1, 'b'.repeat(64))
  const asked: string[] = []
  const start = () => team.indexes.startBuilding(model.modelId, 'last', async id => { asked.push(id) })
  const { id } = await start()
  await db.prisma.influenceIndex.update({ where: { id }, data: { state: 'failed', failure: { code: 'trial_error', message: 'x' } } })
  const again = await start()
  assert.deepEqual([again.id, again.state, again.failure, asked], [id, 'building', null, [id, id]])

  await db.prisma.influencePart.create({ data: { indexId: id, step: 1, blobSha: 'c'.repeat(64), sizeBytes: 10 } })
  assert.deepEqual([(await start()).state, asked.length], ['ready', 2])

  const refused = team.indexes.startBuilding(model.modelId, 'all', async () => { throw new Error('no queue') })
  await assert.rejects(refused, /no queue/)
  assert.equal((await team.indexes.list(model.modelId)).length, 1, 'no row without its job')
})

test('queries.create: leaves no row without its job', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const { modelId } = await makeModel(db, team, await team.datasets.create(newDataset()))
  await assert.rejects(team.queries.create({ modelId, operation: 'predict', request: {} }, async () => { throw new Error('no queue') }), /no queue/)
  assert.equal(await db.prisma.query.count(), 0)
})

test('models.needCheckpoint: a model without one cannot be asked', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const model = await makeModel(db, team, await team.datasets.create(newDataset()))
  await assert.rejects(team.models.needCheckpoint(model.modelId), { code: 'no_checkpoint' })
  await makeCheckpoint(db, team, model, 1, 'b'.repeat(64))
  await team.models.needCheckpoint(model.modelId)
})

test('idempotency: one of many holds the key, the next gets its answer; what rolls back gives it back', async t => {
  const db = await openTestDatabase(t)
  const { idempotency } = await makeTeam(db)
  const answer = { status: 201, response: { id: 'x' } }
  await withTransaction(db.pool, async client => {
    assert.equal(await idempotency.claim(client, 'k', 'hash'), undefined)
    await assert.rejects(withTransaction(db.pool, async second => { await idempotency.claim(second, 'k', 'hash') }), { code: 'conflict' })
    await idempotency.store(client, 'k', 'hash', answer)
    assert.equal(await idempotency.find('k', 'hash'), undefined)
  })
  assert.deepEqual(await idempotency.find('k', 'hash'), answer)
  assert.deepEqual(await withTransaction(db.pool, async client => await idempotency.claim(client, 'k', 'hash')), answer)
  await assert.rejects(idempotency.find('k', 'other'), { code: 'idempotency_conflict' })
  await assert.rejects(withTransaction(db.pool, async client => {
    await idempotency.claim(client, 'j', 'hash')
    throw new Error('the work failed')
  }))
  assert.equal(await withTransaction(db.pool, async client => await idempotency.claim(client, 'j', 'other')), undefined)
})

test('listNodes: tells what runs there only to the team that owns it', async t => {
  const db = await openTestDatabase(t)
  const [team, other] = [await makeTeam(db), await makeTeam(db)]
  const { trialId, modelId } = await makeModel(db, team, await team.datasets.create(newDataset()))
  const [nodeId, laneId] = [newId(), newId()]
  await db.prisma.node.create({ data: { id: nodeId, name: 'n1', version: '1' } })
  await db.prisma.lane.create({ data: { id: laneId, nodeId, device: 'cpu', backend: 'wasm', slots: 2, executors: [{ threads: 2, pid: 1 }], warmModels: [modelId] } })
  await db.prisma.trial.update({ where: { id: trialId }, data: { state: 'running', laneId } })
  const [mine] = await listNodes(db, team.teamId, 30)
  assert.deepEqual([mine!.state, mine!.lanes[0]!.warmModels, mine!.lanes[0]!.trials.map(({ id }) => id)], ['alive', [modelId], [trialId]])
  const [theirs] = await listNodes(db, other.teamId, 30)
  assert.deepEqual([theirs!.name, theirs!.lanes[0]!.warmModels, theirs!.lanes[0]!.trials], ['n1', [], []])
})

async function rest<T> (ask: (cursor: string) => Promise<Page<T>>, cursor: string | null): Promise<T[]> {
  if (cursor === null) return []
  const { items, nextCursor } = await ask(cursor)
  return [...items, ...await rest(ask, nextCursor)]
}
