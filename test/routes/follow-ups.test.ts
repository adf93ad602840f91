/** Experiments made of experiments that ended, over HTTP. What a follow-up makes is its kind's: test/algorithms. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collectFollowUps } from '../../src/algorithms/follow-ups.js'
import { findAlgorithm } from '../../src/algorithms/registry.js'
import type { TestApp } from '../helpers/app.js'
import { openTestApp } from '../helpers/app.js'
import { finish } from './fixtures.js'

const { retrain } = findAlgorithm('tracin').followUps!
const spec = { data: { generator: { type: 'glyphs', train: 30, test: 10 } }, epochs: 2, labelNoise: { kind: 'random' } }

/** What a trial leaves, as far as a follow-up reads it. */
const result = {
  trainExamples: 30,
  flipped: [4],
  classNames: Array.from({ length: 10 }, (_, label) => String(label)),
  ranking: [{ index: 4, label: 1, trueLabel: 4, score: 2, suggestedLabel: 4 }],
  triage: {
    balanced: [],
    wrongLabels: [1],
    orders: ['score', 'class-balanced', 'random'].map(by => ({ by, indices: [4, 7, 2], suggestions: [4, 7, 2] }))
  }
}

async function createEnded (api: TestApp, kind = 'tracin', body: object = { spec }): Promise<{ id: string, name: string }> {
  const response = await api.call('POST', '/v1/experiments', { body: { kind, name: 'first', tags: ['mine'], ...body } })
  assert.equal(response.statusCode, 201, response.body)
  const { id, trials } = response.json()
  await finish(api.parts, id)
  await api.parts.db.prisma.trial.update({ where: { id: trials[0].id }, data: { state: 'succeeded', result } })
  return response.json()
}

test('POST /v1/experiments/{id}/retrain: makes an experiment that names its parent, once per Idempotency-Key', async t => {
  const api = await openTestApp(t)
  const parent = await createEnded(api)
  const post = async () => await api.call('POST', `/v1/experiments/${parent.id}/retrain`, { body: { suspects: { top: 2 } }, headers: { 'idempotency-key': 'again' } })
  const response = await post()
  assert.equal(response.statusCode, 201, response.body)
  const made = response.json()
  assert.equal(response.headers.location, `/v1/experiments/${made.id}`)
  assert.deepEqual([made.parent, made.kind, made.name, made.tags, made.trials.length], [parent.id, 'tracin', `${retrain!.title}: first`, ['mine'], 25])
  assert.deepEqual(made.spec.edits.compare.suspects, { indices: [4, 7], labels: [4, 7] })
  assert.deepEqual(made.spec.edits.wrong, { indices: [4], labels: [1] })
  assert.equal((await post()).json().id, made.id)
  assert.equal((await api.call('GET', `/v1/experiments/${made.id}`)).json().parent, parent.id)
  assert.equal((await api.call('GET', `/v1/experiments/${parent.id}`)).json().parent, null)
  const audit = await api.parts.db.prisma.auditEntry.findMany({ where: { subject: made.id } })
  assert.deepEqual(audit.map(({ action, detail }) => [action, (detail as { parent?: string }).parent]), [['experiment.create', parent.id]])
})

test('POST /v1/experiments/{id}/retrain: what is wrong is said', async t => {
  const api = await openTestApp(t)
  const running = (await api.call('POST', '/v1/experiments', { body: { kind: 'tracin', spec } })).json()
  const parent = await createEnded(api)
  const other = await createEnded(api, 'frequency-principle', { preset: findAlgorithm('frequency-principle').presets[0]!.name })
  const cases: [string, object, number, string, RegExp][] = [
    [running.id, { suspects: { top: 1 } }, 409, 'not_finished', /is queued/],
    [other.id, { suspects: { top: 1 } }, 404, 'unknown_follow_up', /of kind frequency-principle has no follow-ups, got retrain/],
    ['01936a3e-0000-7000-8000-000000000000', { suspects: { top: 1 } }, 404, 'not_found', /experiment/],
    [parent.id, {}, 400, 'invalid_request', /suspects must have top or indices/],
    [parent.id, { suspects: { top: 4 } }, 400, 'invalid_request', /suspects\.top must be <= 3/],
    [parent.id, { suspects: { indices: [30] } }, 400, 'invalid_request', /suspects\.indices\[0\] must be among the 30 examples/],
    [parent.id, { corrections: [{ index: 3, label: 'ten' }] }, 400, 'invalid_request', /corrections\[0\]\.label must be a class/],
    [parent.id, { suspect: { top: 1 } }, 400, 'invalid_request', /suspect is not a known field/]
  ]
  for (const [id, body, status, code, words] of cases) {
    const response = await api.call('POST', `/v1/experiments/${id}/retrain`, { body })
    const problem = response.json()
    assert.deepEqual([response.statusCode, problem.code], [status, code], response.body)
    assert.match(`${problem.detail} ${JSON.stringify(problem.errors ?? [])}`.replaceAll('","rule":"', ' '), words)
  }
})

test('collectFollowUps: names are fit for a URL, free, and one follow-up’s', () => {
  const of = (kind: string, ...names: string[]) => ({ kind, followUps: Object.fromEntries(names.map(name => [name, retrain!])) })
  assert.deepEqual(Object.keys(collectFollowUps([of('a', 'retrain'), of('b', 'look-again'), { kind: 'c' }])), ['retrain', 'look-again'])
  assert.throws(() => collectFollowUps([of('a', 'Retrain')]), /small letters/)
  assert.throws(() => collectFollowUps([of('a', 'cancel')]), /its own/)
  assert.throws(() => collectFollowUps([of('a', 'retrain'), of('b', 'retrain')]), /its own/)
})
